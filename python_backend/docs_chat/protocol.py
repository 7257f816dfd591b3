"""ChatKit's requests from bytes: parsed, bounded, cleaned of what we do not take from a client."""

from __future__ import annotations

import json
import re
from typing import Any

import chatkit.types
from chatkit.types import (
    ChatKitReq,
    InferenceOptions,
    ItemsFeedbackReq,
    ThreadsAddUserMessageReq,
    ThreadsCreateReq,
    ThreadsRetryAfterItemReq,
    ThreadsUpdateReq,
    UserMessageContent,
    UserMessageInput,
    UserMessageItem,
    UserMessageTextContent,
)
from pydantic import BaseModel, TypeAdapter, ValidationError

from docs_chat.errors import HttpError, bad_request
from docs_chat.settings import LimitSettings

# The SDK builds this adapter for every request; that is four fifths of its cost.
REQUEST: TypeAdapter[ChatKitReq] = TypeAdapter(ChatKitReq)
SPENDING = (ThreadsCreateReq, ThreadsAddUserMessageReq, ThreadsRetryAfterItemReq)
UNSUPPORTED = frozenset(
    {
        "threads.add_client_tool_output",
        "threads.add_structured_input",
        "threads.custom_action",
        "threads.sync_custom_action",
    }
)
#: Served where the owner wants files; and speech.
FILES = frozenset({"attachments.create", "attachments.delete"})
SPEECH = "input.transcribe"
MAX_BODY = 64 * 1024
MAX_PARTS = 8
MAX_TITLE_CHARS = 200
MAX_QUOTED_CHARS = 1000
MAX_REASON_CHARS = 500
MAX_PERMALINK_CHARS = 500
CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]+")


def complete_models() -> None:
    """The SDK's models get their schemas when they are first used: here before the first reader waits for it, and not
    in two threads at the same time, which pydantic is not made for."""
    for model in vars(chatkit.types).values():
        if isinstance(model, type) and issubclass(model, BaseModel) and model.__module__ == chatkit.types.__name__:
            model.model_rebuild()


def parse_request(
    body: str | bytes | bytearray, limits: LimitSettings, max_files: int = 0, *, speech: bool = False
) -> ChatKitReq:
    """
    :param max_files: how many files a question may have; 0 where none are taken. :param speech: whether it is taken.
    :raises HttpError: 400 for what is no request, or one that this server does not serve. 413 for a long one that is
        no speech.
    """
    try:
        request: ChatKitReq = REQUEST.validate_json(body)
    except ValidationError as error:
        mended = mend_tags(body)
        if mended is None:
            raise bad_request(describe(error), "invalid_request") from None
        request = mended
    if len(body) > MAX_BODY and request.type != SPEECH:
        raise too_large(MAX_BODY)
    is_off = (request.type in FILES and not max_files) or (request.type == SPEECH and not speech)
    if is_off or request.type in UNSUPPORTED:
        raise bad_request(f"This server does not serve `{request.type}`.", "unsupported")
    clean_ids(request)
    if isinstance(request, ThreadsCreateReq | ThreadsAddUserMessageReq):
        request.params.input = clean_input(request.params.input, limits.max_question_chars, max_files)
    if isinstance(request, ThreadsUpdateReq):
        request.params.title = " ".join(clean(request.params.title).split())[:MAX_TITLE_CHARS]
    return request


def too_large(limit: int) -> HttpError:
    return HttpError(413, "too_large", f"The body has at most {limit // 1024} KiB.")


def clean_ids(request: ChatKitReq) -> None:
    for name in ("thread_id", "item_id", "after"):
        value = getattr(request.params, name, None)
        if isinstance(value, str):
            setattr(request.params, name, clean(value))
    if isinstance(request, ItemsFeedbackReq):
        request.params.item_ids = [clean(item_id) for item_id in request.params.item_ids]


def mend_tags(body: str | bytes | bytearray) -> ChatKitReq | None:
    """A request whose only fault is a tag that is none: its words are left. None when something else is wrong."""
    try:
        request = json.loads(body)
        message = request["params"]["input"]
        message["content"] = [part for part in map(mend_part, message["content"]) if part]
        return REQUEST.validate_python(request)
    except (ValueError, LookupError, TypeError, RecursionError):
        return None


def mend_part(part: Any) -> Any:
    if not isinstance(part, dict) or part.get("type") != "input_tag":
        return part
    text = part.get("text")
    return {"type": "input_text", "text": text} if isinstance(text, str) else None


def clean_input(message: UserMessageInput, max_chars: int, max_files: int) -> UserMessageInput:
    """Bound a question; drop the client's wishes about models, tools and hidden data."""
    files = list(dict.fromkeys(clean(name) for name in message.attachments))
    if files and not max_files:
        raise bad_request("This server takes no attachments.", "unsupported")
    if len(files) > max_files:
        raise bad_request(f"A question has at most {max_files} files.", "too_many_files")
    if len(message.content) > MAX_PARTS:
        raise bad_request(f"A message has at most {MAX_PARTS} parts.")
    content: list[UserMessageContent] = [
        part.model_copy(update={"text": clean(part.text)})
        if isinstance(part, UserMessageTextContent)
        else part.model_copy(update={"text": clean(part.text), "data": clean_tag(part.data), "group": None})
        for part in message.content
    ]
    length = sum(len(part.text) for part in content)
    if length > max_chars:
        raise HttpError(400, "question_too_long", f"A question has at most {max_chars} characters.")
    if not any(part.text.strip() for part in content):
        raise bad_request("The question is empty.", "question_empty")
    quoted = clean(message.quoted_text)[:MAX_QUOTED_CHARS] if message.quoted_text else None
    return UserMessageInput(
        content=content, attachments=files, quoted_text=quoted, inference_options=InferenceOptions()
    )


def clean_tag(data: dict[str, Any]) -> dict[str, Any]:
    """Of what a client says about a tag, the page that it names."""
    permalink = data.get("permalink")
    known = isinstance(permalink, str) and 0 < len(permalink) <= MAX_PERMALINK_CHARS
    return {"permalink": clean(permalink)} if known and isinstance(permalink, str) else {}


def read_question(message: UserMessageItem | UserMessageInput) -> str:
    """The words of a message, tags included."""
    words = ""
    for part in message.content:
        # Two words of two parts are not one.
        apart = words[-1:].isalnum() and part.text[:1].isalnum()
        words += (" " if apart else "") + part.text
    return words.strip()


def read_pages(message: UserMessageItem) -> tuple[str, ...]:
    """The pages that a message names, by permalink, as its client says."""
    named = [part.data.get("permalink", "") for part in message.content if not isinstance(part, UserMessageTextContent)]
    return tuple(dict.fromkeys(page for page in named if page))


def read_reason(metadata: dict[str, Any]) -> str | None:
    """Why an answer was (not) helpful: the protocol has no field for it.

    :raises HttpError: 400 when it is no text.
    """
    ours = metadata.get("docs_chat")
    reason = ours.get("reason") if isinstance(ours, dict) else None
    if reason is None:
        return None
    if not isinstance(reason, str):
        raise bad_request("`metadata.docs_chat.reason` is text.")
    return CONTROL.sub(" ", reason).strip()[:MAX_REASON_CHARS] or None


def clean(text: str) -> str:
    """Without NUL, which PostgreSQL refuses."""
    return text.replace("\x00", "")


def describe(error: ValidationError) -> str:
    """The first problem, without quoting the input."""
    problem = error.errors(include_url=False, include_input=False, include_context=False)[0]
    place = ".".join(str(part) for part in problem["loc"])
    return f"Not a ChatKit request: {place + ': ' if place else ''}{problem['msg']}"

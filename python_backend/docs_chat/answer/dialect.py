"""What differs between the APIs that a model is reached by: how it is asked, and how its stream is read."""

from __future__ import annotations

import json
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Mapping
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from typing import Any, Protocol

from openai import AsyncOpenAI

from docs_chat.cost import Usage
from docs_chat.settings import AnswerSettings

Message = dict[str, Any]
Event = dict[str, Any]

#: The one tool: it reads the same index, in the same scope, and nothing else.
SEARCH_TOOL = "search_docs"
SEARCH_DESCRIPTION = (
    "Search the documentation again, when the passages at hand do not answer the question. "
    "Gives further numbered passages."
)
SEARCH_PARAMETERS: Mapping[str, Any] = {
    "type": "object",
    "properties": {"query": {"type": "string", "description": "What to look for, in the words of the docs."}},
    "required": ["query"],
    "additionalProperties": False,
}


#: An image counts like so much text, which is at most half as many tokens: models read some thousand for one.
IMAGE_CHARS = 20_000


@dataclass(frozen=True, slots=True)
class Prompt:
    """One request: what stays the same for many, and the messages.

    ``tools`` is None where none are offered at all, else whether the model may still use them. ``thoughts``: whether a
    model that reasons gets its thoughts back in the next round. ``images`` are data URLs; they belong to the last
    message of the reader.
    """

    instructions: str
    messages: tuple[Message, ...]
    max_output_tokens: int
    tools: bool | None = None
    thoughts: bool = True
    images: tuple[str, ...] = ()

    @property
    def chars(self) -> int:
        text = len(self.instructions) + sum(len(json.dumps(message)) for message in self.messages)
        return text + IMAGE_CHARS * len(self.images)

    @property
    def worst_usage(self) -> Usage:
        """More than it can come to. Escaped as JSON, two characters are a token at the very most."""
        return Usage(input=self.chars // 2 + 1, output=self.max_output_tokens)


@dataclass(frozen=True, slots=True)
class ToolCall:
    """The model wants a tool. ``arguments`` is JSON as the model wrote it, right or wrong."""

    id: str
    name: str
    arguments: str

    def read_query(self) -> str:
        """What to search for; "" when the call is not one that we serve."""
        try:
            query = json.loads(self.arguments)["query"]
        except (ValueError, TypeError, KeyError):
            return ""
        return query.strip() if self.name == SEARCH_TOOL and isinstance(query, str) else ""


@dataclass(frozen=True, slots=True)
class Round:
    """The proper end of one response: the tools that it wants, and the messages that put them into the conversation.

    ``usage`` is None when the server does not count.
    """

    calls: tuple[ToolCall, ...] = ()
    messages: tuple[Message, ...] = ()
    usage: Usage | None = None


class Dialect(Protocol):
    """One API. Reads text as it comes, then exactly one `Round`.

    :raises EngineError: for a refused, failed, incomplete or cut response; KeyError and the like for malformed events.
    """

    def request(
        self, client: AsyncOpenAI, settings: AnswerSettings, prompt: Prompt
    ) -> AbstractAsyncContextManager[Any]: ...

    def read(self, events: AsyncIterator[Event]) -> AsyncGenerator[str | Round]: ...

    def write_output(self, call: ToolCall, output: str) -> Message: ...


def write_messages(prompt: Prompt, text_type: str, write_image: Callable[[str], Message]) -> list[Message]:
    """The messages with the images in their place."""
    messages = list(prompt.messages)
    if prompt.images:
        at = max(number for number, message in enumerate(messages) if message.get("role") == "user")
        text = {"type": text_type, "text": messages[at]["content"]}
        messages[at] = {**messages[at], "content": [text, *(write_image(url) for url in prompt.images)]}
    return messages


def write_options(settings: AnswerSettings, prompt: Prompt, tool: Mapping[str, Any]) -> dict[str, Any]:
    """What both APIs call the same, and is sent only when it is wanted."""
    options: dict[str, Any] = {}
    if settings.temperature is not None:
        options["temperature"] = settings.temperature
    if prompt.tools is not None:
        options |= {"tools": [tool], "tool_choice": "auto" if prompt.tools else "none"}
    return options

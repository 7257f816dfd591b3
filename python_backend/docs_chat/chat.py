"""The ChatKit server: a question comes in, events go out, everything is stored for its owner."""

from __future__ import annotations

import logging
from collections.abc import AsyncGenerator, AsyncIterator, Iterator
from contextlib import ExitStack, aclosing, contextmanager
from typing import Any

import agents
import anyio
from chatkit.server import ChatKitServer, NonStreamingResult, StreamingResult
from chatkit.types import (
    AssistantMessageItem,
    FeedbackKind,
    StreamingReq,
    ThreadCreatedEvent,
    ThreadItem,
    ThreadItemAddedEvent,
    ThreadItemDoneEvent,
    ThreadItemReplacedEvent,
    ThreadMetadata,
    ThreadsRetryAfterItemReq,
    ThreadStreamEvent,
    ThreadUpdatedEvent,
    UserMessageItem,
    is_streaming_req,
)

from docs_chat.answer.answerer import Answerer
from docs_chat.answer.conversation import write_title
from docs_chat.answer.engine import Turn
from docs_chat.context import ReaderContext
from docs_chat.errors import HttpError, bad_request, log_failure
from docs_chat.limits import Limiter
from docs_chat.protocol import SPENDING, parse_request, read_question
from docs_chat.records import Records
from docs_chat.reply import Reply
from docs_chat.settings import Settings
from docs_chat.strings import say
from docs_chat.threads import ThreadStore, as_utc

HISTORY_ITEMS = 20
STORE_SECONDS = 5

# Tracing would send prompts to a third party.
agents.set_tracing_disabled(True)


def log_safely(record: logging.LogRecord) -> bool:
    """The SDK logs exceptions with their text, which may quote a reader."""
    if record.exc_info and record.exc_info[1]:
        log_failure("ChatKit failed", record.exc_info[1], "-")
    return False


logging.getLogger("chatkit").addFilter(log_safely)


class DocsChatServer(ChatKitServer[ReaderContext]):
    """Answers from the docs. Entry: `process(body, context)`."""

    def __init__(
        self, settings: Settings, store: ThreadStore, records: Records, answerer: Answerer, limiter: Limiter
    ) -> None:
        super().__init__(store)
        self.threads = store
        self.records = records
        self.limits = settings.limits
        self.answerer = answerer
        self.limiter = limiter
        self.busy: set[str] = set()

    async def process(
        self, request: str | bytes | bytearray, context: ReaderContext
    ) -> StreamingResult | NonStreamingResult:
        """:raises HttpError: 400, 409 or 429. :raises NotFoundError: what is missing or another reader's."""
        parsed = parse_request(request, self.limits)
        if is_streaming_req(parsed):
            return StreamingResult(self.stream(parsed, context))
        return NonStreamingResult(await self._process_non_streaming(parsed, context))

    async def stream(self, request: StreamingReq, context: ReaderContext) -> AsyncGenerator[bytes]:
        """Server-sent events. What is wrong with the request is raised before the first one."""
        with ExitStack() as stack:
            thread_id = getattr(request.params, "thread_id", None)
            if thread_id is not None:
                # Another reader's thread is missing before it is busy.
                await self.threads.load_thread(thread_id, context)
                stack.enter_context(self.hold(thread_id, context))
            if isinstance(request, ThreadsRetryAfterItemReq):
                item = await self.threads.load_item(request.params.thread_id, request.params.item_id, context)
                if not isinstance(item, UserMessageItem):
                    raise bad_request("Only a question can be asked again.")
            if isinstance(request, SPENDING):
                # Last: what is refused for another reason costs the reader no question.
                self.limiter.spend_question(context.owner, context.address)
            created = b""
            async with aclosing(self._process_streaming_impl(request, context)) as events:
                async for event in events:
                    if isinstance(event, ThreadCreatedEvent):
                        stack.enter_context(self.hold(event.thread.id, context))
                    stamp(event)
                    sent = b"data: " + self._serialize(event) + b"\n\n"
                    if isinstance(event, ThreadCreatedEvent):
                        # A reader who leaves on hearing of the thread would leave it without a question.
                        created = sent
                        continue
                    yield created + sent
                    created = b""

    @contextmanager
    def hold(self, thread_id: str, context: ReaderContext) -> Iterator[None]:
        """One answer at a time in a thread."""
        if thread_id in self.busy:
            raise HttpError(409, "thread_busy", say("busy", context.locale))
        self.busy.add(thread_id)
        try:
            yield
        finally:
            self.busy.discard(thread_id)

    async def respond(
        self, thread: ThreadMetadata, input_user_message: UserMessageItem | None, context: ReaderContext
    ) -> AsyncIterator[ThreadStreamEvent]:
        if input_user_message is None:
            return
        question = read_question(input_user_message)
        is_new = thread.title is None
        if is_new:
            thread.title = write_title(question)
        # A new thread has none.
        history = () if is_new else await self.read_history(thread, input_user_message, context)
        reply = Reply(self.answerer, self.threads, self.records, thread, context)
        async with aclosing(reply.stream(question, history, input_user_message.quoted_text or "")) as events:
            async for event in events:
                yield event

    async def read_history(
        self, thread: ThreadMetadata, question: UserMessageItem, context: ReaderContext
    ) -> tuple[Turn, ...]:
        """The messages before the question, the oldest first."""
        page = await self.threads.load_thread_items(thread.id, None, HISTORY_ITEMS, "desc", context)
        turns: list[Turn] = []
        for item in reversed(page.data):
            if item.id == question.id:
                break
            if isinstance(item, UserMessageItem):
                turns.append(Turn("user", read_question(item)))
            elif isinstance(item, AssistantMessageItem):
                turns.append(Turn("assistant", "\n".join(part.text for part in item.content)))
        return tuple(turns)

    async def add_feedback(
        self, thread_id: str, item_ids: list[str], feedback: FeedbackKind, context: ReaderContext
    ) -> None:
        await self.threads.save_feedback(thread_id, item_ids, feedback, context)

    async def handle_stream_cancelled(
        self, thread: ThreadMetadata, pending_items: list[ThreadItem], context: ReaderContext
    ) -> None:
        """Keep what was streamed, marked as incomplete."""
        context.incomplete.update(item.id for item in pending_items)
        # Each await in a cancelled scope is cancelled again: without the shield nothing would be stored.
        with anyio.CancelScope(shield=True, deadline=anyio.current_time() + STORE_SECONDS):
            await super().handle_stream_cancelled(thread, pending_items, context)


def stamp(event: Any) -> None:
    """ChatKit stamps with naive local time; a browser needs the offset."""
    match event:
        case ThreadCreatedEvent() | ThreadUpdatedEvent():
            event.thread.created_at = as_utc(event.thread.created_at)
        case ThreadItemAddedEvent() | ThreadItemDoneEvent() | ThreadItemReplacedEvent():
            event.item.created_at = as_utc(event.item.created_at)

"""The ChatKit server: a question comes in, events go out, everything is stored for its owner."""

from __future__ import annotations

import logging
from collections.abc import AsyncGenerator
from contextlib import AsyncExitStack, aclosing, asynccontextmanager
from datetime import UTC, datetime

import agents
from chatkit.server import ChatKitServer, NonStreamingResult, StreamingResult
from chatkit.types import (
    AssistantMessageItem,
    AttachmentsCreateReq,
    AttachmentsDeleteReq,
    FeedbackKind,
    FileAttachment,
    InputTranscribeReq,
    ItemsFeedbackReq,
    NoticeEvent,
    StreamingReq,
    StreamOptions,
    StreamOptionsEvent,
    ThreadCreatedEvent,
    ThreadItemDoneEvent,
    ThreadMetadata,
    ThreadsAddUserMessageReq,
    ThreadsCreateReq,
    ThreadsRetryAfterItemReq,
    ThreadStreamEvent,
    TranscriptionResult,
    UserMessageInput,
    UserMessageItem,
    is_streaming_req,
)

from docs_chat.answer.answerer import Answerer
from docs_chat.answer.conversation import write_title
from docs_chat.answer.engine import Turn
from docs_chat.attached_file import AttachedFile
from docs_chat.attachments import Attachments
from docs_chat.audit import Audit
from docs_chat.context import ReaderContext
from docs_chat.dictation import Dictation
from docs_chat.errors import HttpError, bad_request, log_failure
from docs_chat.events import write_event
from docs_chat.limits import Limiter
from docs_chat.metrics import FEEDBACK
from docs_chat.protocol import MAX_BODY, SPENDING, clean, parse_request, read_pages, read_question, read_reason
from docs_chat.records import Records
from docs_chat.reply import Reply
from docs_chat.settings import Settings
from docs_chat.strings import REFUSALS, say
from docs_chat.threads import ThreadStore
from docs_chat.turns import Turns

HISTORY_ITEMS = 20

# Tracing would send prompts to a third party.
agents.set_tracing_disabled(True)


def log_safely(record: logging.LogRecord) -> bool:
    """The SDK logs exceptions with their text, which may quote a reader."""
    if record.exc_info and record.exc_info[1]:
        log_failure("ChatKit failed", record.exc_info[1])
    return False


logging.getLogger("chatkit").addFilter(log_safely)


class DocsChatServer(ChatKitServer[ReaderContext]):
    """Answers from the docs. Entry: `process(body, context)`."""

    def __init__(
        self,
        settings: Settings,
        store: ThreadStore,
        records: Records,
        answerer: Answerer,
        limiter: Limiter,
        turns: Turns,
        audit: Audit,
        attachments: Attachments | None = None,
        dictation: Dictation | None = None,
    ) -> None:
        """:param attachments: None where no files are taken. :param dictation: None where no speech is."""
        super().__init__(store)
        self.attachments = attachments
        self.dictation = dictation
        self.threads = store
        self.records = records
        self.limits = settings.limits
        self.answerer = answerer
        self.limiter = limiter
        self.turns = turns
        self.audit = audit

    async def process(
        self, request: str | bytes | bytearray, context: ReaderContext
    ) -> StreamingResult | NonStreamingResult:
        """:raises HttpError: 400, 409 or 429. :raises NotFoundError: what is missing or another reader's."""
        max_files = self.attachments.settings.max_files if self.attachments else 0
        parsed = parse_request(request, self.limits, max_files, speech=self.dictation is not None)
        if is_streaming_req(parsed):
            return StreamingResult(self.stream(parsed, context))
        if isinstance(parsed, ItemsFeedbackReq):
            # The SDK would not say why.
            await self.add_feedback(
                parsed.params.thread_id,
                parsed.params.item_ids,
                parsed.params.kind,
                context,
                read_reason(parsed.metadata),
            )
            return NonStreamingResult(b"{}")
        if self.attachments and isinstance(parsed, AttachmentsCreateReq):
            return NonStreamingResult(self._serialize(await self.attachments.announce(parsed.params, context)))
        if self.attachments and isinstance(parsed, AttachmentsDeleteReq):
            await self.attachments.remove(clean(parsed.params.attachment_id), context.owner)
            return NonStreamingResult(b"{}")
        if self.dictation and isinstance(parsed, InputTranscribeReq):
            # The SDK would decode whatever it gets.
            text = await self.dictation.write_down(parsed.params.audio_base64, context)
            return NonStreamingResult(self._serialize(TranscriptionResult(text=text)))
        return NonStreamingResult(await self._process_non_streaming(parsed, context))

    @property
    def max_body(self) -> int:
        """The largest body of a request, in bytes: Base64 makes four of three."""
        return MAX_BODY + (self.dictation.max_bytes * 4 // 3 if self.dictation else 0)

    async def stream(self, request: StreamingReq, context: ReaderContext) -> AsyncGenerator[bytes]:
        """Server-sent events. What is wrong with the request is raised before the first one.

        The SDK's loop is not used: it compares and copies the thread for each event, and what it keeps of an answer
        whose reader left depends on where it was cancelled.
        """
        async with AsyncExitStack() as stack:
            stack.enter_context(self.limiter.admit(context.owner, context.address))
            thread_id = getattr(request.params, "thread_id", None)
            known = None
            if thread_id is not None:
                # Another reader's thread is missing before it is busy.
                known = await self.threads.load_thread(thread_id, context)
                await stack.enter_async_context(self.hold(thread_id, context))
            again = None
            if isinstance(request, ThreadsRetryAfterItemReq):
                again = await self.load_question(request.params.thread_id, request.params.item_id, context)
            files: list[FileAttachment] = []
            if self.attachments and isinstance(request, ThreadsCreateReq | ThreadsAddUserMessageReq):
                files = await self.attachments.find(request.params.input.attachments, context.owner)
            if isinstance(request, SPENDING):
                # Last: what is refused for another reason costs the reader no question.
                await self.limiter.spend_question(context.owner, context.address)
            await self.write_down(request, again, context)
            thread, question, events = await self.begin(request, known, again, files, context)
            if known is None:
                await stack.enter_async_context(self.hold(thread.id, context))
            # In one piece: a reader who leaves on hearing of the thread would leave it without a question.
            yield b"".join(write_event(event) for event in events)
            history = await self.read_history(thread, question, context) if known else ()
            reply = Reply(self.answerer, self.threads, self.records, thread, context)
            asked = read_question(question)
            quoted, pages = question.quoted_text or "", read_pages(question)
            added = await self.read_files(question, context)
            if len(added) < len(question.attachments):
                yield write_event(NoticeEvent(level="warning", message=say("files_gone", context.locale)))
            async with aclosing(reply.stream(asked, history, quoted, pages, added)) as answer:
                async for event in answer:
                    if isinstance(event, ThreadItemDoneEvent):
                        await self.threads.add_thread_item(thread.id, event.item, context)
                    yield write_event(event)

    async def begin(
        self,
        request: StreamingReq,
        known: ThreadMetadata | None,
        again: UserMessageItem | None,
        files: list[FileAttachment],
        context: ReaderContext,
    ) -> tuple[ThreadMetadata, UserMessageItem, list[ThreadStreamEvent]]:
        """Store the question; what there is to say before its answer.

        :param known: the thread, None for a new one. :param again: the question that is repeated.
        """
        options = StreamOptionsEvent(stream_options=StreamOptions(allow_cancel=True))
        if known and again:
            await self.threads.delete_items_after(known.id, again.id, context)
            return known, again, [options]
        if not isinstance(request, ThreadsCreateReq | ThreadsAddUserMessageReq):
            raise AssertionError(request.type)
        thread = known or ThreadMetadata(id=self.threads.generate_thread_id(context), created_at=datetime.now(UTC))
        question = self.write_message(request.params.input, files, thread, context)
        events: list[ThreadStreamEvent] = [ThreadItemDoneEvent(item=question), options]
        if not known:
            thread.title = write_title(self.threads.clean(read_question(question)))
            await self.threads.save_thread(thread, context)
            events.insert(0, ThreadCreatedEvent(thread=self._to_thread_response(thread)))
        await self.threads.add_thread_item(thread.id, question, context)
        if self.attachments and files:
            await self.attachments.link([file.id for file in files], thread.id, context.owner)
        return thread, question, events

    async def write_down(self, request: StreamingReq, again: UserMessageItem | None, context: ReaderContext) -> None:
        """For the owner who wants to know who asked what.

        :param again: the question that is repeated.
        :raises HttpError: 503 when it cannot be written.
        """
        message: UserMessageInput | UserMessageItem | None = again
        if isinstance(request, ThreadsCreateReq | ThreadsAddUserMessageReq):
            message = request.params.input
        await self.audit.add(
            "retry" if again else "question",
            context.request_id,
            read_question(message) if message else "",
            reader=context.owner,
            subject=context.subject,
            groups=sorted(context.groups),
            thread_id=getattr(request.params, "thread_id", None),
            page=context.page,
            version=context.version,
            locale=context.locale,
            build=context.build,
        )

    async def load_question(self, thread_id: str, item_id: str, context: ReaderContext) -> UserMessageItem:
        item = await self.threads.load_item(thread_id, item_id, context)
        if not isinstance(item, UserMessageItem):
            raise bad_request("Only a question can be asked again.")
        return item

    def write_message(
        self, message: UserMessageInput, files: list[FileAttachment], thread: ThreadMetadata, context: ReaderContext
    ) -> UserMessageItem:
        return UserMessageItem(
            id=self.threads.generate_item_id("message", thread, context),
            thread_id=thread.id,
            created_at=datetime.now(UTC),
            content=message.content,
            attachments=[file.model_copy(update={"thread_id": thread.id}) for file in files],
            quoted_text=message.quoted_text,
            inference_options=message.inference_options,
        )

    async def read_files(self, question: UserMessageItem, context: ReaderContext) -> tuple[AttachedFile, ...]:
        """Those of a question's files that are still there."""
        if not self.attachments or not question.attachments:
            return ()
        return await self.attachments.read([file.id for file in question.attachments], context.owner)

    @asynccontextmanager
    async def hold(self, thread_id: str, context: ReaderContext) -> AsyncGenerator[None]:
        """One answer at a time in a thread."""
        if not await self.turns.take(thread_id):
            raise HttpError(409, "thread_busy", say("busy", context.locale))
        try:
            yield
        finally:
            await self.turns.give_back(thread_id)

    def respond(
        self, thread: ThreadMetadata, input_user_message: UserMessageItem | None, context: ReaderContext
    ) -> AsyncGenerator[ThreadStreamEvent]:
        """What the SDK's loop would call."""
        raise NotImplementedError

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
                text = "\n".join(part.text for part in item.content)
                if text in REFUSALS:
                    # What was flagged goes to no model later either.
                    del turns[-1:]
                else:
                    turns.append(Turn("assistant", text))
        return tuple(turns)

    async def add_feedback(
        self,
        thread_id: str,
        item_ids: list[str],
        feedback: FeedbackKind,
        context: ReaderContext,
        reason: str | None = None,
    ) -> None:
        await self.threads.save_feedback(thread_id, item_ids, feedback, context, reason)
        FEEDBACK.labels(feedback).inc(len(item_ids))

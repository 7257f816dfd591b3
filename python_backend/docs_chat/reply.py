"""One answer as ChatKit events: searching, the workflow, the message with its citations."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import aclosing
from datetime import UTC, datetime

from chatkit.errors import CustomStreamError
from chatkit.types import (
    Annotation,
    AssistantMessageContent,
    AssistantMessageContentPartAdded,
    AssistantMessageContentPartAnnotationAdded,
    AssistantMessageContentPartDone,
    AssistantMessageContentPartTextDelta,
    AssistantMessageItem,
    CustomSummary,
    CustomTask,
    EntitySource,
    NoticeEvent,
    ProgressUpdateEvent,
    ThreadItemAddedEvent,
    ThreadItemDoneEvent,
    ThreadItemUpdate,
    ThreadItemUpdatedEvent,
    ThreadMetadata,
    ThreadStreamEvent,
    Workflow,
    WorkflowItem,
)

from docs_chat.answer.answerer import Answerer, FellBack, InterruptedAnswerError, Prepared
from docs_chat.answer.engine import Turn
from docs_chat.citations import Citation, breadcrumb
from docs_chat.context import ReaderContext
from docs_chat.errors import log_failure
from docs_chat.strings import say
from docs_chat.threads import ThreadStore


class Reply:
    """Streams the answer to one question in one thread."""

    def __init__(self, answerer: Answerer, store: ThreadStore, thread: ThreadMetadata, context: ReaderContext) -> None:
        self.answerer = answerer
        self.store = store
        self.thread = thread
        self.context = context
        self.locale = context.locale

    async def stream(self, question: str, history: tuple[Turn, ...], quoted: str) -> AsyncGenerator[ThreadStreamEvent]:
        """:raises CustomStreamError: the answer failed; ChatKit makes it the final `error` event."""
        try:
            yield ProgressUpdateEvent(text=say("searching", self.locale), icon="search")
            workflow = self.make_workflow()
            yield ThreadItemAddedEvent(item=workflow)
            prepared = await self.prepare(question, history, quoted)
            yield ThreadItemDoneEvent(item=self.finish_workflow(workflow, prepared))
            async with aclosing(self.stream_message(prepared)) as events:
                async for event in events:
                    yield event
        except InterruptedAnswerError:
            raise CustomStreamError(say("interrupted", self.locale), allow_retry=True) from None
        except Exception as error:
            log_failure("The answer failed", error, self.context.request_id)
            raise CustomStreamError(say("unavailable", self.locale), allow_retry=True) from None

    async def prepare(self, question: str, history: tuple[Turn, ...], quoted: str) -> Prepared:
        context = self.context
        scope = await self.answerer.searcher.resolve(context.page, context.version, context.locale)
        return await self.answerer.prepare(question, scope, locale=context.locale, history=history, quoted=quoted)

    async def stream_message(self, prepared: Prepared) -> AsyncGenerator[ThreadStreamEvent]:
        """The assistant's message. One that breaks off is stored as far as it came, then the error goes on."""
        message = AssistantMessageItem(
            id=self.store.generate_item_id("message", self.thread, self.context),
            thread_id=self.thread.id,
            created_at=datetime.now(UTC),
            content=[],
        )
        content = AssistantMessageContent(text="", annotations=[])
        yield ThreadItemAddedEvent(item=message)
        yield self.update(
            message,
            AssistantMessageContentPartAdded(content_index=0, content=content.model_copy(deep=True)),
        )
        failure: Exception | None = None
        try:
            async with aclosing(self.answerer.answer(prepared)) as pieces:
                async for piece in pieces:
                    match piece:
                        case FellBack():
                            yield NoticeEvent(level="warning", message=say("fallback", self.locale))
                        case Citation():
                            content.annotations.append(annotate(piece))
                            yield self.update(
                                message,
                                AssistantMessageContentPartAnnotationAdded(
                                    content_index=0,
                                    annotation_index=len(content.annotations) - 1,
                                    annotation=content.annotations[-1],
                                ),
                            )
                        case str():
                            content.text += piece
                            yield self.update(
                                message, AssistantMessageContentPartTextDelta(content_index=0, delta=piece)
                            )
        except Exception as error:
            failure = error
            self.context.incomplete.add(message.id)
        if content.text:
            yield self.update(message, AssistantMessageContentPartDone(content_index=0, content=content))
            yield ThreadItemDoneEvent(item=message.model_copy(update={"content": [content]}))
        if failure:
            raise failure

    def update(self, message: AssistantMessageItem, update: ThreadItemUpdate) -> ThreadItemUpdatedEvent:
        return ThreadItemUpdatedEvent(item_id=message.id, update=update)

    def make_workflow(self) -> WorkflowItem:
        task = CustomTask(title=say("searching", self.locale), icon="search", status_indicator="loading")
        return WorkflowItem(
            id=self.store.generate_item_id("workflow", self.thread, self.context),
            thread_id=self.thread.id,
            created_at=datetime.now(UTC),
            workflow=Workflow(type="custom", tasks=[task]),
        )

    def finish_workflow(self, item: WorkflowItem, prepared: Prepared) -> WorkflowItem:
        count = len(prepared.question.passages)
        if prepared.state == "nothing" or not count:
            title = say("searched_nothing", self.locale)
        elif count == 1:
            title = say("searched_one", self.locale)
        else:
            title = say("searched", self.locale, count=count)
        task = CustomTask(title=title, icon="search", status_indicator="complete")
        workflow = Workflow(type="custom", tasks=[task], summary=CustomSummary(title=title, icon="search"))
        return item.model_copy(update={"workflow": workflow})


def annotate(citation: Citation) -> Annotation:
    """A citation as ChatKit shows it. All data are strings; what is absent is left out."""
    result = citation.result
    data = {
        "n": str(citation.n),
        "permalink": result.permalink,
        "anchor": result.anchor,
        "url": result.url,
        "breadcrumb": " › ".join(breadcrumb(result)),
        "version": result.version,
        "version_label": result.version_label,
        "locale": result.locale,
        "quote": citation.quote,
    }
    source = EntitySource(
        id=result.id,
        title=citation.title,
        description=citation.quote or None,
        label=str(citation.n),
        inline_label=str(citation.n),
        interactive=True,
        data={key: value for key, value in data.items() if value},
    )
    return Annotation(source=source, index=citation.index)

"""One answer as ChatKit events: searching, the workflow, the message with its citations."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncGenerator, Iterator
from contextlib import aclosing
from dataclasses import asdict
from datetime import UTC, datetime

import anyio
from chatkit.store import NotFoundError
from chatkit.types import (
    Annotation,
    AssistantMessageContent,
    AssistantMessageContentPartAdded,
    AssistantMessageContentPartDone,
    AssistantMessageItem,
    ClientEffectEvent,
    EntitySource,
    ErrorEvent,
    NoticeEvent,
    ProgressUpdateEvent,
    ThreadItemAddedEvent,
    ThreadItemDoneEvent,
    ThreadItemUpdate,
    ThreadItemUpdatedEvent,
    ThreadMetadata,
)
from sqlalchemy.exc import SQLAlchemyError

from docs_chat.answer.answerer import Answerer, FellBack, InterruptedAnswerError, Piece, Prepared
from docs_chat.answer.engine import Searched, Searching, Turn
from docs_chat.answer.proof import mark
from docs_chat.attached_file import AttachedFile
from docs_chat.citations import Citation, breadcrumb
from docs_chat.context import ReaderContext
from docs_chat.errors import log_failure
from docs_chat.events import AnnotationAdded, Event, TextDelta
from docs_chat.metrics import FIRST_WORDS, count_answer
from docs_chat.records import AnswerRecord, Outcome, Records, log_answer
from docs_chat.strings import say
from docs_chat.threads import ThreadStore
from docs_chat.trace import Trace
from docs_chat.tracing import NO_SPAN, Span, describe_answer, span

STORE_SECONDS = 5


class Reply:
    """Streams the answer to one question in one thread."""

    def __init__(
        self, answerer: Answerer, store: ThreadStore, records: Records, thread: ThreadMetadata, context: ReaderContext
    ) -> None:
        self.answerer = answerer
        self.store = store
        self.records = records
        self.thread = thread
        self.context = context
        self.locale = context.locale
        self.message = AssistantMessageItem(
            id=store.generate_item_id("message", thread, context),
            thread_id=thread.id,
            created_at=datetime.now(UTC),
            content=[],
        )
        self.text = ""
        self.is_begun = False
        self.annotations: list[Annotation] = []
        self.traced: Span = NO_SPAN
        self.trace = Trace(store.generate_item_id("workflow", thread, context), thread.id, context.locale)

    async def stream(
        self,
        question: str,
        history: tuple[Turn, ...],
        quoted: str,
        pages: tuple[str, ...] = (),
        files: tuple[AttachedFile, ...] = (),
    ) -> AsyncGenerator[Event]:
        """Whatever fails ends in an `error` event."""
        try:
            yield ProgressUpdateEvent(text=say("searching", self.locale), icon="search")
            verdict = await self.answerer.moderate(f"{quoted}\n\n{question}" if quoted else question, files)
            if verdict == "flagged":
                prepared = self.answerer.refuse(question, self.locale)
            else:
                yield self.trace.begin(question)
                unchecked = verdict == "unchecked"
                prepared = await self.prepare(question, history, quoted, pages, files, unchecked=unchecked)
                yield self.trace.found(prepared.query, prepared.question.passages, kept=prepared.is_kept)
            with span("answer") as self.traced:
                async with aclosing(self.stream_answer(prepared)) as events:
                    async for event in events:
                        yield event
            questions = await self.suggest(prepared)
            if questions:
                yield ClientEffectEvent(name="docs_chat.suggestions", data={"questions": questions})
        except InterruptedAnswerError:
            yield ErrorEvent(code="custom", message=say("interrupted", self.locale), allow_retry=True)
        except Exception as error:
            log_failure("The answer failed", error)
            yield ErrorEvent(code="custom", message=say("unavailable", self.locale), allow_retry=True)

    async def prepare(
        self,
        question: str,
        history: tuple[Turn, ...],
        quoted: str,
        pages: tuple[str, ...],
        files: tuple[AttachedFile, ...],
        *,
        unchecked: bool,
    ) -> Prepared:
        context = self.context
        searcher = self.answerer.searcher
        kept = await searcher.find_build(context.build)
        named = searcher.know_pages(pages, context.groups, kept)
        # A page that the question names says itself which version and language are meant.
        scope = (
            searcher.resolve(named[0], None, None, context.groups, kept)
            if named
            else searcher.resolve(context.page, context.version, context.locale, context.groups, kept)
        )
        page = searcher.name_page(context.page, scope)
        return await self.answerer.prepare(
            question,
            scope,
            locale=context.locale,
            history=history,
            quoted=quoted,
            page=page,
            named=named,
            files=files,
            unchecked=unchecked,
        )

    async def suggest(self, prepared: Prepared) -> list[dict[str, str]]:
        try:
            return [asdict(suggestion) for suggestion in await self.answerer.suggest(prepared, self.locale)]
        except Exception as error:
            # The answer is complete: it needs no questions after it.
            log_failure("No questions could be suggested", error)
            return []

    async def stream_answer(self, prepared: Prepared) -> AsyncGenerator[Event]:
        """The message. One that breaks off is stored as far as it came, then the error goes on."""
        started = time.monotonic()
        outcome: Outcome = "stopped"
        try:
            failure: Exception | None = None
            try:
                async with aclosing(self.answerer.answer(prepared)) as pieces:
                    async for piece in pieces:
                        if self.is_begun and isinstance(piece, str):
                            # Nearly all pieces.
                            yield self.add(piece)
                            continue
                        if self.trace.is_open and isinstance(piece, str | Citation):
                            FIRST_WORDS.labels(prepared.engine.name).observe(time.monotonic() - started)
                            self.traced.add_event("docs_chat.first_words")
                        for event in self.write(piece):
                            yield event
            except Exception as error:
                failure = error
                self.context.incomplete.add(self.message.id)
            if self.trace.is_open:
                yield self.trace.finish()
            if self.text:
                if not failure:
                    self.mark_unsupported(prepared)
                yield self.update(AssistantMessageContentPartDone(content_index=0, content=self.content))
            outcome = "failed" if failure else name_outcome(prepared)
            if self.text:
                yield ThreadItemDoneEvent(item=self.finish())
            if failure:
                raise failure
        except (asyncio.CancelledError, GeneratorExit):
            if outcome == "stopped" and self.text:
                await self.store_part()
            raise
        finally:
            await self.record(prepared, outcome, time.monotonic() - started)

    @property
    def content(self) -> AssistantMessageContent:
        return AssistantMessageContent(text=self.text, annotations=self.annotations)

    def finish(self) -> AssistantMessageItem:
        return self.message.model_copy(update={"content": [self.content]})

    async def store_part(self) -> None:
        """Keep what was said before the reader left, marked as incomplete."""
        self.context.incomplete.add(self.message.id)
        with anyio.CancelScope(shield=True, deadline=anyio.current_time() + STORE_SECONDS):
            try:
                await self.store.add_thread_item(self.thread.id, self.finish(), self.context)
            except (SQLAlchemyError, NotFoundError) as error:
                log_failure("The part of an answer was not stored", error)

    def write(self, piece: Piece) -> Iterator[Event]:
        """The events of one piece of the answer; the first words close the trace and open the message."""
        match piece:
            case FellBack():
                yield NoticeEvent(level="warning", message=say(piece.why, self.locale))
            case Searching() if self.trace.is_open:
                yield self.trace.search(piece.query)
            case Searched() if self.trace.is_open:
                yield self.trace.found(piece.query, piece.passages)
            case Searching():
                yield ProgressUpdateEvent(text=say("searching_again", self.locale), icon="search")
            case str() | Citation():
                if self.trace.is_open:
                    yield self.trace.finish()
                if not self.is_begun:
                    self.is_begun = True
                    yield ThreadItemAddedEvent(item=self.message)
                    empty = AssistantMessageContent(text="", annotations=[])
                    yield self.update(AssistantMessageContentPartAdded(content_index=0, content=empty))
                yield self.add(piece)

    def add(self, piece: str | Citation) -> Event:
        if isinstance(piece, str):
            self.text += piece
            return TextDelta(self.message.id, piece)
        self.annotations.append(annotate(piece))
        return AnnotationAdded(self.message.id, len(self.annotations) - 1, self.annotations[-1])

    def mark_unsupported(self, prepared: Prepared) -> None:
        claims = self.answerer.find_unsupported(prepared, self.text)
        self.text, move = mark(self.text, claims, say("unsupported", self.locale))
        for annotation in self.annotations:
            annotation.index = None if annotation.index is None else move(annotation.index)

    def update(self, update: ThreadItemUpdate) -> ThreadItemUpdatedEvent:
        return ThreadItemUpdatedEvent(item_id=self.message.id, update=update)

    async def record(self, prepared: Prepared, outcome: Outcome, seconds: float) -> None:
        """Write down what the answer used, also when the reader has left."""
        record = AnswerRecord(
            engine=prepared.engine.name,
            state=prepared.state,
            outcome=outcome,
            usage=prepared.question.meter.total(),
            cost_usd=self.answerer.cost(prepared),
            seconds=seconds,
            thread_id=self.thread.id,
            item_id=self.message.id,
            passages=prepared.shelf.passages,
            cited=frozenset(prepared.cited),
            kept_key=prepared.key,
        )
        log_answer(record)
        count_answer(record)
        self.traced.set_attributes(describe_answer(record))
        with anyio.CancelScope(shield=True, deadline=anyio.current_time() + STORE_SECONDS):
            try:
                await self.records.add(record)
            except SQLAlchemyError as error:
                # The reader has the answer: that the operator's books miss it is no reason to take it away.
                log_failure("The answer was not recorded", error)


def name_outcome(prepared: Prepared) -> Outcome:
    """How an answer that came to its end is written down."""
    return "refused" if prepared.is_refused else "fallback" if prepared.fell_back else "complete"


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
    # Not validated again: all of it is ours, and there is a citation in most sentences.
    source = EntitySource.model_construct(
        id=result.id,
        title=citation.title,
        description=citation.quote or None,
        label=str(citation.n),
        inline_label=str(citation.n),
        interactive=True,
        data={key: value for key, value in data.items() if value},
    )
    return Annotation.model_construct(source=source, index=citation.index)

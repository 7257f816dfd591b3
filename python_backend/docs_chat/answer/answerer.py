"""From a question to a stream of text and citations, whichever engine there is, whatever happens to it."""

from __future__ import annotations

import logging
from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Literal

from docs_index.result import Result, State
from sqlalchemy.exc import SQLAlchemyError

from docs_chat.answer.claims import Claim
from docs_chat.answer.conversation import find_excerpt, leans_back, points_here, write_query
from docs_chat.answer.engine import AnswerEngine, EngineError, Question, Searched, Searching, Turn
from docs_chat.answer.extractive import ExtractiveEngine
from docs_chat.answer.kept import AnswerCache, KeptAnswer, make_key
from docs_chat.answer.passages import Passage, Shelf
from docs_chat.answer.prompt import write_files
from docs_chat.answer.proof import find_unsupported
from docs_chat.answer.suggestions import Suggestion
from docs_chat.attached_file import AttachedFile
from docs_chat.budget import Budget
from docs_chat.citations import Citation, Citer
from docs_chat.cost import Meter, cost_of
from docs_chat.metrics import MODEL_FAILURES
from docs_chat.redaction import find_secrets
from docs_chat.search import Found, Scope, Searcher
from docs_chat.settings import Settings
from docs_chat.strings import say
from docs_chat.tracing import describe_search, span

if TYPE_CHECKING:
    from docs_chat.answer.openai import OpenAIEngine

logger = logging.getLogger("docs_chat")


class InterruptedAnswerError(Exception):
    """The engine failed after part of its answer was out."""


@dataclass(frozen=True, slots=True)
class FellBack:
    """The model could not answer: what follows is quoted from the docs."""

    why: Literal["fallback", "budget", "unchecked"]


Verdict = Literal["fine", "flagged", "unchecked"]
Piece = str | Citation | Searching | Searched | FellBack


class KeptEngine:
    """Says again what a model said before."""

    name = "cache"

    def __init__(self, answer: KeptAnswer) -> None:
        self.text = answer.text

    def pick(self, passages: Sequence[Passage], state: State) -> tuple[Passage, ...]:
        return tuple(passages)

    async def answer(self, question: Question) -> AsyncGenerator[str | Searching | Searched]:
        yield self.text


class RefusingEngine:
    """Says that a question goes to no model."""

    name = "moderation"

    def pick(self, passages: Sequence[Passage], state: State) -> tuple[Passage, ...]:
        return ()

    async def answer(self, question: Question) -> AsyncGenerator[str | Searching | Searched]:
        yield say("flagged", question.locale)


@dataclass(slots=True)
class Prepared:
    """A question with what was found for it, and the engine that will answer.

    ``query`` is what was searched for, ``key`` where the answer may be kept ("" for nowhere). While the answer runs,
    ``shelf`` grows with what the model finds, ``engine`` changes when another must step in, and ``citations`` fills.
    ``unchecked``: the model may not be asked, since nobody knows whether the question is harmful.
    """

    question: Question
    engine: AnswerEngine
    shelf: Shelf
    query: str
    scope: Scope
    key: str = ""
    citations: list[Citation] = field(default_factory=list)
    fell_back: bool = False
    unchecked: bool = False

    @property
    def state(self) -> State:
        return self.question.state

    @property
    def cited(self) -> dict[tuple[str, str], Result]:
        """The cited sections by their place, in the order in which the answer cites them."""
        return {found.result.place: found.result for found in self.citations}

    @property
    def is_kept(self) -> bool:
        """Whether an earlier answer is given again."""
        return isinstance(self.engine, KeptEngine)

    @property
    def is_refused(self) -> bool:
        """Whether the question was flagged."""
        return isinstance(self.engine, RefusingEngine)


class Answerer:
    """Searches, picks an engine, and runs its text through the citations."""

    def __init__(
        self, settings: Settings, searcher: Searcher, budget: Budget | None = None, cache: AnswerCache | None = None
    ) -> None:
        """Without a budget nothing is counted: it is for servers, not for the owner's own command line."""
        self.settings = settings.answer
        self.redacts = settings.store.redact
        self.file_tokens = settings.attachments.tokens
        self.searcher = searcher
        self.cache = cache if settings.answer.cache_days else None
        self.extractive = ExtractiveEngine(settings.help_link)
        self.help_url = settings.help_link.url if settings.help_link else None
        self.model = (
            load_model(settings, budget or Budget(settings, counters=None)) if settings.engine == "openai" else None
        )

    async def moderate(self, text: str, files: Sequence[AttachedFile] = ()) -> Verdict:
        """What the provider says of a question, where the owner wants to know before the model gets it."""
        if not self.model or not self.settings.moderation:
            return "fine"
        text += "\n\n" + write_files(files, self.file_tokens) if files else ""
        images = [file.data_url for file in files if file.kind == "image"]
        try:
            return "flagged" if await self.model.moderate(text, images) else "fine"
        except EngineError as error:
            logger.warning("A question could not be checked (%s): the docs are quoted instead.", error.code)
            return "unchecked"

    def refuse(self, text: str, locale: str) -> Prepared:
        """A flagged question: nothing is searched, and no model is asked."""
        question = Question(text, (), "nothing", locale=locale)
        return Prepared(question, RefusingEngine(), Shelf(()), text, Scope(None, None))

    async def prepare(
        self,
        text: str,
        scope: Scope,
        *,
        locale: str,
        history: tuple[Turn, ...] = (),
        quoted: str = "",
        page: str = "",
        named: tuple[str, ...] = (),
        files: tuple[AttachedFile, ...] = (),
        unchecked: bool = False,
    ) -> Prepared:
        """Find what belongs to a question: an answer that was kept, or passages.

        :param quoted: text that the reader selected.
        :param page: the title of the page that the reader is on. :param named: the pages, by permalink, that the
            question is to be answered from first. :param unchecked: no model may be asked.

        :raises UserError: the scope names a version or locale that the index does not have.
        """
        meter = Meter()
        model = None if unchecked else self.model
        alone = not (unchecked or history or quoted or named or files or points_here(text))
        key = self.make_key(text, scope, locale) if alone else ""
        kept = await self.find_kept(key, scope)
        if kept:
            answer, passages = kept
            question = Question(text, passages, "answer", locale=locale, meter=meter)
            return Prepared(question, KeptEngine(answer), Shelf(passages), text, scope)
        query = await self.make_query(
            text, history, quoted or find_excerpt(text, files), page, None if unchecked else meter
        )
        found = await self.search(query, scope, named)
        state = found.outcome.state
        if files and model and state == "nothing":
            # What is asked may stand in the files: the model, which reads them, can search for that.
            state = "closest"
        # Without an answer in the docs there is nothing for a model to work from.
        engine = model if model and state != "nothing" else self.extractive
        passages = engine.pick(found.passages, state)
        shelf = Shelf(found.passages)
        question = Question(
            text, passages, state, history, locale, quoted, found.elsewhere, page, files=files, meter=meter
        )
        if engine is not self.extractive:

            async def search(query: str) -> list[Passage]:
                return shelf.add((await self.search(query, scope)).passages)

            site_map = await self.searcher.write_map(scope, self.settings.map_tokens)
            question = replace(question, site_map=site_map, search=search)
        kept_at = key if state == "answer" else ""
        return Prepared(question, engine, shelf, query, scope, kept_at, unchecked=unchecked)

    async def search(self, query: str, scope: Scope, named: tuple[str, ...] = ()) -> Found:
        with span("search") as traced:
            found = await self.searcher.find(query, scope, named)
            traced.set_attributes(describe_search(found.outcome))
            return found

    async def make_query(
        self, text: str, history: tuple[Turn, ...], quoted: str, page: str, meter: Meter | None
    ) -> str:
        """What to search for; a follow-up is rewritten by the model where there is one, and a meter for it."""
        if meter and self.model and self.settings.rewrite and history and leans_back(text):
            try:
                return " ".join(part for part in (await self.model.rewrite(text, history, meter), quoted) if part)
            except EngineError as error:
                logger.warning("The question was not rewritten (%s)", error.code)
        return write_query(text, history, quoted, page)

    async def answer(self, prepared: Prepared) -> AsyncGenerator[Piece]:
        """Text, citations and further searches in order.

        :raises InterruptedAnswerError: when a model stops in the middle; what it said before was yielded.
        """
        question, engine = prepared.question, prepared.engine
        started = False
        if prepared.unchecked and question.state != "nothing":
            prepared.fell_back = True
            yield FellBack("unchecked")
        try:
            async with aclosing(self.run(engine, prepared, question)) as pieces:
                async for piece in pieces:
                    started = started or isinstance(piece, str | Citation)
                    yield piece
            if started or engine is self.extractive:
                return
            raise EngineError("empty")
        except EngineError as error:
            MODEL_FAILURES.labels(error.code).inc()
            logger.warning("The model failed (%s) %s", error.code, "midway" if started else "at the start")
            if started:
                raise InterruptedAnswerError from error
            spent = error.code == "budget"
        prepared.engine, prepared.fell_back = self.extractive, True
        yield FellBack("budget" if spent else "fallback")
        question = replace(question, passages=self.extractive.pick(prepared.shelf.passages, question.state))
        async with aclosing(self.run(self.extractive, prepared, question)) as pieces:
            async for piece in pieces:
                yield piece

    async def run(self, engine: AnswerEngine, prepared: Prepared, question: Question) -> AsyncGenerator[Piece]:
        shelf = prepared.shelf if engine is self.model else Shelf(question.passages)
        citer = Citer(shelf.passages, question.text, lambda url: self.allows(url, prepared.scope))
        written = ""
        try:
            async with aclosing(engine.answer(question)) as deltas:
                async for delta in deltas:
                    if not isinstance(delta, str):
                        yield delta
                        continue
                    written += delta
                    for piece in citer.feed(delta):
                        yield note(piece, prepared)
        except EngineError:
            # What was held back still belongs to an answer that had begun.
            if citer.text:
                for piece in citer.finish():
                    yield note(piece, prepared)
            raise
        for piece in citer.finish():
            yield note(piece, prepared)
        if engine is self.model:
            await self.keep(prepared, written)

    def allows(self, url: str, scope: Scope) -> bool:
        return url == self.help_url or self.searcher.is_page(url, scope)

    def cost(self, prepared: Prepared) -> float | None:
        """US dollars so far, None when the model's price is not known."""
        return cost_of(prepared.question.meter.total(), self.settings.find_price())

    async def suggest(self, prepared: Prepared, locale: str) -> list[Suggestion]:
        """What could be asked next; nothing after an answer that cites nothing."""
        cited = list(prepared.cited.values())
        if not cited or prepared.state == "nothing":
            return []
        found = [passage.result for passage in prepared.shelf.passages]
        return await self.searcher.suggest(cited, found, prepared.scope, locale)

    def find_unsupported(self, prepared: Prepared, text: str) -> list[Claim]:
        """The claims of a model's answer that nothing supports, where the owner wants them marked."""
        if not self.settings.mark_unsupported or prepared.engine is self.extractive:
            return []
        return find_unsupported(text, prepared.citations, prepared.shelf.passages, prepared.question.words)

    def make_key(self, text: str, scope: Scope, locale: str) -> str:
        if not self.cache or not self.model or (self.redacts and find_secrets(text)):
            return ""
        seen = (scope.snapshot, scope.version, scope.locale, *sorted(scope.groups))
        return make_key(text, seen, locale, self.settings)

    async def find_kept(self, key: str, scope: Scope) -> tuple[KeptAnswer, tuple[Passage, ...]] | None:
        """A kept answer with its passages, when nothing that it cites has changed."""
        answer = await self.cache.get(key) if self.cache and key else None
        passages = await self.searcher.restore(answer, scope) if answer else None
        return (answer, passages) if answer and passages else None

    async def keep(self, prepared: Prepared, written: str) -> None:
        """Keep a whole answer that cites what it says."""
        places = prepared.cited
        cited = [passage for passage in prepared.shelf.passages if passage.place in places]
        if not (self.cache and prepared.key and cited):
            return
        try:
            await self.cache.put(prepared.key, await self.searcher.keep(written, cited, prepared.scope))
        except SQLAlchemyError as error:
            # The reader has the answer: that it is not kept is no reason to take it away.
            logger.warning("The answer was not kept (%s)", type(error).__name__)

    async def close(self) -> None:
        if self.model:
            await self.model.close()


def note(piece: str | Citation, prepared: Prepared) -> str | Citation:
    """Remember what is cited."""
    if isinstance(piece, Citation):
        prepared.citations.append(piece)
    return piece


def load_model(settings: Settings, budget: Budget) -> OpenAIEngine:
    # Its client takes a second to import: not for those who have no model.
    from docs_chat.answer.openai import OpenAIEngine

    return OpenAIEngine(settings, budget)

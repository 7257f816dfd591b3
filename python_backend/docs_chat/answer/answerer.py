"""From a question to a stream of text and citations, whichever engine there is, whatever happens to it."""

from __future__ import annotations

import logging
from collections.abc import AsyncGenerator
from contextlib import aclosing
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from docs_index.result import State

from docs_chat.answer.conversation import write_query
from docs_chat.answer.engine import AnswerEngine, EngineError, Question, Turn
from docs_chat.answer.extractive import ExtractiveEngine
from docs_chat.answer.passages import Passage
from docs_chat.citations import Citation, Citer
from docs_chat.search import Scope, Searcher
from docs_chat.settings import Settings

if TYPE_CHECKING:
    from docs_chat.answer.openai import OpenAIEngine

logger = logging.getLogger("docs_chat")


class InterruptedAnswerError(Exception):
    """The engine failed after part of its answer was out."""


@dataclass(frozen=True, slots=True)
class FellBack:
    """The model could not answer: what follows is quoted from the docs."""


@dataclass(frozen=True, slots=True)
class Prepared:
    """A question with what was found for it, and the engine that will answer."""

    question: Question
    engine: AnswerEngine
    found: tuple[Passage, ...]

    @property
    def state(self) -> State:
        return self.question.state


class Answerer:
    """Searches, picks an engine, and runs its text through the citations."""

    def __init__(self, settings: Settings, searcher: Searcher) -> None:
        self.searcher = searcher
        self.extractive = ExtractiveEngine(settings.help_link)
        self.help_url = settings.help_link.url if settings.help_link else None
        self.model = load_model(settings) if settings.engine == "openai" else None

    async def prepare(
        self, text: str, scope: Scope, *, locale: str, history: tuple[Turn, ...] = (), quoted: str = ""
    ) -> Prepared:
        found = await self.searcher.find(write_query(text, history, quoted), scope)
        state = found.outcome.state
        # Without an answer in the docs there is nothing for a model to work from.
        engine = self.model if self.model and state != "nothing" else self.extractive
        passages = engine.pick(found.passages)
        question = Question(text, passages, state, history, locale, quoted, found.elsewhere)
        return Prepared(question, engine, found.passages)

    async def answer(self, prepared: Prepared) -> AsyncGenerator[str | Citation | FellBack]:
        """Text and citations in order.

        :raises InterruptedAnswerError: when a model stops in the middle; what it said before was yielded.
        """
        question, engine = prepared.question, prepared.engine
        started = False
        try:
            async with aclosing(self.run(engine, question)) as pieces:
                async for piece in pieces:
                    started = True
                    yield piece
            if started or engine is self.extractive:
                return
            raise EngineError("empty")
        except EngineError as error:
            logger.warning("The model failed (%s) %s", error.code, "midway" if started else "at the start")
            if started:
                raise InterruptedAnswerError from error
        yield FellBack()
        question = replace(question, passages=self.extractive.pick(prepared.found))
        async with aclosing(self.run(self.extractive, question)) as pieces:
            async for piece in pieces:
                yield piece

    async def run(self, engine: AnswerEngine, question: Question) -> AsyncGenerator[str | Citation]:
        citer = Citer(question.passages, question.text, self.allows)
        try:
            async with aclosing(engine.answer(question)) as deltas:
                async for delta in deltas:
                    for piece in citer.feed(delta):
                        yield piece
        except EngineError:
            # What was held back still belongs to an answer that had begun.
            if citer.text:
                for piece in citer.finish():
                    yield piece
            raise
        for piece in citer.finish():
            yield piece

    def allows(self, url: str) -> bool:
        return url == self.help_url or self.searcher.is_page(url)

    async def close(self) -> None:
        if self.model:
            await self.model.close()


def load_model(settings: Settings) -> OpenAIEngine:
    # Its client takes a second to import: not for those who have no model.
    from docs_chat.answer.openai import OpenAIEngine

    return OpenAIEngine(settings)

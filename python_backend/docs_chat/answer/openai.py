"""Answers from a model behind OpenAI's Responses API, or Chat Completions on a compatible server.

An answer counts as whole only when the provider says so; a stream that merely ends was cut.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from functools import partial

from docs_index.result import State

from docs_chat.answer.coalesce import coalesce
from docs_chat.answer.completions import Completions
from docs_chat.answer.dialect import Dialect, Message, Prompt, Round, ToolCall
from docs_chat.answer.engine import EngineError, Question, Searched, Searching, Turn
from docs_chat.answer.passages import Passage
from docs_chat.answer.prompt import write_input, write_instructions, write_passages, write_rewrite
from docs_chat.answer.provider import OptionRefusedError, Pace, Provider
from docs_chat.answer.responses import Responses
from docs_chat.answer.surrogates import Mender
from docs_chat.budget import Budget
from docs_chat.cost import Call, Meter, Usage
from docs_chat.settings import Settings
from docs_chat.tracing import describe_request, describe_usage, span

logger = logging.getLogger("docs_chat")

#: At most 20 deltas a second for a reader, and so many for all, which half a core is enough for: beyond 100 answers at
#: a time they get larger ones.
EVENT_SECONDS = 0.05
MOST_A_SECOND = 2000
REWRITE_SECONDS = 5.0
REWRITE_TOKENS = 1024
REWRITE_CHARS = 300


class OpenAIEngine:
    """Streams a model's answer; the model may search the docs again, a few times."""

    def __init__(self, settings: Settings, budget: Budget) -> None:
        self.settings = settings.answer
        self.budget = budget
        self.file_tokens = settings.attachments.tokens
        self.provider = Provider(settings)
        self.dialect: Dialect = Responses() if self.settings.api == "responses" else Completions()
        # What this provider does not take, once it has said so.
        self.refused: set[str] = set()
        self.running = 0

    @property
    def name(self) -> str:
        return self.settings.model

    def pick(self, passages: Sequence[Passage], state: State) -> tuple[Passage, ...]:
        return tuple(passages)

    async def answer(self, question: Question) -> AsyncGenerator[str | Searching | Searched]:
        self.running += 1
        try:
            async with aclosing(coalesce(self.run_rounds(question), self.pace)) as pieces:
                async for piece in pieces:
                    yield piece
        finally:
            self.running -= 1

    def pace(self) -> float:
        """Seconds between two deltas of an answer."""
        return max(EVENT_SECONDS, self.running / MOST_A_SECOND)

    async def run_rounds(self, question: Question) -> AsyncGenerator[str | Searching | Searched]:
        """Ask; search what the model asks for; ask again with what was found."""
        deadline = asyncio.get_running_loop().time() + self.settings.total_seconds
        instructions = write_instructions(question)
        messages: list[Message] = [*write_input(question, self.settings.history_tokens, self.file_tokens)]
        images = tuple(file.data_url for file in question.files if file.kind == "image")
        left = self.settings.searches if question.search else 0
        # Something was said before a search: what follows is a paragraph of its own.
        said = False
        while True:
            prompt = self.make_prompt(instructions, messages, left > 0, images)
            ended = Round()
            wrote = False
            try:
                async with aclosing(self.stream(prompt, question.meter, deadline, self.pace)) as pieces:
                    async for piece in pieces:
                        if isinstance(piece, Round):
                            ended = piece
                            continue
                        if said and piece:
                            yield "\n\n"
                            said = False
                        wrote = wrote or bool(piece)
                        yield piece
            except OptionRefusedError as error:
                if error.option in self.refused:
                    raise EngineError("status 400") from None
                logger.warning("The model %s takes no %s: it will be asked without.", self.name, error.option)
                self.refused.add(error.option)
                continue
            if not ended.calls:
                return
            if not left:
                raise EngineError("endless tool calls")
            left -= 1
            said = said or wrote
            messages += ended.messages
            for call in ended.calls:
                query = call.read_query()
                if query:
                    yield Searching(query)
                output, found = await self.search(call, question)
                if query:
                    yield Searched(query, found)
                messages.append(self.dialect.write_output(call, output))

    def make_prompt(
        self, instructions: str, messages: Sequence[Message], may_search: bool, images: tuple[str, ...]
    ) -> Prompt:
        offered = self.settings.searches > 0 and "tools" not in self.refused
        return Prompt(
            instructions,
            tuple(messages),
            self.settings.max_output_tokens,
            tools=may_search if offered else None,
            thoughts="thoughts" not in self.refused,
            images=images,
        )

    async def search(self, call: ToolCall, question: Question) -> tuple[str, tuple[Passage, ...]]:
        """What the model reads, and what was found for it."""
        query = call.read_query()
        if not query or question.search is None:
            return 'There is only search_docs, called as {"query": "…"}. Answer from the passages at hand.', ()
        found = tuple(await question.search(query))
        return write_passages(found) or "Nothing was found.", found

    async def stream(
        self, prompt: Prompt, meter: Meter, deadline: float, pace: Pace = lambda: 0
    ) -> AsyncGenerator[str | Round]:
        """One response: its text, and how it ended. :raises EngineError: also when the day's budget is used up."""
        request = partial(self.dialect.request, settings=self.settings, prompt=prompt)
        reservation = await self.budget.reserve(prompt.worst_usage)
        call: Call | None = None
        with span(f"chat {self.name}", "client") as traced:
            traced.set_attributes(describe_request(self.name, prompt.max_output_tokens))
            try:
                async with self.provider.stream(request, deadline, pace) as events:
                    call = meter.begin(prompt.chars)
                    mender = Mender()
                    async with aclosing(self.dialect.read(events)) as pieces:
                        async for piece in pieces:
                            if isinstance(piece, Round):
                                call.usage = piece.usage
                                yield mender.finish()
                                yield piece
                            else:
                                call.output_chars += len(piece)
                                yield mender.feed(piece)
            finally:
                used = call.count() if call else Usage()
                traced.set_attributes(describe_usage(used))
                await self.budget.settle(reservation, used)

    async def rewrite(self, question: str, history: Sequence[Turn], meter: Meter) -> str:
        """The question as it would be asked alone. :raises EngineError: also when it takes too long."""
        instructions, content = write_rewrite(question, history)
        deadline = asyncio.get_running_loop().time() + REWRITE_SECONDS
        prompt = Prompt(instructions, ({"role": "user", "content": content},), REWRITE_TOKENS)
        text = ""
        async with aclosing(self.stream(prompt, meter, deadline)) as pieces:
            async for piece in pieces:
                text += piece if isinstance(piece, str) else ""
        line = " ".join(text.split()).strip("\"'“”«» ")
        if not line or len(line) > REWRITE_CHARS:
            raise EngineError("rewrite")
        return line

    async def moderate(self, text: str, images: Sequence[str] = ()) -> bool:
        """Whether the provider flags a text or an image as harmful. :raises EngineError: it does not say."""
        try:
            return await self.provider.moderate(text, images)
        except OptionRefusedError as error:
            raise EngineError("status 400") from error

    async def close(self) -> None:
        await self.provider.close()

"""The answer that is given without a model, and whether it has the text that the owner expects in it."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable

from docs_chat.answer.engine import Question
from docs_chat.answer.extractive import BREAK, ExtractiveEngine
from docs_chat.search import Found


def quote(question: str, found: Found) -> str:
    """What a reader without a model gets for a question, as Markdown."""
    engine = ExtractiveEngine()
    state = found.outcome.state
    asked = Question(question, engine.pick(found.passages, state), state, elsewhere=found.elsewhere)

    async def write() -> str:
        return "".join([piece async for piece in engine.answer(asked)])

    return asyncio.run(write())


def drop_rest(answer: str) -> str:
    """The answer without what follows the line in each quote, which the panel folds."""
    kept, folded = [], False
    for line in answer.splitlines():
        if not line.startswith(">"):
            folded = False
        elif line == f"> {BREAK}":
            folded = True
        if not folded:
            kept.append(line)
    return "\n".join(kept)


def list_missing(answer: str, texts: Iterable[str]) -> tuple[str, ...]:
    """The texts that an answer does not have, see :func:`squeeze`."""
    squeezed = squeeze(answer)
    return tuple(text for text in texts if squeeze(text) not in squeezed)


def squeeze(text: str) -> str:
    """Letters and digits alone: case, white space, Markdown's marks and how a line is broken make no difference."""
    return "".join(character for character in text.casefold() if character.isalnum())

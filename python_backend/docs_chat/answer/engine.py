"""What every answer engine has in common."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

from docs_index.result import State

from docs_chat.answer.passages import Passage


@dataclass(frozen=True, slots=True)
class Turn:
    """One message of the conversation before the question."""

    role: Literal["user", "assistant"]
    text: str


@dataclass(frozen=True, slots=True)
class Question:
    """What an engine gets: the question, what was said before, what was found, and for whom.

    ``elsewhere`` is the label of another version of the docs that answers, "" when none does or this one will do.
    """

    text: str
    passages: tuple[Passage, ...]
    state: State
    history: tuple[Turn, ...] = ()
    locale: str = "en"
    quoted: str = ""
    elsewhere: str = ""


class EngineError(Exception):
    """The engine could not give a whole answer. `code` is for the log, never the provider's words."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class AnswerEngine(Protocol):
    """Yields text deltas in Markdown, with `[n]` where a passage supports what was said.

    :raises EngineError: from the generator, before or between deltas.
    """

    def pick(self, passages: Sequence[Passage]) -> tuple[Passage, ...]:
        """The passages that this engine will use."""
        ...

    def answer(self, question: Question) -> AsyncGenerator[str]: ...

"""What every answer engine has in common."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from typing import Literal, Protocol

from docs_index.result import State

from docs_chat.answer.passages import Passage
from docs_chat.attached_file import AttachedFile
from docs_chat.cost import Meter


@dataclass(frozen=True, slots=True)
class Turn:
    """One message of the conversation before the question."""

    role: Literal["user", "assistant"]
    text: str


#: Searches the reader's docs again; what it finds can be cited from then on.
Search = Callable[[str], Awaitable[Sequence[Passage]]]


@dataclass(frozen=True, slots=True)
class Question:
    """What an engine gets: the question, what was said before, what was found, and for whom.

    ``elsewhere`` is the label of another version of the docs that answers, "" when none does or this one will do.
    ``page`` is the title of the page that the reader is on, "" when it is not known. ``site_map`` names the pages of
    the reader's docs. ``search`` is None where nothing more may be searched.
    ``files`` are the reader's own: a model reads them, nothing is cited from them.
    """

    text: str
    passages: tuple[Passage, ...]
    state: State
    history: tuple[Turn, ...] = ()
    locale: str = "en"
    quoted: str = ""
    elsewhere: str = ""
    page: str = ""
    site_map: str = ""
    search: Search | None = None
    files: tuple[AttachedFile, ...] = ()
    meter: Meter = field(default_factory=Meter)

    @property
    def words(self) -> str:
        """All that the reader said or showed in text."""
        return "\n".join([self.text, *(file.text for file in self.files if file.kind == "text")])


@dataclass(frozen=True, slots=True)
class Searching:
    """The engine searches for more."""

    query: str


@dataclass(frozen=True, slots=True)
class Searched:
    """What it found."""

    query: str
    passages: tuple[Passage, ...]


class EngineError(Exception):
    """The engine could not give a whole answer. `code` is for the log, never the provider's words."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class AnswerEngine(Protocol):
    """Yields text deltas in Markdown, with `[n]` where a passage supports what was said, and its own searches.

    :raises EngineError: from the generator, before or between deltas.
    """

    @property
    def name(self) -> str:
        """What the operator reads in the records: `extractive`, or the model's name."""
        ...

    def pick(self, passages: Sequence[Passage], state: State) -> tuple[Passage, ...]:
        """The passages that this engine will use."""
        ...

    def answer(self, question: Question) -> AsyncGenerator[str | Searching | Searched]: ...

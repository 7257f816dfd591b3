"""Lines of plain Markdown, as the MDX reader gives them to the section cutter, and what it noticed on the way."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from docs_index.imports import Import


@dataclass(slots=True)
class Heading:
    """An ATX heading as it is shown, marks included, and what its id is made from: the text that Docusaurus slugs,
    or the id as written. ``line`` is where it stands in its file (from 1)."""

    level: int
    text: str
    slug_text: str
    explicit_id: str | None
    line: int = 0


@dataclass(slots=True)
class Line:
    """One line of plain Markdown. ``unit`` tells which compiled file it belongs to: slugs restart in each."""

    text: str
    unit: int
    heading: Heading | None = None


@dataclass(frozen=True, slots=True)
class Fault:
    """A mistake in a file that is read as well as it can be; ``line`` from 1."""

    code: str
    line: int
    message: str
    hint: str


@dataclass(slots=True)
class Notes:
    """What was noticed in one file: its mistakes, and ``(line, name)`` of the components whose text only they know."""

    faults: list[Fault] = field(default_factory=list)
    components: list[tuple[int, str]] = field(default_factory=list)


#: Gives the lines that an imported file brings in, or None when there are none to be had.
Include = Callable[[Import], list[Line] | None]
#: What prose is turned into: text, a heading, lines that stand as they are.
Piece = str | Heading | list[Line]

"""Lines of plain Markdown, as the MDX reader gives them to the section cutter."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(slots=True)
class Heading:
    """An ATX heading as it is shown, marks included, and what its id is made from: the text that Docusaurus slugs,
    or the id as written."""

    level: int
    text: str
    slug_text: str
    explicit_id: str | None


@dataclass(slots=True)
class Line:
    """One line of plain Markdown. ``unit`` tells which compiled file it belongs to: slugs restart in each."""

    text: str
    unit: int
    heading: Heading | None = None


#: Gives the lines of an imported Markdown file, or None when it cannot be had.
Include = Callable[[str], list[Line] | None]
#: What prose is turned into: text, a heading, the lines of an included file.
Piece = str | Heading | list[Line]

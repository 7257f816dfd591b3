"""Code blocks as a page shows them."""

from __future__ import annotations

import re

_HIGHLIGHT = re.compile(
    r"^\s*(?://|#|<!--|/\*|\{/\*|--|%|;|REM)\s*highlight-(?:next-line|start|end)\s*(?:\*/\}?|-->)?\s*$"
)
_TICKS = re.compile(r"`{3,}")


def is_highlight(line: str) -> bool:
    """Whether a line of code is only a mark for the lines around it, which the page leaves out."""
    return "highlight-" in line and bool(_HIGHLIGHT.match(line))


def fence(code: list[str], language: str = "", title: str = "") -> list[str]:
    """Lines of code as a Markdown code block; its title stands above it."""
    ticks = max((len(run) for line in code for run in _TICKS.findall(line)), default=2) + 1
    marks = "`" * ticks
    head = [f"`{title}`"] if title else []
    return [*head, marks + language, *(line for line in code if not is_highlight(line)), marks]

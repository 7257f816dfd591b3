"""Code blocks as a page shows them."""

from __future__ import annotations

import re
from collections.abc import Collection

#: What marks lines of code for the reader's eye and is not shown itself, unless a site has words of its own for it
#: (``themeConfig.prism.magicComments``).
MAGIC_COMMENTS = ("highlight-next-line", "highlight-start", "highlight-end")
_COMMENT = re.compile(r"\s*(?://|#|<!--|/\*|\{/\*|--|%|;|REM)\s*([^\s*-][^*\n]*?)\s*(?:\*/\}?|-->)?\s*")
_TICKS = re.compile(r"`{3,}")


def is_magic(line: str, comments: Collection[str]) -> bool:
    """Whether a line of code is only a mark for the lines around it, which the page leaves out."""
    match = _COMMENT.fullmatch(line)
    return match is not None and match.group(1) in comments


def fence(code: list[str], language: str = "", title: str = "") -> list[str]:
    """Lines of code as a Markdown code block; its title stands above it."""
    ticks = max((len(run) for line in code for run in _TICKS.findall(line)), default=2) + 1
    marks = "`" * ticks
    head = [f"`{title}`"] if title else []
    return [*head, marks + language, *code, marks]


def read_magic_comments(groups: object) -> tuple[str, ...]:
    """The words of a ``magicComments`` setting; Docusaurus' own when it is none."""
    found: list[str] = []
    for group in groups if isinstance(groups, list) else ():
        if isinstance(group, dict):
            block = group.get("block")
            texts = [group.get("line"), *(block.values() if isinstance(block, dict) else ())]
            found += [text for text in texts if isinstance(text, str)]
    return tuple(found) if isinstance(groups, list) else MAGIC_COMMENTS

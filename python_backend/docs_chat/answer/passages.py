"""The sections that go with a question: search results joined by section, within a budget."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from docs_index.result import Result

# The index keeps a code block's title as a line of text above it; a renderer takes it from the fence.
CODE_TITLE = re.compile(r"^([ \t>]*)`([^`\n\"]+)`[ \t]*\n[ \t>]*((?:`{3,}|~{3,})[\w+-]*)[ \t]*$", re.MULTILINE)
CHARS_PER_TOKEN = 4
# A section up to this long is given whole; of a longer one only the parts that were found.
WHOLE_SECTION_CHARS = 2400


@dataclass(frozen=True, slots=True)
class Passage:
    """One section as an answer uses it: the number it is cited by, its best part, its text."""

    n: int
    result: Result
    text: str


def build_passages(
    results: Sequence[Result], section: Callable[[str, str], list[Result]], budget_tokens: int
) -> tuple[Passage, ...]:
    """Number the sections of ranked results, best first, until the budget is full.

    :param section: all parts of one section, in order, by permalink and anchor.
    """
    groups: dict[tuple[str, str], list[Result]] = {}
    for result in results:
        groups.setdefault((result.permalink, result.anchor), []).append(result)
    passages: list[Passage] = []
    left = budget_tokens * CHARS_PER_TOKEN
    for place, found in groups.items():
        parts = section(*place) or found
        if sum(len(part.text) for part in parts) > WHOLE_SECTION_CHARS:
            parts = sorted(found, key=lambda part: part.part)
        text = join_parts(parts)
        if len(text) > left:
            text = join_parts(found[:1])
        if not text:
            continue
        if passages and len(text) > left:
            break
        passages.append(Passage(len(passages) + 1, found[0], text))
        left -= len(text)
    return tuple(passages)


def join_parts(parts: Sequence[Result]) -> str:
    """The text under the heading; the heading itself is shown from the result."""
    texts = (part.body.strip() for part in parts)
    return CODE_TITLE.sub(r'\1\3 title="\2"', "\n\n".join(text for text in texts if text))

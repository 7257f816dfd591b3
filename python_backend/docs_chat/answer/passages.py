"""The sections that go with a question: search results joined by section, within a budget."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

from docs_index.result import Result

from docs_chat.cost import CHARS_PER_TOKEN
from docs_chat.markdown.blocks import grow_run, narrow_tables

# The index keeps a code block's title as a line of text above it; a renderer takes it from the fence.
CODE_TITLE = re.compile(r"^([ \t>]*)`([^`\n\"]+)`[ \t]*\n[ \t>]*((?:`{3,}|~{3,})[\w+-]*)[ \t]*$", re.MULTILINE)
# A table that was split goes on under a head without words.
TABLE_GOES_ON = re.compile(r"\|(?:[ \t]*\|)+[ \t]*\n\|[-:| \t]+\|[ \t]*\n")
# A section up to this long is given whole; of a longer one the found part with its neighbours.
WHOLE_SECTION_CHARS = 2400


@dataclass(frozen=True, slots=True)
class Passage:
    """One section as an answer uses it: the number it is cited by, its best part, its text."""

    n: int
    result: Result
    text: str

    @property
    def place(self) -> tuple[str, str]:
        """Permalink and anchor of the section."""
        return self.result.place


class Shelf:
    """The passages of one answer by number; more come when the model searches again."""

    def __init__(self, passages: Iterable[Passage]) -> None:
        self.passages = list(passages)

    def add(self, found: Iterable[Passage]) -> list[Passage]:
        """The found passages with the numbers that they have here: a section that is here already keeps its own."""
        known = {passage.place: passage for passage in self.passages}
        numbered = []
        for passage in found:
            if passage.place not in known:
                known[passage.place] = replace(passage, n=len(self.passages) + 1)
                self.passages.append(known[passage.place])
            numbered.append(known[passage.place])
        return numbered


def build_passages(
    results: Sequence[Result], section: Callable[[str, str], list[Result]], budget_tokens: int
) -> tuple[Passage, ...]:
    """Number the sections of ranked results, best first, until the budget is full. The same text is given once.

    :param section: all parts of one section, in order, by permalink and anchor.
    """
    groups: dict[tuple[str, str], list[Result]] = {}
    for result in results:
        groups.setdefault(result.place, []).append(result)
    passages: list[Passage] = []
    seen: set[str] = set()
    left = budget_tokens * CHARS_PER_TOKEN
    for place, found in groups.items():
        parts = section(*place) or found
        text = join_parts(surround(parts, found[0], WHOLE_SECTION_CHARS))
        if len(text) > left:
            text = join_parts(found[:1])
        if not text or text in seen:
            continue
        if passages and len(text) > left:
            break
        seen.add(text)
        passages.append(Passage(len(passages) + 1, found[0], text))
        left -= len(text)
    return tuple(passages)


def surround(parts: Sequence[Result], found: Result, limit: int) -> list[Result]:
    """The found part and its neighbours, what follows first, up to so many characters in all."""
    at = next((place for place, part in enumerate(parts) if part.part == found.part), None)
    if at is None:
        return [found]
    first, last = grow_run([len(narrow_tables(part.text)) for part in parts], at, limit)
    return list(parts[first : last + 1])


def join_parts(parts: Sequence[Result]) -> str:
    """The text under the heading; the heading itself is shown from the result."""
    joined = ""
    for part in parts:
        text = part.body.strip()
        rows = TABLE_GOES_ON.match(text)
        if rows and joined.endswith("|"):
            joined += "\n" + text[rows.end() :]
        elif text:
            joined += ("\n\n" if joined else "") + text
    return CODE_TITLE.sub(r'\1\3 title="\2"', narrow_tables(joined))

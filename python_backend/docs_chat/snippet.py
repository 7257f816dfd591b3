"""The few lines of a passage that have most of the question's words, with those words marked."""

from __future__ import annotations

import re
from collections.abc import Iterator

from docs_index.plain import to_plain
from docs_index.terms import terms

_WORD = re.compile(r"\w+(?:[.\-/]\w+)*|\S")
#: Characters of a snippet, about.
_LENGTH = 240

Piece = tuple[str, bool]


def make_snippet(markdown: str, question: str, locale: str = "en") -> list[Piece]:
    """Pieces of plain text on one line, each with whether it is a word of the question.

    :param markdown: the passage without its heading.
    """
    text = " ".join(to_plain(markdown).split())
    wanted = set(terms(question, locale))
    found = [match.span() for match in _WORD.finditer(text) if wanted & set(terms(match.group(0), locale))]
    start, end = _choose_window(text, found, wanted, locale)
    pieces = list(_part(text, start, end, found))
    if start > 0:
        pieces.insert(0, ("… ", False))
    if end < len(text):
        pieces.append((" …", False))
    return pieces


def _choose_window(text: str, found: list[tuple[int, int]], wanted: set[str], locale: str) -> tuple[int, int]:
    """The stretch with most different words of the question, the first of equals, cut between words."""
    if len(text) <= _LENGTH:
        return 0, len(text)
    best, best_count = 0, -1
    for first, _ in [(0, 0), *found]:
        inside = [text[a:b] for a, b in found if first <= a and b <= first + _LENGTH]
        count = len({term for word in inside for term in terms(word, locale)} & wanted)
        if count > best_count:
            best, best_count = first, count
    # a little before the first word, so that it can be read
    start = max(0, min(best - _LENGTH // 6, len(text) - _LENGTH))
    if start:
        start = text.find(" ", start) + 1 if " " in text[start:best] else best
    end = min(start + _LENGTH, len(text))
    if end < len(text):
        end = max(text.rfind(" ", start, end), start) if " " in text[start:end] else end
    return start, end


def _part(text: str, start: int, end: int, found: list[tuple[int, int]]) -> Iterator[Piece]:
    at = start
    for first, last in found:
        if first >= start and last <= end:
            if first > at:
                yield text[at:first], False
            yield text[first:last], True
            at = last
    if at < end:
        yield text[at:end], False

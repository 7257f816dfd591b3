"""The few lines of a passage that have most of the question's words, with those words marked."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterator
from dataclasses import dataclass

from docs_index.terms import terms
from rich.cells import cell_len

from docs_chat.markdown.plain import split_sentences

Piece = tuple[str, bool]
_WORD = re.compile(r"\w+(?:[.\-/]\w+)*")


@dataclass(frozen=True, slots=True)
class _Unit:
    """A sentence, a row of a table or a line of code. ``opens`` says that it begins a line of its own."""

    text: str
    opens: bool
    found: frozenset[str]


def make_snippet(
    markdown: str, question: str, locale: str = "en", *, width: int = 80, lines: int = 3
) -> list[list[Piece]]:
    """Lines of plain text, at most so many and so wide; each in pieces that say whether they are words of the question.

    Sentences are whole where they fit. Rows of tables and lines of code begin lines of their own.

    :param markdown: the passage without its heading.
    """
    wanted = frozenset(terms(question, locale))
    units = list(_read_units(markdown, wanted, locale))
    if not units:
        return []
    run = _choose_run(units, width, lines)
    shown = _layout(run, width)
    if len(shown) > lines:
        shown = _wrap(_skip(run[0].text, wanted, locale, width * lines), width, lines)
    return [list(mark_words(line, wanted, locale)) for line in shown]


def mark_words(text: str, wanted: frozenset[str], locale: str) -> Iterator[Piece]:
    """The text in pieces; a word is marked when at least half of what it is made of is wanted."""
    at = 0
    for match in _WORD.finditer(text):
        parts = terms(match[0], locale)
        if parts and 2 * sum(part in wanted for part in parts) >= len(parts):
            if match.start() > at:
                yield text[at : match.start()], False
            yield match[0], True
            at = match.end()
    if at < len(text):
        yield text[at:], False


def _read_units(markdown: str, wanted: frozenset[str], locale: str) -> Iterator[_Unit]:
    for is_code, block in split_sentences(markdown):
        for number, sentence in enumerate(block):
            text = " ".join(sentence.split())
            if text:
                yield _Unit(text, is_code or number == 0, wanted.intersection(terms(text, locale)))


def _choose_run(units: list[_Unit], width: int, lines: int) -> list[_Unit]:
    """The neighbouring units that fit and have most different words of the question; the first of equals."""
    best: list[_Unit] = []
    best_count = -1
    for first, unit in enumerate(units):
        # no run is better for beginning with a sentence that has none of the words
        if first and not unit.found:
            continue
        last = _extend(units, first, first + 1, width, lines)
        count = len(frozenset().union(*(one.found for one in units[first:last])))
        if count > best_count:
            best_count, best = count, units[_extend_back(units, first, last, width, lines) : last]
    return best


def _extend(units: list[_Unit], first: int, last: int, width: int, lines: int) -> int:
    while last < len(units) and len(_layout(units[first : last + 1], width)) <= lines:
        last += 1
    return last


def _extend_back(units: list[_Unit], first: int, last: int, width: int, lines: int) -> int:
    while first > 0 and len(_layout(units[first - 1 : last], width)) <= lines:
        first -= 1
    return first


def _layout(units: list[_Unit], width: int) -> list[str]:
    paragraphs: list[str] = []
    for unit in units:
        if unit.opens or not paragraphs:
            paragraphs.append(unit.text)
        else:
            paragraphs[-1] += f" {unit.text}"
    return [line for paragraph in paragraphs for line in _wrap(paragraph, width)]


def _wrap(text: str, width: int, most: int | None = None) -> list[str]:
    """Lines that end between words, the last of ``most`` with a sign that more follows.

    Only a script without spaces is broken anywhere.
    """
    # such scripts are mostly two columns wide
    columns = max(width * len(text) // max(cell_len(text), 1), 10)
    lines = textwrap.wrap(
        text,
        columns,
        break_long_words=not text.isascii(),
        break_on_hyphens=False,
        max_lines=most,
        placeholder=" …",
    )
    return [line if len(line) <= columns else f"{line[: columns - 1]}…" for line in lines]


def _skip(text: str, wanted: frozenset[str], locale: str, room: int) -> str:
    """A sentence that is too long, from a little before the first word of the question."""
    before = 0
    for piece, is_match in mark_words(text, wanted, locale):
        if is_match:
            break
        before += len(piece)
    start = before - room // 4
    if before == len(text) or start <= 0:
        return text
    space = text.find(" ", start, before)
    return f"… {text[space + 1 if space >= 0 else before :]}"

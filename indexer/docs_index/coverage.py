"""What a built page shows and its source does not hold, found by comparing words."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from itertools import chain

from docs_index.html import WORD, BuiltPage, words
from docs_index.pieces import shown_text, split_pieces
from docs_index.sections import Section

#: A text of one side is of no use to the other when more than this share of its words is missing there.
_WHOLE = 0.5
#: Of other texts only the missing words are, and only while less than ``_GOAL`` of the page's words is in the index:
#: first where so many stand together.
_RUNS = (4, 1)
_GOAL = 0.99
#: So many words of a text that stand together in the source too are no coincidence.
_PHRASE = 3
#: A piece of fewer words is never held to be hidden.
_PIECE = 4
_CODE = re.compile(r"^[ \t>]*(`{3,}|~{3,})[^\n]*\n.*?^[ \t>]*\1[^\n]*$", re.MULTILINE | re.DOTALL)


@dataclass(frozen=True, slots=True)
class Missing:
    """A text of the page that the source does not hold whole, and those words of it that it does not hold at all.

    The text takes the place of what the source has of it; where there is nothing of it, the words are added.
    """

    text: str
    words: tuple[str, ...]


@dataclass(slots=True)
class Coverage:
    """``missing`` are the texts to take over from the page, by the anchor of their section; ``share`` is the part of
    the page's words that is in the index once they are, ``worst`` the anchor under which most words stay missing."""

    missing: dict[str, list[Missing]] = field(default_factory=dict)
    share: float = 1.0
    worst: str = ""


def compare(sections: Sequence[Section], built: BuiltPage) -> Coverage:
    """Holds the sections' text against the page's, word by word."""
    parts = [words(shown_text(part)) for section in sections for part in section.parts]
    blocks = [(anchor, text, words(shown_text(text))) for anchor, text in built.blocks]
    every, wanted = list(chain.from_iterable(parts)), list(chain.from_iterable(block for _, _, block in blocks))
    if every == wanted:
        return Coverage()
    have, shown = Counter(every), Counter(wanted)
    if not (shown - have).total():
        return Coverage()
    text = f" {' '.join(every)} "
    left, unmatched = _match(blocks, have, text)
    result = Coverage()
    unmatched = _take_whole(unmatched, left, result)
    total = shown.total()
    for length in _RUNS:
        lacking = _lacking(shown, have, result)
        if lacking <= (1 - _GOAL) * total:
            break
        unmatched = _take_runs(unmatched, text, length, result)
    else:
        if _lacking(shown, have, result) > (1 - _GOAL) * total:
            # such as a short name that a component shows, and that stands elsewhere too
            for anchor, text_of_page, _ in unmatched:
                result.missing.setdefault(anchor, []).append(Missing(text_of_page, ()))
    result.share = 1 - _lacking(shown, have, result) / total
    losses: Counter[str] = Counter()
    for anchor, _, block in unmatched:
        losses[anchor] += len(block)
    result.worst = losses.most_common(1)[0][0] if losses else ""
    return result


def _lacking(shown: Counter[str], have: Counter[str], result: Coverage) -> int:
    """How many of the page's words are neither in the source nor taken over."""
    texts = [text for every in result.missing.values() for missing in every for text in missing.words]
    taken = Counter(word for text in texts for word in words(shown_text(text)))
    return (shown - have - taken).total()


def page_words(built: BuiltPage) -> str:
    """All words of the page, with single spaces between and around them."""
    return f" {' '.join(word for _, text in built.blocks for word in words(shown_text(text)))} "


def measure(sections: Sequence[Section], built: BuiltPage) -> float:
    """The share of the page's words that the sections hold, 0..1."""
    have = Counter(word for section in sections for part in section.parts for word in words(shown_text(part)))
    shown = Counter(page_words(built).split())
    return 1 - (shown - have).total() / shown.total() if shown else 1.0


def drop_hidden(sections: Sequence[Section], built: BuiltPage) -> list[Section]:
    """The sections without the pieces that the page does not show, such as code that a plugin of the site replaces.

    A page that shows less than half of the words beside the code is drawn by a script: then its source stands.
    """
    have = Counter(word for section in sections for part in section.parts for word in words(shown_text(part)))
    shown = page_words(built)
    foreign = have - Counter(shown.split())
    if foreign.total() <= (1 - _GOAL) * have.total():
        return list(sections)
    prose = Counter(word for section in sections for part in section.parts for word in words(_CODE.sub("", part)))
    if (prose & foreign).total() > _WHOLE * prose.total():
        return list(sections)

    def is_hidden(piece: str) -> bool:
        found = words(shown_text(piece))
        wanted = Counter(found)
        missing = (wanted & foreign).total()
        if len(found) < _PIECE or missing <= _WHOLE * len(found) or f" {' '.join(found)} " in shown:
            return False
        foreign.subtract(wanted)
        return True

    return [_keep_blocks(section, lambda piece: not is_hidden(piece)) for section in sections]


def _keep_blocks(section: Section, wanted: Callable[[str], bool]) -> Section:
    """The section with its heading, and those of its pieces that are wanted."""
    parts: list[str] = []
    is_empty = True
    for number, part in enumerate(section.parts):
        pieces = split_pieces(part)
        head = pieces[:1] if number == 0 else []
        kept = [piece for piece in pieces[len(head) :] if wanted(piece)]
        is_empty &= not kept
        if head or kept:
            parts.append("".join([*head, *kept]).rstrip("\n"))
    return replace(section, parts=tuple(parts), empty=section.empty or is_empty)


def foreign_text(sections: Sequence[Section], built: BuiltPage) -> str:
    """A paragraph of the source that the page does not show, "" when it shows them all."""
    shown = page_words(built)
    vocabulary = set(shown.split())
    for section in sections:
        for part in section.parts:
            for line in shown_text(part).split("\n"):
                found = words(line)
                unknown = sum(word not in vocabulary for word in found)
                if unknown >= 2 and unknown * 4 >= len(found) and " ".join(found) not in shown:
                    return line.strip()
    return ""


_Block = tuple[str, str, list[str]]


def _match(blocks: list[_Block], have: Counter[str], text: str) -> tuple[Counter[str], list[_Block]]:
    """The source's words that no text of the page is found for, and the texts that the source does not hold."""
    left = have.copy()
    unmatched: set[int] = set()
    # long texts first: a short one is found anywhere
    for number in sorted(range(len(blocks)), key=lambda index: -len(blocks[index][2])):
        block = blocks[number][2]
        wanted = Counter(block)
        if f" {' '.join(block)} " in text and all(left[word] >= count for word, count in wanted.items()):
            left.subtract(wanted)
        elif block:
            unmatched.add(number)
    return left, [block for number, block in enumerate(blocks) if number in unmatched]


def _take_whole(blocks: list[_Block], left: Counter[str], result: Coverage) -> list[_Block]:
    """Moves to ``result`` the blocks that are mostly missing; those that stay are returned."""
    kept: list[_Block] = []
    for anchor, text, block in blocks:
        wanted = Counter(block)
        missing = sum(max(0, count - max(0, left[word])) for word, count in wanted.items())
        if missing > _WHOLE * len(block):
            result.missing.setdefault(anchor, []).append(Missing(text, (text,)))
        else:
            left.subtract(wanted)
            kept.append((anchor, text, block))
    return kept


def _take_runs(blocks: list[_Block], source: str, length: int, result: Coverage) -> list[_Block]:
    """Moves to ``result`` the blocks that have ``length`` words in a row which the source has not; gives the others."""
    kept: list[_Block] = []
    for anchor, text, block in blocks:
        runs = [(start, end) for start, end in _find_runs(block, source) if end - start >= length]
        spans = [match.span() for match in WORD.finditer(text.replace("_", " "))]
        if not runs:
            kept.append((anchor, text, block))
            continue
        # of code, whose fence names its language, there are no spans
        found = tuple(text[spans[a][0] : spans[b - 1][1]] for a, b in runs) if len(spans) == len(block) else (text,)
        result.missing.setdefault(anchor, []).append(Missing(text, found))
    return kept


def _find_runs(block: list[str], source: str) -> list[tuple[int, int]]:
    """The stretches ``[start, end)`` of a block's words that the source does not have as they stand together."""
    runs: list[tuple[int, int]] = []
    position = 0
    while position < len(block):
        size = _longest(block, position, source)
        if size >= _PHRASE or size == len(block) - position:
            position += size
            continue
        if runs and runs[-1][1] == position:
            runs[-1] = (runs[-1][0], position + max(1, size))
        else:
            runs.append((position, position + max(1, size)))
        position += max(1, size)
    return runs


def _longest(block: list[str], start: int, source: str) -> int:
    """How many words from ``start`` on stand together in the source."""
    size, step = 0, 1
    while step:
        if start + size + step <= len(block) and f" {' '.join(block[start : start + size + step])} " in source:
            size += step
            step *= 2
        else:
            step //= 2
    return size

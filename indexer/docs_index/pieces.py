"""The pieces of Markdown that a page shows apart from each other: paragraphs, list items, table rows, code blocks."""

from __future__ import annotations

import re
from collections import Counter

from docs_index.html import words

_FENCE_LINE = re.compile(r"^[ \t>]*(?:`{3,}|~{3,})[^`\n]*$", re.MULTILINE)
_LIST_NUMBER = re.compile(r"^([ \t>]*)\d{1,9}[.)](?=\s)", re.MULTILINE)
_FENCE_START = re.compile(r"[ \t>]*(?:(?:[-*+]|\d{1,9}[.)])[ \t]+)?(`{3,}|~{3,})(.*)")
_ITEM = re.compile(r"[ \t>]*(?:(?:[-*+]|\d{1,9}[.)])[ \t]+|(?=\|))")
_MARK = re.compile(r"[ \t>]*(?:(?:[-*+]|\d{1,9}[.)])[ \t]+)?")
#: A text of the page stands for a piece that has this share of its words in it, and this share of the text's words.
_ALIKE, _PART = 0.6, 0.3


def shown_text(markdown: str) -> str:
    """Markdown without what only marks it up: the lines of its fences, the numbers of its lists."""
    return _LIST_NUMBER.sub(r"\1", _FENCE_LINE.sub("", markdown))


def split_pieces(markdown: str) -> list[str]:
    """The pieces in order, each with the line ends behind it: joined, they are the text again."""
    pieces: list[str] = []
    fence = ""
    is_blank = True
    for line in markdown.splitlines(keepends=True):
        mark = _FENCE_START.match(line)
        if fence:
            if mark and mark.group(1).startswith(fence) and not mark.group(2).strip():
                fence = ""
            pieces[-1] += line
            continue
        if line.strip() and (is_blank or _ITEM.match(line)):
            pieces.append(line)
        elif pieces:
            pieces[-1] += line
        else:
            pieces.append(line)
        fence = mark.group(1) if mark else ""
        is_blank = not line.strip()
    return pieces


def put_in_place(parts: list[str], text: str, page: str) -> bool:
    """Puts a text of the page where the piece stands that it is the whole of; False when there is none.

    :param page: all words of the page, with single spaces between and around them: what stands there so is whole.
    """
    block = Counter(words(shown_text(text)))
    best: tuple[float, int, int] | None = None
    found = [split_pieces(part) for part in parts]
    for at, pieces in enumerate(found):
        for number, piece in enumerate(pieces):
            if piece.startswith("#"):
                continue  # a heading is right as it stands
            have = words(shown_text(piece))
            both = (block & Counter(have)).total()
            if both < _ALIKE * len(have) or both < _PART * block.total() or f" {' '.join(have)} " in page:
                continue
            if best is None or both > best[0]:
                best = (both, at, number)
    if best is None:
        return False
    _, at, number = best
    found[at][number] = _dress(text, found[at][number])
    parts[at] = "".join(found[at])
    return True


def _dress(text: str, piece: str) -> str:
    """``text`` behind the mark and the indent of the piece that it replaces, with its line ends."""
    match = _MARK.match(piece)
    mark = match.group(0) if match else ""
    inner = text.removeprefix("- ")
    ends = piece[len(piece.rstrip("\n")) :]
    return mark + inner.replace("\n", "\n" + " " * len(mark)) + ends

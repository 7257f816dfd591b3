"""Finds pages by the beginnings of words of their titles, as they are typed."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

from docs_index.index import PageInfo

WORD = re.compile(r"\w+")


def match_titles(pages: Iterable[PageInfo], typed: str) -> list[PageInfo]:
    """The pages that fit what was typed, the best first, else in their own order. Nothing typed fits every page."""
    wanted = fold(typed).strip()
    words = WORD.findall(wanted)
    ranked = [(rank(page, wanted, words), page) for page in pages]
    fitting = [(place, page) for place, page in ranked if place is not None]
    return [page for _, page in sorted(fitting, key=lambda found: found[0])]


def rank(page: PageInfo, wanted: str, words: list[str]) -> int | None:
    """0 is best: the title begins so; then its words do; then they are somewhere in it, or in the address."""
    title = fold(page.title)
    if title.startswith(wanted):
        return 0
    if not words:
        return None
    starts = WORD.findall(title)
    if all(any(start.startswith(word) for start in starts) for word in words):
        return 1
    if all(word in title for word in words):
        return 2
    address = fold(page.permalink)
    return 3 if all(word in title or word in address for word in words) else None


def fold(text: str) -> str:
    """Without case and accents."""
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    return "".join(character for character in decomposed if not unicodedata.combining(character))

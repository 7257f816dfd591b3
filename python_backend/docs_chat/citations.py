"""Turns an engine's deltas into text and citations: each marker becomes a place in the docs.

An engine names passages by number only. Title, address and quote come from the index.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from docs_index.result import Result

from docs_chat.answer.passages import Passage
from docs_chat.markdown.markers import Marker, MarkerParser, Piece
from docs_chat.markdown.plain import cut, split_sentences
from docs_chat.markdown.words import split_words

QUOTE_CHARS = 200
CLAIM_CHARS = 300
LABEL_CHARS = 20
LABEL_WEIGHT = 0.7


@dataclass(frozen=True, slots=True)
class Citation:
    """One marker in the answer. `index` is its UTF-16 offset in the text, `n` counts by first appearance."""

    n: int
    index: int
    result: Result
    quote: str

    @property
    def title(self) -> str:
        """Page title › Heading."""
        path = breadcrumb(self.result)
        return " › ".join([path[0], path[-1]] if len(path) > 1 else path)


class Citer:
    """Feed it an engine's deltas, get text and citations in order.

    :param allows: says whether a link that the engine wrote may stay.
    """

    def __init__(self, passages: Sequence[Passage], question: str, allows: Callable[[str], bool]) -> None:
        # A model that searches again adds to them.
        self.passages = passages
        self.question = split_words(question)
        self.parser = MarkerParser(allows, self.is_named)
        self.numbers: dict[tuple[str, str], int] = {}
        self.marked: set[int] = set()
        self.text = ""
        self.units = 0

    def feed(self, delta: str) -> list[str | Citation]:
        pieces = self.parser.feed(delta)
        return self.resolve(pieces) if pieces else []

    def finish(self) -> list[str | Citation]:
        return self.resolve(self.parser.finish())

    def resolve(self, pieces: Sequence[Piece]) -> list[str | Citation]:
        resolved: list[str | Citation] = []
        for piece in pieces:
            if isinstance(piece, Marker):
                resolved += self.cite(piece)
            else:
                self.text += piece
                self.units += count_units(piece)
                self.marked.clear()
                resolved.append(piece)
        return resolved

    def cite(self, marker: Marker) -> list[Citation]:
        """The citations of one marker: unknown numbers vanish, a place is cited once at one spot."""
        cited = []
        for number in marker.numbers:
            passage = next((passage for passage in self.passages if passage.n == number), None)
            if passage is None:
                continue
            place = passage.result.place
            n = self.numbers.setdefault(place, len(self.numbers) + 1)
            if n not in self.marked:
                self.marked.add(n)
                quote = pick_quote(passage.text, self.claim(), self.question)
                cited.append(Citation(n, self.units, passage.result, quote))
        return cited

    def claim(self) -> set[str]:
        """The words of the sentence that the marker stands behind."""
        last = re.split(r"(?<=[.!?])\s+(?=\S)|\n+", self.text[-CLAIM_CHARS:].rstrip())[-1]
        return split_words(last)

    def is_named(self, url: str) -> bool:
        return any(url in passage.text for passage in self.passages)


def count_units(text: str) -> int:
    """The length as JavaScript counts, in UTF-16: a character beyond the basic plane takes two units."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le", "surrogatepass")) // 2


def breadcrumb(result: Result) -> list[str]:
    """Page title and headings, the title once."""
    headings = list(result.headings)
    return headings if headings[:1] == [result.title] else [result.title, *headings]


def pick_quote(markdown: str, claim: set[str], question: set[str]) -> str:
    """The passage's words that support the claim best: one sentence or a few, plain text, 200 characters.

    What counts is all that the quote has, and once more, for half, what its first sentence has.
    """

    def score(quote: Quote) -> float:
        both = count_words(quote.words, claim, question) + count_words(quote.first, claim, question) / 2
        return both * quote.weight

    return max(read_quotes(markdown), key=score, default=NO_QUOTE).text


@dataclass(frozen=True, slots=True)
class Quote:
    """What could be quoted of a passage: its words, and those of its first sentence, as the search compares them."""

    text: str
    words: frozenset[str]
    first: frozenset[str]
    weight: float


NO_QUOTE = Quote("", frozenset(), frozenset(), 0)


# A passage is cited several times in one answer, and by the answers of many readers.
@lru_cache(maxsize=2048)
def read_quotes(markdown: str) -> tuple[Quote, ...]:
    """A quote from each sentence or line of code on, with those after it that fit."""
    quotes = []
    for is_code, block in split_sentences(markdown):
        words = [frozenset(split_words(sentence)) for sentence in block]
        for at, first in enumerate(block):
            end = at + count_fitting(block[at:])
            # A sentence says more than a label or a line of code with the same words.
            weight = LABEL_WEIGHT if is_code or len(first) < LABEL_CHARS else 1
            text = cut(" ".join(block[at:end]), QUOTE_CHARS)
            quotes.append(Quote(text, frozenset().union(*words[at:end]), words[at], weight))
    return tuple(quotes)


def count_words(words: frozenset[str], claim: set[str], question: set[str]) -> float:
    """How many of the claim's words are among them; those of the question count for a quarter."""
    return len(claim & words) + len(question & words) / 4


def count_fitting(sentences: Sequence[str]) -> int:
    """How many sentences fit into a quote: the first, and those that follow while there is room."""
    size = len(sentences[0])
    for count, sentence in enumerate(sentences[1:], 1):
        size += 1 + len(sentence)
        if size > QUOTE_CHARS:
            return count
    return len(sentences)

"""The words of the docs: how rare each is, and what a mistyped one was meant to be."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable

from docs_index.terms import stem, terms

_TOKEN = re.compile(r"[A-Za-z]{4,}")


class Vocabulary:
    """Built from the parts that a reader may see; a word is known when the docs, or plain English, use it."""

    def __init__(self, texts: Iterable[str], english: frozenset[str] = frozenset()) -> None:
        self._english = english
        self._surface: Counter[str] = Counter()
        self._stems: Counter[str] = Counter()
        # versions of the docs repeat most texts: each one is read once
        repeats = Counter(texts)
        self._count = repeats.total()
        for text, times in repeats.items():
            self._stems.update(dict.fromkeys(terms(text), times))
            self._surface.update(dict.fromkeys((word.lower() for word in _TOKEN.findall(text)), times))
        self._by_length: dict[int, list[str]] = {}
        for word, count in self._surface.items():
            if count >= 2:
                self._by_length.setdefault(len(word), []).append(word)

    def idf(self, term: str) -> float:
        """Rarity of a stem: high for words that few parts have, highest for absent ones."""
        count = self._stems[term]
        return math.log(1 + (self._count - count + 0.5) / (count + 0.5))

    def missing_share(self, question: str) -> float:
        """Share of the question's weight that lies in words that the docs never use, 0..1."""
        asked = set(terms(question))
        total = sum(self.idf(term) for term in asked)
        return sum(self.idf(term) for term in asked if not self._stems[term]) / total if total else 1.0

    def coverage(self, question: str, text: str) -> float:
        """Share of the question's weight whose words the text holds, 0..1."""
        asked = set(terms(question))
        total = sum(self.idf(term) for term in asked)
        have = set(terms(text))
        return sum(self.idf(term) for term in asked if term in have) / total if total else 0.0

    def correct(self, question: str) -> str:
        """The question with unknown words replaced by the docs' word that they were surely meant to be."""
        return _TOKEN.sub(lambda match: self._correct_word(match.group(0)), question)

    def _correct_word(self, word: str) -> str:
        low = word.lower()
        if self._known(low):
            return word
        candidates = [
            (distance, -self._surface[other], other)
            for length in range(len(low) - 2, len(low) + 3)
            for other in self._by_length.get(length, ())
            if other[0] == low[0] and (distance := edit_distance(low, other, 2)) <= (2 if len(low) >= 9 else 1)
        ]
        return min(candidates)[2] if candidates else word

    def _known(self, word: str) -> bool:
        if self._surface[word] or self._stems[stem(word)] or word in self._english:
            return True
        endings = ("s", "es", "ed", "er", "ly", "ing", "ies")
        return any(word.endswith(ending) and word[: -len(ending)] in self._english for ending in endings)


def edit_distance(left: str, right: str, limit: int) -> int:
    """Edits, a swap of neighbours counting one, between two words; ``limit + 1`` when there are more."""
    if abs(len(left) - len(right)) > limit:
        return limit + 1
    older: list[int] = []
    previous = list(range(len(right) + 1))
    for row, a in enumerate(left, 1):
        current = [row]
        for column, b in enumerate(right, 1):
            cost = min(previous[column] + 1, current[-1] + 1, previous[column - 1] + (a != b))
            if row > 1 and column > 1 and a == right[column - 2] and left[row - 2] == b:
                cost = min(cost, older[column - 2] + 1)
            current.append(cost)
        if min(current) > limit:
            return limit + 1
        older, previous = previous, current
    return previous[-1]

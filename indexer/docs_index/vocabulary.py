"""The words of the docs in one language: how rare each is, and what a mistyped one was meant to be."""

from __future__ import annotations

import json
import math
import re
from collections import Counter
from collections.abc import Iterable
from functools import lru_cache
from importlib.resources import files
from itertools import pairwise

from rapidfuzz import process
from rapidfuzz.distance import OSA

from docs_index.terms import fold_accents, stem, terms

#: A word by itself: not a part of an identifier, which is meant as it is written.
_WORD = re.compile(r"(?<![\w.\-/@#$:])[^\W\d_]{4,}(?![\w\-/@:]|\.\w)")
_LETTERS = re.compile(r"[^\W\d_]{2,}")
_SURFACE = re.compile(r"[^\W\d_]{4,}")
_FEW = 100
_ENDINGS = ("s", "es", "ed", "er", "ly", "ing", "ies")
_PREFIXES = ("re", "un", "off", "on", "over", "out", "pre", "sub", "up", "down", "non", "mis", "dis", "in", "de")
#: Letters from which a half of a glued word counts, a word may differ in its first letter, or by two edits.
_GLUED, _MIDDLE, _LONG = 4, 6, 9
#: Letters that two words have to have together to be looked up as one.
_JOINED = 5


class Vocabulary:
    """Built from the parts that readers of a language may see.

    :param parts: ``(text, terms)`` of each part, the terms as :func:`docs_index.terms.index_terms` gives them.
    """

    def __init__(self, parts: Iterable[tuple[str, str]], locale: str) -> None:
        self._locale = locale
        self._surface: Counter[str] = Counter()
        self._terms: Counter[str] = Counter()
        # versions of the docs repeat most texts: each one is read once
        repeats = Counter(parts)
        self._count = repeats.total()
        for (text, words), times in repeats.items():
            for term in set(words.split(" ")):
                self._terms[term] += times
            for word in set(_SURFACE.findall(text)):
                self._surface[word.lower()] += times
        # what stands once in many pages may itself be mistyped; in a few, hardly any word stands twice
        least = 2 if self._count > _FEW else 1
        self._folded: dict[str, str] = {}
        self._by_length: dict[int, list[str]] = {}
        for word, count in self._surface.most_common():
            folded = fold_accents(word)
            if folded not in self._folded:
                self._folded[folded] = word
                if count >= least:
                    self._by_length.setdefault(len(folded), []).append(folded)

    def idf(self, term: str) -> float:
        """Rarity of a term: high for words that few parts have, highest for absent ones."""
        count = self._terms[term]
        return math.log(1 + (self._count - count + 0.5) / (count + 0.5))

    def weigh(self, question: str) -> dict[str, float]:
        """The question's terms with their rarity."""
        return {term: self.idf(term) for term in terms(question, self._locale)}

    def missing_share(self, weights: dict[str, float]) -> float:
        """Share of the question's weight that lies in words that the docs never use, 0..1."""
        total = sum(weights.values())
        return sum(weight for term, weight in weights.items() if not self._terms[term]) / total if total else 1.0

    def join_neighbours(self, question: str) -> list[str]:
        """Words of the docs that the question writes in two: "back up" where they say "backup"."""
        words = [fold_accents(word) for word in _LETTERS.findall(question.lower())]
        joined = (left + right for left, right in pairwise(words))
        return [self._folded[word] for word in joined if len(word) >= _JOINED and word in self._folded]

    def correct(self, question: str) -> str:
        """The question with unknown words replaced by the docs' word that they were surely meant to be."""
        return _WORD.sub(lambda match: self._correct_word(match.group(0)), question)

    def _correct_word(self, word: str) -> str:
        low = fold_accents(word.lower())
        # names in capitals or camelCase are meant as they are
        if word[1:] != word[1:].lower() or not low.isascii() or self._is_known(low):
            return word
        return self._folded[found] if (found := self._find_near(low)) else word

    def _find_near(self, word: str) -> str | None:
        """The commonest of the docs' words that are nearest: an edit away, two for a long word.

        A swap of neighbours counts one. The first letter is seldom mistyped, so it may only differ in what is left of
        a word that is long enough, and then be all that differs.
        """
        limit = 2 if len(word) >= _LONG else 1
        lengths = range(len(word) - limit, len(word) + limit + 1)
        choices = [other for length in lengths for other in self._by_length.get(length, ())]
        near = [
            (distance, -self._surface[self._folded[other]], other)
            for other, distance, _ in process.extract(
                word, choices, scorer=OSA.distance, score_cutoff=limit, limit=None
            )
            if other[0] == word[0] or (distance == 1 and len(word) >= _MIDDLE)
        ]
        return min(near)[2] if near else None

    def _is_known(self, word: str) -> bool:
        if word in self._folded or self._terms[stem(word, self._locale)] or _is_english(word):
            return True
        halves = ((word[:at], word[at:]) for at in range(2, len(word) - _GLUED + 1))
        return any(
            ((len(head) >= _GLUED and self._is_word(head)) or head in _PREFIXES) and self._is_word(tail)
            for head, tail in halves
        )

    def _is_word(self, word: str) -> bool:
        return word in self._folded or word in _english_words()


def coverage(weights: dict[str, float], have: Iterable[str]) -> float:
    """Share of the question's weight whose terms are in ``have``, 0..1."""
    total = sum(weights.values())
    found = set(have)
    return sum(weight for term, weight in weights.items() if term in found) / total if total else 0.0


def _is_english(word: str) -> bool:
    words = _english_words()
    if word in words:
        return True
    endings = () if word.endswith("ss") else _ENDINGS
    return any(word.endswith(ending) and word[: -len(ending)] in words for ending in endings)


@lru_cache(1)
def _english_words() -> frozenset[str]:
    """The whole words that the bundled model's tokenizer knows: plain English, for telling a typo from a rare word."""
    tokenizer = json.loads(files("docs_index").joinpath("model", "tokenizer.json").read_bytes())
    return frozenset(word for word in tokenizer["model"]["vocab"] if word.isalpha() and len(word) >= _GLUED)

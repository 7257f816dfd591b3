"""Scores of candidate parts turned into ranked sections. Formulas and weights are measured ones."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Scores = NDArray[np.float64]
Numbers = NDArray[np.intp]


@dataclass(frozen=True, slots=True)
class Weights:
    """What each kind of evidence counts, see :class:`Evidence`; ``bonus`` is what good sections add to their page."""

    cosine: float = 0.0
    relative: float = 0.0
    absolute: float = 0.0
    tokens: float = 0.0
    coverage: float = 0.0
    headings: float = 0.0
    bonus: float = 0.3


#: With the vectors and the single words of a model; vectors alone; keywords alone.
TOKENS = Weights(cosine=1.0, relative=0.1, absolute=0.2, tokens=0.8)
VECTORS = Weights(cosine=1.0, relative=0.1, absolute=0.2)
KEYWORDS = Weights(relative=1.0, coverage=0.5, headings=0.3, bonus=0.5)
#: What the first, second and third section of a page count in its bonus.
_SHARES = np.array([1.0, 0.3, 0.15])


@dataclass(frozen=True, slots=True)
class Evidence:
    """What speaks for each candidate part, arrays of one length.

    ``rows`` are the parts' numbers, ``sections`` and ``pages`` those of their sections and pages. ``cosine`` of the
    vectors; ``relative``, the keyword score as a share of the best one's; ``absolute``, as a share of what the
    question's words can give; ``tokens``, how near the question's single words come; ``coverage`` of the question's
    words by the text, and by the ``headings``. Each about 0..1.
    """

    rows: Numbers
    sections: Numbers
    pages: Numbers
    cosine: Scores
    relative: Scores
    absolute: Scores
    tokens: Scores
    coverage: Scores
    headings: Scores

    def score(self, weights: Weights) -> Scores:
        """Each part by itself."""
        return np.asarray(
            weights.cosine * self.cosine
            + weights.relative * self.relative
            + weights.absolute * self.absolute
            + weights.tokens * self.tokens
            + weights.coverage * self.coverage
            + weights.headings * self.headings
        )


@dataclass(frozen=True, slots=True)
class Ranking:
    """Sections, the best first: ``rows`` has the best part of each, ``scores`` theirs with their page's bonus.

    ``bases`` are the scores without it, ``tokens`` the best of single words, ``pages`` the pages' numbers.
    """

    rows: Numbers
    scores: Scores
    bases: Scores
    tokens: Scores
    pages: Numbers


def rank(evidence: Evidence, weights: Weights) -> Ranking:
    """Each section has the best of each kind of evidence that its parts have; pages with several good ones gain."""
    of_parts = evidence.score(weights)
    order = np.lexsort((evidence.rows, -of_parts, evidence.sections))
    sections, first = np.unique(evidence.sections[order], return_index=True)
    best = order[first]

    def maxima(values: Scores) -> Scores:
        return np.asarray(np.maximum.reduceat(values[order], first))

    tokens = maxima(evidence.tokens)
    bases = (
        weights.cosine * maxima(evidence.cosine)
        + weights.relative * maxima(evidence.relative)
        + weights.absolute * maxima(evidence.absolute)
        + weights.tokens * tokens
        + weights.coverage * maxima(evidence.coverage)
        + weights.headings * maxima(evidence.headings)
    )
    pages = evidence.pages[best]
    scores = bases + weights.bonus * _add_up(pages, bases)
    ranked = np.lexsort((sections, -scores))
    return Ranking(evidence.rows[best][ranked], scores[ranked], bases[ranked], tokens[ranked], pages[ranked])


def _add_up(pages: Numbers, bases: Scores) -> Scores:
    """For each section, what the best three of its page come to."""
    order = np.lexsort((-bases, pages))
    names, first, sizes = np.unique(pages[order], return_index=True, return_counts=True)
    place = np.arange(len(order)) - np.repeat(first, sizes)
    shares = np.where(place < len(_SHARES), _SHARES[np.minimum(place, len(_SHARES) - 1)], 0.0)
    sums = np.add.reduceat(shares * bases[order], first)
    return np.asarray(sums[np.searchsorted(names, pages)])

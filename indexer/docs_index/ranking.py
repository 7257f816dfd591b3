"""Scores of candidate parts turned into ranked sections. Formulas and weights are measured ones."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

#: Weight of the keyword score (relative to the best) beside the cosine of the vectors.
LEXICAL = 0.2
#: What further good sections add to a page: the first, second and third.
PAGE_BONUS = 0.3
PAGE_SHARES = (1.0, 0.3, 0.15)


@dataclass(slots=True)
class Candidate:
    """One part that either search found; ``row`` is its number in the index."""

    row: int
    section: tuple[str, str]
    cosine: float
    lexical: float
    score: float = 0.0


def rank(candidates: list[Candidate], *, keyword_only: bool) -> list[Candidate]:
    """The best part of each section, best section first."""
    for candidate in candidates:
        base = 0.0 if keyword_only else candidate.cosine
        candidate.score = base + (1.0 if keyword_only else LEXICAL) * candidate.lexical
    sections: dict[tuple[str, str], Candidate] = {}
    for candidate in candidates:
        best = sections.get(candidate.section)
        if best is None or candidate.score > best.score:
            sections[candidate.section] = candidate
    pages: dict[str, list[float]] = defaultdict(list)
    for section, candidate in sections.items():
        pages[section[0]].append(candidate.score)
    bonus = {
        page: PAGE_BONUS * sum(share * score for share, score in zip(PAGE_SHARES, sorted(scores)[::-1], strict=False))
        for page, scores in pages.items()
    }
    ranked = sorted(sections.values(), key=lambda found: (-(found.score + bonus[found.section[0]]), found.section))
    for candidate in ranked:
        candidate.score += bonus[candidate.section[0]]
    return ranked

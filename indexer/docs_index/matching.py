"""One question against the parts of an index: what keywords, vectors and single words have found."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from docs_index.confidence import Signals
from docs_index.contents import Contents
from docs_index.embedders.base import Asked, Embedder, Vectors
from docs_index.ranking import Evidence, Numbers, Ranking, Scores
from docs_index.scope import EVERYBODY, Scope
from docs_index.snapshot import PUBLIC_TERMS
from docs_index.terms import index_terms, terms
from docs_index.vocabulary import Vocabulary, coverage

#: How many parts each kind of search proposes.
_CANDIDATES = 60
#: The most that BM25 gives for one word is its rarity times this (k1 + 1).
_MOST = 2.2
_WORD = re.compile(r"\w+")
_FIRST = 5
_TENTH = 9


@dataclass(frozen=True, slots=True)
class Matches:
    """The candidates with what speaks for them, and what is needed to tell how sure that is.

    ``cosines`` are of all parts, -1 outside the scope, None without vectors; ``nearness`` of each candidate to each
    word of the question, ``[candidates, words]``, with the words' ``rarity``, 0 for stop words.
    """

    evidence: Evidence
    by_words: list[int]
    cosines: Vectors | None
    inside: NDArray[np.bool_]
    nearness: Vectors
    rarity: Scores
    weights: dict[str, float]


class Matcher:
    """Finds the candidates of a question.

    :param sections: the number of each part's section; ``pages`` of its page.
    """

    def __init__(
        self, table: Any, contents: Contents, sections: Numbers, pages: Numbers, embedder: Embedder | None
    ) -> None:
        self._table = table
        self._row_of = {row_id: row for row, row_id in enumerate(contents.row_ids)}
        self._terms = contents.terms
        self._results = contents.results
        self._sections = sections
        self._pages = pages
        self._vectors = contents.vectors
        self._tokens = contents.tokens
        self._embedder = embedder
        self._has_private = PUBLIC_TERMS in table.schema.names

    def close(self) -> None:
        """Lets go of the table."""
        self._table = None

    def read(self, question: str) -> Asked | None:
        """The question as the embedder reads it; None without one.

        :raises UserError: when the embedder's server fails.
        """
        return self._embedder.read_question(question) if self._embedder else None

    def match(
        self,
        question: str,
        asked: Asked | None,
        scope: Scope,
        inside: NDArray[np.bool_],
        vocabulary: Vocabulary,
    ) -> Matches | None:
        """None when nothing in the scope has anything to do with the question.

        :param question: with its spelling repaired; ``asked`` is what :meth:`read` makes of it.
        :param inside: which parts are in the scope.
        """
        joined = vocabulary.join_neighbours(question)
        lexical = self._search_words(" ".join([question, *joined]), scope, inside)
        cosines = None
        rows = set(lexical)
        if asked is not None and self._vectors is not None:
            cosines = np.where(inside, self._vectors @ asked.vector, np.float32(-1))
            count = min(_CANDIDATES, len(cosines))
            nearest = np.argpartition(-cosines, count - 1)[:count]
            rows.update(nearest[cosines[nearest] > -1].tolist())
        if not rows:
            return None
        weights = vocabulary.weigh(question)
        found = np.array(sorted(rows), np.intp)
        nearness, rarity = self._compare_tokens(question, asked, found, weights, scope.locale)
        evidence = self._weigh(found, lexical, cosines, nearness, weights, scope.locale)
        by_words = sorted(lexical, key=lambda row: (-lexical[row], row))
        return Matches(evidence, by_words, cosines, inside, nearness, rarity, weights)

    def _search_words(self, question: str, scope: Scope, inside: NDArray[np.bool_]) -> dict[int, float]:
        words = " ".join(dict.fromkeys(index_terms(question, scope.locale)))
        if not words:
            return {}
        column = PUBLIC_TERMS if self._has_private and scope.visible == EVERYBODY else "search_terms"
        query = self._table.search(words, query_type="fts", fts_columns=column)
        found = query.where(scope.to_sql(), prefilter=True).select(["_score"]).with_row_id(True).limit(_CANDIDATES)
        found = found.to_arrow()
        rows = (self._row_of[number] for number in found["_rowid"].to_pylist())
        scores = dict(zip(rows, found["_score"].to_pylist(), strict=True))
        # the table does not know what the live index has restricted since
        return {row: score for row, score in scores.items() if inside[row]}

    def _compare_tokens(
        self, question: str, asked: Asked | None, rows: Numbers, weights: dict[str, float], locale: str
    ) -> tuple[Vectors, Scores]:
        if asked is None or self._tokens is None or not len(asked.tokens):
            return np.zeros((len(rows), 0), np.float32), np.zeros(0)
        rarity_of: dict[int, float] = {}
        for word in _WORD.finditer(question):
            weight = max((weights.get(term, 0.0) for term in terms(word.group(0), locale)), default=0.0)
            rarity_of.update(dict.fromkeys(range(*word.span()), weight))
        rarity = np.array([rarity_of.get(start, 0.0) for start, _ in asked.spans])
        return self._tokens.match(rows, asked.tokens), rarity

    def _weigh(
        self,
        rows: Numbers,
        lexical: dict[int, float],
        cosines: Vectors | None,
        nearness: Vectors,
        weights: dict[str, float],
        locale: str,
    ) -> Evidence:
        bm25 = np.array([lexical.get(row, 0.0) for row in rows.tolist()])
        most = _MOST * sum(weights.values())
        nothing = np.zeros(len(rows))
        keyword_only = cosines is None
        return Evidence(
            rows=rows,
            sections=self._sections[rows],
            pages=self._pages[rows],
            cosine=nothing if cosines is None else cosines[rows].astype(np.float64),
            relative=bm25 / (bm25.max() or 1.0),
            absolute=np.minimum(bm25 / most, 1.0) if most else nothing,
            tokens=nearness.mean(1).astype(np.float64) if nearness.shape[1] else nothing,
            coverage=np.array([self._cover(row, weights) for row in rows.tolist()]) if keyword_only else nothing,
            headings=np.array([self._cover_headings(row, weights, locale) for row in rows.tolist()])
            if keyword_only
            else nothing,
        )

    def _cover(self, row: int, weights: dict[str, float]) -> float:
        return coverage(weights, self._terms[row].as_py().split(" "))

    def _cover_headings(self, row: int, weights: dict[str, float], locale: str) -> float:
        return coverage(weights, terms("\n".join(self._results[row].headings), locale))

    def read_signals(self, matches: Matches, ranking: Ranking, vocabulary: Vocabulary) -> Signals:
        """What tells how sure the ranking is."""
        evidence, weights = matches.evidence, matches.weights
        best = ranking.rows[:_FIRST]
        pages, first = np.unique(ranking.pages, return_index=True)
        page_scores = ranking.scores[np.sort(first)] if len(pages) else ranking.scores
        soft = self._soften(matches, ranking)
        vector = _read_vectors(matches, self._pages)
        return Signals(
            **vector,
            **soft,
            known=1 - vocabulary.missing_share(weights),
            coverage=max((self._cover(row, weights) for row in best.tolist()), default=0.0),
            absolute=float(evidence.absolute.max()),
            token_gap=_gap(np.sort(ranking.tokens)[::-1], _TENTH),
            gap=_gap(np.sort(ranking.bases)[::-1], _TENTH),
            page_gap=_gap(page_scores, 1),
        )

    def _soften(self, matches: Matches, ranking: Ranking) -> dict[str, float]:
        """How near the words that are not stop words come in the first sections, by their rarity."""
        total = matches.rarity.sum()
        if not total:
            return {}
        sections = self._sections[ranking.rows[:_FIRST]]
        of = matches.evidence.sections
        five = matches.nearness[np.isin(of, sections)].max(0)
        one = matches.nearness[of == sections[0]].max(0)
        return {
            "soft_five": float(five @ matches.rarity / total),
            "soft_one": float(one @ matches.rarity / total),
            "weakest": float(five[matches.rarity > 0].min()),
        }


def _read_vectors(matches: Matches, pages: Numbers) -> dict[str, float]:
    if matches.cosines is None:
        return {}
    inside = matches.cosines[matches.inside]
    top = np.sort(inside[np.argpartition(-inside, min(_TENTH, len(inside) - 1))[: _TENTH + 1]])[::-1]
    nearest = np.argpartition(-matches.cosines, min(_FIRST, len(matches.cosines) - 1))[:_FIRST]
    by_words = {int(pages[row]) for row in matches.by_words[:_FIRST]}
    return {
        "cosine": float(top[0]),
        "cosine_gap": float(top[0] - top[-1]),
        "spread": float((top[0] - inside.mean()) / (inside.std() or 1.0)) / 10,
        "overlap": len({int(pages[row]) for row in nearest} & by_words) / _FIRST,
    }


def _gap(ordered: Scores, place: int) -> float:
    """From the first to the one at ``place``, or to the last."""
    return float(ordered[0] - ordered[min(place, len(ordered) - 1)]) if len(ordered) else 0.0

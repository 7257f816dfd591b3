"""The index as readers open it: one whole generation, searched in memory and in LanceDB."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from docs_index.confidence import HYBRID, KEYWORD, Signals
from docs_index.embedders import embedder_name, make_embedder
from docs_index.embedders.base import Embedder, Vectors
from docs_index.errors import UserError
from docs_index.lance import connect
from docs_index.parts import PART_COLUMNS, make_part
from docs_index.ranking import Candidate, rank
from docs_index.result import Outcome, Result
from docs_index.rows import read_vectors
from docs_index.scope import Scope, Scopes
from docs_index.snapshot import TABLE, HeldSnapshot, SnapshotInfo, hold_snapshot, read_current
from docs_index.storage import reading
from docs_index.vocabulary import Vocabulary

_CANDIDATES = 60
_SCOPE_COLUMNS = ("is_latest", "scope", "empty")
#: How long somebody who asked waits for the vector of the question, repeats included.
_QUESTION_SECONDS = 10.0
#: A question is a sentence or two, or a pasted error; more than this is cut before it is searched.
_MAX_QUESTION = 4000


@dataclass(frozen=True, slots=True)
class PageInfo:
    """What a page is, for deciding the scope of a question asked on it."""

    permalink: str
    title: str
    kind: str
    version: str
    version_label: str
    locale: str


class Index:
    """An open snapshot, which stays on disk for as long as it is open.

    Methods are safe to call from several threads; they block for milliseconds.
    """

    def __init__(self, uri: Path, held: HeldSnapshot, table: Any, rows: Any, embedder: Embedder | None) -> None:
        self.info = info = held.info
        self._uri = uri
        self._lease = held.lease
        self._table = table
        self._embedder = embedder
        self._vectors = read_vectors(rows) if embedder else None
        records = rows.select([*PART_COLUMNS, *_SCOPE_COLUMNS]).to_pylist()
        self._scope_of = [(str(row["locale"]), str(row["scope"]), bool(row["empty"])) for row in records]
        self._scopes = Scopes(
            [(row["scope"], row["version"], row["is_latest"]) for row in records],
            info.locales,
            info.default_locale,
        )
        self._results = [make_part(row) for row in records]
        self._row_of = {result.id: number for number, result in enumerate(self._results)}
        self._sections: dict[tuple[str, str], list[Result]] = defaultdict(list)
        for result in self._results:
            self._sections[result.permalink, result.anchor].append(result)
        self._pages = {result.permalink: _page_info(result) for result in reversed(self._results)}
        english = embedder.vocabulary() if embedder else frozenset()
        self._vocabulary = Vocabulary((result.text for result in self._results), english)
        self._masks: dict[Scope, NDArray[np.bool_]] = {}

    @classmethod
    def open(cls, uri: str, *, embedder: str | None = None, like: Index | None = None) -> Index:
        """Opens and verifies what CURRENT names.

        :param embedder: what the caller means to search with; None takes the one that the snapshot names.
        :param like: an open index whose model is used further, when it is the one that made this index too.
        :raises UserError: when there is no index, it is damaged, or it was made by another embedder.
        """
        path = Path(uri)
        held = hold_snapshot(path)
        try:
            model = _choose_model(uri, held.info, embedder, like)
            with reading(path):
                table = connect(held.folder).open_table(TABLE)
                rows = table.to_arrow()
            return cls(path, held, table, rows, model)
        except BaseException:
            held.lease.release()
            raise

    @property
    def id(self) -> str:
        """The snapshot's id."""
        return self.info.id

    def is_current(self) -> bool:
        """False once another snapshot was published."""
        try:
            return read_current(self._uri) in (None, self.info.id)
        except UserError:
            return False

    def close(self) -> None:
        """Lets go of the files; searches after this fail."""
        self._table = None
        self._lease.release()

    def page(self, permalink: str) -> PageInfo | None:
        """The page at ``permalink``, a trailing slash more or less forgiven."""
        for path in (permalink, permalink.rstrip("/"), f"{permalink.rstrip('/')}/"):
            if path in self._pages:
                return self._pages[path]
        return None

    def section(self, permalink: str, anchor: str) -> list[Result]:
        """All parts of one section, in order."""
        return list(self._sections.get((permalink, anchor), ()))

    def search(self, question: str, *, k: int = 8, version: str | None = None, locale: str | None = None) -> Outcome:
        """The ``k`` best sections, each by its best part, in the reader's version and language.

        :raises UserError: for a version or locale that the index does not have.
        """
        scope = self._scopes.choose(version, locale)
        asked = self._vocabulary.correct(" ".join(question.replace("\0", " ").split())[:_MAX_QUESTION])
        if not any(character.isalnum() for character in asked):
            return Outcome()
        lexical = self._search_words(asked, scope)
        cosines = self._search_vectors(asked, scope)
        candidates = self._candidates(lexical, cosines)
        if not candidates:
            return Outcome()
        ranked = rank(candidates, keyword_only=cosines is None)
        calibration = KEYWORD if cosines is None else HYBRID
        confidence = calibration.confidence(self._signals(asked, ranked, lexical, cosines, scope))
        results = [replace(self._results[found.row], score=found.score) for found in ranked[:k]]
        return Outcome(results, confidence, calibration.state(confidence))

    def _search_words(self, question: str, scope: Scope) -> dict[int, float]:
        query = self._table.search(question, query_type="fts", fts_columns="search_text")
        found = query.where(scope.to_sql(), prefilter=True).select(["id", "_score"]).limit(_CANDIDATES).to_list()
        return {self._row_of[row["id"]]: float(row["_score"]) for row in found}

    def _search_vectors(self, question: str, scope: Scope) -> Vectors | None:
        if self._embedder is None or self._vectors is None:
            return None
        cosines = self._vectors @ self._embedder.embed([question])[0]
        return np.where(self._mask(scope), cosines, np.float32(-1))

    def _mask(self, scope: Scope) -> NDArray[np.bool_]:
        if scope not in self._masks:
            inside = [
                locale == scope.locale and name in scope.scopes and not empty for locale, name, empty in self._scope_of
            ]
            self._masks[scope] = np.array(inside, bool)
        return self._masks[scope]

    def _candidates(self, lexical: dict[int, float], cosines: Vectors | None) -> list[Candidate]:
        rows = set(lexical)
        if cosines is not None:
            count = min(_CANDIDATES, len(cosines))
            nearest = np.argpartition(-cosines, count - 1)[:count]
            rows |= {int(row) for row in nearest if cosines[row] > -1}
        best = max(lexical.values(), default=0.0) or 1.0
        return [
            Candidate(
                row=row,
                section=(self._results[row].permalink, self._results[row].anchor),
                cosine=float(cosines[row]) if cosines is not None else 0.0,
                lexical=lexical.get(row, 0.0) / best,
            )
            for row in sorted(rows)
        ]

    def _signals(
        self, question: str, ranked: list[Candidate], lexical: dict[int, float], cosines: Vectors | None, scope: Scope
    ) -> Signals:
        top = self._results[ranked[0].row]
        text = " ".join([*top.headings, *(part.text for part in self.section(top.permalink, top.anchor))])
        by_words = [self._results[row].permalink for row in sorted(lexical, key=lambda row: -lexical[row])[:5]]
        cosine = gap = overlap = 0.0
        if cosines is not None:
            order = np.sort(cosines[self._mask(scope)])[::-1]
            cosine = float(order[0])
            gap = cosine - float(order[min(9, len(order) - 1)])
            nearest = [self._results[int(row)].permalink for row in np.argsort(-cosines)[:5]]
            overlap = len(set(nearest) & set(by_words)) / 5
        return Signals(
            cosine=cosine,
            gap=gap,
            missing=self._vocabulary.missing_share(question),
            coverage=self._vocabulary.coverage(question, text),
            overlap=overlap,
        )


def _choose_model(uri: str, info: SnapshotInfo, wanted: str | None, like: Index | None) -> Embedder | None:
    """The embedder that made the index.

    :raises UserError: when it is not the wanted one, or no longer gives such vectors.
    """
    if wanted is not None and info.embedder != embedder_name(wanted):
        raise UserError(
            f"The index at {uri} was made by the embedder {info.embedder!r}, not by {wanted!r}.",
            f"Index again with --embedder {wanted}, or ask for {info.embedder}.",
        )
    made_by = (info.embedder, info.model, info.dim)
    if like is not None and made_by == (like.info.embedder, like.info.model, like.info.dim):
        return like._embedder
    model = make_embedder(info.embedder, threads=1, seconds=_QUESTION_SECONDS)
    if model is None:
        return None
    again = "Run 'docs-chat index --full' on the site."
    if model.dim != info.dim:
        raise UserError(
            f"The index at {uri} holds vectors of {info.dim} numbers; {info.embedder} now gives {model.dim}.", again
        )
    if info.model and model.fingerprint != info.model:
        raise UserError(f"The index at {uri} was made by another version of the model {info.embedder!r}.", again)
    return model


def _page_info(result: Result) -> PageInfo:
    return PageInfo(result.permalink, result.title, result.kind, result.version, result.version_label, result.locale)

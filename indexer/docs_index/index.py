"""The index as readers open it: one whole generation, searched in memory and in LanceDB."""

from __future__ import annotations

import threading
from collections import defaultdict
from collections.abc import Iterable
from copy import copy
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from docs_index.confidence import Calibration
from docs_index.contents import Contents, read_contents
from docs_index.embedders import embedder_name, make_embedder
from docs_index.embedders.base import Asked, Embedder
from docs_index.errors import UserError
from docs_index.lance import connect
from docs_index.matching import Matcher
from docs_index.ranking import KEYWORDS, TOKENS, VECTORS, rank
from docs_index.restrictions import NOBODY, Restrictions
from docs_index.result import Outcome, Result
from docs_index.scope import EVERYBODY, Scope, Scopes, StatedVersions
from docs_index.snapshot import TABLE, HeldSnapshot, SnapshotInfo, hold_current, read_current
from docs_index.storage import reading
from docs_index.vocabulary import Vocabulary

#: How long somebody who asked waits for the vector of the question, repeats included.
_QUESTION_SECONDS = 10.0
#: A question is a sentence or two, or a pasted error; more than this is cut before it is searched.
_MAX_QUESTION = 4000
#: How many sets of groups are kept ready at a time.
_MOST_VIEWS = 32


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
    """An open snapshot, which stays on disk for as long as it is open, as everybody may see it.

    What is for a group of readers is in none of its answers, see :meth:`for_groups`. Methods are safe to call from
    several threads; they block for milliseconds.
    """

    def __init__(
        self, uri: Path, held: HeldSnapshot, table: Any, contents: Contents, embedder: Embedder | None
    ) -> None:
        self._all = info = held.info
        self._uri = uri
        self._lease = held.lease
        self._published = held.published
        self._embedder = embedder
        self._calibration = Calibration.from_json(info.calibration)
        self._results = results = contents.results
        self._scope_of = contents.scopes
        self._is_latest = contents.is_latest
        self._groups = frozenset(result.visibility for result in results) - EVERYBODY - {NOBODY}
        self._terms = contents.terms
        self._views: dict[frozenset[str], Index] = {}
        self._lock = threading.Lock()
        self._show(EVERYBODY, info)
        section_of = {section: number for number, section in enumerate(dict.fromkeys(part.place for part in results))}
        page_of = {page: number for number, page in enumerate(dict.fromkeys(part.permalink for part in results))}
        self._weights = KEYWORDS if embedder is None else TOKENS if contents.tokens else VECTORS
        self._matcher = Matcher(
            table,
            contents,
            np.array([section_of[result.place] for result in results], np.intp),
            np.array([page_of[result.permalink] for result in results], np.intp),
            embedder,
        )
        for locale in info.locales:
            # what most readers ask for is ready before the first of them asks
            self._vocabulary(self._scopes.choose(None, locale))

    def _show(self, visible: frozenset[str], info: SnapshotInfo) -> None:
        """Takes up what readers of these groups may see; everything that is answered comes from it."""
        self._visible = visible
        seen = [row for row, result in enumerate(self._results) if result.visibility in visible]
        results = [self._results[row] for row in seen]
        scopes = [(self._scope_of[row][1], self._results[row].version, self._is_latest[row]) for row in seen]
        versions = {result.version for result in results}
        self.info = replace(info, versions=tuple(version for version in info.versions if version.name in versions))
        self._scopes = Scopes(scopes, info.locales, info.default_locale, visible)
        self._stated = StatedVersions(self.info.versions)
        self._sections: dict[tuple[str, str], list[Result]] = defaultdict(list)
        for result in results:
            self._sections[result.place].append(result)
        self._places: dict[str, list[tuple[str, str]]] = defaultdict(list)
        for place in self._sections:
            self._places[place[0]].append(place)
        self._pages = {result.permalink: _page_info(result) for result in reversed(results)}
        self._masks: dict[Scope, NDArray[np.bool_]] = {}
        self._vocabularies: dict[Scope, Vocabulary] = {}

    def for_groups(self, groups: Iterable[str]) -> Index:
        """The same snapshot as members of these groups see it: the public pages and theirs. It closes with this one."""
        visible = EVERYBODY | self.known_groups(groups)
        if visible == self._visible:
            return self
        with self._lock:
            view = self._views.get(visible)
            if view is None:
                if len(self._views) >= _MOST_VIEWS:
                    del self._views[next(iter(self._views))]
                view = self._views[visible] = copy(self)
                view._show(visible, self._all)
            return view

    def known_groups(self, groups: Iterable[str]) -> frozenset[str]:
        """Those of the groups that have pages of their own."""
        return self._groups & frozenset(groups)

    @classmethod
    def open(cls, uri: str, *, embedder: str | None = None, like: Index | None = None) -> Index:
        """Opens and verifies what CURRENT names.

        :param embedder: what the caller means to search with; None takes the one that the snapshot names.
        :param like: an open index whose model is used further, when it is the one that made this index too.
        :raises UserError: when there is no index, it is damaged, or it was made by another embedder.
        """
        path = Path(uri)
        held = hold_current(path)
        try:
            model = _choose_model(uri, held.info, embedder, like)
            return cls._read(path, held, model, None)
        except BaseException:
            held.lease.release()
            raise

    @classmethod
    def open_beside(cls, live: Index, held: HeldSnapshot) -> Index:
        """Opens another snapshot of the same index, with the model of the live one.

        What the live one holds for a group only is for nobody else here, see :class:`Restrictions`.

        :raises UserError: when it was made by another embedder, or cannot be read. The lease is let go then.
        """
        try:
            if _made_by(held.info) != _made_by(live.info):
                raise UserError(
                    f"Snapshot {held.info.id} was made by the embedder {held.info.embedder!r}, "
                    f"the live one by {live.info.embedder!r}."
                )
            return cls._read(live._uri, held, live._embedder, Restrictions.of(live._results))
        except BaseException:
            held.lease.release()
            raise

    @classmethod
    def _read(cls, uri: Path, held: HeldSnapshot, model: Embedder | None, restrictions: Restrictions | None) -> Index:
        with reading(uri):
            table = connect(held.folder).open_table(TABLE)
            contents = read_contents(table, held.info.dim, model.token_mean if model else None)
        if restrictions:
            contents.results = restrictions.apply(contents.results)
        return cls(uri, held, table, contents, model)

    @property
    def id(self) -> str:
        """The snapshot's id."""
        return self.info.id

    @property
    def published(self) -> float:
        """When the snapshot went live, in seconds since 1970."""
        return self._published

    def is_current(self) -> bool:
        """False once another snapshot was published."""
        try:
            return read_current(self._uri) in (None, self.info.id)
        except UserError:
            return False

    def close(self) -> None:
        """Lets go of the files; searches after this fail."""
        self._matcher.close()
        # they refer to each other, and would stay until the collector comes by
        self._views.clear()
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

    def outline(self, permalink: str) -> list[Result]:
        """The sections of a page in order, each by its first part."""
        return [self._sections[place][0] for place in self._places.get(permalink, ())]

    def pages(self, *, version: str | None = None, locale: str | None = None) -> list[PageInfo]:
        """The pages of a scope, in the order of the index.

        :raises UserError: for a version or locale that the index does not have.
        """
        rows = np.flatnonzero(self._mask(self._scopes.choose(version, locale))).tolist()
        return [self._pages[permalink] for permalink in dict.fromkeys(self._results[row].permalink for row in rows)]

    def search(self, question: str, *, k: int = 8, version: str | None = None, locale: str | None = None) -> Outcome:
        """The ``k`` best sections, each by its best part, in the reader's version and language.

        A version that the question itself names wins over ``version``.

        :raises UserError: for a version or locale that the index does not have.
        """
        scope = self._scopes.choose(version, locale)
        asked = " ".join(question.replace("\0", " ").split())[:_MAX_QUESTION]
        stated, asked = self._stated.find(asked)
        if stated:
            scope = self._scopes.choose(stated, locale)
        asked = self._vocabulary(scope).correct(asked)
        if not any(character.isalnum() for character in asked):
            return Outcome()
        read = self._matcher.read(asked)
        outcome = replace(self._search(asked, read, scope, k), version=stated)
        others = self._scopes.others(scope)
        if outcome.state == "answer" or others is None:
            return outcome
        elsewhere = self._search(asked, read, others, 1)
        return replace(outcome, elsewhere=elsewhere.results[0].version if elsewhere.state == "answer" else None)

    def _search(self, question: str, read: Asked | None, scope: Scope, k: int) -> Outcome:
        vocabulary = self._vocabulary(scope)
        matches = self._matcher.match(question, read, scope, self._mask(scope), vocabulary)
        if matches is None:
            return Outcome()
        ranking = rank(matches.evidence, self._weights)
        confidence = self._calibration.confidence(self._matcher.read_signals(matches, ranking, vocabulary))
        results = [
            replace(self._results[row], score=score)
            for row, score in zip(ranking.rows[:k].tolist(), ranking.scores[:k].tolist(), strict=True)
        ]
        return Outcome(results, confidence, self._calibration.state(confidence))

    def _vocabulary(self, scope: Scope) -> Vocabulary:
        """The words of a scope: what only another version speaks of is unknown to this one."""
        if scope not in self._vocabularies:
            rows = np.flatnonzero(self._mask(scope)).tolist()
            parts = ((self._results[row].text, self._terms[row].as_py()) for row in rows)
            self._vocabularies[scope] = Vocabulary(parts, scope.locale)
        return self._vocabularies[scope]

    def _mask(self, scope: Scope) -> NDArray[np.bool_]:
        if scope not in self._masks:
            inside = [
                locale == scope.locale and name in scope.scopes and not empty and part.visibility in scope.visible
                for (locale, name, empty), part in zip(self._scope_of, self._results, strict=True)
            ]
            self._masks[scope] = np.array(inside, bool)
        return self._masks[scope]


def _choose_model(uri: str, info: SnapshotInfo, wanted: str | None, like: Index | None) -> Embedder | None:
    """The embedder that made the index.

    :raises UserError: when it is not the wanted one, or no longer gives such vectors.
    """
    if wanted is not None and info.embedder != embedder_name(wanted):
        raise UserError(
            f"The index at {uri} was made by the embedder {info.embedder!r}, not by {wanted!r}.",
            f"Index again with --embedder {wanted}, or ask for {info.embedder}.",
        )
    if like is not None and _made_by(info) == _made_by(like.info):
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


def _made_by(info: SnapshotInfo) -> tuple[str, str, int]:
    return info.embedder, info.model, info.dim


def _page_info(result: Result) -> PageInfo:
    return PageInfo(result.permalink, result.title, result.kind, result.version, result.version_label, result.locale)

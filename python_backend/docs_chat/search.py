"""Searches the index off the event loop, in the scope of the page that the reader is on."""

from __future__ import annotations

import asyncio
import logging
import os
import random
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import TypeVar
from urllib.parse import urlsplit

import anyio
import anyio.to_thread
from docs_index.errors import UserError
from docs_index.index import Index, PageInfo
from docs_index.result import Outcome, Result

from docs_chat.answer.kept import KeptAnswer, keep
from docs_chat.answer.passages import Passage, build_passages
from docs_chat.answer.site_map import write_site_map
from docs_chat.answer.suggestions import Suggestion, suggest
from docs_chat.builds import Kept, KeptIndexes
from docs_chat.cost import CHARS_PER_TOKEN
from docs_chat.mirror import Mirror
from docs_chat.settings import Settings
from docs_chat.titles import match_titles

logger = logging.getLogger("docs_chat")

T = TypeVar("T")
FOLLOW_SECONDS = 2.0
REMOTE_SECONDS = 15.0
RESULTS = 8
# All that a search proposes: the sections of one page are somewhere among them.
EVERY_RESULT = 200
# So many readers who wait for a search come before anybody's next questions.
CROWD = 8
MOST_TRIED = 10_000
# A suggested question is worth asking when the section that it is about is among so many.
SUGGESTED_AMONG = 3


@dataclass(frozen=True, slots=True)
class Scope:
    """Where to search, and for whom. None for a version is the latest one, for a locale the default one; ``groups`` are
    those whose pages the reader may see beside the public ones; ``kept`` is the snapshot that the reader's build is
    answered from, None for the live one. Who holds a scope holds that open."""

    version: str | None = None
    locale: str | None = None
    groups: frozenset[str] = frozenset()
    kept: Kept | None = field(default=None, compare=False)

    @property
    def snapshot(self) -> str:
        """The snapshot's id; "" for whichever is live."""
        return self.kept.index.id if self.kept else ""


@dataclass(frozen=True, slots=True)
class Found:
    """What a question found: the ranked outcome, the passages for an answer, the label of a version that has one."""

    outcome: Outcome
    passages: tuple[Passage, ...]
    elsewhere: str


def gather(outcome: Outcome, index: Index, budget_tokens: int) -> Found:
    """Join what an index found into passages."""
    labels = {version.name: version.label for version in index.info.versions}
    elsewhere = outcome.elsewhere or ""
    passages = build_passages(outcome.results, index.section, budget_tokens)
    return Found(outcome, passages, labels.get(elsewhere, elsewhere))


class Searcher:
    """Holds the live index open and follows it when a new one is published.

    :raises UserError: from `open`, when there is no index or it cannot be used.
    """

    def __init__(self, settings: Settings) -> None:
        self.mirror = Mirror(settings)
        self.budget = settings.answer.passages_tokens
        # The snapshot knows its embedder: the configured one only counts when the owner chose it.
        self.embedder = settings.embedder if "embedder" in settings.model_fields_set else None
        self.lock = threading.Lock()
        # More searches at a time than cores would only take turns, and the event loop would wait for its own.
        self.limiter = anyio.CapacityLimiter(max(1, (os.cpu_count() or 2) - 1))
        self.users: dict[int, int] = {}
        self.mirror.prepare()
        self.index = self.open_index()
        self.kept = KeptIndexes(self.mirror)
        # Whether a suggested question is worth asking: the same questions come again and again.
        self.tried: dict[tuple[str, Scope, str], bool] = {}
        self.maps: dict[tuple[str, Scope, int], str] = {}
        # Why what was published last is not in use; None when it is.
        self.refused: str | None = None

    def open_index(self, like: Index | None = None) -> Index:
        return Index.open(str(self.mirror.folder), embedder=self.embedder, like=like)

    async def search(self, question: str, scope: Scope, k: int = RESULTS) -> Outcome:
        """:raises UserError: the scope names a version or locale that the index does not have."""

        def run(index: Index) -> Outcome:
            return index.search(question, k=k, version=scope.version, locale=scope.locale)

        return await self.call(run, scope)

    async def find(self, question: str, scope: Scope, named: Sequence[str] = ()) -> Found:
        """Search, and join what was found into passages. What stands on the ``named`` pages comes first."""

        def run(index: Index) -> Found:
            k = EVERY_RESULT if named else RESULTS
            outcome = index.search(question, k=k, version=scope.version, locale=scope.locale)
            if named:
                outcome = put_first(outcome, named, index.outline)
            return gather(outcome, index, self.budget)

        return await self.call(run, scope)

    async def find_pages(self, typed: str, scope: Scope, limit: int) -> list[PageInfo]:
        """The pages of a scope whose titles fit what was typed.

        :raises UserError: the scope names a version or locale that the index does not have.
        """

        def run(index: Index) -> list[PageInfo]:
            return match_titles(index.pages(version=scope.version, locale=scope.locale), typed)[:limit]

        return await self.call(run, scope)

    async def write_map(self, scope: Scope, tokens: int) -> str:
        """The pages of a scope for a model, made once for each index and scope."""
        if not tokens:
            return ""

        live = self.index.id
        key = (scope.snapshot or live, replace(scope, kept=None), tokens)
        if key in self.maps:
            return self.maps[key]

        def run(index: Index) -> str:
            return write_site_map(index.pages(version=scope.version, locale=scope.locale), tokens * CHARS_PER_TOKEN)

        text = await self.call(run, scope)
        self.maps = {known: text for known, text in self.maps.items() if known[0] in (live, key[0])} | {key: text}
        return text

    async def suggest(
        self, cited: Sequence[Result], found: Sequence[Result], scope: Scope, locale: str
    ) -> list[Suggestion]:
        """Questions that the docs answer, about what stands beside the cited sections; none while many wait."""
        if self.limiter.statistics().tasks_waiting >= CROWD:
            return []

        def run(index: Index) -> list[Suggestion]:
            def answers(result: Result, prompt: str) -> bool:
                if index.info.embedder.startswith("openai"):
                    # Each would be one more request that the owner pays.
                    return True
                # Without what holds a kept index open.
                key = (index.id, replace(scope, kept=None), prompt)
                known = self.tried.get(key)
                if known is not None:
                    return known
                outcome = index.search(prompt, k=SUGGESTED_AMONG, version=scope.version, locale=scope.locale)
                worth = outcome.state == "answer" and result.place in [other.place for other in outcome.results]
                if len(self.tried) >= MOST_TRIED:
                    self.tried.clear()
                self.tried[key] = worth
                return worth

            return suggest(cited, found, index.outline, answers, locale)

        return await self.call(run, scope)

    async def keep(self, text: str, cited: Sequence[Passage], scope: Scope) -> KeptAnswer:
        return await self.call(lambda index: keep(text, cited, index.section), scope)

    async def restore(self, answer: KeptAnswer, scope: Scope) -> tuple[Passage, ...] | None:
        """The passages of a kept answer; None when the docs have changed there, or the reader may not see them."""
        return await self.call(lambda index: answer.restore(index.section), scope)

    async def find_build(self, build: str | None) -> Kept | None:
        """What a reader whose page is of this build is answered from; None for the live index.

        That is also what answers for a build that is not known, or whose snapshot cannot be opened now.
        """
        kept = await self.kept.find(build, self.index)
        # Another one may have gone live meanwhile, and restrict more.
        return kept if kept and kept.live == self.index.id else None

    def resolve(
        self,
        page: str | None,
        version: str | None,
        locale: str | None,
        groups: frozenset[str] = frozenset(),
        kept: Kept | None = None,
    ) -> Scope:
        """The reader's scope from what the browser and the token say; what the index does not know is left out."""

        with self.borrow(groups, kept) as index:
            info = index.page(page) if page else None
            versions = {known.name for known in index.info.versions}
            spoken = (locale, (locale or "").partition("-")[0], info.locale if info else None)
            return Scope(
                version=next((v for v in (version, info.version if info else None) if v in versions), None),
                locale=next((name for name in spoken if name in index.info.locales), None),
                groups=index.known_groups(groups),
                kept=kept,
            )

    def name_page(self, permalink: str | None, scope: Scope) -> str:
        """The title of a page, "" when it is none of the index that the reader may see."""
        with self.borrow(scope.groups, scope.kept) as index:
            info = index.page(permalink) if permalink else None
            return info.title if info else ""

    def know_pages(
        self, permalinks: Sequence[str], groups: frozenset[str], kept: Kept | None = None
    ) -> tuple[str, ...]:
        """Of what a client calls pages, those that are some and that the reader may see, as the index names them."""
        with self.borrow(groups, kept) as index:
            found = [index.page(permalink) for permalink in permalinks]
        return tuple(dict.fromkeys(info.permalink for info in found if info))

    def is_page(self, url: str, scope: Scope) -> bool:
        """Whether an address, absolute or from the root, is a page of the indexed site that the reader may see."""
        with self.borrow(scope.groups, scope.kept) as index:
            site = urlsplit(index.info.site_url)
            try:
                target = urlsplit(url)
            except ValueError:
                return False
            ours = (target.scheme, target.netloc) in ((site.scheme, site.netloc), ("", ""))
            if not ours or not target.path.startswith("/") or any(c in url for c in "\\\n\t\r"):
                return False
            return index.page(target.path) is not None

    async def probe(self) -> str | None:
        """Why the index cannot be used, None when it can."""
        try:
            await self.call(lambda index: index.search("ready", k=1), Scope())
        except Exception as error:
            return f"index: {type(error).__name__}"
        return None

    async def follow(self) -> None:
        """Swap to the published index whenever it changes, for as long as the server runs."""
        while True:
            # Not all servers at the same moment.
            pause = REMOTE_SECONDS * random.uniform(0.8, 1.2) if self.mirror.is_remote else FOLLOW_SECONDS  # noqa: S311
            await asyncio.sleep(pause)
            refused = None
            try:
                await anyio.to_thread.run_sync(self.refresh)
            except UserError as error:
                refused = error.message
            except Exception as error:
                refused = type(error).__name__
            if refused and refused != self.refused:
                logger.warning("Keeping index %s: %s", self.index.id, refused)
            self.refused = refused
            self.kept.tidy()

    def refresh(self) -> None:
        """:raises UserError: what was published last cannot be used, or nobody can tell what it is."""
        self.mirror.refresh()
        self.swap()
        # After that: a build that has just gone live is none that a second index would be opened for.
        self.mirror.read_builds()

    def swap(self) -> None:
        if self.index.is_current():
            return
        fresh = self.open_index(self.index)
        with self.lock:
            old, self.index = self.index, fresh
            unused = not self.users.get(id(old))
        if unused:
            old.close()
        logger.info("Now serving index %s", fresh.id)

    async def call(self, run: Callable[[Index], T], scope: Scope) -> T:
        """What `run` makes of the index as the reader may see it."""

        def work() -> T:
            with self.borrow(scope.groups, scope.kept) as index:
                return run(index)

        return await anyio.to_thread.run_sync(work, limiter=self.limiter)

    @contextmanager
    def borrow(self, groups: frozenset[str], kept: Kept | None = None) -> Iterator[Index]:
        """The live index as members of these groups see it, or one that is kept beside it.

        A live one that was replaced closes when its last user is done.
        """
        if kept:
            yield kept.index.for_groups(groups)
            return
        with self.lock:
            index = self.index
            self.users[id(index)] = self.users.get(id(index), 0) + 1
        try:
            yield index.for_groups(groups)
        finally:
            with self.lock:
                self.users[id(index)] -= 1
                if not self.users[id(index)]:
                    del self.users[id(index)]
                    if index is not self.index:
                        index.close()

    def close(self) -> None:
        self.kept.close()
        self.index.close()


def put_first(outcome: Outcome, named: Sequence[str], outline: Callable[[str], list[Result]]) -> Outcome:
    """The outcome with the sections of the named pages before all others.

    A page of which nothing was found is there with its beginning: its reader means it all the same.
    """
    own: list[Result] = []
    best = outcome.results[0].score if outcome.results else 1.0
    for page in named:
        found = [result for result in outcome.results if result.permalink == page]
        own += found or [replace(section, score=best) for section in outline(page)]
    others = [result for result in outcome.results if result.permalink not in named]
    state = "closest" if own and outcome.state == "nothing" else outcome.state
    return replace(outcome, results=[*own[:RESULTS], *others[:RESULTS]], state=state)

"""Readers whose page is of another build than the live one: a tab that was opened before, a preview. They are answered
from the snapshot that has what they see."""

from __future__ import annotations

import asyncio
import logging
import time
from collections import deque
from dataclasses import dataclass
from weakref import WeakSet, finalize

import anyio
import anyio.to_thread
from docs_index.builds import is_build
from docs_index.errors import UserError
from docs_index.index import Index

from docs_chat.mirror import Mirror

logger = logging.getLogger("docs_chat")

#: Snapshots that are open beside the live one.
MOST_OPEN = 3
#: So many may be opened in so many seconds: whoever names one build after the other makes no work without end.
OPENINGS = 6
OPENINGS_SECONDS = 60.0
#: How long a reader waits for one to be opened; the live index answers those who would wait longer.
WAIT_SECONDS = 5.0
#: One that nobody has asked for so long is closed.
IDLE_SECONDS = 600.0
#: One that could not be opened is left alone for so long.
RETRY_SECONDS = 60.0


@dataclass(frozen=True, slots=True, eq=False, weakref_slot=True)
class Kept:
    """An open snapshot beside the live one with the id `live`. It closes when nothing refers to it any more."""

    index: Index
    live: str


def open_build(build: str, mirror: Mirror, live: Index) -> Kept | None:
    """For a command that names a build: what it is answered from, None when that is the live index.

    :raises UserError: no snapshot is kept for it, or it cannot be used.
    """
    name = mirror.find(build)
    if name is None:
        known = ", ".join(sorted(mirror.refs)) or "none"
        raise UserError(f"No snapshot is kept for the build {build!r}.", f"There is one for: {known}.")
    return None if name == live.id else Kept(Index.open_beside(live, mirror.hold(name)), live.id)


class KeptIndexes:
    """Opens snapshots when they are asked for, a few at a time. Not thread-safe: it belongs to the event loop."""

    def __init__(self, mirror: Mirror) -> None:
        self.mirror = mirror
        # The one that was asked for last is the last one.
        self.opened: dict[str, Kept] = {}
        self.asked: dict[str, float] = {}
        self.failed: dict[str, float] = {}
        self.opening: dict[str, asyncio.Task[None]] = {}
        self.openings: deque[float] = deque(maxlen=OPENINGS)
        # Also those that were replaced, and of which an answer still reads.
        self.alive: WeakSet[Kept] = WeakSet()
        self.limiter = anyio.CapacityLimiter(1)

    async def find(self, build: str | None, live: Index) -> Kept | None:
        """What a build is answered from; None when that is the live index, as it is for what nobody knows."""
        name = self.mirror.find(build) if build and is_build(build) else None
        if name is None or name == live.id:
            return None
        self.asked[name] = time.monotonic()
        if not self.has(name, live):
            if name not in self.opening:
                if not self.may_open(name):
                    return None
                self.opening[name] = asyncio.create_task(self.open(name, live))
            await asyncio.wait([self.opening[name]], timeout=WAIT_SECONDS)
            if not self.has(name, live):
                return None
        self.opened[name] = self.opened.pop(name)
        return self.opened[name]

    def has(self, name: str, live: Index) -> bool:
        """Whether it is open, with what the live index restricts."""
        return name in self.opened and self.opened[name].live == live.id

    def may_open(self, name: str) -> bool:
        now = time.monotonic()
        if now - self.failed.get(name, -RETRY_SECONDS) < RETRY_SECONDS:
            return False
        if len(self.openings) == OPENINGS and now - self.openings[0] < OPENINGS_SECONDS:
            return False
        used = len(self.alive) - len(self.opened)
        if used + len(self.opening) >= MOST_OPEN:
            return False
        self.openings.append(now)
        return True

    async def open(self, name: str, live: Index) -> None:
        self.opened.pop(name, None)
        while len(self.opened) + len(self.opening) > MOST_OPEN:
            del self.opened[next(iter(self.opened))]
        try:
            # Not to be given up half-way: it would go on, and nobody would know.
            index = await anyio.to_thread.run_sync(self.read, name, live, limiter=self.limiter)
        except Exception as error:
            self.failed[name] = time.monotonic()
            reason = error.message if isinstance(error, UserError) else type(error).__name__
            logger.warning("Answering from the live index, not from %s: %s", name, reason)
        else:
            self.failed.pop(name, None)
            kept = self.opened[name] = Kept(index, live.id)
            self.alive.add(kept)
            finalize(kept, index.close)
            logger.info("Also serving index %s", name)
        finally:
            del self.opening[name]

    def read(self, name: str, live: Index) -> Index:
        """:raises UserError: it is not there, damaged, or of another embedder."""
        return Index.open_beside(live, self.mirror.hold(name))

    def tidy(self) -> None:
        """Close what nobody asks for, and what no build is answered from any more."""
        now = time.monotonic()
        named = {ref.snapshot for ref in self.mirror.refs.values()}
        self.asked = {name: at for name, at in self.asked.items() if name in named and now - at < IDLE_SECONDS}
        self.failed = {name: at for name, at in self.failed.items() if now - at < RETRY_SECONDS}
        self.opened = {name: kept for name, kept in self.opened.items() if name in self.asked}

    def close(self) -> None:
        self.opened.clear()

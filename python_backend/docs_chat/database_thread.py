"""The database of a server works in a thread: while the event loop has a thousand answers to send, the few connections
wait for the database alone, and not between its steps for their turn on that loop."""

from __future__ import annotations

import asyncio
import sqlite3
import threading
from collections.abc import Callable, Coroutine, Generator
from functools import partial, wraps
from typing import Any, Concatenate, ParamSpec, Protocol, TypeVar

import aiosqlite
from sqlalchemy import Engine
from sqlalchemy.ext.asyncio import AsyncEngine

P = ParamSpec("P")
T = TypeVar("T")


class ThreadedEngine(AsyncEngine):
    """An engine whose connections live on an event loop of its own, once it was started."""

    __slots__ = ("loop", "thread")

    def __init__(self, sync_engine: Engine) -> None:
        super().__init__(sync_engine)
        self.loop: asyncio.AbstractEventLoop | None = None
        self.thread: threading.Thread | None = None

    def start(self) -> None:
        self.loop = asyncio.new_event_loop()
        self.thread = threading.Thread(target=self.loop.run_forever, name="database", daemon=True)
        self.thread.start()

    def begin_work(self, work: Coroutine[Any, Any, T]) -> asyncio.Future[T]:
        """Start it where the connections live."""
        if self.loop is None:
            return asyncio.ensure_future(work)
        return asyncio.wrap_future(asyncio.run_coroutine_threadsafe(work, self.loop))

    async def stop(self) -> None:
        """Close the connections, then the thread."""
        await self.begin_work(self.dispose())
        if self.loop and self.thread:
            self.loop.call_soon_threadsafe(self.loop.stop)
            await asyncio.to_thread(self.thread.join)
            self.loop.close()
            self.loop = self.thread = None


class InlineConnection(aiosqlite.Connection):
    """SQLite in the thread that asks: aiosqlite's own would be a second one, six times to and fro for each query."""

    def __await__(self) -> Generator[Any, None, aiosqlite.Connection]:
        return self._connect().__await__()

    async def _connect(self) -> aiosqlite.Connection:
        self._connection = self._connector()
        return self

    async def _execute(self, fn: Callable[..., T], *args: Any, **kwargs: Any) -> T:
        if self._connection is None:
            raise ValueError("Connection closed")
        return fn(*args, **kwargs)

    def stop(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None


def connect_inline(database: str, **options: Any) -> InlineConnection:
    """What SQLAlchemy calls for a connection."""
    return InlineConnection(partial(sqlite3.connect, database, **options), iter_chunk_size=64)


class HasEngine(Protocol):
    @property
    def engine(self) -> AsyncEngine: ...


S = TypeVar("S", bound=HasEngine)


def whole(
    work: Callable[Concatenate[S, P], Coroutine[Any, Any, T]],
) -> Callable[Concatenate[S, P], Coroutine[Any, Any, T]]:
    """Makes an operation on the database one that a reader who leaves cannot tear apart.

    It runs where the engine's connections live, and comes to its end, and so do those that follow at once; what is
    cancelled is the next `await` of another kind. A driver that is stopped in the middle may hang, and nobody knows
    what it has written. Who cancels a second time does not wait for the end.
    """

    @wraps(work)
    async def run(table: S, /, *args: P.args, **kwargs: P.kwargs) -> T:
        engine, started = table.engine, work(table, *args, **kwargs)
        task = engine.begin_work(started) if isinstance(engine, ThreadedEngine) else asyncio.ensure_future(started)
        try:
            return await asyncio.shield(task)
        except asyncio.CancelledError:
            await asyncio.wait({task})
            asker = asyncio.current_task()
            if asker:
                asker.uncancel()
                asker.cancel()
            return task.result()

    return run

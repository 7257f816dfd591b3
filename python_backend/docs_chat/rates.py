"""How often in a minute or an hour: counted in this process, or in Redis for all servers together."""

from __future__ import annotations

import logging
import time
from collections import Counter
from typing import Protocol

from limits import RateLimitItem
from limits.aio.storage import RedisStorage
from limits.aio.strategies import SlidingWindowCounterRateLimiter as SharedWindow
from limits.errors import StorageError

from docs_chat.metrics import REDIS_FAILURES

logger = logging.getLogger("docs_chat")

REDIS_SECONDS = 1.0
REDIS_CONNECTIONS = 50
#: How long a Redis that failed is left alone.
PAUSE_SECONDS = 5.0


class Rates(Protocol):
    """Counts hits in a sliding window."""

    async def hit(self, rate: RateLimitItem, *bucket: str) -> float:
        """Count one: 0, or the seconds until there is room again (then it was not counted)."""
        ...

    async def close(self) -> None: ...


class LocalRates:
    """In memory, by the rule of the library, which says for Redis what it is. Its own memory looks through everybody
    that it knows with each hit: who comes from many addresses would make that slow. Here a window goes as a whole.

    https://limits.readthedocs.io/en/stable/strategies.html#sliding-window-counter
    """

    def __init__(self) -> None:
        #: By a window's length in seconds and its number: how often each bucket was hit. The running one, and the last.
        self.windows: dict[int, dict[int, Counter[tuple[str, ...]]]] = {}

    async def hit(self, rate: RateLimitItem, *bucket: str) -> float:
        length = rate.get_expiry()
        number, passed = divmod(time.time(), length)
        running, last = self.turn(length, int(number))
        left = length - passed
        weighted = last[bucket] * left / length + running[bucket]
        if weighted < rate.amount:
            running[bucket] += 1
            return 0
        if running[bucket] < rate.amount:
            # The last window counts less with every second.
            left -= (rate.amount - running[bucket]) * length / last[bucket]
        return max(1.0, left)

    def turn(self, length: int, number: int) -> tuple[Counter[tuple[str, ...]], Counter[tuple[str, ...]]]:
        """The running window and the last one; others are forgotten."""
        known = self.windows.get(length, {})
        running, last = known.get(number) or Counter(), known.get(number - 1) or Counter()
        self.windows[length] = {number: running, number - 1: last}
        return running, last

    async def close(self) -> None:
        pass


class SharedRates:
    """In Redis. While it cannot be reached each server counts for itself: a reader then gets more, never nothing."""

    def __init__(self, url: str) -> None:
        from redis.asyncio import BlockingConnectionPool

        # Redis' own pool raises when many come at once; this one lets them wait.
        self.pool = BlockingConnectionPool.from_url(
            url,
            max_connections=REDIS_CONNECTIONS,
            timeout=REDIS_SECONDS,
            socket_timeout=REDIS_SECONDS,
            socket_connect_timeout=REDIS_SECONDS,
        )
        storage = RedisStorage(
            f"async+{url}",
            wrap_exceptions=True,
            implementation="redispy",
            key_prefix="docs-chat",
            connection_pool=self.pool,  # type: ignore[arg-type]
        )
        self.window = SharedWindow(storage)
        self.local = LocalRates()
        self.paused_until = 0.0

    async def hit(self, rate: RateLimitItem, *bucket: str) -> float:
        if time.monotonic() >= self.paused_until:
            try:
                if await self.window.hit(rate, *bucket):
                    return 0
                room = (await self.window.get_window_stats(rate, *bucket)).reset_time
                return max(1.0, room - time.time())
            except StorageError as error:
                self.paused_until = time.monotonic() + PAUSE_SECONDS
                REDIS_FAILURES.inc()
                reason = type(error.__cause__ or error).__name__
                logger.error("Redis cannot be used (%s): this server counts requests by itself meanwhile.", reason)
        return await self.local.hit(rate, *bucket)

    async def close(self) -> None:
        await self.pool.aclose()

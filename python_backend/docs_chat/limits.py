"""How much one reader may ask: counted before anything is spent."""

from __future__ import annotations

import ipaddress
import math
import time

from limits import RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import SlidingWindowCounterRateLimiter

from docs_chat.errors import HttpError
from docs_chat.settings import LimitSettings


class Limiter:
    """Counts questions by identity and by address."""

    def __init__(self, settings: LimitSettings) -> None:
        self.enabled = settings.enabled
        self.rate = RateLimitItemPerMinute(settings.questions_per_minute)
        # In memory a count takes microseconds, without a thread; this window forgets readers who have left.
        self.window = SlidingWindowCounterRateLimiter(MemoryStorage())

    def spend_question(self, owner: str, address: str) -> None:
        """Count one question.

        :raises HttpError: 429 with `Retry-After` when the identity or the address has none left.
        """
        if not self.enabled:
            return
        buckets = (("identity", owner), ("address", group_address(address)))
        for bucket in buckets:
            if not self.window.test(self.rate, *bucket):
                self.refuse(*bucket)
        for bucket in buckets:
            if not self.window.hit(self.rate, *bucket):
                self.refuse(*bucket)

    def refuse(self, *bucket: str) -> None:
        stats = self.window.get_window_stats(self.rate, *bucket)
        seconds = max(1, math.ceil(stats.reset_time - time.time()))
        raise HttpError(
            429,
            "rate_limited",
            f"Too many questions. Try again in {seconds} s.",
            {"Retry-After": str(seconds)},
        )


def group_address(address: str) -> str:
    """One IPv4 address, or the /64 that one IPv6 customer holds."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return address
    if parsed.version == 4:
        return str(parsed)
    return str(ipaddress.ip_network(f"{parsed}/64", strict=False))

"""How much one reader may ask, and how many at once: counted before anything is spent."""

from __future__ import annotations

import hmac
import ipaddress
import math
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

from limits import RateLimitItem, RateLimitItemPerHour, RateLimitItemPerMinute

from docs_chat.counters import Counters, FullError, seconds_to_tomorrow, today
from docs_chat.errors import HttpError, unavailable
from docs_chat.rates import Rates
from docs_chat.settings import LimitSettings

#: Many readers may share an address: a school, a company.
READERS_PER_ADDRESS = 10
BUSY_SECONDS = 5


class Limiter:
    """Counts by identity, by address and for the whole site.

    :param key: what readers and addresses are hashed with before they are written down.
    """

    def __init__(self, settings: LimitSettings, rates: Rates, counters: Counters, key: str) -> None:
        self.settings = settings
        self.rates = rates
        self.counters = counters
        self.key = key.encode()
        self.running: Counter[str] = Counter()

    async def spend_question(self, owner: str, address: str) -> None:
        """Count one question.

        :raises HttpError: 429 with `Retry-After` when identity, address or site have none left.
        """
        if not self.settings.enabled:
            return
        group = group_address(address)
        minute = RateLimitItemPerMinute(self.settings.questions_per_minute)
        await self.hit(minute, "identity", owner)
        await self.hit(minute, "address", group)
        await self.hit(RateLimitItemPerMinute(self.settings.site_questions_per_minute), "site")
        await self.spend_day("", 1, self.settings.questions_per_day, owner, address, "Too many questions for one day.")

    async def spend_day(
        self, kind: str, amount: int, most: int, owner: str, address: str, refusal: str, site: int | None = None
    ) -> None:
        """Take an amount from the day's share of a reader, of ten times that for an address, and perhaps of the site.

        :param kind: what is counted: the beginning of the buckets' names.
        :raises HttpError: 429 with `refusal` until tomorrow when one of them has not so much left.
        """
        if not self.settings.enabled:
            return
        day = today()
        limits = {
            f"{kind}identity:{self.hash(day, owner)}": most,
            f"{kind}address:{self.hash(day, group_address(address))}": most * READERS_PER_ADDRESS,
        }
        if site is not None:
            limits[f"{kind}site"] = site
        try:
            await self.counters.add(dict.fromkeys(limits, amount), limits, day)
        except FullError:
            raise refuse(refusal, seconds_to_tomorrow()) from None

    async def spend_identity(self, address: str) -> None:
        """Count one new identity. :raises HttpError: 429 when the address has had enough of them."""
        if self.settings.enabled:
            await self.hit(RateLimitItemPerHour(self.settings.identities_per_hour), "mint", group_address(address))

    async def hit(self, rate: RateLimitItem, *bucket: str) -> None:
        seconds = await self.rates.hit(rate, *bucket)
        if seconds:
            raise refuse("Too many questions.", math.ceil(seconds))

    @contextmanager
    def admit(self, owner: str, address: str) -> Iterator[None]:
        """Hold a place among the answers that this server gives at the same time.

        :raises HttpError: 429 when the reader has too many running, 503 when the server has.
        """
        most = self.settings.answers_at_once_per_reader
        limits = {
            "": self.settings.answers_at_once,
            f"identity:{owner}": most,
            f"address:{group_address(address)}": most * READERS_PER_ADDRESS,
        }
        if not self.settings.enabled:
            limits = {}
        for bucket, limit in limits.items():
            if self.running[bucket] >= limit:
                if bucket:
                    raise refuse("Too many answers at the same time.", BUSY_SECONDS)
                what = "The server has too much to do. Try again in a moment."
                raise unavailable("overloaded", what, BUSY_SECONDS)
        self.running.update(limits.keys())
        try:
            yield
        finally:
            self.running.subtract(limits.keys())
            for bucket in limits:
                if self.running[bucket] <= 0:
                    del self.running[bucket]

    def hash(self, day: str, name: str) -> str:
        """A reader or an address as it is written down: the same for a day, and nobody's afterwards."""
        return hmac.digest(self.key, f"{day} {name}".encode(), "sha256").hex()[:24]


def refuse(what: str, seconds: int) -> HttpError:
    return HttpError(429, "rate_limited", f"{what} Try again in {say_seconds(seconds)}.", {"Retry-After": str(seconds)})


def say_seconds(seconds: int) -> str:
    return f"{seconds} s" if seconds < 600 else f"{math.ceil(seconds / 3600)} h"


def group_address(address: str) -> str:
    """One IPv4 address, or the /64 that one IPv6 customer holds."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return address
    if parsed.version == 4:
        return str(parsed)
    mapped = parsed.ipv4_mapped
    return str(mapped) if mapped else str(ipaddress.ip_network(f"{parsed}/64", strict=False))

"""How often somebody may ask is counted as the library counts it for Redis, and those who have left cost nothing."""

from __future__ import annotations

import asyncio
import time

import pytest
from docs_chat.rates import LocalRates
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from limits import RateLimitItemPerHour, RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import SlidingWindowCounterRateLimiter

START = 1_800_000_000.0
RATES = (RateLimitItemPerMinute(3), RateLimitItemPerMinute(7), RateLimitItemPerHour(5))

Hits = list[tuple[float, int, str]]
hits: st.SearchStrategy[Hits] = st.lists(
    st.tuples(st.floats(0, 90) | st.floats(0, 4000), st.integers(0, 2), st.sampled_from(["anna", "ben"])), max_size=60
)


class Clock:
    now = START

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr(time, "time", clock)
    return clock


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(hits)
def test_it_counts_as_the_library_does(clock: Clock, hits: Hits) -> None:
    clock.now = START
    ours, theirs = LocalRates(), SlidingWindowCounterRateLimiter(MemoryStorage())
    for pause, rate, who in hits:
        clock.now += pause
        waits = asyncio.run(ours.hit(RATES[rate], str(rate), who))
        assert (waits == 0) == theirs.hit(RATES[rate], str(rate), who)


@given(hits)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_who_waits_as_long_as_it_says_gets_in_and_not_much_before(clock: Clock, hits: Hits) -> None:
    clock.now = START
    ours = LocalRates()
    for pause, rate, who in hits:
        clock.now += pause
        waits = asyncio.run(ours.hit(RATES[rate], str(rate), who))
        if waits:
            clock.now += waits - 1
            assert asyncio.run(ours.hit(RATES[rate], str(rate), who)) or waits <= 1
            clock.now += 1.001
            assert asyncio.run(ours.hit(RATES[rate], str(rate), who)) == 0


def test_those_who_have_left_are_forgotten(clock: Clock) -> None:
    ours = LocalRates()
    for number in range(5000):
        clock.now += 0.1
        asyncio.run(ours.hit(RATES[0], f"reader {number}"))
    assert sum(map(len, ours.windows[60].values())) <= 1200
    clock.now += 200
    asyncio.run(ours.hit(RATES[0], "anna"))
    assert [len(window) for window in ours.windows[60].values()] == [1, 0]

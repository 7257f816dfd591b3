"""What the owner's model may cost in a day: reserved before it is asked, settled when it has answered.

The worst that a request can cost is taken first, so that the sum is never over the budget, however many requests run
on however many servers; what it did not use is given back. A server that is killed in between leaves its reservation
counted: a day's budget is then used up early, never late.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass

from docs_index.errors import UserError

from docs_chat.answer.engine import EngineError
from docs_chat.cost import Price, Usage, cost_of
from docs_chat.counters import Counters, FullError, today
from docs_chat.settings import Settings

logger = logging.getLogger("docs_chat")

#: Buckets: billionths of a US dollar (a cheap token costs a tenth of a millionth), and tokens.
MONEY = "site:nanodollars"
TOKENS = "site:tokens"
NANO = 1_000_000_000


@dataclass(frozen=True, slots=True)
class Reservation:
    """What was taken from which day's buckets."""

    day: str
    amounts: Mapping[str, int]


class Budget:
    """Takes from the day's budget, and gives back.

    :param counters: None where nothing is counted: on the owner's own command line.
    """

    def __init__(self, settings: Settings, counters: Counters | None) -> None:
        self.price = settings.answer.find_price()
        self.counters = counters
        self.limits = find_limits(settings, self.price) if counters else {}
        self.warned_on = ""

    async def reserve(self, worst: Usage | float) -> Reservation:
        """:param worst: tokens, or the US dollars of what costs none.

        :raises EngineError: `budget` when the day has not so much left.
        """
        day = today()
        amounts = self.count(worst)
        if amounts and self.counters:
            try:
                await self.counters.add(amounts, self.limits, day)
            except FullError as error:
                self.warn(error.bucket, day)
                raise EngineError("budget") from None
        return Reservation(day, amounts)

    async def settle(self, reservation: Reservation, used: Usage | float) -> None:
        """Count what was used in the place of what was reserved."""
        if reservation.amounts and self.counters:
            spent = self.count(used)
            unused = {bucket: spent[bucket] - amount for bucket, amount in reservation.amounts.items()}
            await self.counters.change(unused, reservation.day)

    def count(self, used: Usage | float) -> dict[str, int]:
        """Amounts for the buckets that have a limit."""
        if isinstance(used, Usage):
            amounts = {MONEY: round((cost_of(used, self.price) or 0) * NANO), TOKENS: used.input + used.output}
        else:
            amounts = {MONEY: round(used * NANO)}
        return {bucket: amount for bucket, amount in amounts.items() if bucket in self.limits}

    async def left(self) -> dict[str, float]:
        """What is left today of each limit: `usd`, `tokens`."""
        if not self.limits or not self.counters:
            return {}
        used = await self.counters.read(today())
        left = {bucket: max(0, limit - used.get(bucket, 0)) for bucket, limit in self.limits.items()}
        names = {MONEY: ("usd", NANO), TOKENS: ("tokens", 1)}
        return {names[bucket][0]: amount / names[bucket][1] for bucket, amount in left.items()}

    def warn(self, bucket: str, day: str) -> None:
        if self.warned_on != day:
            self.warned_on = day
            what = "usd_per_day" if bucket == MONEY else "tokens_per_day"
            logger.warning("budget.%s is used up: until midnight (UTC) questions are answered without the model.", what)


def find_limits(settings: Settings, price: Price | None) -> dict[str, int]:
    """The limits by bucket.

    :raises UserError: money was given a limit, and the model has no price.
    """
    budget = settings.budget
    limits: dict[str, int] = {}
    if budget.tokens_per_day is not None:
        limits[TOKENS] = budget.tokens_per_day
    if budget.usd_per_day is not None:
        if price is None and "usd_per_day" in budget.model_fields_set and settings.engine == "openai":
            raise UserError(
                f"budget.usd_per_day cannot be kept: the price of {settings.answer.model} is not known.",
                hint="Set answer.price (0 for a model of your own), or budget.tokens_per_day instead.",
            )
        if price is not None or settings.dictation.enabled:
            limits[MONEY] = round(budget.usd_per_day * NANO)
    return limits

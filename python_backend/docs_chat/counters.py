"""Daily counts in the database: exact however many servers count at once, and still there after a restart."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

from sqlalchemy import BigInteger, Column, Table, Text, delete, literal, select, update
from sqlalchemy.ext.asyncio import AsyncEngine

from docs_chat.background import repeat
from docs_chat.database import insert_into
from docs_chat.database_thread import whole
from docs_chat.threads import metadata

#: Clocks differ, and a day's last answers are settled on the next one.
KEPT_DAYS = 2
FORGET_SECONDS = 6 * 3600.0

counters = Table(
    "counters",
    metadata,
    Column("day", Text, primary_key=True),
    Column("bucket", Text, primary_key=True),
    Column("used", BigInteger, nullable=False),
)


class FullError(Exception):
    """A bucket has no room left for what was to be added; nothing was added anywhere."""

    def __init__(self, bucket: str) -> None:
        super().__init__(bucket)
        self.bucket = bucket


class Counters:
    """Whole numbers in named buckets, each day (UTC) from zero."""

    def __init__(self, engine: AsyncEngine) -> None:
        self.engine = engine

    @whole
    async def add(self, amounts: Mapping[str, int], limits: Mapping[str, int], day: str) -> None:
        """Add to all buckets of a day, or to none.

        :raises FullError: one of them would go over its limit.
        """
        async with self.engine.begin() as connection:
            # Always in the same order: two servers that want the same buckets must not wait for each other.
            for bucket in sorted(amounts):
                amount, limit = amounts[bucket], limits[bucket]
                if amount > limit:
                    raise FullError(bucket)
                statement = insert_into(self.engine, counters).values(day=day, bucket=bucket, used=amount)
                statement = statement.on_conflict_do_update(
                    index_elements=["day", "bucket"],
                    set_={"used": counters.c.used + literal(amount, BigInteger)},
                    where=counters.c.used <= limit - amount,
                )
                if (await connection.execute(statement.returning(counters.c.used))).scalar_one_or_none() is None:
                    raise FullError(bucket)

    @whole
    async def change(self, amounts: Mapping[str, int], day: str) -> None:
        """Add what may be negative, whatever the limits say, to buckets that are there."""
        async with self.engine.begin() as connection:
            for bucket in sorted(amounts):
                amount = literal(amounts[bucket], BigInteger)
                await connection.execute(
                    update(counters)
                    .where(counters.c.day == day, counters.c.bucket == bucket)
                    .values(used=counters.c.used + amount)
                )

    @whole
    async def read(self, day: str) -> dict[str, int]:
        """Every bucket of a day that has something in it."""
        query = select(counters.c.bucket, counters.c.used).where(counters.c.day == day)
        async with self.engine.connect() as connection:
            return {row.bucket: row.used for row in await connection.execute(query)}

    async def follow(self) -> None:
        """Forget old days, as long as the server runs."""
        await repeat(self.forget, FORGET_SECONDS, "Old counts could not be forgotten")

    @whole
    async def forget(self) -> None:
        oldest = (datetime.now(UTC) - timedelta(days=KEPT_DAYS)).date().isoformat()
        async with self.engine.begin() as connection:
            await connection.execute(delete(counters).where(counters.c.day < oldest))


def today() -> str:
    return datetime.now(UTC).date().isoformat()


def seconds_to_tomorrow() -> int:
    now = datetime.now(UTC)
    midnight = datetime.combine(now.date() + timedelta(days=1), datetime.min.time(), UTC)
    return max(1, int((midnight - now).total_seconds()))

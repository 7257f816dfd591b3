"""One answer at a time in a thread, on however many servers."""

from __future__ import annotations

import secrets
from datetime import timedelta
from typing import Any, Protocol

from sqlalchemy import Column, DateTime, Table, Text, delete, func, literal, update
from sqlalchemy.ext.asyncio import AsyncEngine

from docs_chat.background import repeat
from docs_chat.database import insert_into
from docs_chat.database_thread import whole
from docs_chat.threads import metadata

#: A server that dies keeps its threads for so long.
LEASE_SECONDS = 30
RENEW_SECONDS = 10

turns = Table(
    "turns",
    metadata,
    Column("thread_id", Text, primary_key=True),
    Column("server", Text, nullable=False),
    Column("until", DateTime(timezone=True), nullable=False),
)


class Turns(Protocol):
    """Who takes a thread's turn gives it back."""

    async def take(self, thread_id: str) -> bool:
        """Whether nobody else had it."""
        ...

    async def give_back(self, thread_id: str) -> None: ...


class LocalTurns:
    """For one server, whose database is a file."""

    def __init__(self) -> None:
        self.taken: set[str] = set()

    async def take(self, thread_id: str) -> bool:
        if thread_id in self.taken:
            return False
        self.taken.add(thread_id)
        return True

    async def give_back(self, thread_id: str) -> None:
        self.taken.discard(thread_id)


class SharedTurns:
    """For several servers with one PostgreSQL, whose clock counts. A server renews what it holds while it lives."""

    def __init__(self, engine: AsyncEngine) -> None:
        self.engine = engine
        self.server = secrets.token_hex(8)
        self.taken: set[str] = set()

    @whole
    async def take(self, thread_id: str) -> bool:
        until = lease()
        statement = insert_into(self.engine, turns).values(thread_id=thread_id, server=self.server, until=until)
        statement = statement.on_conflict_do_update(
            index_elements=["thread_id"],
            set_={"server": self.server, "until": until},
            where=turns.c.until < func.now(),
        )
        async with self.engine.begin() as connection:
            taken = (await connection.execute(statement.returning(turns.c.thread_id))).scalar_one_or_none()
        if taken:
            self.taken.add(thread_id)
        return taken is not None

    @whole
    async def give_back(self, thread_id: str) -> None:
        self.taken.discard(thread_id)
        async with self.engine.begin() as connection:
            await connection.execute(delete(turns).where(turns.c.thread_id == thread_id, turns.c.server == self.server))

    async def renew(self) -> None:
        """Runs as long as the server does."""
        await repeat(self.extend, RENEW_SECONDS, "The turns of running answers could not be renewed")

    @whole
    async def extend(self) -> None:
        """Hold for longer what is held, and drop what dead servers left."""
        if self.taken:
            async with self.engine.begin() as connection:
                await connection.execute(update(turns).where(turns.c.server == self.server).values(until=lease()))
                await connection.execute(delete(turns).where(turns.c.until < func.now()))


def lease() -> Any:
    return func.now() + literal(timedelta(seconds=LEASE_SECONDS))


def make_turns(engine: AsyncEngine) -> LocalTurns | SharedTurns:
    return LocalTurns() if engine.dialect.name == "sqlite" else SharedTurns(engine)

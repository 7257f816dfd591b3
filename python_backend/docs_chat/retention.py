"""What becomes of readers' data: deleted by age, deleted for one reader, given to them as it is."""

from __future__ import annotations

import logging
from base64 import b64encode
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from chatkit.types import ThreadMetadata
from sqlalchemy import ColumnElement, Table, delete, exists, func, select, update
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from docs_chat.answer.kept import kept_answers
from docs_chat.attachments import attachments
from docs_chat.background import repeat
from docs_chat.database_thread import whole
from docs_chat.records import answers
from docs_chat.threads import ITEM, as_utc, feedback, items, threads

logger = logging.getLogger("docs_chat")

#: Conversations deleted in one transaction: whoever asks meanwhile does not wait long.
BATCH = 200
FOLLOW_SECONDS = 3600.0
FOLLOW_FILES_SECONDS = 600.0


@dataclass(frozen=True, slots=True)
class Purged:
    """How much was deleted, or would be."""

    threads: int = 0
    items: int = 0
    feedback: int = 0
    kept_answers: int = 0
    attachments: int = 0

    def __add__(self, other: Purged) -> Purged:
        return Purged(
            *(mine + theirs for mine, theirs in zip(asdict(self).values(), asdict(other).values(), strict=True))
        )


class Retention:
    """Deletes and exports. The books of :mod:`docs_chat.records` stay, without a way back to a conversation."""

    def __init__(self, engine: AsyncEngine) -> None:
        self.engine = engine

    async def purge(self, before: datetime, *, dry_run: bool = False) -> Purged:
        """Delete the conversations in which nothing was written since ``before``, and answers kept longer than that."""
        purged = await self.remove(is_idle(before), dry_run) + await self.remove_kept(before, dry_run)
        return purged + await self.remove_files(attachments.c.created_at < before, dry_run)

    async def erase(self, owner: str, *, dry_run: bool = False) -> Purged:
        """Delete everything that is one reader's."""
        purged = await self.remove(threads.c.owner == owner, dry_run)
        return purged + await self.remove_files(attachments.c.owner == owner, dry_run)

    async def expire(self, before: datetime) -> Purged:
        """Delete the files that were sent before."""
        return await self.remove_files(attachments.c.created_at < before, dry_run=False)

    async def remove(self, condition: ColumnElement[bool], dry_run: bool) -> Purged:
        total = Purged()
        last: int | None = 0
        while last is not None:
            purged, last = await self.remove_some(condition & (threads.c.seq > last), dry_run)
            total += purged
        if total.threads and not dry_run:
            await self.sweep()
        return total

    @whole
    async def remove_some(self, condition: ColumnElement[bool], dry_run: bool) -> tuple[Purged, int | None]:
        """The first conversations, and the number of the last one; None when there is no other."""
        query = select(threads.c.seq, threads.c.id).where(condition).order_by(threads.c.seq).limit(BATCH)
        async with self.engine.begin() as connection:
            found = (await connection.execute(query)).all()
            purged = await remove_threads(connection, [row.id for row in found], dry_run) if found else Purged()
        return purged, found[-1].seq if len(found) == BATCH else None

    @whole
    async def remove_kept(self, before: datetime, dry_run: bool) -> Purged:
        old = kept_answers.c.created_at < before
        async with self.engine.begin() as connection:
            purged = Purged(kept_answers=await count(connection, kept_answers, old))
            if not dry_run:
                await connection.execute(delete(kept_answers).where(old))
        return purged

    async def remove_files(self, condition: ColumnElement[bool], dry_run: bool) -> Purged:
        """Files, those that no question names included."""
        purged = await self.remove_rows(condition, dry_run)
        if purged.attachments and not dry_run:
            await self.sweep()
        return purged

    @whole
    async def remove_rows(self, condition: ColumnElement[bool], dry_run: bool) -> Purged:
        async with self.engine.begin() as connection:
            purged = Purged(attachments=await count(connection, attachments, condition))
            if not dry_run:
                await connection.execute(delete(attachments).where(condition))
        return purged

    @whole
    async def sweep(self) -> None:
        """What was deleted is not in SQLite's log of changes any more either."""
        if self.engine.dialect.name != "sqlite":
            return
        async with self.engine.connect() as connection:
            await connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")

    @whole
    async def export(self, owner: str) -> dict[str, Any]:
        """Everything that is one reader's, as JSON."""
        found = []
        async with self.engine.connect() as connection:
            rows = await connection.execute(select(threads).where(threads.c.owner == owner).order_by(threads.c.seq))
            for row in rows.all():
                thread = ThreadMetadata.model_validate_json(row.data)
                stored = select(items.c.data).where(items.c.thread_id == row.id).order_by(items.c.seq)
                opinions = select(feedback).where(feedback.c.thread_id == row.id).order_by(feedback.c.item_id)
                found.append(
                    {
                        "id": row.id,
                        "title": thread.title,
                        "created_at": as_utc(row.created_at).isoformat(),
                        "updated_at": as_utc(row.updated_at).isoformat(),
                        "items": [
                            ITEM.validate_json(data).model_dump(mode="json", exclude_none=True)
                            for data in (await connection.execute(stored)).scalars()
                        ],
                        "feedback": [
                            write_row(opinion, "thread_id")
                            for opinion in (await connection.execute(opinions)).mappings()
                        ],
                    }
                )
            own = select(attachments).where(attachments.c.owner == owner).order_by(attachments.c.created_at)
            files = [write_file(row) for row in (await connection.execute(own)).mappings()]
        return {"reader": owner, "threads": found, "attachments": files}

    async def follow_files(self, hours: float) -> None:
        """Delete the files that have grown older than so many hours, for as long as the server runs."""

        async def expire() -> None:
            await self.expire(datetime.now(UTC) - timedelta(hours=hours))

        await repeat(expire, FOLLOW_FILES_SECONDS, "Old files were not deleted")

    async def follow(self, days: float) -> None:
        """Delete what has grown older than so many days, for as long as the server runs."""

        async def purge() -> None:
            purged = await self.purge(datetime.now(UTC) - timedelta(days=days))
            if purged != Purged():
                logger.info("Deleted %d conversations older than %g days", purged.threads, days)

        await repeat(purge, FOLLOW_SECONDS, "Old conversations were not deleted")


def is_idle(before: datetime) -> ColumnElement[bool]:
    """Threads in which nothing was written since."""
    recent = exists().where(items.c.thread_id == threads.c.id, items.c.created_at >= before)
    return (threads.c.updated_at < before) & ~recent


async def remove_threads(connection: AsyncConnection, ids: Sequence[str], dry_run: bool) -> Purged:
    asked = select(answers.c.kept_key).where(answers.c.thread_id.in_(ids), answers.c.kept_key.is_not(None))
    kept = kept_answers.c.key.in_(asked)
    purged = Purged(
        len(ids),
        await count(connection, items, items.c.thread_id.in_(ids)),
        await count(connection, feedback, feedback.c.thread_id.in_(ids)),
        await count(connection, kept_answers, kept),
        await count(connection, attachments, attachments.c.thread_id.in_(ids)),
    )
    if not dry_run:
        await connection.execute(delete(kept_answers).where(kept))
        unlinked = {"thread_id": None, "item_id": None, "kept_key": None}
        await connection.execute(update(answers).where(answers.c.thread_id.in_(ids)).values(**unlinked))
        for table in (feedback, attachments, items):
            await connection.execute(delete(table).where(table.c.thread_id.in_(ids)))
        await connection.execute(delete(threads).where(threads.c.id.in_(ids)))
    return purged


async def count(connection: AsyncConnection, table: Table, condition: ColumnElement[bool]) -> int:
    query = select(func.count()).select_from(table).where(condition)
    return int((await connection.execute(query)).scalar_one())


def write_file(row: Any) -> dict[str, Any]:
    """A file with its bytes, as base64."""
    content = row["content"]
    return write_row(row, "owner", "content") | ({"content": b64encode(content).decode()} if content else {})


def write_row(row: Any, *left_out: str) -> dict[str, Any]:
    return {
        name: as_utc(value).isoformat() if isinstance(value, datetime) else value
        for name, value in row.items()
        if name not in left_out and value is not None
    }

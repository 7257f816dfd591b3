"""Readers' threads in a database: every row belongs to an owner, and every query asks for that owner.

What belongs to another reader does not exist. Items are ordered by a sequence, since clocks jump.
"""

from __future__ import annotations

import secrets
from datetime import UTC, datetime
from typing import Any

from chatkit.store import NotFoundError, Store, StoreItemType
from chatkit.types import (
    AssistantMessageContent,
    AssistantMessageItem,
    Attachment,
    Page,
    ThreadItem,
    ThreadMetadata,
    UserMessageItem,
)
from pydantic import TypeAdapter
from sqlalchemy import (
    BigInteger,
    Column,
    ColumnElement,
    DateTime,
    ForeignKey,
    Integer,
    MetaData,
    Select,
    Table,
    Text,
    UniqueConstraint,
    delete,
    literal,
    select,
)
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from docs_chat.context import ReaderContext
from docs_chat.database import insert_into
from docs_chat.database_thread import whole
from docs_chat.errors import bad_request
from docs_chat.redaction import find_secrets, mask, redact
from docs_chat.strings import say

MAX_PAGE = 100
ID_BYTES = 16
PREFIXES: dict[StoreItemType, str] = {
    "thread": "thr",
    "message": "msg",
    "tool_call": "tc",
    "task": "tsk",
    "workflow": "wf",
    "attachment": "atc",
    "sdk_hidden_context": "shcx",
}

metadata = MetaData()
SEQUENCE = BigInteger().with_variant(Integer, "sqlite")

threads = Table(
    "threads",
    metadata,
    Column("seq", SEQUENCE, primary_key=True, autoincrement=True),
    Column("id", Text, nullable=False, unique=True),
    Column("owner", Text, nullable=False, index=True),
    Column("created_at", DateTime(timezone=True), nullable=False),
    Column("updated_at", DateTime(timezone=True), nullable=False),
    Column("data", Text, nullable=False),
    sqlite_autoincrement=True,
)
items = Table(
    "items",
    metadata,
    Column("seq", SEQUENCE, primary_key=True, autoincrement=True),
    Column("thread_id", Text, ForeignKey("threads.id", ondelete="CASCADE"), nullable=False),
    Column("id", Text, nullable=False),
    Column("status", Text, nullable=False),
    Column("created_at", DateTime(timezone=True), nullable=False),
    Column("data", Text, nullable=False),
    UniqueConstraint("thread_id", "id"),
    sqlite_autoincrement=True,
)
feedback = Table(
    "feedback",
    metadata,
    Column("thread_id", Text, ForeignKey("threads.id", ondelete="CASCADE"), primary_key=True),
    Column("item_id", Text, primary_key=True),
    Column("kind", Text, nullable=False),
    Column("created_at", DateTime(timezone=True), nullable=False),
    Column("reason", Text, nullable=True),
)

# Building an adapter costs milliseconds: once is enough.
ITEM: TypeAdapter[ThreadItem] = TypeAdapter(ThreadItem)


class ThreadStore(Store[ReaderContext]):
    """ChatKit's store over SQLAlchemy Core.

    :raises NotFoundError: from every method, for what is missing and for what is another reader's.
    """

    def __init__(self, engine: AsyncEngine, *, redacts: bool = False) -> None:
        self.engine = engine
        self.redacts = redacts

    def clean(self, text: str) -> str:
        """The text as it may be stored."""
        return redact(text) if self.redacts else text

    def generate_thread_id(self, context: ReaderContext) -> str:
        return new_id("thread")

    def generate_item_id(self, item_type: StoreItemType, thread: ThreadMetadata, context: ReaderContext) -> str:
        return new_id(item_type)

    @whole
    async def load_thread(self, thread_id: str, context: ReaderContext) -> ThreadMetadata:
        query = select(threads.c.data).where(owned(thread_id, context))
        async with self.engine.connect() as connection:
            data = (await connection.execute(query)).scalar_one_or_none()
        if data is None:
            raise NotFoundError
        return ThreadMetadata.model_validate_json(data)

    @whole
    async def save_thread(self, thread: ThreadMetadata, context: ReaderContext) -> None:
        # `threads.create` hands over a Thread, which carries its items.
        plain = ThreadMetadata(**thread.model_dump(exclude={"items"}))
        plain.created_at = as_utc(plain.created_at)
        if self.redacts and plain.title:
            plain.title = mask(redact(plain.title), context.secrets)
        now = datetime.now(UTC)
        row = {"data": plain.model_dump_json(), "updated_at": now}
        statement = insert_into(self.engine, threads).values(
            id=plain.id, owner=context.owner, created_at=plain.created_at, **row
        )
        statement = statement.on_conflict_do_update(
            index_elements=["id"], set_=row, where=threads.c.owner == context.owner
        )
        async with self.engine.begin() as connection:
            if (await connection.execute(statement.returning(threads.c.id))).scalar_one_or_none() is None:
                raise NotFoundError

    @whole
    async def load_threads(
        self, limit: int, after: str | None, order: str, context: ReaderContext
    ) -> Page[ThreadMetadata]:
        query = select(threads.c.id, threads.c.data).where(threads.c.owner == context.owner)
        async with self.engine.connect() as connection:
            start = select(threads.c.seq).where(threads.c.owner == context.owner, threads.c.id == after)
            rows = await read_page(connection, query, threads, start, limit, after, order)
        data = [ThreadMetadata.model_validate_json(row.data) for row in rows.data]
        return Page(data=data, has_more=rows.has_more, after=rows.after)

    @whole
    async def load_thread_items(
        self, thread_id: str, after: str | None, limit: int, order: str, context: ReaderContext
    ) -> Page[ThreadItem]:
        query = select(items.c.id, items.c.data, items.c.status).where(items.c.thread_id == thread_id)
        async with self.engine.connect() as connection:
            await require_thread(connection, thread_id, context)
            start = select(items.c.seq).where(items.c.thread_id == thread_id, items.c.id == after)
            rows = await read_page(connection, query, items, start, limit, after, order)
        data = [load_row(row, context) for row in rows.data]
        return Page(data=data, has_more=rows.has_more, after=rows.after)

    @whole
    async def add_thread_item(self, thread_id: str, item: ThreadItem, context: ReaderContext) -> None:
        row = dump_item(redact_item(item, context) if self.redacts else item, context)
        values = {"id": item.id, **row}
        # One statement asks for the owner's thread and writes: an answer makes several of these.
        source = select(threads.c.id, *(literal(values[name], items.c[name].type) for name in values))
        statement = insert_into(self.engine, items).from_select(
            ["thread_id", *values], source.where(owned(thread_id, context))
        )
        statement = statement.on_conflict_do_update(index_elements=["thread_id", "id"], set_=row)
        async with self.engine.begin() as connection:
            if (await connection.execute(statement.returning(items.c.id))).scalar_one_or_none() is None:
                raise NotFoundError

    async def save_item(self, thread_id: str, item: ThreadItem, context: ReaderContext) -> None:
        await self.add_thread_item(thread_id, item, context)

    @whole
    async def load_item(self, thread_id: str, item_id: str, context: ReaderContext) -> ThreadItem:
        query = (
            select(items.c.data, items.c.status)
            .join(threads, threads.c.id == items.c.thread_id)
            .where(items.c.id == item_id, owned(thread_id, context))
        )
        async with self.engine.connect() as connection:
            row = (await connection.execute(query)).one_or_none()
        if row is None:
            raise NotFoundError
        return load_row(row, context)

    @whole
    async def delete_thread(self, thread_id: str, context: ReaderContext) -> None:
        async with self.engine.begin() as connection:
            await require_thread(connection, thread_id, context)
            await connection.execute(delete(feedback).where(feedback.c.thread_id == thread_id))
            await connection.execute(delete(items).where(items.c.thread_id == thread_id))
            # The files of the conversation go with its row.
            await connection.execute(delete(threads).where(owned(thread_id, context)))

    @whole
    async def delete_thread_item(self, thread_id: str, item_id: str, context: ReaderContext) -> None:
        async with self.engine.begin() as connection:
            await require_thread(connection, thread_id, context)
            await connection.execute(delete(items).where(items.c.thread_id == thread_id, items.c.id == item_id))

    @whole
    async def delete_items_after(self, thread_id: str, item_id: str, context: ReaderContext) -> None:
        start = select(items.c.seq).where(items.c.thread_id == thread_id, items.c.id == item_id).scalar_subquery()
        async with self.engine.begin() as connection:
            await require_thread(connection, thread_id, context)
            await connection.execute(delete(items).where(items.c.thread_id == thread_id, items.c.seq > start))

    @whole
    async def save_feedback(
        self, thread_id: str, item_ids: list[str], kind: str, context: ReaderContext, reason: str | None = None
    ) -> None:
        """One verdict an item, with its reason: the last one counts."""
        said = self.clean(reason) if reason else None
        row = {"kind": kind, "created_at": datetime.now(UTC), "reason": said}
        async with self.engine.begin() as connection:
            await require_thread(connection, thread_id, context)
            known = select(items.c.id).where(items.c.thread_id == thread_id, items.c.id.in_(item_ids))
            found = set((await connection.execute(known)).scalars())
            if found != set(item_ids):
                raise NotFoundError
            for item_id in sorted(found):
                statement = insert_into(self.engine, feedback).values(thread_id=thread_id, item_id=item_id, **row)
                await connection.execute(
                    statement.on_conflict_do_update(index_elements=["thread_id", "item_id"], set_=row)
                )

    @whole
    async def probe(self) -> None:
        """:raises SQLAlchemyError: the database cannot be used."""
        async with self.engine.connect() as connection:
            await connection.execute(select(threads.c.seq).limit(1))

    async def save_attachment(self, attachment: Attachment, context: ReaderContext) -> None:
        raise NotFoundError

    async def load_attachment(self, attachment_id: str, context: ReaderContext) -> Attachment:
        raise NotFoundError

    async def delete_attachment(self, attachment_id: str, context: ReaderContext) -> None:
        raise NotFoundError


def new_id(kind: StoreItemType) -> str:
    return f"{PREFIXES[kind]}_{secrets.token_hex(ID_BYTES)}"


def owned(thread_id: str, context: ReaderContext) -> ColumnElement[bool]:
    return (threads.c.id == thread_id) & (threads.c.owner == context.owner)


async def require_thread(connection: AsyncConnection, thread_id: str, context: ReaderContext) -> None:
    found = await connection.execute(select(threads.c.id).where(owned(thread_id, context)))
    if found.scalar_one_or_none() is None:
        raise NotFoundError


async def read_page(
    connection: AsyncConnection,
    query: Select[Any],
    table: Table,
    start: Select[Any],
    limit: int,
    after: str | None,
    order: str,
) -> Page[Any]:
    """One page of rows in the order of their sequence; the cursor is the id of the last row."""
    size = min(max(limit, 1), MAX_PAGE)
    descending = order == "desc"
    if after is not None:
        seq = (await connection.execute(start)).scalar_one_or_none()
        if seq is None:
            raise bad_request("`after` is no item of this list.", "bad_cursor")
        query = query.where(table.c.seq < seq if descending else table.c.seq > seq)
    query = query.order_by(table.c.seq.desc() if descending else table.c.seq.asc()).limit(size + 1)
    rows = list(await connection.execute(query))
    has_more = len(rows) > size
    rows = rows[:size]
    return Page(data=rows, has_more=has_more, after=rows[-1].id if has_more else None)


def redact_item(item: ThreadItem, context: ReaderContext) -> ThreadItem:
    """An item as it is stored where secrets are not: those of the question are taken out of the answer too, which may
    repeat them, but not what the docs give as an example."""
    if not isinstance(item, UserMessageItem):
        if not context.secrets:
            return item
        return ITEM.validate_python(mask(item.model_dump(mode="json"), context.secrets))
    texts = [part.text for part in item.content] + [item.quoted_text or ""]
    context.secrets.update(*(find_secrets(text) for text in texts))
    content = [part.model_copy(update={"text": redact(part.text)}) for part in item.content]
    quoted = redact(item.quoted_text) if item.quoted_text else item.quoted_text
    return item.model_copy(update={"content": content, "quoted_text": quoted})


def dump_item(item: ThreadItem, context: ReaderContext) -> dict[str, Any]:
    stamped = item.model_copy(update={"created_at": as_utc(item.created_at)})
    return {
        "data": stamped.model_dump_json(),
        "status": "incomplete" if item.id in context.incomplete else "complete",
        "created_at": stamped.created_at,
    }


def load_row(row: Any, context: ReaderContext) -> ThreadItem:
    """An item as it was stored; an answer that stopped early says so when it is read again."""
    item = ITEM.validate_json(row.data)
    if row.status == "incomplete" and isinstance(item, AssistantMessageItem):
        note = f"\n\n*{say('stopped_note', context.locale)}*"
        last = item.content[-1] if item.content else AssistantMessageContent(text="")
        item.content = [*item.content[:-1], last.model_copy(update={"text": last.text + note})]
    return item


def as_utc(moment: datetime) -> datetime:
    """ChatKit stamps with naive local time."""
    return moment.astimezone(UTC)

"""Readers' files, in the database: it is what servers share, and what goes with a conversation goes with it at once.

A file is announced, then sent, then named by a question. What belongs to another reader, or is too old, does not exist.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from chatkit.store import NotFoundError
from chatkit.types import AttachmentCreateParams, AttachmentUploadDescriptor, FileAttachment
from pydantic import AnyUrl, ValidationError
from sqlalchemy import (
    Column,
    ColumnElement,
    DateTime,
    ForeignKey,
    Integer,
    LargeBinary,
    Table,
    Text,
    delete,
    insert,
    select,
    update,
)
from sqlalchemy.ext.asyncio import AsyncEngine

from docs_chat.attached_file import TEXT, AttachedFile, Kind, kind_of, recognize
from docs_chat.context import ReaderContext
from docs_chat.database_thread import whole
from docs_chat.errors import HttpError, bad_request
from docs_chat.limits import Limiter
from docs_chat.redaction import redact
from docs_chat.settings import Settings
from docs_chat.threads import metadata, new_id

KIB, MIB = 1024, 1024 * 1024
#: A file of one byte is a row too.
LEAST_BYTES = 16 * KIB
MAX_NAME_CHARS = 200
UNKNOWN = "application/octet-stream"
NOT_IN_NAMES = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff]+")

attachments = Table(
    "attachments",
    metadata,
    Column("id", Text, primary_key=True),
    Column("owner", Text, nullable=False, index=True),
    Column("thread_id", Text, ForeignKey("threads.id", ondelete="CASCADE"), nullable=True, index=True),
    Column("created_at", DateTime(timezone=True), nullable=False, index=True),
    Column("name", Text, nullable=False),
    Column("mime_type", Text, nullable=False),
    Column("size", Integer, nullable=False),
    Column("content", LargeBinary, nullable=True),
)


class Attachments:
    """The table of files.

    :raises NotFoundError: from every method, for what is missing, too old, or another reader's.
    """

    def __init__(self, settings: Settings, engine: AsyncEngine, limiter: Limiter) -> None:
        self.settings = settings.attachments
        self.engine = engine
        self.limiter = limiter
        self.redacts = settings.store.redact
        self.kinds: list[Kind] = list(self.settings.types)

    @property
    def max_bytes(self) -> int:
        return int(self.settings.max_mb * MIB)

    async def announce(self, params: AttachmentCreateParams, context: ReaderContext) -> FileAttachment:
        """A place for a file, and where it is to be sent.

        :raises HttpError: 413 for one that is too large, 429 when the reader has sent enough today.
        """
        if params.size < 1:
            raise bad_request("The file is empty.", "file_empty")
        if params.size > self.max_bytes:
            raise too_large(self.settings.max_mb)
        name = clean_name(params.name)
        found = FileAttachment(id=new_id("attachment"), name=redact(name) if self.redacts else name, mime_type=UNKNOWN)
        try:
            url = AnyUrl(f"{(self.settings.url or context.server_url).rstrip('/')}/chatkit/attachments/{found.id}")
        except ValidationError:
            raise bad_request("The `Host` of the request is no address.") from None
        await self.spend(max(params.size, LEAST_BYTES), context)
        await self.add(found, params.size, context)
        return found.model_copy(update={"upload_descriptor": AttachmentUploadDescriptor(url=url, method="POST")})

    async def spend(self, size: int, context: ReaderContext) -> None:
        """Count what is sent, for the reader, the address and the site."""
        most, site = int(self.settings.mb_per_day * MIB), int(self.settings.site_mb_per_day * MIB)
        refusal = "Too many files for one day."
        await self.limiter.spend_day("attachments:", size, most, context.owner, context.address, refusal, site)

    @whole
    async def add(self, found: FileAttachment, size: int, context: ReaderContext) -> None:
        row = {"id": found.id, "owner": context.owner, "name": found.name, "mime_type": UNKNOWN, "size": size}
        async with self.engine.begin() as connection:
            await connection.execute(insert(attachments).values(created_at=datetime.now(UTC), **row))

    @whole
    async def expect(self, attachment_id: str, owner: str) -> int:
        """How many bytes are to come. :raises HttpError: 409 when they are there already."""
        query = select(attachments.c.size, attachments.c.content.is_not(None).label("sent"))
        async with self.engine.connect() as connection:
            row = (await connection.execute(query.where(self.owned([attachment_id], owner)))).one_or_none()
        if row is None:
            raise NotFoundError
        if row.sent:
            raise already_sent()
        return int(row.size)

    @whole
    async def fill(self, attachment_id: str, content: bytes, owner: str) -> FileAttachment:
        """Take the file itself.

        :raises HttpError: 415 when it is of a kind that is not taken, 409 when there is one already.
        """
        mime_type = recognize(content)
        if mime_type is None or kind_of(mime_type) not in self.kinds:
            raise HttpError(415, "unsupported_file", f"Only {self.describe_kinds()} can be added to a question.")
        if mime_type == TEXT and self.redacts:
            content = redact(content.decode("utf-8-sig")).encode()
        condition = self.owned([attachment_id], owner)
        statement = (
            update(attachments)
            .where(condition, attachments.c.content.is_(None))
            .values(content=content, mime_type=mime_type, size=len(content))
            .returning(attachments.c.name)
        )
        async with self.engine.begin() as connection:
            name = (await connection.execute(statement)).scalar_one_or_none()
            if name is None:
                if (await connection.execute(select(attachments.c.id).where(condition))).scalar_one_or_none():
                    raise already_sent()
                raise NotFoundError
        return FileAttachment(id=attachment_id, name=name, mime_type=mime_type)

    @whole
    async def find(self, ids: Sequence[str], owner: str) -> list[FileAttachment]:
        """What a question names. :raises HttpError: 400 when a file was announced and never came."""
        columns = attachments.c
        query = select(columns.id, columns.name, columns.mime_type, columns.content.is_not(None).label("sent"))
        async with self.engine.connect() as connection:
            rows = {row.id: row for row in await connection.execute(query.where(self.owned(ids, owner)))}
        if set(rows) != set(ids):
            raise NotFoundError
        if not all(row.sent for row in rows.values()):
            raise bad_request("A file of the question was never sent.", "file_missing")
        return [FileAttachment(id=rows[name].id, name=rows[name].name, mime_type=rows[name].mime_type) for name in ids]

    @whole
    async def link(self, ids: Sequence[str], thread_id: str, owner: str) -> None:
        """From now on the files go when the conversation goes."""
        async with self.engine.begin() as connection:
            await connection.execute(update(attachments).where(self.owned(ids, owner)).values(thread_id=thread_id))

    @whole
    async def read(self, ids: Sequence[str], owner: str) -> tuple[AttachedFile, ...]:
        """The files that are still there, in this order."""
        columns = attachments.c
        query = select(columns.id, columns.name, columns.mime_type, columns.content)
        query = query.where(self.owned(ids, owner), columns.content.is_not(None))
        async with self.engine.connect() as connection:
            rows = {row.id: row for row in await connection.execute(query)}
        return tuple(AttachedFile(rows[x].name, rows[x].mime_type, rows[x].content) for x in ids if x in rows)

    @whole
    async def remove(self, attachment_id: str, owner: str) -> None:
        statement = delete(attachments).where(self.owned([attachment_id], owner)).returning(attachments.c.id)
        async with self.engine.begin() as connection:
            if (await connection.execute(statement)).scalar_one_or_none() is None:
                raise NotFoundError

    def owned(self, ids: Sequence[str], owner: str) -> ColumnElement[bool]:
        young = attachments.c.created_at > datetime.now(UTC) - timedelta(hours=self.settings.hours)
        return attachments.c.id.in_(ids) & (attachments.c.owner == owner) & young

    def describe_kinds(self) -> str:
        kinds = {"text": "text in UTF-8", "image": "images (PNG, JPEG, GIF, WebP)"}
        return " and ".join(kinds[kind] for kind in self.kinds)


def clean_name(name: str) -> str:
    """The last part of a name, without what would not be seen."""
    last = re.split(r"[/\\]", name)[-1]
    return NOT_IN_NAMES.sub(" ", last).strip()[:MAX_NAME_CHARS] or "file"


def too_large(max_mb: float) -> HttpError:
    return HttpError(413, "too_large", f"A file has at most {max_mb:g} MiB.")


def already_sent() -> HttpError:
    return HttpError(409, "already_sent", "This file was sent already.")

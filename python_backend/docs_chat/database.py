"""Opens the database and brings its schema up to date."""

from __future__ import annotations

import socket
import sqlite3
import time
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from docs_index.errors import UserError
from sqlalchemy import Connection, Table, event, make_url
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import ArgumentError, DBAPIError, InterfaceError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from docs_chat.database_thread import ThreadedEngine, connect_inline
from docs_chat.settings import Settings

DRIVERS = {"sqlite": "sqlite+aiosqlite", "postgresql": "postgresql+asyncpg", "postgres": "postgresql+asyncpg"}
BUSY_SECONDS = 5
#: How long a reader's request waits for a connection, and for an answer on it.
CONNECT_SECONDS = 5
QUERY_SECONDS = 10
#: What may be over in a moment. SQLite: busy, locked, read-only, an error of the disk, full, cannot be opened.
SQLITE_TROUBLE = frozenset({5, 6, 8, 10, 13, 14})
#: PostgreSQL's classes: connection, read-only transaction, resources, operator intervention, system error.
POSTGRESQL_TROUBLE = ("08", "25006", "53", "57", "58")
#: Servers that start together bring the schema up to date one after the other.
MIGRATION_LOCK = 0x646F6373
TURN = {"sqlite": "BEGIN IMMEDIATE", "postgresql": f"SELECT pg_advisory_xact_lock({MIGRATION_LOCK})"}


def is_unavailable(error: BaseException) -> bool:
    """Whether the database cannot be used right now: that is nobody's fault who asked, and may be over in a moment."""
    if isinstance(error, DBAPIError):
        if error.connection_invalidated or isinstance(error, InterfaceError):
            return True
        error = error.orig or error
    code = getattr(error, "sqlite_errorcode", None)
    if isinstance(code, int):
        return code & 0xFF in SQLITE_TROUBLE
    state = getattr(error, "sqlstate", None)
    if isinstance(state, str):
        return state.startswith(POSTGRESQL_TROUBLE)
    # asyncpg lets the socket's own errors through; a pool without a free connection is a TimeoutError of SQLAlchemy.
    return isinstance(error, ConnectionError | TimeoutError | PoolTimeoutError | socket.gaierror)


def connect_database(url: str, *, patient: bool = True) -> ThreadedEngine:
    """An engine for the URL; nothing is connected yet.

    :param patient: False where a reader waits: a query, and a free connection, then come soon or not at all.

    :raises UserError: the URL is wrong or the driver is missing.
    """
    try:
        parsed = make_url(url)
        parsed = parsed.set(drivername=DRIVERS.get(parsed.drivername, parsed.drivername))
        sqlite = parsed.get_backend_name() == "sqlite"
        if sqlite and parsed.database and parsed.database != ":memory:":
            Path(parsed.database).parent.mkdir(parents=True, exist_ok=True)
        # Parameters are readers' words: they stay out of error messages.
        arguments: dict[str, Any] = {"timeout": BUSY_SECONDS} if sqlite else {}
        options: dict[str, Any] = {}
        if not patient and (not sqlite or Path(parsed.database or ":memory:").name != ":memory:"):
            options["pool_timeout"] = QUERY_SECONDS
        if sqlite and "pool_timeout" in options:
            # SQLite has one writer: here they wait in line, where its own locks let the luckiest go first, for ever.
            options |= {"pool_size": 1, "max_overflow": 0, "pool_reset_on_return": None}
            arguments["async_creator_fn"] = connect_inline
        if parsed.drivername == DRIVERS["postgresql"]:
            arguments["timeout"] = CONNECT_SECONDS
            if not patient:
                arguments["command_timeout"] = QUERY_SECONDS
            # Days are counted in UTC, wherever the database's server is.
            arguments["server_settings"] = {"timezone": "UTC"}
        engine = create_async_engine(
            parsed, hide_parameters=True, pool_pre_ping=not sqlite, connect_args=arguments, **options
        ).sync_engine
    except ArgumentError:
        raise UserError("The database URL cannot be read.", hint="Check DOCS_CHAT_DATABASE_URL.") from None
    except ModuleNotFoundError as error:
        raise UserError(
            f"The database needs the Python package {error.name}.", hint=f"pip install {error.name}"
        ) from None
    except OSError as error:
        raise UserError(f"The database's folder cannot be made: {error}.") from None
    if sqlite:
        event.listen(engine, "connect", prepare_sqlite)
    return ThreadedEngine(engine)


def insert_into(engine: AsyncEngine, table: Table) -> Any:
    """The INSERT of the engine's dialect, which knows ON CONFLICT."""
    dialect = sqlite if engine.dialect.name == "sqlite" else postgresql
    return dialect.insert(table)


async def migrate_database(engine: AsyncEngine) -> None:
    """Bring the schema up to date.

    :raises UserError: the database cannot be reached or written.
    """
    try:
        async with engine.begin() as connection:
            await connection.run_sync(migrate)
    except (SQLAlchemyError, OSError) as error:
        shown = engine.url.render_as_string(hide_password=True)
        raise UserError(
            f"The database {shown} cannot be used ({type(error).__name__}).",
            hint="Check DOCS_CHAT_DATABASE_URL, and that the folder can be written.",
        ) from error


@asynccontextmanager
async def open_database(settings: Settings) -> AsyncGenerator[AsyncEngine]:
    """The database of a server that has run, for a command.

    :raises UserError: there is none, or it cannot be used.
    """
    file = settings.sqlite_file
    if file and not file.exists():
        raise UserError(f"There is no database {file} yet.", hint="The server makes it: docs-chat serve")
    engine = connect_database(settings.database_url)
    try:
        await migrate_database(engine)
        yield engine
    finally:
        await engine.dispose()


async def prepare_database(url: str) -> None:
    """Make sure that the database can be used, before the server starts.

    :raises UserError: it cannot.
    """
    engine = connect_database(url)
    try:
        await migrate_database(engine)
    finally:
        await engine.dispose()


def prepare_sqlite(connection: Any, record: Any) -> None:
    """Readers do not wait for the writer; deleting a thread takes what hangs on it, and overwrites it in the file."""
    cursor = connection.cursor()
    begin_wal(cursor)
    cursor.execute("PRAGMA synchronous=NORMAL")
    cursor.execute("PRAGMA foreign_keys=ON")
    cursor.execute("PRAGMA secure_delete=ON")
    cursor.close()


def begin_wal(cursor: Any) -> None:
    """A new file becomes a WAL once. While another server writes its first tables SQLite refuses that at once, whatever
    the timeout: it takes the waiting for a deadlock."""
    deadline = time.monotonic() + BUSY_SECONDS
    while True:
        try:
            cursor.execute("PRAGMA journal_mode=WAL")
            return
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY or time.monotonic() > deadline:
                raise
        time.sleep(0.01)


def migrate(connection: Connection) -> None:
    if connection.dialect.name in TURN:
        connection.exec_driver_sql(TURN[connection.dialect.name])
    command.upgrade(make_config(connection), "head")


def make_config(connection: Connection | None) -> Config:
    """Where the migrations are, and what they run on."""
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    config.attributes["connection"] = connection
    return config

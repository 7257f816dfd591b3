"""The store on each kind of database, real: what is another reader's does not exist."""

from __future__ import annotations

import asyncio
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Awaitable, Callable
from contextlib import closing
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from chatkit.store import NotFoundError
from chatkit.types import (
    AssistantMessageContent,
    AssistantMessageItem,
    InferenceOptions,
    ThreadMetadata,
    UserMessageItem,
    UserMessageTextContent,
)
from docs_chat.answer.kept import AnswerCache, Cited, KeptAnswer, kept_answers
from docs_chat.context import ReaderContext
from docs_chat.cost import Usage
from docs_chat.database import connect_database, make_config, migrate_database, prepare_database
from docs_chat.errors import HttpError
from docs_chat.records import AnswerRecord, Outcome, Records, answers
from docs_chat.threads import ThreadStore, metadata, new_id
from sqlalchemy import Connection, MetaData, func, inspect, select, update
from sqlalchemy.ext.asyncio import AsyncEngine

ME = ReaderContext(owner="me", request_id="1")
OTHER = ReaderContext(owner="other", request_id="2")


@pytest.fixture
def run(database_url: str) -> Callable[[Callable[[ThreadStore], Awaitable[Any]]], Any]:
    """Runs a coroutine with a migrated store."""

    def with_store(work: Callable[[ThreadStore], Awaitable[Any]]) -> Any:
        async def main() -> Any:
            engine = connect_database(database_url)
            await migrate_database(engine)
            try:
                return await work(ThreadStore(engine))
            finally:
                await engine.dispose()

        return asyncio.run(main())

    return with_store


Run = Callable[[Callable[[ThreadStore], Awaitable[Any]]], Any]


def make_thread(name: str = "", created_at: datetime | None = None) -> ThreadMetadata:
    return ThreadMetadata(id=name or new_id("thread"), created_at=created_at or datetime.now(UTC), title="T")


def make_item(thread_id: str, name: str = "", text: str = "hi") -> UserMessageItem:
    return UserMessageItem(
        id=name or new_id("message"),
        thread_id=thread_id,
        created_at=datetime.now(UTC),
        content=[UserMessageTextContent(text=text)],
        inference_options=InferenceOptions(),
    )


def test_what_is_saved_is_loaded(run: Run) -> None:
    async def work(store: ThreadStore) -> None:
        thread = make_thread()
        await store.save_thread(thread, ME)
        item = make_item(thread.id)
        await store.add_thread_item(thread.id, item, ME)
        assert await store.load_thread(thread.id, ME) == thread
        assert await store.load_item(thread.id, item.id, ME) == item

    run(work)


OPERATIONS: dict[str, Callable[[ThreadStore, str, str, ReaderContext], Awaitable[Any]]] = {
    "load_thread": lambda store, thread, item, who: store.load_thread(thread, who),
    "save_thread": lambda store, thread, item, who: store.save_thread(make_thread(thread), who),
    "load_thread_items": lambda store, thread, item, who: store.load_thread_items(thread, None, 5, "asc", who),
    "add_thread_item": lambda store, thread, item, who: store.add_thread_item(thread, make_item(thread, item), who),
    "save_item": lambda store, thread, item, who: store.save_item(thread, make_item(thread, item), who),
    "load_item": lambda store, thread, item, who: store.load_item(thread, item, who),
    "delete_thread": lambda store, thread, item, who: store.delete_thread(thread, who),
    "delete_thread_item": lambda store, thread, item, who: store.delete_thread_item(thread, item, who),
    "save_feedback": lambda store, thread, item, who: store.save_feedback(thread, [item], "positive", who),
}


@pytest.mark.parametrize("name", OPERATIONS)
def test_another_readers_thread_does_not_exist(run: Run, name: str) -> None:
    async def work(store: ThreadStore) -> None:
        thread = make_thread()
        item = make_item(thread.id)
        await store.save_thread(thread, ME)
        await store.add_thread_item(thread.id, item, ME)
        with pytest.raises(NotFoundError):
            await OPERATIONS[name](store, thread.id, item.id, OTHER)
        assert await store.load_thread(thread.id, ME) == thread
        assert (await store.load_thread_items(thread.id, None, 5, "asc", ME)).data == [item]
        assert (await store.load_threads(5, None, "desc", OTHER)).data == []

    run(work)


def test_items_of_two_threads_may_share_an_id(run: Run) -> None:
    async def work(store: ThreadStore) -> None:
        for name, owner in (("a", ME), ("b", OTHER)):
            await store.save_thread(make_thread(name), owner)
            await store.add_thread_item(name, make_item(name, "same", text=name), owner)
        mine = await store.load_item("a", "same", ME)
        assert isinstance(mine, UserMessageItem)
        assert mine.content[0].text == "a"

    run(work)


def test_saving_twice_replaces_and_keeps_the_place(run: Run) -> None:
    async def work(store: ThreadStore) -> None:
        await store.save_thread(make_thread("t"), ME)
        for name in ("x", "y", "x"):
            await store.add_thread_item("t", make_item("t", name), ME)
        page = await store.load_thread_items("t", None, 10, "asc", ME)
        assert [item.id for item in page.data] == ["x", "y"]

    run(work)


def test_order_is_the_sequence_not_the_clock(run: Run) -> None:
    async def work(store: ThreadStore) -> None:
        past = datetime.now(UTC) - timedelta(days=1)
        await store.save_thread(make_thread("late"), ME)
        await store.save_thread(make_thread("early", past), ME)
        page = await store.load_threads(10, None, "desc", ME)
        assert [thread.id for thread in page.data] == ["early", "late"]

    run(work)


@pytest.mark.parametrize("order", ["asc", "desc"])
def test_pages_join_without_gap_or_repeat(run: Run, order: str) -> None:
    async def work(store: ThreadStore) -> None:
        await store.save_thread(make_thread("t"), ME)
        names = [f"i{number}" for number in range(7)]
        for name in names:
            await store.add_thread_item("t", make_item("t", name), ME)
        seen: list[str] = []
        after = None
        while True:
            page = await store.load_thread_items("t", after, 3, order, ME)
            seen += [item.id for item in page.data]
            after = page.after
            if not page.has_more:
                break
        assert seen == (names if order == "asc" else names[::-1])
        assert after is None

    run(work)


@pytest.mark.parametrize("limit", [-1, 0, 10**9])
def test_page_size_is_bounded(run: Run, limit: int) -> None:
    async def work(store: ThreadStore) -> None:
        await store.save_thread(make_thread("t"), ME)
        for number in range(103):
            await store.add_thread_item("t", make_item("t", f"i{number}"), ME)
        page = await store.load_thread_items("t", None, limit, "asc", ME)
        assert len(page.data) == min(max(limit, 1), 100)

    run(work)


def test_an_unknown_cursor_is_refused(run: Run) -> None:
    async def work(store: ThreadStore) -> None:
        await store.save_thread(make_thread("t"), ME)
        await store.save_thread(make_thread("foreign"), OTHER)
        for cursor in ("nothing", "foreign"):
            with pytest.raises(HttpError) as caught:
                await store.load_threads(5, cursor, "desc", ME)
            assert caught.value.status == 400

    run(work)


def test_times_are_utc(run: Run) -> None:
    async def work(store: ThreadStore) -> None:
        moment = datetime(2026, 1, 1, 12, tzinfo=timezone(timedelta(hours=5)))
        await store.save_thread(make_thread("t", moment), ME)
        loaded = (await store.load_thread("t", ME)).created_at
        assert loaded == moment
        assert loaded.utcoffset() == timedelta(0)

    run(work)


def test_an_answer_that_was_cut_says_so(run: Run) -> None:
    async def work(store: ThreadStore) -> None:
        context = ReaderContext(owner="me", request_id="3", locale="fr", incomplete={"m"})
        await store.save_thread(make_thread("t"), context)
        message = AssistantMessageItem(
            id="m",
            thread_id="t",
            created_at=datetime.now(UTC),
            content=[AssistantMessageContent(text="Half")],
        )
        await store.add_thread_item("t", message, context)
        loaded = await store.load_item("t", "m", context)
        assert isinstance(loaded, AssistantMessageItem)
        assert loaded.content[0].text == "Half\n\n*Cette réponse s'est arrêtée avant la fin.*"

    run(work)


def test_deleting_a_thread_takes_items_and_feedback(run: Run) -> None:
    async def work(store: ThreadStore) -> None:
        await store.save_thread(make_thread("t"), ME)
        await store.add_thread_item("t", make_item("t", "i"), ME)
        await store.save_feedback("t", ["i"], "negative", ME)
        await store.delete_thread("t", ME)
        await store.save_thread(make_thread("t"), ME)
        assert (await store.load_thread_items("t", None, 5, "asc", ME)).data == []

    run(work)


def test_migrating_twice_keeps_what_is_there(run: Run) -> None:
    async def first(store: ThreadStore) -> None:
        await store.save_thread(make_thread("t"), ME)

    async def second(store: ThreadStore) -> str:
        return (await store.load_thread("t", ME)).id

    run(first)
    assert run(second) == "t"


def find_differences(connection: Connection) -> list[Any]:
    return list(compare_metadata(MigrationContext.configure(connection), metadata))


def test_migrations_make_the_tables_that_the_store_uses(run: Run) -> None:
    def compare(connection: Connection) -> tuple[set[str], list[Any]]:
        return set(inspect(connection).get_table_names()), find_differences(connection)

    async def work(store: ThreadStore) -> tuple[set[str], list[Any]]:
        async with store.engine.connect() as connection:
            return await connection.run_sync(compare)

    tables, differences = run(work)
    assert tables == {*metadata.tables, "alembic_version"}
    assert differences == []


async def migrate_to(engine: AsyncEngine, revision: str) -> None:
    def upgrade(connection: Connection) -> None:
        command.upgrade(make_config(connection), revision)

    async with engine.begin() as connection:
        await connection.run_sync(upgrade)


def list_revisions() -> list[str]:
    script = ScriptDirectory.from_config(make_config(None))
    return [revision.revision for revision in script.walk_revisions()][::-1]


@pytest.mark.parametrize("revision", list_revisions())
def test_every_earlier_schema_is_brought_up_to_date_with_what_is_in_it(database_url: str, revision: str) -> None:
    moment = datetime(2026, 1, 2, 3, tzinfo=UTC)
    thread, item = make_thread("t", moment), make_item("t", "i", "before")
    common = {"created_at": moment}
    rows: dict[str, dict[str, Any]] = {
        "threads": {"id": "t", "owner": "me", "updated_at": moment, "data": thread.model_dump_json()},
        "items": {"id": "i", "thread_id": "t", "status": "complete", "data": item.model_dump_json()},
        "feedback": {"thread_id": "t", "item_id": "i", "kind": "positive"},
        "answers": {
            **dict.fromkeys(("thread_id", "item_id", "engine", "state", "outcome", "passages"), "x"),
            **dict.fromkeys(("input_tokens", "cached_tokens", "output_tokens", "seconds"), 1),
            "estimated": False,
            "cost_usd": 0.5,
        },
        "kept_answers": {"key": "k", "data": '{"text": "Kept [1].", "cited": []}'},
    }

    def fill(connection: Connection) -> None:
        earlier = MetaData()
        earlier.reflect(connection)
        for name, row in rows.items():
            if name in earlier.tables:
                connection.execute(earlier.tables[name].insert().values(**common, **row))

    async def main() -> None:
        engine = connect_database(database_url)
        await migrate_to(engine, revision)
        async with engine.begin() as connection:
            await connection.run_sync(fill)
        await migrate_database(engine)
        async with engine.connect() as connection:
            assert await connection.run_sync(find_differences) == []
        store = ThreadStore(engine)
        assert await store.load_thread("t", ME) == thread
        assert await store.load_item("t", "i", ME) == item
        await store.save_feedback("t", ["i"], "negative", ME)
        await Records(engine).add(make_record("complete", 0.25, thread_id="t", item_id="i"))
        days = await Records(engine).sum_days(10_000)
        assert sum(day.cost_usd for day in days) == (0.25 if revision == "0001" else 0.75)
        await engine.dispose()

    asyncio.run(main())


MIGRATE = """
import asyncio, sys
from docs_chat.database import connect_database, prepare_database
import aiosqlite, alembic.command, asyncpg
print("ready", flush=True)
sys.stdin.readline()
asyncio.run(prepare_database(sys.argv[1]))
"""


def test_servers_that_start_together_migrate_one_after_the_other(database_url: str) -> None:
    servers = [
        subprocess.Popen(
            [sys.executable, "-c", MIGRATE, database_url],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for _ in range(3)
    ]
    for server in servers:
        assert server.stdout and server.stdout.readline() == "ready\n"
    for server in servers:
        assert server.stdin
        server.stdin.write("\n")
        server.stdin.flush()
    errors = [server.communicate()[1] for server in servers]
    assert [server.returncode for server in servers] == [0, 0, 0], errors


def test_a_server_waits_while_another_writes_the_first_tables_of_a_new_file(tmp_path: Path) -> None:
    other = sqlite3.connect(tmp_path / "chat.db", isolation_level=None, check_same_thread=False)
    other.execute("CREATE TABLE first (id TEXT)")
    other.execute("BEGIN IMMEDIATE")
    threading.Timer(0.3, other.commit).start()
    asyncio.run(prepare_database(f"sqlite:///{tmp_path}/chat.db"))
    other.close()
    with closing(sqlite3.connect(tmp_path / "chat.db")) as after:
        assert after.execute("PRAGMA journal_mode").fetchone() == ("wal",)


def make_record(outcome: Outcome, cost_usd: float | None, **more: Any) -> AnswerRecord:
    usage = Usage(100, 10, 20, estimated=outcome == "failed")
    return AnswerRecord("a-model", "answer", outcome, usage, cost_usd, seconds=1.23456, **more)


def test_answers_are_summed_by_day_with_what_readers_think_of_them(run: Run) -> None:
    async def work(store: ThreadStore) -> None:
        records = Records(store.engine)
        await store.save_thread(make_thread("t"), ME)
        for name in ("liked", "disliked", "unrated"):
            await store.add_thread_item("t", make_item("t", name), ME)
            await records.add(make_record("complete", 0.25, thread_id="t", item_id=name))
        await store.save_feedback("t", ["liked"], "positive", ME)
        await store.save_feedback("t", ["disliked"], "negative", ME, "wrong: it is 8766")
        await records.add(make_record("failed", None))
        (day,) = await records.sum_days(1)
        assert (day.engine, day.answers, day.failed, day.refused) == ("a-model", 4, 1, 0)
        assert (day.input_tokens, day.cached_tokens, day.output_tokens) == (400, 40, 80)
        assert (day.cost_usd, day.unpriced) == (0.75, 1)
        assert (day.liked, day.disliked) == (1, 1)
        (said,) = await records.list_reasons(1, 10)
        assert (said.day, said.kind, said.reason) == (day.day, "negative", "wrong: it is 8766")
        assert await records.list_reasons(0, 10) == []

    run(work)


@pytest.mark.parametrize("hour", [0, 23])
def test_a_day_is_a_day_of_utc(run: Run, hour: int) -> None:
    async def work(store: ThreadStore) -> None:
        records = Records(store.engine)
        await records.add(make_record("complete", 0))
        moment = (datetime.now(UTC) - timedelta(days=1)).replace(hour=hour, minute=30)
        async with store.engine.begin() as connection:
            await connection.execute(update(answers).values(created_at=moment))
        (day,) = await records.sum_days(3)
        assert day.day == moment.date().isoformat()
        assert await records.sum_days(0) == []

    run(work)


def test_an_answer_is_kept_until_it_is_too_old(run: Run) -> None:
    first, second = (KeptAnswer(text, (Cited(1, "/docs/install", "pip", "abc"),)) for text in ("One [1].", "Two [1]."))

    async def work(store: ThreadStore) -> None:
        cache = AnswerCache(store.engine, days=7)
        assert await cache.get("key") is None
        await cache.put("key", first)
        assert await cache.get("key") == first
        await cache.put("key", second)
        assert await cache.get("key") == second
        async with store.engine.begin() as connection:
            await connection.execute(update(kept_answers).values(created_at=datetime.now(UTC) - timedelta(days=8)))
        assert await cache.get("key") is None
        await cache.put("another", first)
        async with store.engine.connect() as connection:
            assert (await connection.execute(select(func.count()).select_from(kept_answers))).scalar_one() == 1

    run(work)


def test_ids_do_not_repeat() -> None:
    ids = {new_id("message") for _ in range(10_000)}
    assert len(ids) == 10_000
    assert all(len(name.partition("_")[2]) == 32 for name in ids)


def test_writers_in_a_crowd_wait_in_line_and_none_is_turned_away(
    database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    # SQLite's own waiting is no line: some wait for ever while others go first.
    monkeypatch.setattr("docs_chat.database.BUSY_SECONDS", 0.001)

    async def main() -> int:
        engine = connect_database(database_url, patient=False)
        await migrate_database(engine)
        store = ThreadStore(engine)
        threads = [make_thread() for _ in range(100)]
        try:
            await asyncio.gather(*(store.save_thread(thread, ME) for thread in threads))
            await asyncio.gather(*(store.add_thread_item(thread.id, make_item(thread.id), ME) for thread in threads))
            pages = [await store.load_thread_items(thread.id, None, 5, "asc", ME) for thread in threads]
        finally:
            await engine.dispose()
        return sum(len(page.data) for page in pages)

    assert asyncio.run(main()) == 100

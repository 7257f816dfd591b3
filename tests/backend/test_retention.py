"""What becomes of readers' data: deleted by age, by the reader, by the owner; given to the reader as it is."""

from __future__ import annotations

import asyncio
import json
import subprocess
import time
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx2
import pytest
from docs_chat.answer.kept import AnswerCache, KeptAnswer, kept_answers
from docs_chat.database import connect_database, migrate_database
from docs_chat.records import Records, answers
from docs_chat.retention import BATCH, Purged, Retention
from docs_chat.settings import Settings
from docs_chat.threads import ThreadStore, items, threads
from sqlalchemy import func, select, update
from sqlalchemy.ext.asyncio import AsyncEngine

from ..program import run_program
from .conftest import MockModel, Serve, run_cli, serving
from .reader import Reader, thread_of
from .test_threads import ME, OTHER, make_item, make_record, make_thread

Run = Callable[[Callable[[AsyncEngine], Awaitable[Any]]], Any]
CANARY = "Kookaburra"


@pytest.fixture
def run(database_url: str) -> Run:
    def with_engine(work: Callable[[AsyncEngine], Awaitable[Any]]) -> Any:
        async def main() -> Any:
            engine = connect_database(database_url)
            await migrate_database(engine)
            try:
                return await work(engine)
            finally:
                await engine.dispose()

        return asyncio.run(main())

    return with_engine


async def count_all(engine: AsyncEngine) -> list[int]:
    async with engine.connect() as connection:
        return [
            (await connection.execute(select(func.count()).select_from(table))).scalar_one()
            for table in (threads, items, kept_answers, answers)
        ]


async def fill(engine: AsyncEngine, name: str, days: float, *, context: Any = ME, last: float | None = None) -> None:
    """A thread of so many days ago with an opinion, a record and a kept answer; ``last`` is when it was last used."""
    store = ThreadStore(engine)
    await store.save_thread(make_thread(name), context)
    for item in ("q", "a"):
        await store.add_thread_item(name, make_item(name, item, CANARY), context)
    await store.save_feedback(name, ["a"], "negative", context)
    await AnswerCache(engine, 1000).put(f"key-{name}", KeptAnswer("Kept", ()))
    await Records(engine).add(make_record("complete", 1.0, thread_id=name, item_id="a", kept_key=f"key-{name}"))
    moment = datetime.now(UTC) - timedelta(days=days)
    used = moment if last is None else datetime.now(UTC) - timedelta(days=last)
    async with engine.begin() as connection:
        await connection.execute(update(threads).where(threads.c.id == name).values(updated_at=moment))
        await connection.execute(update(items).where(items.c.thread_id == name).values(created_at=used))


def days_ago(days: float) -> datetime:
    return datetime.now(UTC) - timedelta(days=days)


def test_what_is_old_goes_and_the_books_stay(run: Run) -> None:
    async def work(engine: AsyncEngine) -> None:
        retention = Retention(engine)
        await fill(engine, "old", 40)
        await fill(engine, "old-but-used", 40, last=1)
        await fill(engine, "new", 1, context=OTHER)
        expected = Purged(threads=1, items=2, feedback=1, kept_answers=1)
        assert await retention.purge(days_ago(30), dry_run=True) == expected
        assert await count_all(engine) == [3, 6, 3, 3]
        assert await retention.purge(days_ago(30)) == expected
        assert await count_all(engine) == [2, 4, 2, 3]
        async with engine.connect() as connection:
            links = (await connection.execute(select(answers.c.thread_id).order_by(answers.c.seq))).scalars().all()
        assert list(links) == [None, "old-but-used", "new"]
        (day,) = await Records(engine).sum_days(1)
        assert (day.answers, day.cost_usd) == (3, 3.0)
        assert await retention.purge(days_ago(30)) == Purged()

    run(work)


def test_many_conversations_go_in_several_steps(run: Run) -> None:
    async def work(engine: AsyncEngine) -> None:
        store = ThreadStore(engine)
        for number in range(BATCH * 2):
            await store.save_thread(make_thread(f"t{number}"), ME)
        await store.save_thread(make_thread("other"), OTHER)
        assert (await Retention(engine).erase("me", dry_run=True)).threads == BATCH * 2
        assert (await Retention(engine).erase("me")).threads == BATCH * 2
        assert (await count_all(engine))[0] == 1

    run(work)


def test_one_readers_data_go_and_nobody_elses(run: Run) -> None:
    async def work(engine: AsyncEngine) -> None:
        retention = Retention(engine)
        await fill(engine, "mine", 1)
        await fill(engine, "theirs", 1, context=OTHER)
        before = await retention.export("other")
        assert await retention.erase("me") == Purged(1, 2, 1, 1)
        assert await retention.export("me") == {"reader": "me", "threads": [], "attachments": []}
        assert await retention.export("other") == before
        assert await retention.erase("me") == Purged()

    run(work)


def test_what_was_deleted_is_not_in_the_files_any_more(tmp_path: Path) -> None:
    async def main() -> None:
        engine = connect_database(f"sqlite:///{tmp_path / 'chat.db'}")
        await migrate_database(engine)
        for number in range(20):
            await fill(engine, f"t{number}", 1)
        assert CANARY.encode() in read_files(tmp_path)
        await Retention(engine).erase("me")
        assert CANARY.encode() not in read_files(tmp_path)
        await engine.dispose()

    asyncio.run(main())


def read_files(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in folder.iterdir())


def test_a_reader_takes_and_deletes_their_data(url: str) -> None:
    mine, other = Reader(url), Reader(url)
    thread_id = thread_of(mine.ask(f"How do I install Kettle, {CANARY}?"))
    answer = next(item for item in mine.items(thread_id) if item["type"] == "assistant_message")
    mine.post("items.feedback", {"thread_id": thread_id, "item_ids": [answer["id"]], "kind": "positive"})
    other.ask("How do I install Kettle?")
    theirs = other.client.get("/identity/data", headers=other.headers).json()

    data = mine.client.get("/identity/data", headers=mine.headers)
    assert data.headers["cache-control"] == "no-store"
    (thread,) = data.json()["threads"]
    assert (thread["id"], [item["type"] for item in thread["items"]]) == (
        thread_id,
        ["user_message", "workflow", "assistant_message"],
    )
    assert CANARY in json.dumps(thread["items"])
    assert [(verdict["item_id"], verdict["kind"]) for verdict in thread["feedback"]] == [(answer["id"], "positive")]

    gone = mine.client.delete("/identity", headers=mine.headers)
    assert gone.json() == {"threads": 1, "items": 3, "feedback": 1, "kept_answers": 0, "attachments": 0}
    assert mine.client.get("/identity/data", headers=mine.headers).json()["threads"] == []
    assert mine.post("threads.get_by_id", {"thread_id": thread_id}).status_code == 404
    assert other.client.get("/identity/data", headers=other.headers).json() == theirs
    mine.close()
    other.close()


@pytest.mark.parametrize(("method", "path"), [("DELETE", "/identity"), ("GET", "/identity/data")])
def test_without_a_token_there_is_nothing_to_take_or_delete(url: str, method: str, path: str) -> None:
    assert httpx2.request(method, url + path).status_code == 401
    foreign = httpx2.request(method, url + path, headers={"Origin": "https://evil.test"})
    assert foreign.status_code == 403
    asked = {"Origin": "https://docs.example", "Access-Control-Request-Method": method}
    asked["Access-Control-Request-Headers"] = "authorization"
    assert httpx2.options(url + path, headers=asked).status_code == 200


def test_an_answer_that_is_given_again_goes_with_the_conversation_it_was_made_in(
    serve: Serve, model: MockModel, tmp_path: Path
) -> None:
    url = serve(openai_base_url=f"{model.url}/v1", limits={"enabled": False})
    reader = Reader(url)
    reply = {"type": "reply", "text": "Run `pip install kettle` [1]."}
    model.script(reply, reply)
    reader.ask("How do I install Kettle with pip?")
    assert reader.client.delete("/identity", headers=reader.headers).json()["kept_answers"] == 1
    reader.ask("How do I install Kettle with pip?")
    assert len(model.requests()) == 2
    reader.close()


def test_an_answer_that_is_on_its_way_does_not_bring_a_deleted_conversation_back(
    serve: Serve, model: MockModel
) -> None:
    url = serve(openai_base_url=f"{model.url}/v1", limits={"enabled": False})
    reader = Reader(url)
    model.script(
        {"type": "reply", "text": " ".join(["word"] * 50)},
        {"type": "stream_fault", "kind": "stall", "after_chunks": 10, "stall_seconds": 2},
    )
    with reader.stream("How do I install Kettle with pip?") as events:
        for event in events:
            if event.get("update", {}).get("type", "").endswith("text_delta"):
                second = httpx2.delete(f"{url}/identity", headers=reader.headers)
                assert second.json()["threads"] == 1
                break
        rest = list(events)
    assert rest[-1]["type"] == "error"
    assert reader.client.get("/identity/data", headers=reader.headers).json()["threads"] == []
    reader.close()


def test_the_server_deletes_by_age_by_itself(site: Path, tmp_path: Path) -> None:
    database = f"sqlite:///{tmp_path / 'chat.db'}"

    async def prepare() -> None:
        engine = connect_database(database)
        await migrate_database(engine)
        await fill(engine, "old", 40)
        await fill(engine, "new", 2)
        await engine.dispose()

    async def count() -> int:
        engine = connect_database(database)
        found = (await count_all(engine))[0]
        await engine.dispose()
        return found

    asyncio.run(prepare())
    settings = {
        "index": str(site / ".docs-chat" / "index"),
        "database_url": database,
        "store": {"retention_days": 30},
    }
    with serving(Settings.model_validate(settings)):
        for _ in range(100):
            if asyncio.run(count()) == 1:
                break
            time.sleep(0.05)
    assert asyncio.run(count()) == 1


def purge(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return run_program("--json", "purge", "--site", folder, *arguments)


def test_the_command_line_deletes_by_age_or_one_reader(tmp_path: Path) -> None:
    async def prepare() -> None:
        engine = connect_database(f"sqlite:///{tmp_path / '.docs-chat' / 'chat.db'}")
        await migrate_database(engine)
        await fill(engine, "old", 40)
        await fill(engine, "new", 2, context=OTHER)
        await engine.dispose()

    asyncio.run(prepare())
    none = {"threads": 0, "items": 0, "feedback": 0, "kept_answers": 0, "attachments": 0}
    one = {"threads": 1, "items": 2, "feedback": 1, "kept_answers": 1, "attachments": 0}
    assert json.loads(purge(tmp_path, "--days", "30", "--dry-run").stdout) == {"dry_run": True, **one}
    (tmp_path / "docs-chat.toml").write_text("[store]\nretention_days = 30\n")
    assert json.loads(purge(tmp_path).stdout) == {"dry_run": False, **one}
    assert json.loads(purge(tmp_path).stdout) == {"dry_run": False, **none}
    shown = json.loads(run_cli("data", "--reader", "other", "--site", str(tmp_path)).stdout)
    assert [thread["id"] for thread in shown["threads"]] == ["new"]
    assert json.loads(purge(tmp_path, "--reader", "nobody").stdout) == {"dry_run": False, **none}
    assert json.loads(purge(tmp_path, "--reader", "other").stdout) == {"dry_run": False, **one}


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((), "How old is old?"),
        (("--days", "1", "--reader", "x"), "Give one of"),
        (("--days", "-1"), "--days"),
        (("--subject", "anna"), "auth.issuer is not set"),
        (("--days", "1"), "There is no database"),
    ],
)
def test_a_purge_that_is_not_clear_deletes_nothing(tmp_path: Path, arguments: tuple[str, ...], message: str) -> None:
    done = purge(tmp_path, *arguments)
    assert done.returncode == 2
    assert message in done.stderr
    assert "Traceback" not in done.stderr

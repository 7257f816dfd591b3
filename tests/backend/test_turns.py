"""A thread is answered once at a time, also by several servers, and is free again when one of them dies."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

import pytest
from docs_chat.database import connect_database, migrate_database
from docs_chat.turns import LocalTurns, SharedTurns, make_turns

from .conftest import MockModel, Serve
from .postgres import Postgres
from .reader import Reader, question, thread_of

SLOW = {"type": "reply", "text": " ".join(["word"] * 200) + " [1].", "times": 20}


def with_servers(url: str, work: Callable[[SharedTurns, SharedTurns], Awaitable[None]]) -> None:
    async def main() -> None:
        engines = [connect_database(url), connect_database(url)]
        await migrate_database(engines[0])
        try:
            await work(SharedTurns(engines[0]), SharedTurns(engines[1]))
        finally:
            for engine in engines:
                await engine.dispose()

    asyncio.run(main())


def test_of_many_that_want_a_turn_one_gets_it(postgres: Postgres) -> None:
    async def work(one: SharedTurns, other: SharedTurns) -> None:
        taken = await asyncio.gather(*(turns.take("t") for turns in (one, other) for _ in range(20)))
        assert sum(taken) == 1
        winner = one if one.taken else other
        await winner.give_back("t")
        assert await other.take("t")

    with_servers(postgres.create_database(), work)


def test_who_does_not_have_it_cannot_give_it_back(postgres: Postgres) -> None:
    async def work(one: SharedTurns, other: SharedTurns) -> None:
        assert await one.take("t")
        await other.give_back("t")
        assert not await other.take("t")

    with_servers(postgres.create_database(), work)


def test_the_turns_of_a_dead_server_end_and_those_of_a_living_one_do_not(
    postgres: Postgres, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("docs_chat.turns.LEASE_SECONDS", 0.6)
    monkeypatch.setattr("docs_chat.turns.RENEW_SECONDS", 0.1)

    async def work(dead: SharedTurns, living: SharedTurns) -> None:
        renewing = asyncio.create_task(living.renew())
        assert await dead.take("dead")
        assert await living.take("living")
        assert not await living.take("dead")
        await asyncio.sleep(1)
        assert await living.take("dead")
        assert not await dead.take("living")
        renewing.cancel()

    with_servers(postgres.create_database(), work)


def test_a_second_server_says_that_a_thread_is_busy(serve: Serve, model: MockModel, postgres: Postgres) -> None:
    database = postgres.create_database()
    one, other = (Reader(serve(database_url=database, openai_base_url=f"{model.url}/v1")) for _ in range(2))
    other.headers = one.headers
    model.script(SLOW)
    thread_id = thread_of(one.ask("How do I install Kettle?"))
    kind, params = question("How do I uninstall Kettle?", thread_id)
    with one.stream("How long does Kettle keep the water warm?", thread_id) as events:
        next(events)
        refused = other.post(kind, params)
        assert refused.status_code == 409
        assert refused.json()["error"]["code"] == "thread_busy"
    assert any(other.post(kind, params).status_code == 200 for _ in range(50)), "it is free again"
    one.close()
    other.close()


def test_one_server_with_a_file_needs_no_database_for_it() -> None:
    assert isinstance(make_turns(connect_database("sqlite:///:memory:")), LocalTurns)

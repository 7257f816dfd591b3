"""The owner's money: reserved before the model is asked, settled after, never more than was set."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import httpx2
import pytest
from docs_chat.answer.engine import EngineError
from docs_chat.budget import MONEY, TOKENS, Budget
from docs_chat.cost import Usage
from docs_chat.counters import Counters, today
from docs_chat.database import connect_database, migrate_database
from docs_chat.settings import Settings
from docs_index.errors import UserError

from .conftest import MockModel, Serve
from .reader import Reader, answer_of, question

QUESTION = "How do I install Kettle with pip?"
REPLY = {"type": "reply", "text": "Run `pip install kettle` [1].", "times": 1000}
PRICE = {"input": 1, "cached_input": 0.1, "output": 10}


def has_budget_notice(events: list[dict[str, Any]]) -> bool:
    return any(event["type"] == "notice" and "budget" in event["message"] for event in events)


def spent(database_url: str) -> dict[str, int]:
    async def read() -> dict[str, int]:
        engine = connect_database(database_url)
        try:
            return await Counters(engine).read(today())
        finally:
            await engine.dispose()

    return {bucket: used for bucket, used in asyncio.run(read()).items() if bucket.startswith("site:")}


def budget_of(database_url: str, **settings: Any) -> Budget:
    price = {"answer": {"price": PRICE}, "openai_base_url": "http://127.0.0.1:9/v1"}
    return Budget(Settings.model_validate({**price, **settings}), Counters(connect_database(database_url)))


def run_with(database_url: str, work: Callable[[list[Budget]], Any], servers: int = 1, **budget: Any) -> Any:
    """Run it with the budgets of so many servers on one database."""

    async def main() -> Any:
        engine = connect_database(database_url)
        await migrate_database(engine)
        await engine.dispose()
        budgets = [budget_of(database_url, budget=budget) for _ in range(servers)]
        try:
            return await work(budgets)
        finally:
            for each in budgets:
                assert each.counters
                await each.counters.engine.dispose()

    return asyncio.run(main())


def test_two_hundred_at_once_on_two_servers_never_pass_the_budget(database_url: str) -> None:
    async def work(budgets: list[Budget]) -> tuple[int, dict[str, int]]:
        async def reserve(number: int) -> bool:
            try:
                await budgets[number % 2].reserve(Usage(input=60, output=40))
            except EngineError as error:
                assert error.code == "budget"
                return False
            return True

        done = await asyncio.gather(*(reserve(number) for number in range(200)))
        assert budgets[0].counters
        return sum(done), await budgets[0].counters.read(today())

    granted, used = run_with(database_url, work, servers=2, tokens_per_day=1050, usd_per_day=None)
    assert granted == 10
    assert used == {TOKENS: 1000}


def test_what_was_not_used_is_given_back(database_url: str) -> None:
    async def work(budgets: list[Budget]) -> dict[str, float]:
        budget = budgets[0]
        reservation = await budget.reserve(Usage(input=1000, output=4000))
        with pytest.raises(EngineError):
            await budget.reserve(Usage(input=1000, output=4000))
        await budget.settle(reservation, Usage(input=800, cached=500, output=100))
        await budget.reserve(Usage(input=1000, output=4000))
        return await budget.left()

    left = run_with(database_url, work, usd_per_day=0.05)
    used = (300 * 1 + 500 * 0.1 + 100 * 10 + 1000 * 1 + 4000 * 10) / 1e6
    assert left == {"usd": pytest.approx(0.05 - used, abs=1e-8)}


def test_both_limits_hold_and_neither_is_charged_when_one_is_full(database_url: str) -> None:
    async def work(budgets: list[Budget]) -> dict[str, int]:
        with pytest.raises(EngineError):
            await budgets[0].reserve(Usage(input=600, output=0))
        assert budgets[0].counters
        return await budgets[0].counters.read(today())

    assert run_with(database_url, work, tokens_per_day=500, usd_per_day=1) == {}


def test_a_spent_budget_is_said_and_the_docs_answer(serve: Serve, model: MockModel) -> None:
    answer = {"cache_days": 0, "max_output_tokens": 500, "rewrite": False}
    url = serve(openai_base_url=f"{model.url}/v1", answer=answer, budget={"tokens_per_day": 6000})
    model.script(REPLY)
    reader = Reader(url)
    asked = []
    for _ in range(8):
        events = reader.ask(QUESTION)
        asked.append(has_budget_notice(events))
        text = answer_of(events)["text"]
        assert ("> pip install kettle" in text) == asked[-1]
        assert answer_of(events)["annotations"]
    assert asked[0] is False
    assert asked[-1] is True
    assert asked == sorted(asked), "once it is spent it stays spent"
    assert len(model.requests()) == asked.count(False)
    reader.close()


def test_many_readers_at_once_ask_the_model_no_more_than_the_budget_allows(
    serve: Serve, model: MockModel, database_url: str
) -> None:
    settings: dict[str, Any] = {
        "openai_base_url": f"{model.url}/v1",
        "database_url": database_url,
        "limits": {"enabled": False},
        "answer": {"cache_days": 0, "max_output_tokens": 4000, "price": PRICE},
        "budget": {"usd_per_day": 0.1},
    }
    urls = [serve(**settings), serve(**settings)]
    for url in urls:
        # FastAPI prepares a route at its first request, and two servers in one process not at the same time.
        for route in ("/identity", "/chatkit"):
            httpx2.post(url + route)
    model.script({**REPLY, "text": "word " * 300 + "[1]."})

    def ask(number: int) -> int:
        with httpx2.Client(base_url=urls[number % 2], timeout=120) as client:
            token = client.post("/identity").json()["token"]
            kind, params = question(f"{QUESTION} {number}")
            headers = {"Authorization": f"Bearer {token}"}
            return client.post("/chatkit", json={"type": kind, "params": params}, headers=headers).status_code

    with ThreadPoolExecutor(40) as pool:
        assert set(pool.map(ask, range(40))) == {200}
    used = spent(database_url)
    assert 0 < used[MONEY] <= 0.1 * 1e9
    assert 0 < len(model.requests()) < 40


def test_a_reader_who_leaves_is_charged_for_what_was_written(serve: Serve, model: MockModel, tmp_path: Path) -> None:
    url = serve(openai_base_url=f"{model.url}/v1", budget={"tokens_per_day": 100_000})
    model.script({**REPLY, "text": "word " * 400 + "[1]."})
    reader = Reader(url)
    with reader.stream(QUESTION) as events:
        for event in events:
            if "delta" in event.get("update", {}):
                break
    for _ in range(100):
        used = spent(f"sqlite:///{tmp_path / 'chat.db'}")[TOKENS]
        if used < 4096:
            break
    assert 100 < used < 4096, "the reservation was settled"
    reader.close()


def test_money_without_a_price_is_refused_at_the_start() -> None:
    settings = {"answer": {"model": "my-model"}, "openai_base_url": "http://x", "budget": {"usd_per_day": 5}}
    with pytest.raises(UserError, match="price of my-model is not known"):
        Budget(Settings.model_validate(settings), Counters(connect_database("sqlite:///:memory:")))


def test_a_model_of_ones_own_needs_no_price_without_a_budget_in_money() -> None:
    settings = {"answer": {"model": "my-model"}, "openai_base_url": "http://x"}
    budget = Budget(Settings.model_validate(settings), Counters(connect_database("sqlite:///:memory:")))
    assert budget.limits == {}


def test_old_days_are_forgotten_and_this_one_is_not(database_url: str) -> None:
    async def work(budgets: list[Budget]) -> tuple[dict[str, int], dict[str, int]]:
        counters = budgets[0].counters
        assert counters
        await counters.add({"b": 1}, {"b": 9}, "2020-01-01")
        await counters.add({"b": 2}, {"b": 9}, today())
        await counters.forget()
        return await counters.read("2020-01-01"), await counters.read(today())

    assert run_with(database_url, work) == ({}, {"b": 2})

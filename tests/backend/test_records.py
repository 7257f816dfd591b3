"""What an answer leaves behind: what it used and cost, and itself for the next who asks the same."""

from __future__ import annotations

import json
import os
import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from .conftest import MockModel, Serve, index_mini_site, run_cli, wait_until
from .reader import Event, Reader, answer_of, thread_of

QUESTION = "How do I install Kettle with pip?"
REPLY = {"type": "reply", "text": "Run `pip install kettle` [1]."}
Rows = Callable[[], list[dict[str, Any]]]


@pytest.fixture
def index(tmp_path: Path) -> Path:
    return index_mini_site(tmp_path / "site")


@pytest.fixture
def reader(serve: Serve, model: MockModel, index: Path) -> Iterator[Reader]:
    answer = {"idle_seconds": 0.6, "connect_seconds": 2}
    url = serve(index=str(index), openai_base_url=f"{model.url}/v1", limits={"enabled": False}, answer=answer)
    model.script()
    reader = Reader(url)
    yield reader
    reader.close()


@pytest.fixture
def rows(tmp_path: Path) -> Rows:
    def read() -> list[dict[str, Any]]:
        with sqlite3.connect(tmp_path / "chat.db") as connection:
            connection.row_factory = sqlite3.Row
            found = [dict(row) for row in connection.execute("SELECT * FROM answers ORDER BY seq")]
        connection.close()
        return found

    return read


def message_of(events: list[Event]) -> Event:
    done = [event["item"] for event in events if event["type"] == "thread.item.done"]
    return next(item for item in done if item["type"] == "assistant_message")


def test_an_answer_of_a_model_is_recorded_with_its_tokens_and_its_price(
    reader: Reader, model: MockModel, rows: Rows
) -> None:
    model.script(REPLY)
    message = message_of(reader.ask(QUESTION))
    (row,) = rows()
    assert (row["engine"], row["state"], row["outcome"]) == ("gpt-6-luna", "answer", "complete")
    assert row["item_id"] == message["id"]
    assert row["input_tokens"] > 100
    assert row["output_tokens"] > 3
    assert not row["estimated"]
    expected = (row["input_tokens"] * 0.10 + row["output_tokens"] * 0.50) / 1e6
    assert row["cost_usd"] == pytest.approx(expected)
    passages = json.loads(row["passages"])
    assert passages[0]["anchor"] == "install-with-pip"
    assert [passage["n"] for passage in passages if passage["cited"]] == [1]


def test_every_round_of_an_answer_counts(reader: Reader, model: MockModel, rows: Rows) -> None:
    search = {"type": "reply", "tool_calls": [{"name": "search_docs", "arguments": {"query": "sensors"}}]}
    model.script(REPLY)
    reader.ask(QUESTION)
    model.script(search, REPLY)
    reader.ask("What does a sensor error mean for the temperature of Kettle?")
    once, twice = rows()
    assert twice["input_tokens"] > 1.8 * once["input_tokens"]


def test_a_stream_that_is_cut_is_charged_by_estimate(reader: Reader, model: MockModel, rows: Rows) -> None:
    text = " ".join(f"word{number}" for number in range(60))
    model.script({"type": "reply", "text": text}, {"type": "stream_fault", "kind": "truncate", "after_chunks": 12})
    reader.ask(QUESTION)
    (row,) = rows()
    assert row["outcome"] == "failed"
    assert row["estimated"]
    assert row["input_tokens"] > 100
    assert 0 < row["output_tokens"] < 60


def test_what_a_provider_refuses_costs_nothing(reader: Reader, model: MockModel, rows: Rows) -> None:
    model.script({"type": "fail", "status": 500, "times": 5})
    reader.ask(QUESTION)
    (row,) = rows()
    assert (row["engine"], row["outcome"]) == ("extractive", "fallback")
    assert (row["input_tokens"], row["output_tokens"], row["cost_usd"]) == (0, 0, 0)


def test_an_overload_that_passes_is_charged_once(reader: Reader, model: MockModel, rows: Rows) -> None:
    model.script(REPLY)
    reader.ask(QUESTION)
    model.script({"type": "fail", "status": 429, "retry_after": 0.1}, REPLY)
    reader.ask(f"{QUESTION} please")
    once, again = rows()
    assert again["input_tokens"] - once["input_tokens"] < 20


def test_a_reader_who_leaves_is_recorded(reader: Reader, model: MockModel, rows: Rows) -> None:
    model.script({"type": "reply", "text": " ".join(f"word{number}" for number in range(400))})
    with reader.stream(QUESTION) as events:
        for event in events:
            if event.get("update", {}).get("type") == "assistant_message.content_part.text_delta":
                break
    assert wait_until(lambda: bool(rows()))
    (row,) = rows()
    assert row["outcome"] == "stopped"
    assert row["estimated"]


def test_the_same_question_is_answered_without_the_model(reader: Reader, model: MockModel, rows: Rows) -> None:
    model.script(REPLY)
    first = answer_of(reader.ask(QUESTION))
    other = Reader(str(reader.client.base_url))
    events = other.ask(f"  {QUESTION.upper()} ")
    again = answer_of(events)
    other.close()
    done = [event["item"] for event in events if event["type"] == "thread.item.done"]
    trace = next(item for item in done if item["type"] == "workflow")["workflow"]
    assert trace["summary"]["title"] == "Answered before · the sections cited are unchanged"
    assert again["text"] == first["text"]
    assert [found["source"]["data"] for found in again["annotations"]] == [
        found["source"]["data"] for found in first["annotations"]
    ]
    assert len(model.requests()) == 1
    assert [(row["engine"], row["cost_usd"]) for row in rows()][1] == ("cache", 0)


def test_an_edit_of_a_cited_section_ends_a_kept_answer(reader: Reader, model: MockModel, index: Path) -> None:
    model.script(REPLY, {"type": "reply", "text": "Use pipx [1]."})
    reader.ask(QUESTION)
    site = index.parents[1]
    elsewhere = site / "docs" / "guides" / "temperature.md"
    elsewhere.write_text(elsewhere.read_text() + "\nOne more sentence.\n")
    reindex(site, reader)
    assert answer_of(reader.ask(QUESTION))["text"] == "Run `pip install kettle`."
    page = site / "docs" / "install.md"
    page.write_text(page.read_text().replace("pip install kettle\n", "pipx install kettle\n"))
    reindex(site, reader)
    assert answer_of(reader.ask(QUESTION))["text"] == "Use pipx."


def reindex(site: Path, reader: Reader) -> None:
    """Index again, and wait until the server follows."""
    before = reader.client.get("/readyz").json()["index"]
    run_cli("index", str(site))
    assert wait_until(lambda: reader.client.get("/readyz").json()["index"] != before)


def test_an_answer_that_cites_nothing_is_not_kept(reader: Reader, model: MockModel) -> None:
    model.script({"type": "reply", "text": "No idea."}, REPLY)
    reader.ask(QUESTION)
    assert answer_of(reader.ask(QUESTION))["text"] == "Run `pip install kettle`."


def test_a_follow_up_is_not_kept(reader: Reader, model: MockModel) -> None:
    answers = [{"type": "reply", "text": f"Answer {number} [1]."} for number in range(4)]
    model.script(*answers)
    question = "What does a sensor error mean for the temperature of Kettle?"
    thread_id = thread_of(reader.ask(QUESTION))
    reader.ask(question, thread_id)
    assert answer_of(reader.ask(question))["text"] == "Answer 2."


def test_private_docs_keep_nothing(serve: Serve, model: MockModel, tmp_path: Path) -> None:
    url = serve(openai_base_url=f"{model.url}/v1", limits={"enabled": False}, answer={"cache_days": 0})
    reader = Reader(url)
    model.script(REPLY, {"type": "reply", "text": "Asked anew [1]."})
    reader.ask(QUESTION)
    assert answer_of(reader.ask(QUESTION))["text"] == "Asked anew."
    with sqlite3.connect(tmp_path / "chat.db") as connection:
        assert connection.execute("SELECT count(*) FROM kept_answers").fetchone() == (0,)
    connection.close()
    reader.close()


def test_usage_shows_days_costs_and_ratings(reader: Reader, model: MockModel, index: Path, tmp_path: Path) -> None:
    model.script(REPLY)
    events = reader.ask(QUESTION)
    item = message_of(events)
    verdict = {"thread_id": thread_of(events), "item_ids": [item["id"]], "kind": "positive"}
    reason = {"docs_chat": {"reason": "[red]exactly[/red] what I needed"}}
    body = {"type": "items.feedback", "params": verdict, "metadata": reason}
    assert reader.client.post("/chatkit", json=body, headers=reader.headers).status_code == 200
    reader.ask("Who won the football world cup in 1998?")
    site = index.parents[1]
    environment = {**os.environ, "DOCS_CHAT_DATABASE_URL": f"sqlite:///{tmp_path / 'chat.db'}"}
    document = json.loads(run_cli("--json", "usage", "--site", str(site), env=environment).stdout)
    by_engine = {row["engine"]: row for row in document["rows"]}
    assert by_engine["gpt-6-luna"]["liked"] == 1
    assert by_engine["extractive"]["refused"] == 1
    assert [(said["kind"], said["reason"]) for said in document["reasons"]] == [
        ("positive", "[red]exactly[/red] what I needed")
    ]
    assert document["cost_usd"] == pytest.approx(by_engine["gpt-6-luna"]["cost_usd"], abs=1e-6)
    assert document["budget_left"]["usd"] == pytest.approx(10 - document["cost_usd"], abs=1e-6)
    shown = run_cli("usage", "--site", str(site), env=environment).stdout
    assert "gpt-6-luna" in shown
    assert "Left of today's budget: 9.99" in shown
    assert "USD in all." in shown
    assert "liked    [red]exactly[/red] what I needed" in shown

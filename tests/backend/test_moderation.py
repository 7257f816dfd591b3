"""Questions that the provider checks before the model gets them. The provider is aimock, a real HTTP server."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import httpx2
import pytest
from docs_chat.budget import MONEY
from docs_chat.strings import STRINGS

from .conftest import MockModel, Serve
from .reader import Event, Reader, answer_of, kinds, read_events, thread_of
from .test_attachments import LOG, PNG, ask, upload

QUESTION = "How do I install Kettle with pip?"
HARMFUL = "How do I install Kettle with pip, please?"


def calls(aimock: str) -> list[str]:
    """The paths that it was asked since the last time, in order."""
    found = [call["path"].removeprefix("/v1/") for call in httpx2.get(f"{aimock}/v1/_requests").json()]
    httpx2.delete(f"{aimock}/v1/_requests")
    return found


@pytest.fixture
def reader(serve: Serve, aimock: str, api: str) -> Iterator[Reader]:
    url = serve(openai_base_url=f"{aimock}/v1", limits={"enabled": False}, answer={"api": api, "moderation": True})
    calls(aimock)
    reader = Reader(url)
    yield reader
    reader.close()


def notices(events: list[Event]) -> list[str]:
    return [event["message"] for event in events if event["type"] == "notice"]


def outcomes(folder: Path) -> list[tuple[str, str]]:
    connection = sqlite3.connect(folder / "chat.db")
    try:
        return connection.execute("SELECT engine, outcome FROM answers ORDER BY seq").fetchall()
    finally:
        connection.close()


def path_of(api: str) -> str:
    return "responses" if api == "responses" else "chat/completions"


def test_a_question_is_checked_before_the_model_gets_it(reader: Reader, aimock: str, api: str, tmp_path: Path) -> None:
    events = reader.ask(QUESTION)
    assert answer_of(events)["text"] == "Run `pip install kettle`."
    assert notices(events) == []
    assert calls(aimock) == ["moderations", path_of(api)]
    assert outcomes(tmp_path) == [("gpt-6-luna", "complete")]


@pytest.mark.parametrize("locale", STRINGS)
def test_a_flagged_question_reaches_no_model(reader: Reader, aimock: str, tmp_path: Path, locale: str) -> None:
    events = reader.ask(HARMFUL, **{"X-Docs-Chat-Locale": locale})
    final = answer_of(events)
    assert final == {"type": "output_text", "text": STRINGS[locale]["flagged"], "annotations": []}
    assert calls(aimock) == ["moderations"]
    assert outcomes(tmp_path) == [("moderation", "refused")]
    # Nothing was searched, and nothing says so.
    assert not any("workflow" in str(event) for event in events), kinds(events)


def test_what_the_reader_selected_is_checked_too(reader: Reader, aimock: str) -> None:
    selected = {
        "content": [{"type": "input_text", "text": "What is this?"}],
        "attachments": [],
        "quoted_text": "Please!",
    }
    response = reader.post("threads.create", {"input": {**selected, "inference_options": {}}})
    assert STRINGS["en"]["flagged"] in response.text
    assert calls(aimock) == ["moderations"]


def test_a_flagged_question_goes_to_no_model_with_the_next_one_either(reader: Reader, aimock: str, api: str) -> None:
    thread_id = thread_of(reader.ask(HARMFUL))
    calls(aimock)
    reader.ask(QUESTION, thread_id)
    asked = httpx2.get(f"{aimock}/v1/_requests").json()[-1]
    assert asked["path"] == f"/v1/{path_of(api)}"
    assert QUESTION in str(asked["body"])
    assert "please" not in str(asked["body"])


def test_a_flagged_question_is_checked_again_when_it_is_repeated(reader: Reader, aimock: str) -> None:
    thread_id = thread_of(reader.ask(HARMFUL))
    calls(aimock)
    first = reader.items(thread_id)[0]["id"]
    again = reader.post("threads.retry_after_item", {"thread_id": thread_id, "item_id": first})
    assert STRINGS["en"]["flagged"] in again.text
    assert calls(aimock) == ["moderations"]


@pytest.fixture
def reader_with_files(serve: Serve, aimock: str, api: str) -> Iterator[Reader]:
    url = serve(
        openai_base_url=f"{aimock}/v1",
        limits={"enabled": False},
        answer={"api": api, "moderation": True},
        attachments={"enabled": True},
    )
    calls(aimock)
    reader = Reader(url)
    yield reader
    reader.close()


def spent(folder: Path) -> float:
    """Tokens and dollars of the answers, and what is taken off the day's budget."""
    connection = sqlite3.connect(folder / "chat.db")
    try:
        [(answers,)] = connection.execute("SELECT total(input_tokens + output_tokens) + total(cost_usd) FROM answers")
        [(budget,)] = connection.execute("SELECT total(used) FROM counters WHERE bucket = ?", [MONEY])
        return float(answers + budget)
    finally:
        connection.close()


def test_the_words_of_a_file_are_checked_before_the_model_gets_them(
    reader_with_files: Reader, aimock: str, api: str, tmp_path: Path
) -> None:
    events = read_events(ask(reader_with_files, upload(reader_with_files, LOG)).text)
    assert answer_of(events)["text"].startswith("Run `pip install kettle`.")
    asked = httpx2.get(f"{aimock}/v1/_requests").json()
    assert calls(aimock) == ["moderations", path_of(api)]
    assert "Kookaburra" in str(asked[1]["body"])
    assert spent(tmp_path) > 0


@pytest.mark.parametrize("file", ["text", "name", "image", "second image"])
def test_a_flagged_file_reaches_no_model_and_costs_nothing(
    reader_with_files: Reader, aimock: str, tmp_path: Path, file: str
) -> None:
    reader = reader_with_files
    files = {
        "text": [(LOG, "a.log"), (b"Tell me, please.", "b.log")],
        "name": [(LOG, "please.log")],
        "image": [(PNG, "a.png")],
        "second image": [(LOG, "a.log"), (PNG, "b.png")],
    }[file]
    asked = ask(reader, *(upload(reader, content, name) for content, name in files))
    final = answer_of(read_events(asked.text))
    assert final == {"type": "output_text", "text": STRINGS["en"]["flagged"], "annotations": []}
    # An image is looked at by itself.
    images = sum(content == PNG for content, _ in files)
    assert calls(aimock) == ["moderations"] * (1 + images)
    assert outcomes(tmp_path) == [("moderation", "refused")]
    assert spent(tmp_path) == 0
    # Nor does it with the question after it, nor when it is asked again.
    thread_id = thread_of(read_events(asked.text))
    first = reader.items(thread_id)[0]["id"]
    again = reader.post("threads.retry_after_item", {"thread_id": thread_id, "item_id": first})
    assert STRINGS["en"]["flagged"] in again.text
    assert calls(aimock) == ["moderations"] * (1 + images)
    reader.ask(QUESTION, thread_id)
    later = httpx2.get(f"{aimock}/v1/_requests").json()[-1]
    assert not [word for word in ("Kookaburra", "please", "base64") if word in str(later["body"])]


@pytest.mark.parametrize("content", [LOG, PNG], ids=["text", "image"])
def test_a_file_that_cannot_be_checked_reaches_no_model(
    serve: Serve, model: MockModel, tmp_path: Path, content: bytes
) -> None:
    model.script()
    url = serve(
        openai_base_url=f"{model.url}/v1",
        limits={"enabled": False},
        answer={"moderation": True},
        attachments={"enabled": True},
    )
    reader = Reader(url)
    events = read_events(ask(reader, upload(reader, content)).text)
    assert notices(events) == [STRINGS["en"]["unchecked"]]
    assert "pip install kettle" in answer_of(events)["text"]
    assert not any("responses" in call["path"] for call in model.requests())
    assert outcomes(tmp_path) == [("extractive", "fallback")]
    assert spent(tmp_path) == 0
    reader.close()


def test_what_cannot_be_checked_is_answered_from_the_docs(serve: Serve, model: MockModel, tmp_path: Path) -> None:
    # This provider has a model, and no such check.
    model.script()
    url = serve(openai_base_url=f"{model.url}/v1", limits={"enabled": False}, answer={"moderation": True})
    reader = Reader(url)
    events = reader.ask(QUESTION)
    assert notices(events) == [STRINGS["en"]["unchecked"]]
    assert "pip install kettle" in answer_of(events)["text"]
    assert answer_of(events)["annotations"]
    # A follow-up is not rewritten by the model then, and what no docs answer needs no notice.
    reader.ask("and how do I remove it?", thread_of(events))
    nothing = reader.ask("Who won the football world cup in 1998?")
    assert notices(nothing) == []
    assert not any("responses" in call["path"] for call in model.requests())
    assert outcomes(tmp_path)[0] == ("extractive", "fallback")
    reader.close()


def test_without_the_setting_nothing_is_checked(serve: Serve, aimock: str) -> None:
    reader = Reader(serve(openai_base_url=f"{aimock}/v1", limits={"enabled": False}))
    calls(aimock)
    assert answer_of(reader.ask(HARMFUL))["text"] == "Run `pip install kettle`."
    assert calls(aimock) == ["responses"]
    reader.close()

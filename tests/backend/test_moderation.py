"""Questions that the provider checks before the model gets them. The provider is aimock, a real HTTP server."""

from __future__ import annotations

import sqlite3
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import httpx2
import pytest
from docs_chat.strings import STRINGS

from .conftest import MockModel, Serve, free_port
from .reader import Event, Reader, answer_of, kinds, thread_of

QUESTION = "How do I install Kettle with pip?"
HARMFUL = "How do I install Kettle with pip, please?"


@pytest.fixture(scope="module")
def aimock() -> Iterator[str]:
    """Its address; it flags what says please."""
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    process = subprocess.Popen(["node", Path(__file__).parent / "aimock.mjs", str(port)])
    try:
        for _ in range(200):
            try:
                httpx2.get(f"{url}/v1/_requests")
                break
            except httpx2.HTTPError:
                time.sleep(0.1)
        yield url
    finally:
        process.terminate()
        process.wait()


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

"""Answers from a model, and everything that a provider can do wrong. The provider is a real HTTP server."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from .conftest import MockModel, Serve
from .reader import Event, Reader, answer_of, kinds, thread_of

QUESTION = "How do I install Kettle with pip?"
REPLY = {"type": "reply", "text": "Run `pip install kettle` [1]. It prints the version [1][9]."}


@pytest.fixture
def reader(serve: Serve, model: MockModel, api: str) -> Iterator[Reader]:
    url = serve(
        openai_base_url=f"{model.url}/v1",
        openai_api_key="sk-canary",
        limits={"enabled": False},
        answer={"api": api, "idle_seconds": 0.6, "connect_seconds": 2},
    )
    model.script()
    reader = Reader(url)
    yield reader
    reader.close()


def notices(events: list[Event]) -> list[str]:
    return [event["message"] for event in events if event["type"] == "notice"]


def error_of(events: list[Event]) -> Event:
    assert events[-1]["type"] == "error", kinds(events)
    return events[-1]


def test_markers_become_annotations(reader: Reader, model: MockModel) -> None:
    model.script(REPLY)
    events = reader.ask(QUESTION)
    final = answer_of(events)
    assert final["text"] == "Run `pip install kettle`. It prints the version."
    places = [(found["index"], found["source"]["data"]["anchor"]) for found in final["annotations"]]
    assert places == [(24, "install-with-pip"), (47, "install-with-pip")]
    assert notices(events) == []


def test_the_model_sees_numbered_passages_and_the_rules(reader: Reader, model: MockModel, api: str) -> None:
    model.script(REPLY)
    reader.ask(QUESTION)
    body = model.requests()[-1]["body"]
    assert body["stream"] is True
    prompt = str(body.get("messages") or [body["instructions"], body["input"]])
    assert 'passage number="1" heading="Installation > Install with pip" version="2.0"' in prompt
    assert "pip install kettle" in prompt
    assert "not instructions" in prompt
    assert f"Question: {QUESTION}" in prompt
    assert "temperature" not in body
    assert body["model"] == "gpt-6-luna"
    if api == "responses":
        assert body["store"] is False


def test_the_conversation_goes_with_a_follow_up(reader: Reader, model: MockModel) -> None:
    rewritten = {"type": "reply", "text": "How do I uninstall Kettle?"}
    model.script(REPLY, rewritten, {"type": "reply", "text": "Yes [1]."})
    thread_id = thread_of(reader.ask(QUESTION))
    reader.ask("and how do I remove it?", thread_id)
    body = model.requests()[-1]["body"]
    roles = [message["role"] for message in body.get("messages") or body["input"]]
    assert roles[-3:] == ["user", "assistant", "user"]


def test_links_that_the_model_writes_go(reader: Reader, model: MockModel) -> None:
    text = (
        "See [the page](https://evil.test/x) and [ours](/docs/install) ![i](https://evil.test/p.png?q=secret) "
        "<img src=https://evil.test> https://evil.test/raw [1]."
    )
    model.script({"type": "reply", "text": text})
    response = reader.post("threads.create", {"input": input_of(QUESTION)})
    assert "evil.test" not in response.text
    assert "[ours](/docs/install)" in response.text


def input_of(text: str) -> dict[str, Any]:
    return {"content": [{"type": "input_text", "text": text}], "attachments": [], "inference_options": {}}


def test_without_an_answer_in_the_docs_no_model_is_called(reader: Reader, model: MockModel) -> None:
    final = answer_of(reader.ask("Who won the football world cup in 1998?"))
    assert final["text"].startswith("These docs don't cover that.")
    assert model.requests() == []


@pytest.mark.parametrize(
    "failure",
    [
        {"type": "fail", "status": 429, "retry_after": 0.1, "times": 5},
        {"type": "fail", "status": 500, "times": 5},
        {"type": "fail", "status": 401, "times": 5},
        {"type": "stream_fault", "kind": "disconnect", "after_chunks": 0, "times": 5},
        {"type": "slow_first_token", "seconds": 3, "times": 5},
        {"type": "reply", "text": "", "times": 5},
    ],
    ids=lambda failure: f"{failure['type']}-{failure.get('status', failure.get('kind', ''))}",
)
def test_a_model_that_does_not_start_is_replaced_by_the_docs(
    reader: Reader, model: MockModel, failure: dict[str, Any]
) -> None:
    model.script(failure)
    events = reader.ask(QUESTION)
    assert len(notices(events)) == 1
    assert events[-1]["type"] != "error"
    final = answer_of(events)
    assert "> pip install kettle" in final["text"]
    assert final["annotations"]


def test_a_short_overload_is_tried_again_once(reader: Reader, model: MockModel) -> None:
    model.script({"type": "fail", "status": 429, "retry_after": 0.1}, REPLY)
    events = reader.ask(QUESTION)
    assert notices(events) == []
    assert answer_of(events)["text"].startswith("Run")
    assert len(model.requests()) == 2


def test_spent_quota_is_not_tried_again(reader: Reader, model: MockModel) -> None:
    model.script({"type": "fail", "status": 429, "code": "insufficient_quota", "times": 5})
    assert notices(reader.ask(QUESTION))
    assert len(model.requests()) == 1


@pytest.mark.parametrize("kind", ["truncate", "disconnect", "malformed", "stall"])
def test_an_answer_that_breaks_off_is_kept_and_can_be_asked_again(
    reader: Reader, model: MockModel, kind: str, api: str
) -> None:
    after = 9 if api == "responses" else 5
    text = " ".join(f"word{number}" for number in range(60)) + " [1]"
    model.script(
        {"type": "reply", "text": text},
        {"type": "stream_fault", "kind": kind, "after_chunks": after, "stall_seconds": 5},
    )
    events = reader.ask(QUESTION)
    error = error_of(events)
    assert error["code"] == "custom"
    assert error["allow_retry"] is True
    assert error["message"] == "The answer was interrupted. Please try again."
    assert len(model.requests()) == 1, "nothing is tried again after the first delta"
    thread_id = thread_of(events)
    items = reader.items(thread_id)
    stored = items[-1]["content"][0]["text"]
    assert stored.startswith("word0 word1")
    assert "word59" not in stored
    assert stored.endswith("*This answer stopped before its end.*")
    model.script(REPLY)
    retry = reader.post("threads.retry_after_item", {"thread_id": thread_id, "item_id": items[0]["id"]})
    assert retry.status_code == 200
    assert reader.items(thread_id)[-1]["content"][0]["text"].startswith("Run")


def test_a_reader_who_leaves_keeps_what_was_said(reader: Reader, model: MockModel) -> None:
    text = " ".join(f"word{number}" for number in range(400))
    model.script({"type": "reply", "text": text})
    with reader.stream(QUESTION) as events:
        thread_id = ""
        for event in events:
            thread_id = event["thread"]["id"] if event["type"] == "thread.created" else thread_id
            if event.get("update", {}).get("type") == "assistant_message.content_part.text_delta":
                break
    model.script(REPLY)
    for _ in range(100):
        # The thread is free again once the server has noticed and stored.
        again = reader.post("threads.add_user_message", {"thread_id": thread_id, "input": input_of("and then?")})
        if again.status_code != 409:
            break
    assert again.status_code == 200
    messages = [item for item in reader.items(thread_id) if item["type"] == "assistant_message"]
    assert messages[0]["content"][0]["text"].startswith("word0")
    assert messages[0]["content"][0]["text"].endswith("*This answer stopped before its end.*")
    assert len(messages) == 2


def test_a_thread_is_answered_one_question_at_a_time(reader: Reader, model: MockModel) -> None:
    rewritten = {"type": "reply", "text": "How do I uninstall Kettle?"}
    model.script(REPLY, rewritten, {"type": "reply", "text": " ".join(["slow"] * 200)})
    thread_id = thread_of(reader.ask(QUESTION))
    second = Reader(str(reader.client.base_url))
    second.headers = reader.headers
    with reader.stream("and how do I remove it?", thread_id) as events:
        next(events)
        before = reader_items(second, thread_id)
        busy = second.post("threads.add_user_message", {"thread_id": thread_id, "input": input_of("me too")})
        assert busy.status_code == 409
        assert busy.json()["error"]["code"] == "thread_busy"
        assert reader_items(second, thread_id)[: len(before)] == before
        stranger = Reader(str(reader.client.base_url))
        hidden = stranger.post("threads.add_user_message", {"thread_id": thread_id, "input": input_of("x")})
        assert hidden.status_code == 404
        stranger.close()
        list(events)
    texts = [item["content"][0]["text"] for item in second.items(thread_id) if item["type"] == "user_message"]
    assert texts == [QUESTION, "and how do I remove it?"]
    second.close()


def reader_items(reader: Reader, thread_id: str) -> list[str]:
    return [item["id"] for item in reader.items(thread_id)]


def test_the_key_stays_in(reader: Reader, model: MockModel, caplog: pytest.LogCaptureFixture) -> None:
    model.script({"type": "fail", "status": 401, "message": "bad key sk-canary"})
    response = reader.post("threads.create", {"input": input_of("How do I install Kettle in private-words?")})
    assert "sk-canary" not in response.text
    assert "sk-canary" not in caplog.text
    assert "private-words" not in caplog.text
    assert reader.token not in caplog.text

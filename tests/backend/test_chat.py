"""A conversation over HTTP with answers quoted from the docs."""

from __future__ import annotations

import sqlite3
import threading
from pathlib import Path
from typing import Any

import pytest

from .conftest import Serve
from .reader import Reader, answer_of, kinds, thread_of


def test_an_answer_comes_in_the_order_that_clients_expect(reader: Reader) -> None:
    events = reader.ask("How do I install Kettle with pip?")
    assert kinds(events)[:9] == [
        "thread.created",
        "thread.item.done",
        "stream_options",
        "progress_update",
        "thread.item.added",
        "workflow.task.updated",
        "thread.item.done",
        "thread.item.added",
        "assistant_message.content_part.added",
    ]
    ends = [kind for kind in kinds(events) if kind != "client_effect"]
    assert ends[-2:] == ["assistant_message.content_part.done", "thread.item.done"]
    added = [event["item"]["type"] for event in events if event["type"] == "thread.item.added"]
    assert added == ["workflow", "assistant_message"]
    assert events[2]["stream_options"] == {"allow_cancel": True}


def test_whoever_hears_of_a_thread_finds_the_question_in_it(reader: Reader) -> None:
    with reader.stream("How do I install Kettle with pip?") as events:
        thread_id = next(events)["thread"]["id"]
    assert [item["type"] for item in reader.items(thread_id)][:1] == ["user_message"]


def test_deltas_and_annotations_make_up_the_final_message(reader: Reader) -> None:
    events = reader.ask("How do I install Kettle with pip?")
    updates = [event["update"] for event in events if event["type"] == "thread.item.updated"]
    deltas = [update["delta"] for update in updates if update["type"].endswith("text_delta")]
    assert len(deltas) > 2
    final = answer_of(events)
    assert "".join(deltas) == final["text"]
    annotations = [update["annotation"] for update in updates if update["type"].endswith("annotation_added")]
    assert annotations == final["annotations"]
    text = ""
    for update in updates:
        text += update.get("delta", "")
        if "annotation" in update:
            assert update["annotation"]["index"] <= len(text.encode("utf-16-le")) // 2


def test_a_citation_names_the_place_and_quotes_it(reader: Reader) -> None:
    final = answer_of(reader.ask("How do I install Kettle with pip?"))
    annotation = final["annotations"][0]
    source = annotation["source"]
    assert annotation["type"] == "annotation"
    assert source["type"] == "entity"
    assert source["title"] == "Installation › Install with pip"
    assert source["label"] == source["inline_label"] == source["data"]["n"] == "1"
    assert source["interactive"] is True
    assert source["data"]["permalink"] == "/docs/install"
    assert source["data"]["anchor"] == "install-with-pip"
    assert source["data"]["url"] == "https://kettle.example/docs/install#install-with-pip"
    assert source["data"]["version"] == "current"
    assert source["description"] == source["data"]["quote"] == "Install the package from the registry with pip:"
    assert all(isinstance(value, str) and value for value in source["data"].values())


def test_code_is_quoted_whole(reader: Reader) -> None:
    final = answer_of(reader.ask("How long does Kettle keep the water warm?"))
    assert '> ```toml\n> keep_warm_minutes = 45\n> steps[1] = "pour"\n> ```' in final["text"]


def test_a_number_in_the_docs_is_no_citation(reader: Reader) -> None:
    final = answer_of(reader.ask("What does error E42 sensor not found mean?"))
    assert "manual \\[1] this takes" in final["text"]
    anchors = [annotation["source"]["data"].get("anchor") for annotation in final["annotations"]]
    assert anchors[0] == "temperature-sensor-errors"


def test_what_the_docs_do_not_cover_is_said(reader: Reader) -> None:
    final = answer_of(reader.ask("Who won the football world cup in 1998?"))
    assert final["text"].startswith("These docs don't cover that.")
    assert "[the forum](https://forum.example/new)" in final["text"]
    assert "> " not in final["text"]
    assert final["annotations"]


def test_the_reader_is_answered_in_the_page_language(reader: Reader) -> None:
    french = {"X-Docs-Chat-Locale": "fr"}
    events = reader.ask("Comment installer avec pip ?", **french)
    progress = next(event for event in events if event["type"] == "progress_update")
    assert progress["text"] == "Recherche dans la documentation…"
    assert answer_of(events)["annotations"][0]["source"]["data"]["permalink"] == "/fr/docs/install"


@pytest.mark.parametrize(
    ("headers", "permalink"),
    [
        ({}, "/docs/guides/temperature"),
        ({"X-Docs-Chat-Version": "1.0"}, "/docs/1.0/temperature"),
        ({"X-Docs-Chat-Page": "/docs/1.0/temperature"}, "/docs/1.0/temperature"),
        ({"X-Docs-Chat-Page": "/docs/1.0/temperature/"}, "/docs/1.0/temperature"),
        ({"X-Docs-Chat-Page": "/docs/1.0/temperature", "X-Docs-Chat-Version": "current"}, "/docs/guides/temperature"),
        ({"X-Docs-Chat-Version": "0.7", "X-Docs-Chat-Locale": "tlh"}, "/docs/guides/temperature"),
    ],
)
def test_the_readers_page_sets_the_scope(reader: Reader, headers: dict[str, str], permalink: str) -> None:
    final = answer_of(reader.ask("How do I set the temperature?", **headers))
    assert final["annotations"][0]["source"]["data"]["permalink"] == permalink


def test_a_follow_up_is_searched_with_the_question_before(reader: Reader) -> None:
    thread_id = thread_of(reader.ask("How do I install Kettle with Docker?"))
    final = answer_of(reader.ask("and its port?", thread_id))
    assert final["annotations"][0]["source"]["data"]["anchor"] == "install-with-docker"


def test_a_thread_is_titled_and_kept(reader: Reader) -> None:
    text = "How do I set the temperature of the water for a cup of green tea in the morning?"
    thread_id = thread_of(reader.ask(text))
    listed = reader.post("threads.list", {}).json()["data"]
    title = next(thread["title"] for thread in listed if thread["id"] == thread_id)
    assert title == "How do I set the temperature of the water for a cup of…"
    thread = reader.post("threads.get_by_id", {"thread_id": thread_id}).json()
    assert [item["type"] for item in thread["items"]["data"]] == ["user_message", "workflow", "assistant_message"]
    assert thread["created_at"].endswith("Z")


def test_a_thread_can_be_renamed_and_deleted(reader: Reader) -> None:
    thread_id = thread_of(reader.ask("How do I uninstall Kettle?"))
    renamed = reader.post("threads.update", {"thread_id": thread_id, "title": " My\n title " + "x" * 300}).json()
    assert renamed["title"].startswith("My title x")
    assert len(renamed["title"]) == 200
    assert reader.post("threads.delete", {"thread_id": thread_id}).json() == {}
    assert reader.post("threads.get_by_id", {"thread_id": thread_id}).status_code == 404


def test_asking_again_replaces_the_answer(reader: Reader) -> None:
    thread_id = thread_of(reader.ask("How do I uninstall Kettle?"))
    before = reader.items(thread_id)
    response = reader.post("threads.retry_after_item", {"thread_id": thread_id, "item_id": before[0]["id"]})
    assert response.status_code == 200
    after = reader.items(thread_id)
    assert [item["type"] for item in after] == [item["type"] for item in before]
    assert after[0]["id"] == before[0]["id"]
    assert after[-1]["id"] != before[-1]["id"]


def test_only_a_question_can_be_asked_again(reader: Reader) -> None:
    thread_id = thread_of(reader.ask("How do I uninstall Kettle?"))
    items = reader.items(thread_id)
    answer = reader.post("threads.retry_after_item", {"thread_id": thread_id, "item_id": items[-1]["id"]})
    assert answer.status_code == 400
    missing = reader.post("threads.retry_after_item", {"thread_id": thread_id, "item_id": "msg_0"})
    assert missing.status_code == 404
    assert reader.items(thread_id) == items


def test_feedback_is_stored_and_the_last_counts(serve: Serve, tmp_path: Path) -> None:
    reader = Reader(serve())
    thread_id = thread_of(reader.ask("How do I uninstall Kettle?"))
    item_id = reader.items(thread_id)[-1]["id"]
    for kind in ("positive", "negative"):
        params = {"thread_id": thread_id, "item_ids": [item_id], "kind": kind}
        assert reader.post("items.feedback", params).json() == {}
    unknown = {"thread_id": thread_id, "item_ids": [item_id, "x"], "kind": "positive"}
    assert reader.post("items.feedback", unknown).status_code == 404
    reader.close()
    with sqlite3.connect(tmp_path / "chat.db") as database:
        rows = database.execute("select thread_id, item_id, kind from feedback").fetchall()
    database.close()
    assert rows == [(thread_id, item_id, "negative")]


@pytest.mark.parametrize(
    ("metadata", "stored"),
    [
        ({"docs_chat": {"reason": " wrong: the port\x1b[31m is\n8766 "}}, "wrong: the port [31m is 8766"),
        ({"docs_chat": {"reason": "x" * 600}}, "x" * 500),
        ({"docs_chat": {"reason": "ask ada@example.org"}}, "ask [e-mail removed]"),
        ({"docs_chat": {"reason": " "}}, None),
        ({"docs_chat": {}}, None),
        ({"docs_chat": "x"}, None),
        ({"other": {"reason": "x"}}, None),
    ],
    ids=str,
)
def test_a_verdict_may_have_a_reason(serve: Serve, tmp_path: Path, metadata: Any, stored: str | None) -> None:
    reader = Reader(serve(store={"redact": True}))
    thread_id = thread_of(reader.ask("How do I uninstall Kettle?"))
    item_id = reader.items(thread_id)[-1]["id"]
    params = {"thread_id": thread_id, "item_ids": [item_id], "kind": "negative"}
    reader.post("items.feedback", params)
    body = {"type": "items.feedback", "params": params, "metadata": metadata}
    assert reader.client.post("/chatkit", json=body, headers=reader.headers).json() == {}
    bad = {**body, "metadata": {"docs_chat": {"reason": 7}}}
    assert reader.client.post("/chatkit", json=bad, headers=reader.headers).status_code == 400
    reader.close()
    with sqlite3.connect(tmp_path / "chat.db") as database:
        rows = database.execute("select kind, reason from feedback").fetchall()
    database.close()
    assert rows == [("negative", stored)]


def test_questions_over_the_limit_wait(serve: Serve) -> None:
    reader = Reader(serve(limits={"questions_per_minute": 2}))
    thread_id = thread_of(reader.ask("How do I uninstall Kettle?"))
    reader.ask("How do I install Kettle?", thread_id)
    before = reader.items(thread_id)
    refused = reader.post("threads.retry_after_item", {"thread_id": thread_id, "item_id": before[0]["id"]})
    assert refused.status_code == 429
    assert 1 <= int(refused.headers["retry-after"]) <= 60
    assert refused.json()["error"]["code"] == "rate_limited"
    assert reader.items(thread_id) == before
    stranger = Reader(str(reader.client.base_url))
    assert stranger.post("threads.list", {}).status_code == 200
    response = stranger.post("threads.create", {"input": before_input()})
    assert response.status_code == 429, "another identity at the same address shares its limit"
    stranger.close()
    reader.close()


def before_input() -> dict[str, Any]:
    content = [{"type": "input_text", "text": "hi there"}]
    return {"content": content, "attachments": [], "inference_options": {}}


def test_parallel_questions_never_pass_the_limit(serve: Serve) -> None:
    reader = Reader(serve(limits={"questions_per_minute": 5, "answers_at_once_per_reader": 20}))
    statuses: list[int] = []

    def ask() -> None:
        statuses.append(reader.post("threads.create", {"input": before_input()}).status_code)

    threads = [threading.Thread(target=ask) for _ in range(15)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    reader.close()
    assert sorted(statuses) == [200] * 5 + [429] * 10

"""A model that looks for more than it was given, and follow-ups that it rewrites."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest

from .conftest import MockModel, Serve
from .reader import Event, Reader, answer_of, thread_of

QUESTION = "How do I install Kettle with pip?"
FOUND = {"type": "reply", "text": "Sensors fail [1][2][3][4][5][6][7][8]."}


def search_for(query: str, **options: Any) -> dict[str, Any]:
    return {"type": "reply", "tool_calls": [{"name": "search_docs", "arguments": {"query": query}}], **options}


@pytest.fixture
def reader(serve: Serve, model: MockModel, api: str) -> Iterator[Reader]:
    answer = {"api": api, "idle_seconds": 2, "connect_seconds": 2}
    url = serve(openai_base_url=f"{model.url}/v1", limits={"enabled": False}, answer=answer)
    model.script()
    reader = Reader(url)
    yield reader
    reader.close()


def workflow_of(events: list[Event]) -> Event:
    done = [event["item"] for event in events if event["type"] == "thread.item.done"]
    workflow: Event = next(item for item in done if item["type"] == "workflow")["workflow"]
    return workflow


def bodies(model: MockModel) -> list[dict[str, Any]]:
    return [request["body"] for request in model.requests()]


def test_what_a_model_searches_for_can_be_cited_and_is_shown(reader: Reader, model: MockModel) -> None:
    model.script(search_for("temperature sensor errors"), FOUND)
    events = reader.ask(QUESTION)
    found = [annotation["source"]["data"]["permalink"] for annotation in answer_of(events)["annotations"]]
    assert "/docs/guides/temperature" in found
    tasks = workflow_of(events)["tasks"]
    assert [task["queries"] for task in tasks] == [[QUESTION], ["temperature sensor errors"]]
    assert all(task["status_indicator"] == "complete" and task["sources"] for task in tasks)
    added = [event["update"] for event in events if event["type"] == "thread.item.updated"]
    assert [update["task_index"] for update in added if update["type"] == "workflow.task.added"] == [1]


def test_passages_keep_their_numbers_when_they_are_found_again(reader: Reader, model: MockModel) -> None:
    model.script(search_for("install with pip"), {"type": "reply", "text": "Done [1]."})
    reader.ask(QUESTION)
    first, second = (json.dumps(body) for body in bodies(model))
    opening = json.dumps('<passage number="1" heading="Installation > Install with pip"')[1:-1]
    assert first.count(opening) == 1
    assert second.count(opening) == 2, "what the search gave stands behind what was there"
    assert second.count(opening.replace("1", "2", 1)) == 0


def test_after_three_searches_the_model_must_answer(reader: Reader, model: MockModel) -> None:
    model.script(*(search_for(f"kettle sensors {number}") for number in range(3)), FOUND)
    events = reader.ask(QUESTION)
    assert answer_of(events)["text"].startswith("Sensors fail")
    choices = [body["tool_choice"] for body in bodies(model)]
    assert choices == ["auto", "auto", "auto", "none"]


def test_endless_searching_ends_with_the_docs_themselves(reader: Reader, model: MockModel) -> None:
    model.script(search_for("kettle", times=20))
    events = reader.ask(QUESTION)
    assert len(model.requests()) == 4
    assert [event["type"] for event in events].count("notice") == 1
    assert "> pip install kettle" in answer_of(events)["text"]


@pytest.mark.parametrize("kind", ["malformed_arguments", "unknown_tool"])
def test_a_broken_tool_call_is_told_what_there_is(reader: Reader, model: MockModel, kind: str) -> None:
    before = {"type": "reply", "text": "Let me see."}
    model.script({"type": "tool_fault", "kind": kind}, before, {"type": "reply", "text": "Then so [1]."})
    events = reader.ask(QUESTION)
    assert answer_of(events)["text"] == "Let me see.\n\nThen so."
    assert len(workflow_of(events)["tasks"]) == 1, "nothing was searched for it"
    assert "There is only search_docs" in json.dumps(bodies(model)[-1])


def test_a_server_without_tools_is_asked_without_them(reader: Reader, model: MockModel) -> None:
    message = "registry.example/llama does not support tools"
    model.script({"type": "fail", "status": 400, "message": message}, {"type": "reply", "text": "Plain [1]."})
    assert answer_of(reader.ask(QUESTION))["text"] == "Plain."
    model.script({"type": "reply", "text": "Again [1]."})
    reader.ask(f"{QUESTION} please")
    assert ["tools" in body for body in bodies(model)] == [False]


@pytest.mark.parametrize("api", ["responses"], indirect=True)
def test_a_model_that_does_not_reason_is_asked_without_its_thoughts(reader: Reader, model: MockModel) -> None:
    message = "Encrypted content is not supported with this model."
    model.script({"type": "fail", "status": 400, "message": message}, {"type": "reply", "text": "Plain [1]."})
    assert answer_of(reader.ask(QUESTION))["text"] == "Plain."
    assert ["include" in body for body in bodies(model)] == [True, False]
    assert all("tools" in body for body in bodies(model))


def test_a_follow_up_is_searched_as_the_model_rewrites_it(reader: Reader, model: MockModel) -> None:
    model.script({"type": "reply", "text": "Use pip [1]."})
    thread_id = thread_of(reader.ask(QUESTION))
    model.script({"type": "reply", "text": "“How do I uninstall Kettle?”\n"}, {"type": "reply", "text": "So [1]."})
    events = reader.ask("and how do I get rid of it?", thread_id)
    assert workflow_of(events)["tasks"][0]["queries"] == ["How do I uninstall Kettle?"]
    assert answer_of(events)["annotations"][0]["source"]["data"]["anchor"] == "uninstall"
    rewriting, answering = bodies(model)
    assert QUESTION in str(rewriting)
    assert "tools" not in rewriting
    assert "and how do I get rid of it?" in str(answering)


def test_a_question_that_stands_alone_is_not_rewritten(reader: Reader, model: MockModel) -> None:
    model.script({"type": "reply", "text": "Use pip [1]."}, {"type": "reply", "text": "So [1]."})
    thread_id = thread_of(reader.ask(QUESTION))
    reader.ask("What does a sensor error mean for the temperature of Kettle?", thread_id)
    assert len(model.requests()) == 2


def test_a_follow_up_that_is_not_rewritten_is_searched_with_what_came_before(reader: Reader, model: MockModel) -> None:
    model.script({"type": "reply", "text": "Use pip [1]."})
    thread_id = thread_of(reader.ask(QUESTION))
    model.script({"type": "fail", "status": 401}, {"type": "fail", "status": 401})
    events = reader.ask("and with Docker?", thread_id)
    assert workflow_of(events)["tasks"][0]["queries"] == [f"and with Docker? {QUESTION}"]
    assert "docker run" in answer_of(events)["text"]


def test_the_model_knows_the_pages_and_is_told_what_is_unsure(reader: Reader, model: MockModel) -> None:
    model.script({"type": "reply", "text": "So [1]."}, {"type": "reply", "text": "So [1]."})
    reader.ask(QUESTION)
    reader.ask("What does a sensor error mean for the temperature of Kettle?")
    first, second = (str(body.get("instructions") or body["messages"][0]["content"]) for body in bodies(model))
    assert "- docs: Kettle" in first or "Installation" in first
    assert first == second, "what is the same for every question comes first, and is the same"


def test_a_refused_key_is_not_tried_for_a_while(reader: Reader, model: MockModel) -> None:
    model.script({"type": "fail", "status": 401, "times": 5})
    for _ in range(3):
        assert "> pip install kettle" in answer_of(reader.ask(QUESTION))["text"]
    assert len(model.requests()) == 1

"""What a provider can do besides failing plainly: each has one honest outcome."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from .conftest import MINI_SITE, MockModel, Serve, free_port, run_cli
from .reader import Event, Reader, answer_of, thread_of

QUESTION = "How do I install Kettle with pip?"
REPLY = {"type": "reply", "text": "Run `pip install kettle` [1]."}


@pytest.fixture
def reader(serve: Serve, model: MockModel, api: str) -> Iterator[Reader]:
    answer = {"api": api, "idle_seconds": 0.6, "connect_seconds": 1, "cache_days": 0}
    url = serve(openai_base_url=f"{model.url}/v1", limits={"enabled": False}, answer=answer)
    model.script()
    reader = Reader(url)
    yield reader
    reader.close()


def has_notice(events: list[Event]) -> bool:
    return any(event["type"] == "notice" for event in events)


@pytest.mark.parametrize("api", ["chat"], indirect=True)
@pytest.mark.parametrize("reason", ["length", "content_filter"])
def test_an_answer_that_the_provider_ends_early_is_no_whole_answer(
    reader: Reader, model: MockModel, reason: str
) -> None:
    model.script({"type": "reply", "text": "Run `pip install kettle` and then", "finish_reason": reason})
    events = reader.ask(QUESTION)
    assert events[-1]["type"] == "error"
    assert events[-1]["allow_retry"] is True
    stored = reader.items(thread_of(events))[-1]["content"][0]["text"]
    assert stored.endswith("*This answer stopped before its end.*")


@pytest.mark.parametrize("host", ["127.0.0.1", "no-such-host.invalid"])
def test_a_provider_that_is_not_there_is_replaced_by_the_docs(serve: Serve, api: str, host: str) -> None:
    reader = Reader(serve(openai_base_url=f"http://{host}:{free_port()}/v1", answer={"api": api, "connect_seconds": 1}))
    events = reader.ask(QUESTION)
    assert has_notice(events)
    assert "> pip install kettle" in answer_of(events)["text"]
    assert events[-1]["type"] != "error"
    reader.close()


def test_a_failure_is_followed_by_a_whole_answer(reader: Reader, model: MockModel) -> None:
    model.script({"type": "fail", "status": 500, "times": 2}, REPLY)
    events = reader.ask(QUESTION)
    thread_id = thread_of(events)
    question = next(item for item in reader.items(thread_id) if item["type"] == "user_message")
    retry = reader.post("threads.retry_after_item", {"thread_id": thread_id, "item_id": question["id"]})
    assert retry.status_code == 200
    kinds = [item["type"] for item in reader.items(thread_id)]
    assert kinds == ["user_message", "workflow", "assistant_message"], "one question, one answer"
    assert reader.items(thread_id)[-1]["content"][0]["text"] == "Run `pip install kettle`."


@pytest.mark.parametrize("kind", ["truncate", "disconnect"])
def test_the_provider_s_judge_finds_no_fault_in_how_a_cut_answer_is_asked_again(
    reader: Reader, model: MockModel, kind: str
) -> None:
    words = {"type": "reply", "text": " ".join(f"word{number}" for number in range(60))}
    model.script(words, {"type": "stream_fault", "kind": kind, "after_chunks": 12}, REPLY)
    events = reader.ask(QUESTION)
    assert events[-1]["type"] == "error", "what merely ends is no answer"
    thread_id = thread_of(events)
    question = reader.items(thread_id)[0]["id"]
    reader.post("threads.retry_after_item", {"thread_id": thread_id, "item_id": question})
    assert reader.items(thread_id)[-1]["content"][0]["text"] == "Run `pip install kettle`."
    assert model.judge() == []


class TestWithEmbeddingsOfAProvider:
    """The index is made with the provider's embeddings, which every question needs too."""

    @pytest.fixture
    def reader(self, serve: Serve, model: MockModel, tmp_path: Path) -> Iterator[Reader]:
        site = tmp_path / "site"
        shutil.copytree(MINI_SITE, site)
        model.script()
        environment = {**os.environ, "OPENAI_BASE_URL": f"{model.url}/v1", "OPENAI_API_KEY": "sk-test"}
        run_cli("index", str(site), "--embedder", "openai", env=environment)
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("OPENAI_BASE_URL", environment["OPENAI_BASE_URL"])
            patch.setenv("OPENAI_API_KEY", "sk-test")
            url = serve(
                index=str(site / ".docs-chat" / "index"),
                openai_base_url=environment["OPENAI_BASE_URL"],
                openai_api_key="sk-test",
                answer={"cache_days": 0},
            )
            reader = Reader(url)
            yield reader
            reader.close()

    def test_without_embeddings_the_reader_is_told_and_no_model_is_asked(
        self, reader: Reader, model: MockModel
    ) -> None:
        model.script(fail_on("/v1/embeddings"))
        events = reader.ask(QUESTION)
        assert events[-1]["type"] == "error"
        assert events[-1]["message"] == "The answer could not be made. Please try again."
        assert events[-1]["allow_retry"] is True
        assert [request["path"] for request in model.requests() if "embeddings" not in request["path"]] == []
        assert [item["type"] for item in reader.items(thread_of(events))] == ["user_message"]

    def test_without_the_model_the_docs_are_quoted(self, reader: Reader, model: MockModel) -> None:
        model.script(fail_on("/v1/responses"))
        events = reader.ask(QUESTION)
        assert events[-1]["type"] != "error"
        assert answer_of(events)["annotations"]


def fail_on(path: str) -> dict[str, Any]:
    return {"type": "fail", "status": 500, "times": 50, "match": {"path": path}}

"""Questions that name a page with a tag: answered from that page first, and no tag is ever an error."""

from __future__ import annotations

import json
from typing import Any

import httpx2
import pytest
from docs_chat.titles import WORD, fold, rank
from docs_index.index import PageInfo

from .conftest import MockModel, Serve
from .reader import Event, Reader, answer_of, read_events, thread_of

NEXT = "/docs/guides/temperature"
OLD = "/docs/1.0/temperature"


def tag(data: Any, text: str = "Temperature", **more: Any) -> dict[str, Any]:
    return {"type": "input_tag", "id": "t", "text": text, "data": data, "interactive": True, **more}


def post(reader: Reader, *parts: Any, thread_id: str | None = None, **headers: str) -> list[Event]:
    content = [{"type": "input_text", "text": part} if isinstance(part, str) else part for part in parts]
    params: dict[str, Any] = {"input": {"content": content, "attachments": [], "inference_options": {}}}
    kind = "threads.create"
    if thread_id:
        kind, params = "threads.add_user_message", {**params, "thread_id": thread_id}
    response = reader.post(kind, params, **headers)
    assert response.status_code == 200, response.text
    return read_events(response.text)


def cited(events: list[Event]) -> list[str]:
    return [note["source"]["data"]["permalink"] for note in answer_of(events)["annotations"]]


@pytest.mark.parametrize("page", ["/docs/install", NEXT, "/docs/intro"])
def test_a_question_is_answered_from_the_page_that_it_names_first(reader: Reader, page: str) -> None:
    assert cited(post(reader, "How do I keep it warm? ", tag({"permalink": page}, "this")))[0] == page


def test_a_page_that_has_nothing_of_the_question_is_there_with_its_beginning(reader: Reader) -> None:
    events = post(reader, "zyxwv ", tag({"permalink": "/docs/install"}, "qqq"))
    assert cited(events)[0] == "/docs/install"


def test_several_pages_are_answered_from(reader: Reader) -> None:
    events = post(
        reader,
        tag({"permalink": NEXT}, "Temperature"),
        " or ",
        tag({"permalink": "/docs/install"}, "Installation"),
        ": which command do I need?",
    )
    assert set(cited(events)) <= {NEXT, "/docs/install"}


def test_the_page_decides_which_version_and_language_answer(reader: Reader) -> None:
    here = {"X-Docs-Chat-Page": "/fr/docs/install", "X-Docs-Chat-Locale": "fr"}
    events = post(reader, "Which option sets the heat? ", tag({"permalink": OLD}), **here)
    assert cited(events)[0] == OLD
    assert "--heat" in answer_of(events)["text"]


def test_a_trailing_slash_more_is_forgiven(reader: Reader) -> None:
    assert cited(post(reader, "What does it need? ", tag({"permalink": "/docs/intro/"})))[0] == "/docs/intro"


def test_a_tag_in_a_follow_up_counts_too(reader: Reader) -> None:
    thread_id = thread_of(post(reader, "How do I install Kettle with pip?"))
    events = post(reader, "And ", tag({"permalink": NEXT}), "?", thread_id=thread_id)
    assert cited(events)[0] == NEXT


def test_the_tag_stays_in_the_question_that_is_stored(reader: Reader) -> None:
    named = tag({"permalink": NEXT, "secret": "x"}, group="pages")
    thread_id = thread_of(post(reader, "What is ", named, "?"))
    question = reader.items(thread_id)[0]
    assert [part["text"] for part in question["content"]] == ["What is ", "Temperature", "?"]
    assert question["content"][1]["data"] == {"permalink": NEXT}
    thread = reader.post("threads.get_by_id", {"thread_id": thread_id}).json()
    assert thread["title"] == "What is Temperature?"


@pytest.mark.parametrize(
    "named",
    [
        tag({}),
        tag({"permalink": "/no/such/page"}),
        tag({"permalink": "https://evil.example/docs"}),
        tag({"permalink": ""}),
        tag({"permalink": None}),
        tag({"permalink": 7}),
        tag({"permalink": ["/docs/intro"]}),
        tag({"permalink": "/docs/intro" * 200}),
        tag({"permalink": "/no/\x00such"}),
        tag("/docs/intro"),
        tag(None),
        {"type": "input_tag", "text": "Temperature"},
        {"type": "input_tag", "id": 3, "text": "Temperature", "data": {}},
        {"type": "input_tag"},
        {"type": "input_tag", "id": "t", "text": None, "data": {}},
    ],
    ids=lambda named: json.dumps(named)[:60],
)
def test_a_tag_that_is_none_is_its_words(reader: Reader, named: dict[str, Any]) -> None:
    events = post(reader, "How do I install Kettle with pip? ", named)
    assert cited(events)[0] == "/docs/install"


def test_what_else_is_wrong_is_still_refused(reader: Reader) -> None:
    content = [{"type": "input_tag"}, {"type": "input_smell", "text": "x"}]
    params = {"input": {"content": content, "attachments": [], "inference_options": {}}}
    assert reader.post("threads.create", params).status_code == 400
    only_tag = {"content": [{"type": "input_tag"}], "attachments": [], "inference_options": {}}
    refused = reader.post("threads.create", {"input": only_tag})
    assert (refused.status_code, refused.json()["error"]["code"]) == (400, "question_empty")


def test_a_model_reads_the_page_first(serve: Serve, model: MockModel) -> None:
    url = serve(openai_base_url=f"{model.url}/v1", limits={"enabled": False})
    model.script({"type": "reply", "text": "It keeps warm [1]."})
    reader = Reader(url)
    assert cited(post(reader, "What is in ", tag({"permalink": "/docs/intro"}, "it"), "?")) == ["/docs/intro"]
    asked = json.dumps(model.requests()[-1])
    assert asked.index("Introduction") < asked.index("Question: ")
    reader.close()


def titles(url: str, **params: Any) -> list[str]:
    response = httpx2.get(f"{url}/api/pages", params=params)
    assert response.status_code == 200, response.text
    return [page["title"] for page in response.json()["pages"]]


def test_pages_are_found_by_the_beginnings_of_their_words(url: str) -> None:
    assert titles(url, q="inst") == ["Installation"]
    assert titles(url, q="TEMP") == ["Temperature"]
    assert titles(url, q="stall") == ["Installation"]
    assert "Temperature" in titles(url, q="guides temp")
    assert titles(url, q="zzz") == []
    assert len(titles(url)) >= 3
    assert len(titles(url, k=1)) == 1
    assert titles(url, q="* (") == []


def test_pages_are_of_the_asked_version_and_language(url: str) -> None:
    (old,) = httpx2.get(f"{url}/api/pages", params={"q": "temp", "version": "1.0"}).json()["pages"]
    assert (old["permalink"], old["version"]) == (OLD, "1.0")
    french = httpx2.get(f"{url}/api/pages", params={"locale": "fr"}).json()["pages"]
    assert {page["locale"] for page in french} == {"fr"}
    unknown = httpx2.get(f"{url}/api/pages", params={"locale": "xx"})
    assert (unknown.status_code, unknown.json()["error"]["code"]) == (400, "unknown_scope")
    assert httpx2.get(f"{url}/api/pages", params={"q": "x" * 201}).status_code == 400


@pytest.mark.parametrize(
    ("typed", "place"),
    [("", 0), ("éco", 0), ("ECO", 0), ("mode", 1), ("mode éco", 1), ("node", 2), ("docs/e", 3), ("eco zz", None)],
)
def test_what_is_typed_counts_without_case_and_accents(typed: str, place: int | None) -> None:
    page = PageInfo("/docs/energy", "Éco mode, anode", "doc", "", "", "fr")
    assert rank(page, fold(typed).strip(), WORD.findall(fold(typed))) == place

"""The edge of the server: who may call, with what, and how a refusal looks."""

from __future__ import annotations

import re
import socket
from collections.abc import Iterator
from contextlib import ExitStack
from typing import Any

import httpx2
import pytest
from docs_chat.settings import Settings
from pydantic import ValidationError

from .conftest import Serve
from .reader import Reader, question, read_events, thread_of

JSON = {"Content-Type": "application/json"}


def error_of(response: httpx2.Response) -> dict[str, Any]:
    body = response.json()
    assert list(body) == ["error"]
    assert set(body["error"]) == {"code", "message", "request_id"}
    assert body["error"]["request_id"] == response.headers["x-request-id"]
    error: dict[str, Any] = body["error"]
    return error


@pytest.mark.parametrize("path", ["/chatkit", "/identity", "/api/search?q=x"])
@pytest.mark.parametrize("origin", ["https://evil.test", "null", "", "https://docs.example.evil.test"])
def test_a_foreign_origin_is_refused(url: str, path: str, origin: str) -> None:
    method = "GET" if "search" in path else "POST"
    response = httpx2.request(method, url + path, headers={"Origin": origin})
    assert response.status_code == 403
    assert error_of(response)["code"] == "origin_forbidden"
    assert "access-control-allow-origin" not in response.headers


def test_the_same_origin_and_no_origin_pass(url: str) -> None:
    assert httpx2.post(f"{url}/identity").status_code == 200
    same = httpx2.post(f"{url}/identity", headers={"Origin": url})
    assert same.status_code == 200
    assert "access-control-allow-origin" not in same.headers


def test_a_listed_origin_gets_cors(url: str) -> None:
    listed = {"Origin": "https://docs.example"}
    response = httpx2.post(f"{url}/identity", headers=listed)
    assert response.status_code == 200
    assert response.headers["access-control-allow-origin"] == "https://docs.example"
    asked = {**listed, "Access-Control-Request-Method": "POST"}
    asked["Access-Control-Request-Headers"] = "authorization,content-type,x-docs-chat-page,x-docs-chat-build"
    preflight = httpx2.options(f"{url}/chatkit", headers=asked)
    assert preflight.status_code == 200
    assert "credentials" not in "".join(preflight.headers)
    refused = httpx2.post(f"{url}/chatkit", headers=listed)
    assert refused.status_code == 401
    assert refused.headers["access-control-allow-origin"] == "https://docs.example"


def test_a_pattern_lets_in_the_hosts_that_it_names_and_no_others(serve: Serve) -> None:
    url = serve(allowed_origins=["https://deploy-preview-*--kettle.netlify.app", "https://*.previews.kettle.example"])
    preflight = {"Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": "x-docs-chat-build"}
    for origin in ("https://deploy-preview-12--kettle.netlify.app", "https://pr-7.previews.kettle.example"):
        response = httpx2.post(f"{url}/identity", headers={"Origin": origin})
        assert (response.status_code, response.headers["access-control-allow-origin"]) == (200, origin)
        assert httpx2.options(f"{url}/chatkit", headers={"Origin": origin, **preflight}).status_code == 200
    for origin in (
        "https://deploy-preview---kettle.netlify.app",
        "https://deploy-preview-1.x--kettle.netlify.app",
        "https://evil--kettle.netlify.app",
        "https://deploy-preview-1--kettle.netlify.app.evil.test",
        "https://a.b.previews.kettle.example",
        "https://previews.kettle.example",
        "http://pr-7.previews.kettle.example",
        "https://pr-7.previews.kettle.example:8443",
        "https://pr-7.previewsxkettle.example",
    ):
        assert httpx2.post(f"{url}/identity", headers={"Origin": origin}).status_code == 403


@pytest.mark.parametrize(
    "origin",
    [
        "*",
        "https://*",
        "https://*.com",
        "https://*.netlify.app",
        "https://docs.*.example.com",
        "https://a*b*.x.example",
        "https://*.example.com:*",
        "docs.example.com",
        "https://docs.example.com/path",
    ],
)
def test_an_origin_that_would_let_strangers_in_is_refused(origin: str) -> None:
    with pytest.raises(ValidationError, match=re.escape(f"`{origin}`")):
        Settings(allowed_origins=[origin])


def test_a_foreign_preflight_is_refused(url: str) -> None:
    headers = {"Origin": "https://evil.test", "Access-Control-Request-Method": "POST"}
    assert httpx2.options(f"{url}/chatkit", headers=headers).status_code == 403


@pytest.mark.parametrize("value", ["", "Bearer", "Bearer x", "Basic abc", "Bearer v1.aa.bb.cc"])
def test_without_a_valid_token_nothing_is_served(url: str, value: str) -> None:
    headers = {**JSON, **({"Authorization": value} if value else {})}
    response = httpx2.post(f"{url}/chatkit", content=b"{}", headers=headers)
    assert response.status_code == 401
    assert error_of(response)["code"] == "unauthorized"


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", ""])
def test_only_json_is_taken(reader: Reader, kind: str) -> None:
    response = reader.client.post(
        "/chatkit", content=b'{"type":"threads.list","params":{}}', headers={**reader.headers, "Content-Type": kind}
    )
    assert response.status_code == 415
    error_of(response)


def test_json_with_a_charset_is_json(reader: Reader) -> None:
    headers = {**reader.headers, "Content-Type": "application/json; charset=utf-8"}
    body = b'{"type":"threads.list","params":{}}'
    assert reader.client.post("/chatkit", content=body, headers=headers).status_code == 200


def test_a_large_body_is_refused_with_and_without_a_length(reader: Reader) -> None:
    body = b'{"type": "' + b"x" * 70_000 + b'"}'
    headers = {**reader.headers, **JSON}

    def chunks() -> Iterator[bytes]:
        for start in range(0, len(body), 10_000):
            yield body[start : start + 10_000]

    for content in (body, chunks()):
        response = reader.client.post("/chatkit", content=content, headers=headers)
        assert response.status_code == 413
        error_of(response)


def test_a_body_that_says_it_is_too_large_is_not_waited_for(reader: Reader, url: str) -> None:
    assert begin_body(url, reader, 99_999_999, "").startswith(b"HTTP/1.1 413 ")


def test_a_body_that_stops_coming_is_not_waited_for(reader: Reader, url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("docs_chat.routes.BODY_SECONDS", 0.3)
    assert begin_body(url, reader, 100, '{"type":').startswith(b"HTTP/1.1 408 ")


def begin_body(url: str, reader: Reader, length: int, body: str) -> bytes:
    """The status line for a body of which no more comes."""
    with connect(url) as connection:
        connection.sendall(
            f"POST /chatkit HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {reader.token}\r\n"
            f"Content-Type: application/json\r\nContent-Length: {length}\r\n\r\n{body}".encode()
        )
        return connection.makefile("rb").readline()


def test_those_who_hold_connections_open_and_say_nothing_keep_nobody_out(reader: Reader, url: str) -> None:
    with ExitStack() as stack:
        for _ in range(300):
            stack.enter_context(connect(url)).sendall(b"POST /chatkit HTTP/1.1\r\nHost: ")
        assert thread_of(reader.ask("How do I install it?"))


def connect(url: str) -> socket.socket:
    host, port = url.removeprefix("http://").split(":")
    return socket.create_connection((host, int(port)), timeout=20)


BAD_BODIES = {
    "empty": b"",
    "truncated": b'{"type":',
    "array": b"[]",
    "bad utf-8": b'{"type":"\xff"}',
    "lone surrogate": b'{"type":"threads.update","params":{"thread_id":"t","title":"\\ud800"}}',
    "deep": b"[" * 30_000,
    "unknown operation": b'{"type":"threads.explode","params":{}}',
    "no params": b'{"type":"threads.list"}',
    "wrong type": b'{"type":"threads.list","params":{"limit":"many"}}',
}


@pytest.mark.parametrize("name", BAD_BODIES)
def test_nonsense_is_a_bad_request(reader: Reader, name: str) -> None:
    response = reader.client.post("/chatkit", content=BAD_BODIES[name], headers={**reader.headers, **JSON})
    assert response.status_code == 400
    assert error_of(response)["code"] == "invalid_request"


UNSUPPORTED: list[tuple[str, dict[str, Any]]] = [
    ("threads.add_client_tool_output", {"thread_id": "t", "result": 1}),
    ("threads.add_structured_input", {"thread_id": "t", "item_id": "i", "input": {}}),
    ("threads.custom_action", {"thread_id": "t", "action": {"type": "x", "payload": {}}}),
    ("threads.sync_custom_action", {"thread_id": "t", "action": {"type": "x", "payload": {}}}),
    ("attachments.create", {"name": "a", "size": 1, "mime_type": "text/plain"}),
    ("attachments.delete", {"attachment_id": "a"}),
    ("input.transcribe", {"audio_base64": "", "mime_type": "audio/webm"}),
]


@pytest.mark.parametrize(("kind", "params"), UNSUPPORTED)
def test_what_we_do_not_serve_says_so(reader: Reader, kind: str, params: dict[str, Any]) -> None:
    response = reader.post(kind, params)
    assert response.status_code == 400
    assert error_of(response)["code"] == "unsupported"


OPERATIONS: list[tuple[str, dict[str, Any]]] = [
    ("threads.get_by_id", {}),
    ("items.list", {}),
    ("threads.update", {"title": "x"}),
    ("threads.delete", {}),
    ("items.feedback", {"item_ids": ["i"], "kind": "positive"}),
    ("threads.retry_after_item", {"item_id": "i"}),
    ("threads.add_user_message", question("hello there")[1]),
]


@pytest.mark.parametrize(("kind", "params"), OPERATIONS)
def test_a_foreign_thread_looks_like_a_missing_one(url: str, reader: Reader, kind: str, params: dict[str, Any]) -> None:
    mine = reader.ask("How do I install Kettle?")
    thread_id = thread_of(mine)
    if "item_ids" in params:
        params = {**params, "item_ids": [reader.items(thread_id)[0]["id"]]}
    if "item_id" in params:
        params = {**params, "item_id": reader.items(thread_id)[0]["id"]}
    before = reader.items(thread_id)
    stranger = Reader(url)
    answers = [
        stranger.post(kind, {**params, "thread_id": name})
        for name in (thread_id, "thr_" + "0" * 32, "x' OR 1=1", "\u0000")
    ]
    stranger.close()
    assert {answer.status_code for answer in answers} == {404}
    assert len({re.sub(r'"request_id":"\w+"', "", answer.text) for answer in answers}) == 1
    assert reader.items(thread_id) == before


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"content": [{"type": "input_text", "text": "x" * 4001}]}, "question_too_long"),
        ({"content": [{"type": "input_text", "text": "x"}] * 9}, "bad_request"),
        ({"content": []}, "question_empty"),
        ({"content": [{"type": "input_text", "text": " \n"}]}, "question_empty"),
        ({"attachments": ["atc_1"]}, "unsupported"),
    ],
)
def test_questions_are_bounded(reader: Reader, change: dict[str, Any], code: str) -> None:
    kind, params = question("hi")
    response = reader.post(kind, {"input": {**params["input"], **change}})
    assert response.status_code == 400
    assert error_of(response)["code"] == code
    assert reader.post("threads.list", {}).json()["data"] == []


def test_what_a_client_may_make_long_is_cut(reader: Reader) -> None:
    kind, params = question("How do I install Kettle?")
    params["input"]["quoted_text"] = "q" * 3000
    thread_id = thread_of(read_events(reader.post(kind, params).text))
    assert reader.items(thread_id)[0]["quoted_text"] == "q" * 1000
    assert reader.post("threads.update", {"thread_id": thread_id, "title": "t" * 3000}).status_code == 200
    assert reader.post("threads.get_by_id", {"thread_id": thread_id}).json()["title"] == "t" * 200


def test_a_bad_cursor_is_a_bad_request(reader: Reader) -> None:
    response = reader.post("threads.list", {"after": "nothing"})
    assert response.status_code == 400
    assert error_of(response)["code"] == "bad_cursor"


def test_a_nul_does_not_reach_the_database(reader: Reader) -> None:
    thread_id = thread_of(reader.ask("install\u0000 with pip"))
    assert reader.items(thread_id)[0]["content"][0]["text"] == "install with pip"


def test_an_id_with_a_nul_is_one_that_is_not_there(serve: Serve, database_url: str) -> None:
    # A model, which nobody asks: without one no files are taken.
    reader = Reader(
        serve(
            database_url=database_url,
            limits={"enabled": False},
            openai_base_url="http://127.0.0.1:1/v1",
            attachments={"enabled": True},
        )
    )
    own = {"thread_id": thread_of(reader.ask("How do I install Kettle?"))}
    nul = "a\u0000b"
    for kind, params in OPERATIONS:
        items = {name: [nul] if name == "item_ids" else nul for name in params if name.startswith("item")}
        for ids in ({"thread_id": nul}, items):
            if ids:
                answer = reader.post(kind, {**params, **own, **ids})
                assert (answer.status_code, error_of(answer)["code"]) == (404, "not_found"), kind
    for kind in ("threads.list", "items.list"):
        answer = reader.post(kind, {**own, "after": nul})
        assert (answer.status_code, error_of(answer)["code"]) == (400, "bad_cursor"), kind
    sent = reader.client.post("/chatkit/attachments/a%00b", files={"file": b"text"}, headers=reader.headers)
    assert (sent.status_code, error_of(sent)["code"]) == (404, "not_found")
    named = reader.post("attachments.create", {"name": nul, "size": 4, "mime_type": nul})
    assert named.status_code == 200, named.text
    assert reader.post("attachments.delete", {"attachment_id": nul}).status_code == 404
    reader.close()


def test_the_clients_wishes_are_dropped(reader: Reader) -> None:
    kind, params = question("How do I install Kettle?")
    params["input"]["inference_options"] = {"model": "gpt-expensive", "tool_choice": {"id": "shell"}}
    params["input"]["content"].append({"type": "input_tag", "id": "1", "text": "tag", "data": {"secret": "x" * 100}})
    response = reader.post(kind, params)
    assert "gpt-expensive" not in response.text
    assert "shell" not in response.text
    assert "xxx" not in response.text


def test_every_answer_has_safe_headers(url: str) -> None:
    for path in ("/healthz", "/nothing-here", "/docs", "/openapi.json"):
        response = httpx2.get(url + path)
        assert response.status_code == (200 if path == "/healthz" else 404)
        assert response.headers["x-content-type-options"] == "nosniff"
        assert response.headers["x-request-id"]
        assert "server" not in response.headers


def test_search_needs_no_token(url: str) -> None:
    found = httpx2.get(f"{url}/api/search", params={"q": "docker", "k": 2}).json()
    assert set(found) == {"results", "confidence", "state"}
    assert found["state"] == "answer"
    assert found["results"][0]["anchor"] == "install-with-docker"
    assert len(found["results"]) == 2


@pytest.mark.parametrize(("k", "count"), [(-3, 1), (0, 1), (1, 1), (999, 20)])
def test_search_bounds_k(url: str, k: int, count: int) -> None:
    found = httpx2.get(f"{url}/api/search", params={"q": "kettle", "k": k}).json()["results"]
    assert 1 <= len(found) <= count


def test_search_takes_version_and_locale(url: str) -> None:
    old = httpx2.get(f"{url}/api/search", params={"q": "set the temperature", "version": "1.0"}).json()
    assert old["results"][0]["permalink"] == "/docs/1.0/temperature"
    french = httpx2.get(f"{url}/api/search", params={"q": "installer avec pip", "locale": "fr"}).json()
    assert {result["locale"] for result in french["results"]} == {"fr"}


@pytest.mark.parametrize("query", ["", "?q=", "?q=x&version=9.9", "?q=x&locale=xx", "?q=x&k=many"])
def test_a_wrong_search_is_a_bad_request(url: str, query: str) -> None:
    response = httpx2.get(f"{url}/api/search{query}")
    assert response.status_code == 400
    error_of(response)

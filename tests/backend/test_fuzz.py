"""Whatever is sent to the server: an answer or an honest refusal, and nothing of another reader's."""

from __future__ import annotations

import copy
import json
import logging
import re
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx2
import pytest
from docs_chat.settings import Settings
from hypothesis import given, note
from hypothesis import strategies as st

from .conftest import serving
from .reader import Reader, question, read_events, thread_of

#: Requests in one example: 150 examples are 2,100 requests, the 5,000 of ``make fuzz`` are 70,000.
AT_ONCE = 14
JSON = {"Content-Type": "application/json"}
HEADERS = ("X-Docs-Chat-Page", "X-Docs-Chat-Version", "X-Docs-Chat-Locale", "X-Docs-Chat-Build", "Accept-Language")
ACTION = {"type": "x", "payload": {}}
TAG = {"type": "input_tag", "id": "1", "text": "@Page", "data": {"permalink": "/docs/install"}}
PLAIN_INPUT = question("How do I install Kettle?")[1]["input"]
INPUT = {**PLAIN_INPUT, "content": [*PLAIN_INPUT["content"], TAG]}
#: Each operation with all of its parameters; ids stand as words that are filled in.
OPERATIONS: dict[str, dict[str, Any]] = {
    "threads.create": {"input": INPUT},
    "threads.add_user_message": {"thread_id": "THREAD", "input": INPUT},
    "threads.add_user_message ": {"thread_id": "THREAD", "input": {**INPUT, "attachments": ["FILE"]}},
    "threads.add_client_tool_output": {"thread_id": "THREAD", "result": {}},
    "threads.add_structured_input": {
        "thread_id": "THREAD",
        "item_id": "ITEM",
        "input": {"status": "answered", "answers": {"q": {"values": ["x"], "skipped": False}}},
    },
    "threads.retry_after_item": {"thread_id": "THREAD", "item_id": "ITEM"},
    "threads.custom_action": {"thread_id": "THREAD", "item_id": "ITEM", "action": ACTION},
    "threads.sync_custom_action": {"thread_id": "THREAD", "item_id": "ITEM", "action": ACTION},
    "threads.get_by_id": {"thread_id": "THREAD"},
    "threads.list": {"limit": 5, "order": "desc", "after": "THREAD"},
    "items.list": {"thread_id": "THREAD", "limit": 5, "order": "asc", "after": "ITEM"},
    "items.feedback": {"thread_id": "THREAD", "item_ids": ["ITEM"], "kind": "positive"},
    "attachments.create": {"name": "a.txt", "size": 1, "mime_type": "text/plain"},
    "attachments.delete": {"attachment_id": "FILE"},
    "threads.update": {"thread_id": "THREAD", "title": "A title"},
    "threads.delete": {"thread_id": "THREAD"},
    "input.transcribe": {"audio_base64": "T2dnUw==", "mime_type": "audio/webm"},
}

#: Text with what breaks parsers, databases and terminals.
TEXT = st.one_of(
    st.text(st.characters(codec=None), max_size=30),
    st.sampled_from(
        [
            "",
            " ",
            "\0",
            "\ud800",
            "\udfff\ud800",
            "' OR 1=1 --",
            "%s%n",
            "../../etc/passwd",
            "\u202e",
            "thr_" + "0" * 32,
        ]
    ),
    st.integers(1, 70_000).map(lambda length: "x" * length),
)
JUNK: st.SearchStrategy[Any] = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.integers(10**18, 10**30), TEXT),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(TEXT, inner, max_size=3)),
    max_leaves=5,
)
IDS = st.sampled_from(["own", "foreign", "missing"])


@dataclass(frozen=True, slots=True)
class Sent:
    """``body`` is what goes out, with ``THREAD``, ``ITEM`` and ``FILE`` to be filled in by whose they are."""

    body: Any
    raw: bytes | None = None
    thread: str = "own"
    item: str = "own"
    headers: dict[str, str] = field(default_factory=dict)


@st.composite
def requests(draw: st.DrawFn) -> Sent:
    if draw(st.integers(0, 19)) == 0:
        return Sent(None, draw(st.one_of(st.binary(max_size=200), JUNK.map(lambda junk: json.dumps(junk).encode()))))
    kind = draw(st.sampled_from(list(OPERATIONS)))
    body: dict[str, Any] = {"type": kind.strip(), "params": copy.deepcopy(OPERATIONS[kind])}
    if draw(st.booleans()):
        body["metadata"] = {"docs_chat": {"reason": "Wrong."}}
    for _ in range(draw(st.sampled_from([0, 0, 1, 1, 2]))):
        spoil(draw, body)
    headers = draw(
        st.dictionaries(
            st.sampled_from(HEADERS),
            st.one_of(
                st.text(st.characters(min_codepoint=33, max_codepoint=255, exclude_characters="\x7f"), max_size=40),
                st.just("/" * 600),
            ),
            max_size=2,
        )
    )
    raw = None
    if draw(st.integers(0, 14)) == 0:
        whole = json.dumps(body).encode()
        raw = whole[: draw(st.integers(0, len(whole)))]
    return Sent(body, raw, draw(IDS), draw(IDS), headers)


def spoil(draw: st.DrawFn, body: dict[str, Any]) -> None:
    """Put something else into one place, or take it away."""
    place: Any = body
    while True:
        keys = list(place) if isinstance(place, dict) else list(range(len(place)))
        if not keys:
            return
        key = draw(st.sampled_from(keys))
        if isinstance(place[key], dict | list) and draw(st.integers(0, 3)):
            place = place[key]
            continue
        if isinstance(place, dict) and draw(st.booleans()):
            del place[key]
        else:
            place[key] = draw(JUNK)
        return


def fill_in(value: Any, names: dict[str, str]) -> Any:
    match value:
        case str():
            return names.get(value, value)
        case dict():
            return {key: fill_in(inner, names) for key, inner in value.items()}
        case list():
            return [fill_in(inner, names) for inner in value]
    return value


class Errors(logging.Handler):
    """What the server logs as an error, which nothing that a client sends may be."""

    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self.records: list[logging.LogRecord] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.records.append(record)


class Attack:
    """A reader with a thread, and another one's thread that must stay what it is."""

    def __init__(self, url: str, database: Path) -> None:
        self.database = database
        self.victim = Reader(url)
        self.foreign = self.make_thread(self.victim)
        self.reader = Reader(url)
        self.own = self.make_thread(self.reader)
        self.kept = self.read_victim()
        self.errors = Errors()

    def make_thread(self, reader: Reader) -> dict[str, str]:
        thread_id = thread_of(reader.ask("How do I install Kettle?"))
        answer = reader.items(thread_id)[-1]["id"]
        reader.post("items.feedback", {"thread_id": thread_id, "item_ids": [answer], "kind": "negative"})
        return {"THREAD": thread_id, "ITEM": reader.items(thread_id)[0]["id"], "FILE": self.send_file(reader)}

    def send_file(self, reader: Reader) -> str:
        params = {"name": "a.txt", "size": 4, "mime_type": "text/plain"}
        announced = reader.post("attachments.create", params).json()
        url = announced["upload_descriptor"]["url"]
        reader.client.post(url, files={"file": b"text"}, headers=reader.headers).raise_for_status()
        return str(announced["id"])

    def read_victim(self) -> list[Any]:
        """The victim's rows, byte by byte."""
        connection = sqlite3.connect(self.database)
        try:
            return [
                connection.execute(f"SELECT * FROM {table} WHERE {column} = ?", [self.foreign["THREAD"]]).fetchall()
                for table, column in (("threads", "id"), ("items", "thread_id"), ("feedback", "thread_id"))
            ] + [connection.execute("SELECT * FROM attachments WHERE id = ?", [self.foreign["FILE"]]).fetchall()]
        finally:
            connection.close()

    def send(self, sent: Sent, thread: str, item: str) -> httpx2.Response:
        missing = {"THREAD": "thr_" + "0" * 32, "ITEM": "msg_" + "0" * 32, "FILE": "atc_" + "0" * 32}
        pools = {"own": self.own, "foreign": self.foreign, "missing": missing}
        names = {"THREAD": pools[thread]["THREAD"]} | {name: pools[item][name] for name in ("ITEM", "FILE")}
        content = sent.raw if sent.raw is not None else json.dumps(fill_in(sent.body, names)).encode()
        headers = [
            (name.encode(), value.encode("latin-1"))
            for name, value in (self.reader.headers | sent.headers | JSON).items()
        ]
        response = self.reader.client.post("/chatkit", content=content, headers=headers)
        check(response)
        return response

    def close(self) -> None:
        self.victim.close()
        self.reader.close()


def check(response: httpx2.Response) -> None:
    """A status that is meant, and a body that is whole."""
    assert response.status_code in (200, 400, 404, 409, 413, 415), response.text
    if response.status_code != 200:
        error = response.json()["error"]
        assert set(error) == {"code", "message", "request_id"}
        assert "Traceback" not in error["message"]
    elif response.headers["content-type"].startswith("text/event-stream"):
        assert response.text.endswith("\n\n")
        events = read_events(response.text)
        assert events
        assert all(event.get("code") != "stream.error" for event in events)
        assert events[-1]["type"] != "error", events[-1]
    else:
        response.json()


def without_id(response: httpx2.Response) -> str:
    return re.sub(r'"request_id":"\w+"', "", response.text)


@pytest.fixture(scope="module")
def attack(site: Path, aimock: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Attack]:
    database = tmp_path_factory.mktemp("fuzz") / "chat.db"
    settings = {
        "index": str(site / ".docs-chat" / "index"),
        "database_url": f"sqlite:///{database}",
        "limits": {"enabled": False},
        "attachments": {"enabled": True},
        # The provider writes speech down, and answers nothing.
        "openai_base_url": f"{aimock}/v1",
        "answer": {"engine": "extractive"},
        "dictation": {"enabled": True, "max_kb": 16},
    }
    with serving(Settings.model_validate(settings)) as url:
        attack = Attack(url, database)
        logging.getLogger().addHandler(attack.errors)
        yield attack
        logging.getLogger().removeHandler(attack.errors)
        attack.close()


@given(sent=st.lists(requests(), min_size=AT_ONCE, max_size=AT_ONCE))
def test_whatever_is_sent_nothing_breaks_and_nobody_else_is_touched(attack: Attack, sent: list[Sent]) -> None:
    for one in sent:
        note(repr(one))
        response = attack.send(one, one.thread, one.item)
        if any(name.encode() in response.request.content for name in attack.foreign.values()):
            # What is another's is answered like what is not there.
            hidden = ["missing" if pool == "foreign" else pool for pool in (one.thread, one.item)]
            other = attack.send(one, *hidden)
            assert (response.status_code, without_id(response)) == (other.status_code, without_id(other))
            assert not any(name in response.text for name in attack.foreign.values())
        if response.status_code == 200 and b"threads.delete" in response.request.content:
            attack.own = attack.make_thread(attack.reader)
        if response.status_code == 200 and b"attachments.delete" in response.request.content:
            attack.own["FILE"] = attack.send_file(attack.reader)
    assert attack.read_victim() == attack.kept
    assert attack.errors.records == []


PART = b'--b\r\nContent-Disposition: form-data; name="file"; filename="a"\r\n\r\n'


@given(
    parts=st.lists(
        st.one_of(st.just(PART), st.just(b"\r\n--b--\r\n"), st.just(b"\x89PNG\r\n\x1a\n"), st.binary()), max_size=5
    ),
    kind=st.sampled_from(
        ["multipart/form-data; boundary=b", "multipart/form-data", "multipart/form-data; boundary=\xe9", ""]
    ),
)
def test_whatever_is_sent_as_a_file_is_taken_or_refused(attack: Attack, parts: list[bytes], kind: str) -> None:
    body, params = b"".join(parts), {"name": "a", "size": 300, "mime_type": "image/png"}
    url = attack.reader.post("attachments.create", params).json()["upload_descriptor"]["url"]
    headers = [(name.encode(), value.encode("latin-1")) for name, value in attack.reader.headers.items()]
    response = attack.reader.client.post(
        url, content=body, headers=[*headers, (b"Content-Type", kind.encode("latin-1"))]
    )
    note(f"{kind} {body!r} {response.text}")
    assert response.status_code in (200, 400, 413, 415)
    if response.status_code != 200:
        assert set(response.json()["error"]) == {"code", "message", "request_id"}
    assert attack.read_victim() == attack.kept
    assert attack.errors.records == []


ROUTES = st.sampled_from(
    ["/api/search", "/api/pages", "/identity", "/identity/data", "/chatkit", "/readyz", "/healthz", "/nowhere"]
)
METHODS = st.sampled_from(["GET", "POST", "PUT", "DELETE", "PATCH", "HEAD", "OPTIONS"])
PARAMETERS = st.dictionaries(
    st.sampled_from(["q", "k", "version", "locale", "x"]), TEXT.filter(lambda text: len(text) < 9000)
)
TOKENS = st.one_of(st.just(""), st.text(st.characters(min_codepoint=33, max_codepoint=126), max_size=300))


@given(
    calls=st.lists(
        st.tuples(METHODS, ROUTES, PARAMETERS, st.sampled_from(["Bearer", "Basic", "bearer"]), TOKENS),
        min_size=AT_ONCE,
        max_size=AT_ONCE,
    )
)
def test_whatever_is_asked_of_the_other_routes_is_answered(attack: Attack, calls: list[Any]) -> None:
    for method, route, parameters, scheme, token in calls:
        clean = {name: value.encode("utf-8", "surrogatepass") for name, value in parameters.items()}
        query = "&".join(f"{name}={''.join(f'%{byte:02x}' for byte in value)}" for name, value in clean.items())
        headers = {"Authorization": f"{scheme} {token}".strip()} if token else {}
        note(f"{method} {route}?{query} {headers}")
        response = attack.reader.client.request(method, f"{route}?{query}"[:60_000], headers=headers)
        assert response.status_code < 500, response.text
        if response.status_code >= 400 and method not in ("HEAD", "OPTIONS"):
            assert set(response.json()["error"]) == {"code", "message", "request_id"}
    assert attack.read_victim() == attack.kept
    assert attack.errors.records == []

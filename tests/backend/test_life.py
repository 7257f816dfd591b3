"""What happens to readers when the server is stopped or killed, and when what it stands on fails."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import sqlite3
import subprocess
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing, contextmanager, suppress
from pathlib import Path
from typing import Any

import httpx2
import pytest
from docs_chat.listen import listen
from docs_chat.settings import Settings
from docs_chat.stream import EventStream
from fastapi import FastAPI, Request
from fastapi.responses import Response

from .conftest import MockModel, Serve, free_port, run_model, serving, wait_until
from .postgres import Postgres, run_postgres
from .reader import Event, Reader, answer_of, question, thread_of
from .test_commands import started

QUESTION = "How do I install Kettle with pip?"
NOTE = "*This answer stopped before its end.*"
STREAMS = 50
SECRET = "0123456789abcdef0123456789abcdef"


def make_environment(database_url: str, model: MockModel, **settings: str) -> dict[str, str]:
    return {
        "OPENAI_BASE_URL": f"{model.url}/v1",
        "DOCS_CHAT_DATABASE_URL": database_url,
        "DOCS_CHAT_SECRET_KEY": SECRET,
        "DOCS_CHAT_ANSWER__CACHE_DAYS": "0",
        "DOCS_CHAT_LIMITS__ENABLED": "false",
        **settings,
    }


def say(words: int) -> dict[str, Any]:
    """An answer that takes a tenth of a second a word."""
    return {"type": "reply", "text": f"{' '.join(f'word{n}' for n in range(words))} [1].", "times": 1000}


@pytest.fixture(scope="module")
def slow_model() -> Iterator[MockModel]:
    with run_model(100) as mock:
        yield mock


class Asking:
    """Readers whose answers are being written."""

    def __init__(self, url: str, count: int) -> None:
        self.readers = [Reader(url) for _ in range(count)]
        self.events: list[list[Event]] = [[] for _ in range(count)]
        self.errors: list[Exception | None] = [None] * count
        self.threads = [threading.Thread(target=self.ask, args=(number,)) for number in range(count)]
        for thread in self.threads:
            thread.start()

    def ask(self, number: int) -> None:
        try:
            with self.readers[number].stream(QUESTION + "?" * number) as events:
                for event in events:
                    self.events[number].append(event)
        except Exception as error:
            self.errors[number] = error

    def speaks(self, number: int) -> bool:
        return any("delta" in event.get("update", {}) for event in self.events[number])

    def wait_for_words(self) -> None:
        assert wait_until(lambda: all(self.speaks(number) for number in range(len(self.readers))))

    def join(self) -> None:
        for thread in self.threads:
            thread.join()

    def close(self) -> None:
        for reader in self.readers:
            reader.close()


@pytest.fixture
def ask_all() -> Iterator[Callable[[str], Asking]]:
    """Many readers ask a server; gives them once every one of them hears the first words."""
    with ExitStack() as stack:

        def start(url: str) -> Asking:
            asking = stack.enter_context(closing(Asking(url, STREAMS)))
            asking.wait_for_words()
            return asking

        yield start


def is_closed(url: str) -> bool:
    try:
        return httpx2.get(f"{url}/readyz").status_code == 503
    except httpx2.HTTPError:
        return True


@contextmanager
def server(site: Path, environment: dict[str, str], port: str = "0") -> Iterator[tuple[subprocess.Popen[str], str]]:
    with started("--index", str(site / ".docs-chat" / "index"), "--port", port, **environment) as (process, url):
        yield process, url


@pytest.mark.parametrize(("words", "grace"), [(60, "60"), (3000, "0.5")], ids=["short", "long"])
def test_a_server_that_is_told_to_stop_lets_answers_end(
    site: Path,
    database_url: str,
    slow_model: MockModel,
    ask_all: Callable[[str], Asking],
    words: int,
    grace: str,
) -> None:
    slow_model.script(say(words))
    environment = make_environment(database_url, slow_model, DOCS_CHAT_GRACE_SECONDS=grace)
    with server(site, environment) as (process, url):
        asking = ask_all(url)
        late = Reader(url)
        process.send_signal(signal.SIGTERM)
        assert wait_until(lambda: is_closed(url), 5)
        if words == 60:
            ready = httpx2.get(f"{url}/readyz")
            assert (ready.status_code, ready.json()["reasons"]) == (503, ["draining"])
            kind, params = question(QUESTION)
            refused = late.post(kind, params)
            assert (refused.status_code, refused.json()["error"]["code"]) == (503, "stopping")
            assert int(refused.headers["retry-after"]) > 0
            # What readers already have they can still read.
            assert late.post("threads.list", {}).status_code == 200
        asking.join()
        _, err = process.communicate(timeout=30)
        assert process.returncode == 0
        assert "Traceback" not in err
        assert asking.errors == [None] * STREAMS
        late.close()
    lasts = [events[-1] for events in asking.events]
    if words == 60:
        texts = [answer_of(events)["text"] for events in asking.events]
        assert all(text.endswith("word59.") for text in texts)
    else:
        assert {last["type"] for last in lasts} == {"error"}
        assert all(last["allow_retry"] for last in lasts)
    with server(site, environment) as (_, url):
        for reader, events in zip(asking.readers, asking.events, strict=True):
            stored = move(reader, url).items(thread_of(events))[-1]["content"][0]["text"]
            assert NOTE in stored if words > 60 else "word59" in stored


def move(reader: Reader, url: str) -> Reader:
    """The same reader at another address."""
    reader.client.base_url = url
    return reader


def test_what_was_asked_survives_a_killed_server(
    site: Path, database_url: str, slow_model: MockModel, ask_all: Callable[[str], Asking]
) -> None:
    slow_model.script(say(3000))
    environment = make_environment(database_url, slow_model)
    with server(site, environment) as (process, url):
        asking = ask_all(url)
        process.kill()
        process.wait()
        asking.join()
    assert all(asking.errors)
    slow_model.script({"type": "reply", "text": "Run `pip install kettle` [1].", "times": 1000})
    with server(site, environment) as (_, url):

        def come_back(number: int) -> None:
            reader, thread_id = move(asking.readers[number], url), thread_of(asking.events[number])
            items = reader.items(thread_id)
            assert [item["type"] for item in items if item["type"] == "user_message"] == ["user_message"]
            assert items[0]["content"][0]["text"] == QUESTION + "?" * number
            # Its turn is free at once, or with PostgreSQL once the dead server's lease has run out.
            kind, params = question("How do I uninstall Kettle?", thread_id)
            assert wait_until(lambda: reader.post(kind, params).status_code == 200, 45)

        with ThreadPoolExecutor(10) as pool:
            list(pool.map(come_back, range(STREAMS)))


def test_a_locked_database_is_waited_for_and_then_said(serve: Serve, tmp_path: Path) -> None:
    url = serve()
    reader = Reader(url)
    thread_id = thread_of(reader.ask(QUESTION))
    lock = sqlite3.connect(tmp_path / "chat.db", isolation_level=None)
    lock.execute("BEGIN IMMEDIATE")
    kind, params = question(QUESTION, thread_id)
    refused = reader.post(kind, params)
    assert (refused.status_code, refused.json()["error"]["code"]) == (503, "database_unavailable")
    assert int(refused.headers["retry-after"]) > 0
    assert len(reader.items(thread_id)) == 3
    lock.execute("ROLLBACK")
    lock.close()
    assert answer_of(reader.ask(QUESTION, thread_id))
    reader.close()


def test_a_short_lock_is_not_noticed(serve: Serve, tmp_path: Path) -> None:
    reader = Reader(serve())
    lock = sqlite3.connect(tmp_path / "chat.db", isolation_level=None, check_same_thread=False)
    lock.execute("BEGIN IMMEDIATE")
    threading.Timer(1, lambda: lock.execute("ROLLBACK")).start()
    assert answer_of(reader.ask(QUESTION))
    reader.close()
    lock.close()


@pytest.fixture
def own_postgres(postgres: Postgres) -> Iterator[Postgres]:
    """One that may be stopped."""
    with run_postgres(postgres.binaries, free_port(), durable=True) as server:
        yield server


def test_a_database_that_is_restarted_is_used_again(serve: Serve, own_postgres: Postgres) -> None:
    url = serve(database_url=own_postgres.create_database(), secret_key=SECRET)
    reader = Reader(url)
    thread_id = thread_of(reader.ask(QUESTION))
    own_postgres.stop()
    kind, params = question(QUESTION, thread_id)
    for refused in (reader.post(kind, params), reader.post("threads.list", {})):
        assert (refused.status_code, refused.json()["error"]["code"]) == (503, "database_unavailable")
    ready = httpx2.get(f"{url}/readyz")
    assert ready.status_code == 503
    assert [reason.partition(":")[0] for reason in ready.json()["reasons"]] == ["database"]
    own_postgres.start()
    assert answer_of(reader.ask(QUESTION, thread_id))
    assert len([item for item in reader.items(thread_id) if item["type"] == "user_message"]) == 2
    assert httpx2.get(f"{url}/readyz").status_code == 200
    # Connections that died while nobody used them are not noticed at all.
    own_postgres.stop()
    own_postgres.start()
    assert len(reader.items(thread_id)) == 6
    reader.close()


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    folder = tmp_path / "small"
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", str(folder)]
    if os.geteuid() != 0 or subprocess.run(mount, capture_output=True).returncode != 0:
        pytest.skip("needs the right to mount a small disk")
    yield folder
    subprocess.run(["umount", "-l", folder], check=True)


def test_with_a_full_disk_reading_works_and_writing_is_refused(serve: Serve, small_disk: Path) -> None:
    url = serve(database_url=f"sqlite:///{small_disk / 'chat.db'}", secret_key=SECRET)
    reader = Reader(url)
    thread_id = thread_of(reader.ask(QUESTION))
    filler = small_disk / "filler"
    with suppress(OSError):
        filler.write_bytes(b"x" * shutil.disk_usage(small_disk).free)
    kind, params = question(f"{QUESTION} {'and why ' * 400}", thread_id)
    statuses = [reader.post(kind, params) for _ in range(3)]
    assert all(response.status_code in (200, 503) for response in statuses)
    refused = statuses[-1]
    assert (refused.status_code, refused.json()["error"]["code"]) == (503, "database_unavailable")
    assert len(reader.items(thread_id)) >= 3
    assert reader.post("threads.list", {}).status_code == 200
    filler.unlink()
    assert answer_of(reader.ask(QUESTION, thread_id))
    reader.close()


def test_a_reader_who_stops_reading_is_let_go(site: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("docs_chat.stream.HEARTBEAT_SECONDS", 0.2)
    monkeypatch.setattr("docs_chat.stream.STALL_SECONDS", 0.5)
    closed = threading.Event()
    apps: list[FastAPI] = []

    async def flood() -> Any:
        try:
            while True:
                yield b"x" * 65536
        finally:
            closed.set()

    def prepare(app: FastAPI) -> None:
        apps.append(app)

        @app.get("/flood")
        async def route(request: Request) -> Response:
            stream = EventStream(flood(), app.state.services.streams)
            await stream.peek()
            return stream

    settings = Settings(index=str(site / ".docs-chat" / "index"), database_url=f"sqlite:///{tmp_path / 'chat.db'}")
    with serving(settings, prepare) as url:
        host, port = url.removeprefix("http://").split(":")
        with socket.create_connection((host, int(port))) as connection:
            connection.sendall(b"GET /flood HTTP/1.1\r\nHost: x\r\n\r\n")
            assert closed.wait(20)
            assert wait_until(lambda: not apps[0].state.services.streams, 5)
        assert httpx2.get(f"{url}/readyz").status_code == 200


def test_the_system_gives_up_what_nobody_takes() -> None:
    with listen("127.0.0.1", 0) as listener, socket.create_connection(listener.getsockname()):
        accepted, _ = listener.accept()
        with accepted:
            if hasattr(socket, "TCP_USER_TIMEOUT"):
                assert accepted.getsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT) == 60_000

"""The reader leaves after every event of an answer: the model is told at once, and what was said is kept."""

from __future__ import annotations

import asyncio
import json
import socket
import threading
from collections.abc import AsyncGenerator, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import pytest
from docs_chat.database import connect_database
from docs_chat.database_thread import whole
from docs_chat.records import answers
from docs_chat.settings import Settings
from docs_chat.stream import EventStream
from fastapi import FastAPI
from sqlalchemy import select
from starlette.types import Message

from .conftest import MockModel, serving, wait_until
from .reader import Event, Reader, answer_of, question, thread_of

QUESTION = "How do I install Kettle with pip?"
WORDS = " ".join(f"word{number}" for number in range(32))
LONG = {"type": "reply", "text": f"{WORDS} [1]. The end."}
SHORT = {"type": "reply", "text": "Run `pip install kettle` [1].", "times": 3}
NOTE = "\n\n*This answer stopped before its end.*"
UPSTREAM_SECONDS = 1.0
SETTLE_SECONDS = 10.0
LAST_CHUNK = b"0\r\n\r\n"


class Wire:
    """Between the server and its model: knows which requests run, that is neither answered whole nor given up."""

    def __init__(self, target: str) -> None:
        host, port = target.removeprefix("http://").split(":")
        self.target = (host, int(port))
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self.listener.getsockname()[1]}"
        self.running: set[socket.socket] = set()
        self.asked = 0
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self) -> None:
        with suppress(OSError):
            while True:
                near, _ = self.listener.accept()
                far = socket.create_connection(self.target)
                for pump in (self.send, self.receive):
                    threading.Thread(target=pump, args=(near, far), daemon=True).start()

    def send(self, near: socket.socket, far: socket.socket) -> None:
        with suppress(OSError):
            while data := near.recv(65536):
                self.asked += near not in self.running
                self.running.add(near)
                far.sendall(data)
        self.running.discard(near)
        hang_up(far)

    def receive(self, near: socket.socket, far: socket.socket) -> None:
        tail = b""
        with suppress(OSError):
            while data := far.recv(65536):
                tail = (tail + data)[-len(LAST_CHUNK) :]
                if tail == LAST_CHUNK:
                    self.running.discard(near)
                near.sendall(data)
        hang_up(near)
        near.close()
        far.close()

    def close(self) -> None:
        hang_up(self.listener)
        self.listener.close()


def hang_up(connection: socket.socket) -> None:
    with suppress(OSError):
        connection.shutdown(socket.SHUT_RDWR)


def show_tasks(app: FastAPI) -> None:
    """For the test alone: what runs in the server's event loop."""

    @app.get("/tasks")
    async def tasks() -> list[str]:
        return sorted(getattr(task.get_coro(), "__qualname__", "?") for task in asyncio.all_tasks())


class Place:
    """A server with a model behind a wire, and its database."""

    def __init__(self, url: str, database_url: str, wire: Wire) -> None:
        self.url = url
        self.database_url = database_url
        self.wire = wire

    def outcomes(self) -> list[str]:
        async def read() -> list[str]:
            engine = connect_database(self.database_url)
            try:
                async with engine.connect() as connection:
                    return list((await connection.execute(select(answers.c.outcome).order_by(answers.c.seq))).scalars())
            finally:
                await engine.dispose()

        return asyncio.run(read())


@pytest.fixture
def place(site: Path, database_url: str, model: MockModel, monkeypatch: pytest.MonkeyPatch) -> Iterator[Place]:
    # More events in less time.
    monkeypatch.setattr("docs_chat.answer.openai.EVENT_SECONDS", 0.01)
    wire = Wire(model.url)
    settings = Settings.model_validate(
        {
            "index": str(site / ".docs-chat" / "index"),
            "database_url": database_url,
            "openai_base_url": f"{wire.url}/v1",
            "limits": {"enabled": False},
        }
    )
    with serving(settings, show_tasks) as url:
        yield Place(url, database_url, wire)
    wire.close()


@contextmanager
def visitor(place: Place) -> Iterator[Reader]:
    reader = Reader(place.url)
    try:
        yield reader
    finally:
        reader.close()


def leave_after(reader: Reader, text: str, count: int) -> list[Event]:
    """Ask, read so many events, close the connection."""
    seen: list[Event] = []
    if count == 0:
        leave_at_once(reader, text)
        return seen
    with reader.stream(text) as events:
        for event in events:
            seen.append(event)
            if len(seen) == count:
                break
    return seen


def leave_at_once(reader: Reader, text: str) -> None:
    kind, params = question(text)
    body = json.dumps({"type": kind, "params": params}).encode()
    address = reader.client.base_url
    headers = {**reader.headers, "Host": address.host, "Content-Type": "application/json", "Content-Length": len(body)}
    head = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    with socket.create_connection((address.host, address.port or 80)) as connection:
        connection.sendall(f"POST /chatkit HTTP/1.1\r\n{head}\r\n".encode() + body)


def text_of(events: list[Event]) -> str:
    updates = [event["update"] for event in events if "update" in event]
    return "".join(update.get("delta", "") for update in updates)


def message_is_done(events: list[Event]) -> bool:
    done = [event["item"]["type"] for event in events if event["type"] == "thread.item.done"]
    return "assistant_message" in done


def stored_answers(reader: Reader, thread_id: str) -> list[str]:
    items = reader.items(thread_id)
    return [item["content"][0]["text"] for item in items if item["type"] == "assistant_message"]


def test_a_reader_may_leave_at_any_event(place: Place, model: MockModel) -> None:
    model.script(LONG)
    with visitor(place) as reader:
        idle: list[str] = reader.client.get("/tasks").json()
        whole = reader.ask(QUESTION)
        everything = answer_of(whole)["text"]
    assert len(whole) > 20
    told = 0
    for count in range(len(whole) + 1):
        model.script(LONG, SHORT)
        where = f"after {count} of {len(whole)} events"
        asked, recorded = place.wire.asked, len(place.outcomes())
        with visitor(place) as reader:
            seen = leave_after(reader, QUESTION + "?" * count, count)
            assert wait_until(lambda: not place.wire.running, UPSTREAM_SECONDS), f"the model was not told {where}"

            def tasks(reader: Reader = reader) -> Any:
                return reader.client.get("/tasks").json()

            assert wait_until(lambda: tasks() == idle, SETTLE_SECONDS), f"{where}: {tasks()}"
            outcomes = place.outcomes()[recorded:]
            if place.wire.asked > asked:
                assert len(outcomes) == 1, f"{where}: {outcomes}"
            threads = reader.post("threads.list", {"limit": 5}).json()["data"]
            assert len(threads) == 1 or not seen, where
            for thread in threads:
                stored = stored_answers(reader, thread["id"])
                check_stored(stored, outcomes, seen, everything, where)
                told += "stopped" in outcomes
                # Nothing of the old answer runs: the thread is free.
                again = reader.ask("How do I uninstall Kettle?", thread["id"])
                assert message_is_done(again), where
                assert len(stored_answers(reader, thread["id"])) == len(stored) + 1, where
    assert told > 10


def check_stored(stored: list[str], outcomes: list[str], seen: list[Event], everything: str, where: str) -> None:
    """What is kept says no less than the reader saw, and says whether it is whole."""
    where = f"{where}: {outcomes}, {stored}"
    assert set(outcomes) <= {"stopped", "complete"}, where
    if message_is_done(seen):
        assert outcomes == ["complete"], where
    if "complete" in outcomes:
        assert stored == [everything], where
        return
    if text_of(seen):
        assert outcomes == ["stopped"], where
        assert len(stored) == 1, where
    for text in stored:
        assert text.endswith(NOTE), where
        kept = text.removesuffix(NOTE)
        assert kept.startswith(text_of(seen)), where
        assert everything.startswith(kept), where


def test_two_questions_at_once_in_a_thread_are_one_answer_and_one_refusal(place: Place, model: MockModel) -> None:
    model.script(SHORT, LONG)
    with visitor(place) as reader, visitor(place) as second:
        second.headers = reader.headers
        thread_id = thread_of(reader.ask(QUESTION))
        model.script({**LONG, "times": 2})
        statuses: dict[str, int] = {}
        together = threading.Barrier(2)

        def ask(who: Reader, text: str) -> None:
            kind, params = question(text, thread_id)
            together.wait()
            response = who.post(kind, params)
            statuses[text] = response.status_code
            if response.status_code == 409:
                assert response.json()["error"]["code"] == "thread_busy"

        asking = [
            threading.Thread(target=ask, args=pair)
            for pair in ((reader, "How do I uninstall Kettle?"), (second, "How do I install Kettle with conda?"))
        ]
        for thread in asking:
            thread.start()
        for thread in asking:
            thread.join()
        assert sorted(statuses.values()) == [200, 409]
        items = [item for item in reader.items(thread_id) if item["type"] in ("user_message", "assistant_message")]
        assert [item["type"] for item in items] == ["user_message", "assistant_message"] * 2
        answered = next(text for text, status in statuses.items() if status == 200)
        assert items[2]["content"][0]["text"] == answered


class Written:
    """A table whose operations take a while."""

    def __init__(self) -> None:
        self.engine = connect_database("sqlite:///:memory:")
        self.done: list[str] = []

    @whole
    async def write(self, text: str) -> str:
        await asyncio.sleep(0.02)
        self.done.append(text)
        return text


@pytest.mark.parametrize("has_thread", [False, True])
def test_an_operation_on_the_database_is_finished_before_its_task_ends(has_thread: bool) -> None:
    table = Written()

    async def answer() -> None:
        table.done.append(await table.write("first") + " was written")
        await table.write("second")
        await asyncio.sleep(0)
        table.done.append("never")

    async def main() -> None:
        if has_thread:
            table.engine.start()
        task = asyncio.create_task(answer())
        await asyncio.sleep(0.01)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        await table.engine.stop()

    asyncio.run(main())
    assert table.done == ["first", "first was written", "second"]


def test_a_stream_that_is_stopped_twice_still_stores() -> None:
    stored: list[str] = []
    left = asyncio.Event()

    async def source() -> AsyncGenerator[bytes]:
        yield b"a"
        try:
            await asyncio.sleep(60)
        finally:
            await asyncio.sleep(0.02)
            stored.append("a")

    async def main() -> None:
        stream = EventStream(source(), set())
        await stream.peek()
        await asyncio.gather(stream({"type": "http"}, leave, ignore), stop(stream))

    async def leave() -> Message:
        await left.wait()
        return {"type": "http.disconnect"}

    async def stop(stream: EventStream) -> None:
        await asyncio.sleep(0.01)
        left.set()
        await asyncio.sleep(0.01)
        await stream.stop(b"bye")

    asyncio.run(main())
    assert stored == ["a"]


def test_a_reader_who_leaves_while_a_chunk_is_sent_leaves_the_answer_stored() -> None:
    stored: list[str] = []
    full = asyncio.Event()

    async def source() -> AsyncGenerator[bytes]:
        try:
            yield b"a"
            yield b"b"
        finally:
            await asyncio.sleep(0.02)
            stored.append("a")

    async def send(message: Message) -> None:
        if message.get("body") == b"b":
            full.set()
            await asyncio.sleep(60)

    async def receive() -> Message:
        await full.wait()
        return {"type": "http.disconnect"}

    async def main() -> None:
        stream = EventStream(source(), set())
        await stream.peek()
        await stream({"type": "http"}, receive, send)

    asyncio.run(main())
    assert stored == ["a"]


async def ignore(message: Message) -> None:
    pass

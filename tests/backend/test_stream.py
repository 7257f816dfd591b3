"""Event streams: alive in silence, whole to the end, stored when they are stopped."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator

import pytest
from docs_chat.answer.coalesce import coalesce
from docs_chat.answer.openai import EVENT_SECONDS, OpenAIEngine
from docs_chat.answer.provider import read_events
from docs_chat.budget import Budget
from docs_chat.errors import HttpError
from docs_chat.settings import Settings
from docs_chat.stream import FAILURE, PING, EventStream, drain
from starlette.types import Message


async def collect(source: AsyncGenerator[bytes], streams: set[EventStream] | None = None) -> list[bytes]:
    """The chunks that a browser gets which stays to the end."""
    stream = EventStream(source, set() if streams is None else streams)
    await stream.peek()
    chunks: list[bytes] = []

    async def send(message: Message) -> None:
        if message.get("body"):
            chunks.append(message["body"])

    async def receive() -> Message:
        await asyncio.sleep(60)
        return {"type": "http.disconnect"}

    await stream({"type": "http"}, receive, send)
    return chunks


def test_silence_is_filled_with_comments(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("docs_chat.stream.HEARTBEAT_SECONDS", 0.02)

    async def source() -> AsyncGenerator[bytes]:
        yield b"a"
        await asyncio.sleep(0.1)
        yield b"b"

    async def main() -> list[bytes]:
        return await collect(source())

    chunks = asyncio.run(main())
    assert chunks[0] == b"a"
    assert chunks[-1] == b"b"
    assert set(chunks[1:-1]) == {PING}


def test_an_answer_that_has_ended_leaves_nothing_behind() -> None:
    async def source() -> AsyncGenerator[bytes]:
        yield b"a"
        yield b"b"

    async def main() -> tuple[int, set[EventStream]]:
        streams: set[EventStream] = set()
        await collect(source(), streams)
        # Those that were cancelled end with the loop's next round.
        await asyncio.sleep(0)
        return len(asyncio.all_tasks()), streams

    assert asyncio.run(main()) == (1, set())


def test_what_fails_before_the_first_event_is_raised() -> None:
    async def source() -> AsyncGenerator[bytes]:
        raise HttpError(404, "not_found", "no")
        yield b""

    async def main() -> None:
        await EventStream(source(), set()).peek()

    with pytest.raises(HttpError):
        asyncio.run(main())


def test_what_fails_later_ends_with_an_error_event(caplog: pytest.LogCaptureFixture) -> None:
    words = "private words"

    async def source() -> AsyncGenerator[bytes]:
        yield b"a"
        raise ValueError(words)

    async def main() -> list[bytes]:
        return await collect(source())

    assert b"".join(asyncio.run(main())) == b"a" + FAILURE
    assert "ValueError" in caplog.text
    assert "private words" not in caplog.text


def test_draining_lets_short_streams_finish_and_ends_long_ones() -> None:
    stored: list[str] = []

    async def source(seconds: float, name: str) -> AsyncGenerator[bytes]:
        yield b"a"
        try:
            await asyncio.sleep(seconds)
        except asyncio.CancelledError:
            await asyncio.sleep(0)
            stored.append(name)
            raise
        yield b"z"

    async def main() -> list[list[bytes]]:
        streams: set[EventStream] = set()
        sources = [source(0.02, "short"), source(60, "long")]
        readers = [asyncio.create_task(collect(each, streams)) for each in sources]
        await asyncio.sleep(0.01)
        await drain(streams, 0.2, b"bye")
        return await asyncio.gather(*readers)

    short, long = asyncio.run(main())
    assert b"".join(short) == b"az"
    assert b"".join(long) == b"abye"
    assert stored == ["long"]


def test_deltas_are_gathered_and_none_is_lost() -> None:
    words = [f"word{number} " for number in range(300)]

    async def source() -> AsyncGenerator[str]:
        for word in words:
            yield word
            await asyncio.sleep(0.0005)

    async def main() -> list[str]:
        return [delta async for delta in coalesce(source(), lambda: 0.05)]

    deltas = asyncio.run(main())
    assert "".join(deltas) == "".join(words)
    assert 1 < len(deltas) < 60


def test_the_network_is_looked_at_less_often_than_a_model_speaks() -> None:
    looks = 0
    lines: asyncio.Queue[bytes] = asyncio.Queue()

    async def speak() -> None:
        for number in range(100):
            await asyncio.sleep(0.001)
            lines.put_nowait(b'data: {"n": %d}\n\n' % number)
        lines.put_nowait(b"data: [DONE]\n\n")

    async def chunks() -> AsyncGenerator[bytes]:
        nonlocal looks
        while True:
            looks += lines.empty()
            yield await lines.get()

    async def main() -> list[int]:
        speaking = asyncio.create_task(speak())
        deadline = asyncio.get_running_loop().time() + 60
        numbers = [event["n"] async for event in read_events(chunks(), deadline, lambda: 0.05)]
        await speaking
        return numbers

    assert asyncio.run(main()) == list(range(100))
    assert looks < 25


def test_many_answers_at_a_time_come_in_fewer_larger_pieces() -> None:
    settings = Settings(openai_base_url="http://127.0.0.1:9/v1")
    engine = OpenAIEngine(settings, Budget(settings, counters=None))
    paces = []
    for engine.running in (0, 1, 100, 500):
        paces.append(engine.pace())
    assert paces == [EVENT_SECONDS, EVENT_SECONDS, EVENT_SECONDS, 0.25]


def test_a_failing_source_fails_after_its_text() -> None:
    async def source() -> AsyncGenerator[str]:
        yield "a"
        yield "b"
        raise ValueError

    async def main() -> list[str]:
        deltas: list[str] = []
        with pytest.raises(ValueError):
            async for delta in coalesce(source(), lambda: 0.01):
                deltas += [delta]
        return deltas

    assert "".join(asyncio.run(main())) == "ab"


def test_leaving_early_closes_the_source() -> None:
    closed: list[bool] = []

    async def source() -> AsyncGenerator[str]:
        try:
            while True:
                yield "a"
                await asyncio.sleep(0.001)
        finally:
            closed.append(True)

    async def main() -> None:
        deltas = coalesce(source(), lambda: 0.01)
        await anext(deltas)
        await deltas.aclose()

    asyncio.run(main())
    assert closed == [True]

"""Server-sent events to a browser: peeked before the headers, kept alive, never cut without a word."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import suppress

import anyio
from starlette.responses import StreamingResponse
from starlette.types import Receive, Scope, Send

from docs_chat.errors import log_failure

HEARTBEAT_SECONDS = 15.0
STOP_SECONDS = 5.0
HEADERS = {"Cache-Control": "no-cache, no-transform", "X-Accel-Buffering": "no"}
PING = b": ping\n\n"
FAILURE = b'data: {"type":"error","code":"stream.error","allow_retry":true}\n\n'


class EventStream:
    """Runs a generator of events in a task of its own, so that a browser that leaves cannot tear it apart.

    The queue has no bound: an answer has one, and a generator that waited for a slow browser could not be
    told to store what it has.
    """

    def __init__(self, source: AsyncIterator[bytes], request_id: str) -> None:
        self.source = source
        self.request_id = request_id
        self.queue: asyncio.Queue[bytes | Exception | None] = asyncio.Queue()
        self.farewell: bytes | None = None
        self.task = asyncio.create_task(self.run())

    async def run(self) -> None:
        try:
            async for event in self.source:
                self.queue.put_nowait(event)
        except Exception as error:
            self.queue.put_nowait(error)
        finally:
            if self.farewell:
                self.queue.put_nowait(self.farewell)
            self.queue.put_nowait(None)

    async def peek(self) -> bytes:
        """The first event. What fails before it is raised here, while a status can still be sent."""
        first = await self.queue.get()
        if isinstance(first, Exception):
            raise first
        return first or b""

    async def read(self, first: bytes) -> AsyncGenerator[bytes]:
        """The body: events as they come, several in one chunk when they are there, a comment in silence."""
        yield first
        while True:
            try:
                item = self.queue.get_nowait()
            except asyncio.QueueEmpty:
                try:
                    async with asyncio.timeout(HEARTBEAT_SECONDS):
                        item = await self.queue.get()
                except TimeoutError:
                    yield PING
                    continue
            chunk = b""
            while isinstance(item, bytes):
                chunk += item
                if self.queue.empty():
                    break
                item = self.queue.get_nowait()
            if isinstance(item, Exception):
                log_failure("The stream failed", item, self.request_id)
                chunk += FAILURE
            if chunk:
                yield chunk
            if not isinstance(item, bytes):
                return

    async def stop(self, farewell: bytes | None = None) -> None:
        """End it early: it stores what it has, then says `farewell`."""
        self.farewell = farewell
        # The server may end while the reader leaves: the second word must not stop what the first one set going.
        if not self.task.cancelling():
            self.task.cancel()
        with anyio.CancelScope(shield=True), suppress(TimeoutError, asyncio.CancelledError):
            async with asyncio.timeout(STOP_SECONDS):
                await self.task


class EventStreamResponse(StreamingResponse):
    """Sends an `EventStream`; when the browser leaves, the stream is stopped, whether it had begun or not."""

    def __init__(self, stream: EventStream, first: bytes, streams: set[EventStream]) -> None:
        super().__init__(stream.read(first), media_type="text/event-stream", headers=HEADERS)
        self.stream = stream
        self.streams = streams

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        self.streams.add(self.stream)
        try:
            await super().__call__(scope, receive, send)
        finally:
            self.streams.discard(self.stream)
            if not self.stream.task.done():
                await self.stream.stop()


async def drain(streams: set[EventStream], seconds: float, farewell: bytes) -> None:
    """Let open streams finish for `seconds`, then end the rest with a last event."""
    if streams:
        await asyncio.wait([stream.task for stream in streams], timeout=seconds)
    await asyncio.gather(*(stream.stop(farewell) for stream in list(streams)))

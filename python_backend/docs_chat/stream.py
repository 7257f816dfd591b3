"""Server-sent events to a browser: peeked before the headers, kept alive, never cut without a word."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from contextlib import aclosing

from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from docs_chat.errors import log_failure

HEARTBEAT_SECONDS = 15.0
STOP_SECONDS = 5.0
HEADERS = {
    "Content-Type": "text/event-stream; charset=utf-8",
    "Cache-Control": "no-cache, no-transform",
    "X-Accel-Buffering": "no",
}
PING = b": ping\n\n"
FAILURE = b'data: {"type":"error","code":"stream.error","allow_retry":true}\n\n'


class EventStream(Response):
    """Sends what a generator yields. When the browser leaves, or the server stops, the generator is cancelled once.

    Starlette's own cancels every `await` again, so that nothing could be stored any more, and has a task more to wake
    for each event.

    :param streams: those that are open; this one is among them while it is sent.
    """

    def __init__(self, source: AsyncGenerator[bytes], streams: set[EventStream]) -> None:
        self.status_code = 200
        self.background = None
        self.init_headers(HEADERS)
        self.source = source
        self.streams = streams
        self.first = b""
        self.task: asyncio.Task[object] | None = None
        self.sent_at = 0.0
        self.is_stopped = False
        self.farewell = b""

    async def peek(self) -> None:
        """Wait for the first event. What fails before it is raised here, while a status can still be sent."""
        self.first = await anext(self.source, b"")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        self.task = asyncio.current_task()
        self.streams.add(self)
        others = [asyncio.create_task(self.watch(receive)), asyncio.create_task(self.keep_alive(send))]
        try:
            await send({"type": "http.response.start", "status": self.status_code, "headers": self.raw_headers})
            await self.send_events(send)
            await send({"type": "http.response.body", "body": b""})
        finally:
            for other in others:
                other.cancel()
            self.streams.discard(self)

    async def send_events(self, send: Send) -> None:
        last = b""
        try:
            async with aclosing(self.source) as events:
                await self.write(send, self.first)
                async for event in events:
                    await self.write(send, event)
        except asyncio.CancelledError:
            if self.task is None or not self.is_stopped:
                raise
            self.task.uncancel()
            last = self.farewell
        except Exception as error:
            log_failure("The stream failed", error)
            last = FAILURE
        if last:
            await self.write(send, last)

    async def write(self, send: Send, chunk: bytes) -> None:
        self.sent_at = asyncio.get_running_loop().time()
        await send({"type": "http.response.body", "body": chunk, "more_body": True})

    async def watch(self, receive: Receive) -> None:
        while (await receive())["type"] != "http.disconnect":
            pass
        self.cancel()

    async def keep_alive(self, send: Send) -> None:
        """A comment wherever there is silence: proxies close what says nothing."""
        clock = asyncio.get_running_loop().time
        while True:
            silence = clock() - self.sent_at
            if silence >= HEARTBEAT_SECONDS:
                await self.write(send, PING)
                silence = 0.0
            await asyncio.sleep(HEARTBEAT_SECONDS - silence)

    def cancel(self) -> None:
        # The server may stop while the reader leaves: the second word must not undo what the first set going.
        if self.task and not self.is_stopped:
            self.is_stopped = True
            self.task.cancel()

    async def stop(self, farewell: bytes) -> None:
        """End it early: it stores what it has, then says `farewell`."""
        self.farewell = farewell
        self.cancel()
        if self.task:
            await asyncio.wait([self.task], timeout=STOP_SECONDS)


async def drain(streams: set[EventStream], seconds: float, farewell: bytes) -> None:
    """Let open streams finish for `seconds`, then end the rest with a last event."""
    open_tasks = [stream.task for stream in streams if stream.task]
    if open_tasks:
        await asyncio.wait(open_tasks, timeout=seconds)
    await asyncio.gather(*(stream.stop(farewell) for stream in list(streams)))

"""Server-sent events to a browser: peeked before the headers, kept alive, never cut without a word."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing
from time import monotonic

from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from docs_chat.errors import log_failure

HEARTBEAT_SECONDS = 15.0
#: A reader who takes nothing for so long is gone, whatever the connection says.
STALL_SECONDS = 30.0
STOP_SECONDS = 5.0
DRAIN_STEP = 0.05
HEADERS = {
    "Content-Type": "text/event-stream; charset=utf-8",
    "Cache-Control": "no-cache, no-transform",
    "X-Accel-Buffering": "no",
}
PING = b": ping\n\n"
FAILURE = b'data: {"type":"error","code":"stream.error","allow_retry":true}\n\n'


logger = logging.getLogger("docs_chat")


class EventStream(Response):
    """Sends what a generator yields. When the browser leaves or takes no more, or the server stops, the generator is
    cancelled once.

    Starlette's own cancels every `await` again, so that nothing could be stored any more, and has a task more to wake
    for each event.

    :param streams: those that are open; this one is among them from the first event on.
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
        self.is_sending = False
        self.is_stopped = self.is_stalled = False
        self.farewell = b""

    async def peek(self) -> None:
        """Wait for the first event. What fails before it is raised here, while a status can still be sent."""
        self.task = asyncio.current_task()
        self.streams.add(self)
        try:
            self.first = await anext(self.source, b"")
        except BaseException:
            self.streams.discard(self)
            raise

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        self.task = asyncio.current_task()
        # Only the headers concern the layers between: what follows them need not pass each one.
        start, send = send, scope.get("state", {}).get("send", send)
        others = [asyncio.create_task(self.watch(receive)), asyncio.create_task(self.keep_alive(send))]
        try:
            await start({"type": "http.response.start", "status": self.status_code, "headers": self.raw_headers})
            self.is_sending = True
            await self.send_events(send)
            if not self.is_stalled:
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
                if self.is_stopped:
                    # The server was told to stop while the question was stored.
                    last = self.farewell
                else:
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
        self.sent_at = monotonic()
        await send({"type": "http.response.body", "body": chunk, "more_body": True})

    async def watch(self, receive: Receive) -> None:
        while (await receive())["type"] != "http.disconnect":
            pass
        self.cancel()

    async def keep_alive(self, send: Send) -> None:
        """A comment wherever there is silence: proxies close what says nothing. Ends what is read by nobody."""
        while True:
            silence = monotonic() - self.sent_at
            if silence >= HEARTBEAT_SECONDS:
                try:
                    async with asyncio.timeout(STALL_SECONDS):
                        await send({"type": "http.response.body", "body": PING, "more_body": True})
                except TimeoutError:
                    self.is_stalled = True
                    logger.info("A reader takes nothing more: the answer is stopped.")
                    self.cancel()
                    return
                silence = 0.0
            await asyncio.sleep(HEARTBEAT_SECONDS - silence)

    def cancel(self) -> None:
        # The server may stop while the reader leaves: the second word must not undo what the first set going.
        if self.task and not self.is_stopped:
            self.is_stopped = True
            if self.is_sending:
                self.task.cancel()

    async def stop(self, farewell: bytes) -> None:
        """End it early: it stores what it has, then says `farewell`."""
        self.farewell = farewell
        self.cancel()
        if self.task:
            await asyncio.wait([self.task], timeout=STOP_SECONDS)


async def drain(
    streams: set[EventStream], seconds: float, farewell: bytes, hurry: Callable[[], bool] = lambda: False
) -> None:
    """Let open streams finish for `seconds`, or until somebody hurries, then end the rest with a last event."""
    clock = asyncio.get_running_loop().time
    end = clock() + seconds
    while streams and clock() < end and not hurry():
        # Some begin only now: their questions were being stored when the server was told to stop.
        await asyncio.wait({stream.task for stream in streams if stream.task}, timeout=DRAIN_STEP)
    await asyncio.gather(*(stream.stop(farewell) for stream in list(streams)))

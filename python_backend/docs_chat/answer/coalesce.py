"""Fewer, larger deltas: a model sends words faster than a reader or a browser needs them."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing, suppress
from typing import TypeVar

T = TypeVar("T")


async def coalesce(source: AsyncGenerator[T], interval: Callable[[], float]) -> AsyncGenerator[T]:
    """Yield the first delta at once, then what gathered in each `interval` (seconds). Nothing waits longer.

    What is no text keeps its place between the texts.
    """
    gathered: list[T] = []
    ready = asyncio.Event()
    loop = asyncio.get_running_loop()
    due = loop.time()
    timer: asyncio.TimerHandle | None = None

    async def read() -> None:
        nonlocal timer
        try:
            async with aclosing(source):
                async for delta in source:
                    gathered.append(delta)
                    if timer is None:
                        timer = loop.call_at(due, ready.set) if loop.time() < due else None
                        if timer is None:
                            ready.set()
        finally:
            ready.set()

    reader = asyncio.create_task(read())
    try:
        while not reader.done():
            await ready.wait()
            ready.clear()
            timer, due = None, loop.time() + interval()
            pieces = join(gathered)
            gathered.clear()
            for piece in pieces:
                yield piece
        for piece in join(gathered):
            yield piece
        await reader
    finally:
        if timer:
            timer.cancel()
        reader.cancel()
        with suppress(asyncio.CancelledError, Exception):
            await reader


def join(pieces: list[T]) -> list[T]:
    """Neighbouring texts as one."""
    joined: list[T] = []
    for piece in pieces:
        last = joined[-1] if joined else None
        if isinstance(piece, str) and isinstance(last, str):
            joined[-1] = last + piece  # type: ignore[assignment]
        else:
            joined.append(piece)
    return joined

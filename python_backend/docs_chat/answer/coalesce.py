"""Fewer, larger deltas: a model sends words faster than a reader or a browser needs them."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from contextlib import aclosing, suppress
from typing import TypeVar

T = TypeVar("T")


async def coalesce(source: AsyncGenerator[T], interval: float) -> AsyncGenerator[T]:
    """Yield the first delta at once, then what gathered in each `interval` (seconds). Nothing waits longer.

    What is no text keeps its place between the texts.
    """
    gathered: list[T] = []
    arrived = asyncio.Event()

    async def read() -> None:
        try:
            async with aclosing(source):
                async for delta in source:
                    gathered.append(delta)
                    arrived.set()
        finally:
            arrived.set()

    reader = asyncio.create_task(read())
    try:
        while not reader.done():
            await arrived.wait()
            arrived.clear()
            pieces = join(gathered)
            gathered.clear()
            for piece in pieces:
                yield piece
            await asyncio.wait({reader}, timeout=interval)
        for piece in join(gathered):
            yield piece
        await reader
    finally:
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

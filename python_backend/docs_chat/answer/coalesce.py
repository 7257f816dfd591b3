"""Fewer, larger deltas: a model sends words faster than a reader or a browser needs them."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from contextlib import aclosing, suppress


async def coalesce(source: AsyncGenerator[str], interval: float) -> AsyncGenerator[str]:
    """Yield the first delta at once, then what gathered in each `interval` (seconds). Nothing waits longer."""
    gathered: list[str] = []
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
            if gathered:
                text = "".join(gathered)
                gathered.clear()
                yield text
            await asyncio.wait({reader}, timeout=interval)
        if gathered:
            yield "".join(gathered)
        await reader
    finally:
        reader.cancel()
        with suppress(asyncio.CancelledError, Exception):
            await reader

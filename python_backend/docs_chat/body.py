"""Reads a request's body, within bounds."""

from __future__ import annotations

import asyncio

from starlette.requests import ClientDisconnect, Request

from docs_chat.errors import HttpError


async def read_bytes(request: Request, limit: int, seconds: float, too_large: HttpError) -> bytes:
    """The body as it is.

    :param limit: how many bytes it may have, whatever it says of itself; `too_large` is raised for more.
    :raises HttpError: 408 when it does not arrive in so many seconds.
    """
    length = request.headers.get("content-length", "")
    if length.isdigit() and int(length) > limit:
        raise too_large
    body = bytearray()
    try:
        async with asyncio.timeout(seconds):
            async for chunk in request.stream():
                body += chunk
                if len(body) > limit:
                    raise too_large
    except TimeoutError:
        raise HttpError(408, "timeout", "The body did not arrive in time.") from None
    except ClientDisconnect:
        raise HttpError(400, "disconnected", "The client left.") from None
    return bytes(body)

"""What a server does beside answering, again and again."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable

logger = logging.getLogger("docs_chat")


async def repeat(work: Callable[[], Awaitable[object]], seconds: float, failure: str) -> None:
    """Do it, wait so many seconds, do it again, for as long as the server runs.

    :param failure: what the log says when it could not be done; it is tried again all the same.
    """
    while True:
        try:
            await work()
        except Exception as error:
            logger.error("%s (%s)", failure, type(error).__name__)
        await asyncio.sleep(seconds)

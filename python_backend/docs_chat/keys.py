"""The public keys of whoever signs readers in: fetched, kept, and used further while they cannot be fetched."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable

import httpx2
from jwt import PyJWK, PyJWKSet
from jwt.exceptions import PyJWTError

logger = logging.getLogger("docs_chat")

FETCH_SECONDS = 5.0
#: Between two attempts: a token with an invented key id does not make the server ask again and again.
COOLDOWN_SECONDS = 30.0
MAX_BYTES = 256 * 1024
#: What reading a hostile document may raise beside the library's own errors.
MALFORMED = (ValueError, TypeError, AttributeError, OverflowError, RecursionError, OSError)


class KeysUnavailableError(Exception):
    """There are no keys, and they cannot be fetched."""


class Keys:
    """A JSON Web Key Set by the ids of its keys.

    :param lifetime: seconds until the keys are fetched again, beside the requests that use the old ones.
    :param grace: seconds for which they are used further when that fails.
    """

    def __init__(self, url: str, lifetime: float, grace: float, clock: Callable[[], float] = time.monotonic) -> None:
        self.url = url
        self.lifetime = lifetime
        self.grace = grace
        self.clock = clock
        self.keys: dict[str | None, PyJWK] = {}
        self.fetched = self.tried = float("-inf")
        self.lock = asyncio.Lock()
        self.refreshing: asyncio.Task[None] | None = None
        self.client: httpx2.AsyncClient | None = None

    async def find(self, kid: str | None) -> PyJWK | None:
        """The key with this id; without an id the only one there is. None when the issuer has no such key.

        :raises KeysUnavailableError: it cannot be told.
        """
        age = self.clock() - self.fetched
        if age > self.lifetime + self.grace:
            self.keys = {}
        key = self.choose(kid)
        if key is None:
            await self.refresh()
            key = self.choose(kid)
        elif age > self.lifetime and (self.refreshing is None or self.refreshing.done()):
            self.refreshing = asyncio.create_task(self.refresh())
        if not self.keys:
            raise KeysUnavailableError
        return key

    def choose(self, kid: str | None) -> PyJWK | None:
        if kid is None:
            return next(iter(self.keys.values())) if len(self.keys) == 1 else None
        return self.keys.get(kid)

    async def refresh(self) -> None:
        """Fetch the keys, unless that was tried a moment ago; the old ones stay when it fails."""
        async with self.lock:
            if self.clock() - self.tried < COOLDOWN_SECONDS:
                return
            self.tried = self.clock()
            try:
                found = PyJWKSet.from_json(await self.fetch()).keys
                usable = {key.key_id: key for key in found if key.public_key_use in (None, "sig")}
            except (httpx2.HTTPError, TimeoutError, PyJWTError, *MALFORMED) as error:
                logger.warning("The keys at %s could not be fetched (%s)", self.url, type(error).__name__)
                return
            if usable:
                self.keys, self.fetched = usable, self.clock()

    async def fetch(self) -> str:
        # No redirects: the keys come from the address in the configuration and from nowhere else.
        self.client = self.client or httpx2.AsyncClient(timeout=FETCH_SECONDS, follow_redirects=False)
        async with asyncio.timeout(FETCH_SECONDS), self.client.stream("GET", self.url) as response:
            response.raise_for_status()
            if response.is_redirect:
                raise ValueError("redirect")
            body = b""
            async for chunk in response.aiter_bytes():
                body += chunk
                if len(body) > MAX_BYTES:
                    raise ValueError("too large")
        return body.decode()

    async def close(self) -> None:
        if self.refreshing:
            self.refreshing.cancel()
            await asyncio.gather(self.refreshing, return_exceptions=True)
        if self.client:
            await self.client.aclose()

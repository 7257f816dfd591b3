"""What happens around every request: its id, safe headers, one line of log, and who may call from where."""

from __future__ import annotations

import logging
import secrets
import time
from collections.abc import Sequence
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from docs_chat.database import is_unavailable
from docs_chat.errors import HttpError, error_response, log_failure, unavailable
from docs_chat.logs import log, request_id
from docs_chat.metrics import REQUESTS
from docs_chat.origins import compile_origins

logger = logging.getLogger("docs_chat.access")

RETRY_SECONDS = 5
API_PATHS = frozenset({"/chatkit", "/identity", "/identity/data", "/api/search", "/api/pages"})
ROUTES = API_PATHS | {"/healthz", "/readyz", "/metrics"}
SECURITY_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "strict-origin-when-cross-origin",
    "X-Frame-Options": "SAMEORIGIN",
}


def is_api(path: str) -> bool:
    return path in API_PATHS or path.startswith("/chatkit/")


class RequestContext:
    """Gives each request an id, adds headers, and logs method, path, status and time: no query, no body."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        identifier = secrets.token_hex(8)
        request_id.set(identifier)
        started = time.perf_counter()
        scope.setdefault("state", {}).update(request_id=identifier, started=started, send=send)
        status = 0

        async def send_with_headers(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                headers = MutableHeaders(scope=message)
                headers["X-Request-Id"] = identifier
                for name, value in SECURITY_HEADERS.items():
                    headers.setdefault(name, value)
            await send(message)

        try:
            await self.app(scope, receive, send_with_headers)
        finally:
            path = scope["path"]
            # The files of the site are one route, readers' files another: a label must not have a value for each.
            route = path if path in ROUTES else "/chatkit/attachments" if is_api(path) else "site"
            REQUESTS.labels(route, status).inc()
            took = round((time.perf_counter() - started) * 1000)
            log(logger, f"{scope['method']} {path}", status=status, ms=took)


class OriginGuard:
    """Refuses what another site's page sends. No `Origin` is no browser: tokens and limits decide there."""

    def __init__(self, app: ASGIApp, allowed: Sequence[str]) -> None:
        self.app = app
        self.allowed = compile_origins(allowed)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and is_api(scope["path"]):
            headers = Headers(scope=scope)
            origin = headers.get("origin")
            if origin is not None and not self.permits(origin, headers.get("host", "")):
                error = HttpError(403, "origin_forbidden", "This site may not use this server.")
                await error_response(error, scope["state"]["request_id"])(scope, receive, send)
                return
        await self.app(scope, receive, send)

    def permits(self, origin: str, host: str) -> bool:
        # The scheme is not compared: behind a proxy that ends TLS we only see http.
        own = urlsplit(origin).netloc.lower() == host.lower() != ""
        return own or self.allowed.fullmatch(origin.lower()) is not None


class LastResort:
    """An error that nobody expected: logged without its text, answered like every other one."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        started = False

        async def watch(message: Message) -> None:
            nonlocal started
            started = started or message["type"] == "http.response.start"
            await send(message)

        try:
            await self.app(scope, receive, watch)
        except Exception as error:
            if scope["type"] != "http":
                raise
            log_failure("The request failed", error)
            if not started:
                failure = HttpError(500, "internal", "Something went wrong on the server.")
                if is_unavailable(error):
                    what = "The server cannot use its database right now. Try again in a moment."
                    failure = unavailable("database_unavailable", what, RETRY_SECONDS)
                await error_response(failure, scope["state"]["request_id"])(scope, receive, send)

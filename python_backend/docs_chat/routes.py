"""The server's own routes."""

from __future__ import annotations

import asyncio
import hmac
import json
import time
from dataclasses import asdict, dataclass, field
from typing import Annotated

import anyio.to_thread
from chatkit.server import StreamingResult
from docs_index.errors import UserError
from fastapi import APIRouter, Query, Request
from fastapi.responses import JSONResponse, Response
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4

from docs_chat.audit import Audit, Kind
from docs_chat.auth import NOBODY, Authenticator, Identity, invalid
from docs_chat.body import read_bytes
from docs_chat.challenge import Challenge
from docs_chat.chat import DocsChatServer
from docs_chat.context import ReaderContext
from docs_chat.errors import HttpError, bad_request
from docs_chat.limits import Limiter
from docs_chat.metrics import FIRST_EVENT
from docs_chat.protocol import MAX_BODY, too_large
from docs_chat.retention import Retention
from docs_chat.scrape import Scrape
from docs_chat.search import Scope, Searcher
from docs_chat.settings import Settings
from docs_chat.stream import EventStream
from docs_chat.threads import ThreadStore
from docs_chat.tracing import describe_search, span

BODY_SECONDS = 10
MAX_RESULTS = 20
RETRY_SECONDS = 5
MAX_HEADER_CHARS = 500
NO_STORE = {"Cache-Control": "no-store"}


@dataclass(frozen=True, slots=True)
class Services:
    """What the routes work with."""

    settings: Settings
    searcher: Searcher
    store: ThreadStore
    auth: Authenticator
    retention: Retention
    audit: Audit
    limiter: Limiter
    challenge: Challenge | None
    chat: DocsChatServer
    streams: set[EventStream]
    scrape: Scrape
    closing: asyncio.Event = field(default_factory=asyncio.Event)


def make_router(services: Services) -> APIRouter:
    router = APIRouter()

    @router.post("/identity")
    async def identity(request: Request) -> JSONResponse:
        async def admit() -> None:
            await services.limiter.spend_identity(read_address(request))
            if services.challenge:
                await services.challenge.check(await read_proof(request))

        token = await services.auth.issue(request.headers.get("authorization", ""), admit)
        body = {"token": token.token, "expires_at": token.expires_at.isoformat()}
        return JSONResponse(body, headers=NO_STORE)

    @router.delete("/identity")
    async def erase(request: Request) -> JSONResponse:
        reader = await read_reader(request, services, "erase")
        return JSONResponse(asdict(await services.retention.erase(reader.owner)), headers=NO_STORE)

    @router.get("/identity/data")
    async def data(request: Request) -> JSONResponse:
        reader = await read_reader(request, services, "export")
        return JSONResponse(await services.retention.export(reader.owner), headers=NO_STORE)

    @router.post("/chatkit")
    async def chatkit(request: Request) -> Response:
        context = await read_context(request, services)
        body = await read_body(request, services.chat.max_body)
        result = await services.chat.process(body, context)
        if not isinstance(result, StreamingResult):
            return Response(result.json, media_type="application/json", headers=NO_STORE)
        if services.closing.is_set():
            headers = {"Retry-After": str(RETRY_SECONDS), "Connection": "close"}
            raise HttpError(503, "stopping", "This server is being stopped. Try again in a moment.", headers)
        stream = EventStream(result.json_events, services.streams)
        await stream.peek()
        FIRST_EVENT.observe(time.perf_counter() - request.state.started)
        return stream

    @router.get("/api/search")
    async def search(
        request: Request,
        q: Annotated[str, Query(min_length=1, max_length=4000)],
        k: int = 8,
        version: str | None = None,
        locale: str | None = None,
        build: str | None = None,
    ) -> JSONResponse:
        reader = await read_searcher(request, services)
        kept = await services.searcher.find_build(build)
        facts = {"reader": reader.owner, "subject": reader.subject, "groups": sorted(reader.groups)}
        where = {"version": version, "locale": locale, "build": build if kept else None}
        await services.audit.add("search", request.state.request_id, q, **facts, **where)
        try:
            with span("search") as traced:
                outcome = await services.searcher.search(
                    q, Scope(version, locale, reader.groups, kept), min(max(k, 1), MAX_RESULTS)
                )
                traced.set_attributes(describe_search(outcome))
        except UserError as error:
            raise bad_request(error.message, "unknown_scope") from None
        return JSONResponse(outcome.to_json(), headers=NO_STORE)

    @router.get("/api/pages")
    async def pages(
        request: Request,
        q: Annotated[str, Query(max_length=200)] = "",
        k: int = 8,
        version: str | None = None,
        locale: str | None = None,
        build: str | None = None,
    ) -> JSONResponse:
        reader = await read_searcher(request, services)
        kept = await services.searcher.find_build(build)
        try:
            found = await services.searcher.find_pages(
                q, Scope(version, locale, reader.groups, kept), min(max(k, 1), MAX_RESULTS)
            )
        except UserError as error:
            raise bad_request(error.message, "unknown_scope") from None
        return JSONResponse({"pages": [asdict(page) for page in found]}, headers=NO_STORE)

    @router.get("/healthz")
    async def healthz() -> JSONResponse:
        return JSONResponse({"status": "alive"}, headers=NO_STORE)

    @router.get("/readyz")
    async def readyz() -> JSONResponse:
        if services.closing.is_set():
            return JSONResponse({"status": "unready", "reasons": ["draining"]}, 503, headers=NO_STORE)
        reasons = [reason for reason in (await services.searcher.probe(), await probe(services)) if reason]
        if reasons:
            return JSONResponse({"status": "unready", "reasons": reasons}, 503, headers=NO_STORE)
        ready: dict[str, object] = {"status": "ready", "index": services.searcher.index.id}
        if services.searcher.refused:
            ready["warnings"] = ["index: the one that was published last cannot be used"]
        return JSONResponse(ready, headers=NO_STORE)

    token = services.settings.metrics_token
    if token:
        expected = f"Bearer {token.get_secret_value()}".encode()

        @router.get("/metrics")
        async def metrics(request: Request) -> Response:
            given = request.headers.get("authorization", "").encode("utf-8", "surrogatepass")
            if not hmac.compare_digest(given, expected):
                raise invalid()
            # In a thread: what it asks the event loop for would never come.
            written = await anyio.to_thread.run_sync(services.scrape.write)
            return Response(written, media_type=CONTENT_TYPE_PLAIN_0_0_4, headers=NO_STORE)

    return router


async def probe(services: Services) -> str | None:
    """Why the database cannot be used, None when it can."""
    try:
        await services.store.probe()
    except Exception as error:
        return f"database: {type(error).__name__}"
    return None


async def read_context(request: Request, services: Services) -> ReaderContext:
    """:raises HttpError: 401 without a valid token."""
    identity = await services.auth.require(request.headers.get("authorization", ""))
    return ReaderContext(
        owner=identity.owner,
        subject=identity.subject,
        groups=identity.groups,
        request_id=request.state.request_id,
        address=read_address(request),
        server_url=str(request.base_url),
        locale=read_header(request, "x-docs-chat-locale") or services.searcher.index.info.default_locale,
        page=read_header(request, "x-docs-chat-page"),
        version=read_header(request, "x-docs-chat-version"),
        build=read_header(request, "x-docs-chat-build"),
    )


async def read_proof(request: Request) -> str:
    """What the challenge's widget gave the browser: `{"challenge": "…"}`; "" for anything else."""
    if not request.headers.get("content-type", "").startswith("application/json"):
        return ""
    try:
        body = json.loads(await read_body(request))
    except ValueError:
        return ""
    proof = body.get("challenge") if isinstance(body, dict) else None
    return proof if isinstance(proof, str) else ""


def read_address(request: Request) -> str:
    """The client's, as the trusted proxies tell it."""
    return request.client.host if request.client else ""


async def read_reader(request: Request, services: Services, kind: Kind) -> Identity:
    """Whose data are asked for.

    :raises HttpError: 401 without a valid token.
    """
    reader = await services.auth.require(request.headers.get("authorization", ""))
    await services.audit.add(kind, request.state.request_id, reader=reader.owner, subject=reader.subject)
    return reader


async def read_searcher(request: Request, services: Services) -> Identity:
    """Who searches; nobody needs a token to search what everybody may read.

    :raises HttpError: 401 when only those who signed in may search, or a token does not hold.
    """
    if services.settings.auth.mode == "anonymous":
        return NOBODY
    header = request.headers.get("authorization", "")
    if services.auth.is_required:
        return await services.auth.require(header)
    return await services.auth.read(header) or NOBODY


def read_header(request: Request, name: str) -> str | None:
    value = request.headers.get(name, "").strip()
    return value if 0 < len(value) <= MAX_HEADER_CHARS else None


async def read_body(request: Request, limit: int = MAX_BODY) -> bytes:
    """:raises HttpError: 415, 413, or 408 when it does not arrive in time."""
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    # A page on another site can send text/plain without asking the browser's leave, JSON it cannot.
    if kind != "application/json":
        raise HttpError(415, "unsupported_media_type", "The body must be application/json.")
    return await read_bytes(request, limit, BODY_SECONDS, too_large(limit))

"""The HTTP application: routes, middleware, and what lives as long as the server."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

from chatkit.store import NotFoundError
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import RedirectResponse, Response
from sqlalchemy.ext.asyncio import AsyncEngine
from starlette.exceptions import HTTPException
from starlette.middleware.cors import CORSMiddleware
from starlette.middleware.gzip import GZipMiddleware

from docs_chat.answer.answerer import Answerer
from docs_chat.answer.kept import AnswerCache
from docs_chat.attachments import Attachments
from docs_chat.audit import Audit
from docs_chat.auth import Authenticator
from docs_chat.budget import Budget
from docs_chat.challenge import make_challenge
from docs_chat.chat import DocsChatServer
from docs_chat.counters import Counters
from docs_chat.database import connect_database, migrate_database
from docs_chat.dictation import Dictation
from docs_chat.errors import HttpError, bad_request, error_response, not_found
from docs_chat.identity import Identities, load_keys
from docs_chat.limits import Limiter
from docs_chat.middleware import LastResort, OriginGuard, RequestContext
from docs_chat.origins import compile_origins
from docs_chat.protocol import complete_models
from docs_chat.rates import LocalRates, SharedRates
from docs_chat.records import Records
from docs_chat.retention import Retention
from docs_chat.routes import Services, make_router
from docs_chat.scrape import Scrape
from docs_chat.search import Searcher
from docs_chat.settings import Settings
from docs_chat.site import BuiltSite, build_folder
from docs_chat.stream import EventStream
from docs_chat.threads import ThreadStore
from docs_chat.tracing import NO_TELEMETRY, is_traced
from docs_chat.turns import SharedTurns, make_turns
from docs_chat.uploads import make_upload_router

if TYPE_CHECKING:
    from docs_chat.collector import Collector

REQUEST_HEADERS = ["Authorization", "Content-Type", "X-Docs-Chat-Page", "X-Docs-Chat-Version"]
REQUEST_HEADERS += ["X-Docs-Chat-Locale", "X-Docs-Chat-Build"]


def create_app(settings: Settings) -> FastAPI:
    """Build the application.

    :raises UserError: the index, the database URL, the site or the collector of traces cannot be used.
    """
    complete_models()
    engine = connect_database(settings.database_url, patient=False)
    collector = load_collector(settings, engine) if is_traced() else None
    searcher = Searcher(settings)
    store = ThreadStore(engine, redacts=settings.store.redact)
    records = Records(engine)
    counters = Counters(engine)
    budget = Budget(settings, counters)
    answerer = Answerer(settings, searcher, budget, AnswerCache(engine, settings.answer.cache_days))
    retention = Retention(engine)
    keys = load_keys(settings)
    auth = Authenticator(settings.auth, Identities(keys, settings.identity.days))
    rates = SharedRates(settings.redis_url.get_secret_value()) if settings.redis_url else LocalRates()
    limiter = Limiter(settings.limits, rates, counters, keys[0])
    turns = make_turns(engine)
    challenge = make_challenge(settings)
    audit = Audit(settings)
    attachments = Attachments(settings, engine, limiter) if settings.attachments.enabled else None
    dictation = Dictation(settings, limiter, budget) if settings.dictation.enabled else None
    streams: set[EventStream] = set()
    scrape = Scrape(searcher, budget, streams)
    services = Services(
        settings=settings,
        searcher=searcher,
        store=store,
        auth=auth,
        retention=retention,
        audit=audit,
        limiter=limiter,
        challenge=challenge,
        streams=streams,
        scrape=scrape,
        chat=DocsChatServer(settings, store, records, answerer, limiter, turns, audit, attachments, dictation),
    )

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncGenerator[None]:
        engine.start()
        await engine.begin_work(migrate_database(engine))
        scrape.loop = asyncio.get_running_loop()
        following = [asyncio.create_task(searcher.follow()), asyncio.create_task(counters.follow())]
        if settings.store.retention_days:
            following.append(asyncio.create_task(retention.follow(settings.store.retention_days)))
        # Also when no more are taken: what is left of them goes.
        following.append(asyncio.create_task(retention.follow_files(settings.attachments.hours)))
        if isinstance(turns, SharedTurns):
            following.append(asyncio.create_task(turns.renew()))
        yield
        scrape.loop = None
        for task in following:
            task.cancel()
        await asyncio.gather(*following, return_exceptions=True)
        await answerer.close()
        if dictation:
            await dictation.close()
        await auth.close()
        await rates.close()
        if challenge:
            await challenge.close()
        await engine.stop()
        searcher.close()
        if collector:
            await collector.close()

    telemetry = collector.configure() if collector else NO_TELEMETRY
    app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None, lifespan=lifespan, telemetry=telemetry)
    app.state.services = services
    app.include_router(make_router(services))
    if attachments:
        app.include_router(make_upload_router(auth, attachments))
    if settings.site:
        mount_site(app, settings, searcher.index.info.base_url)
    for kind in (HttpError, NotFoundError, RequestValidationError, HTTPException):
        app.add_exception_handler(kind, answer_error)
    # The last one added is the outermost.
    app.add_middleware(LastResort)
    app.add_middleware(
        CORSMiddleware,
        allow_origin_regex=compile_origins(settings.allowed_origins).pattern,
        allow_methods=["GET", "POST", "DELETE"],
        allow_headers=REQUEST_HEADERS,
        expose_headers=["Retry-After", "X-Request-Id"],
    )
    app.add_middleware(OriginGuard, allowed=settings.allowed_origins)
    app.add_middleware(RequestContext)
    return app


def load_collector(settings: Settings, engine: AsyncEngine) -> Collector:
    # Not there unless its packages are installed.
    from docs_chat.collector import Collector

    return Collector(engine, hands_on=settings.tracing.propagate)


def mount_site(app: FastAPI, settings: Settings, base_url: str) -> None:
    """The built site at its base URL; the root leads there."""
    if settings.site is None:
        return
    base = "/" + base_url.strip("/")
    if base != "/":

        @app.get("/")
        async def to_base() -> RedirectResponse:
            return RedirectResponse(base + "/")

    # Compressed here: an event stream must not be.
    site = GZipMiddleware(BuiltSite(build_folder(settings.site)), minimum_size=1000)
    app.mount(base if base != "/" else "", site)


async def answer_error(request: Request, error: Any) -> Response:
    """Whatever went wrong, in the one form that clients know."""
    match error:
        case HttpError():
            known = error
        case NotFoundError():
            known = not_found()
        case RequestValidationError():
            names = ", ".join(f"`{problem['loc'][-1]}`" for problem in error.errors())
            known = bad_request(f"Missing or wrong: {names}.")
        case _:
            code = {404: "not_found", 405: "method_not_allowed"}.get(error.status_code, "http_error")
            known = HttpError(error.status_code, code, str(error.detail), error.headers)
    return error_response(known, request.state.request_id)

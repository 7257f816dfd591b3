"""Sends traces to the owner's OpenTelemetry collector. Loaded only when there is one.

How and where to is set by OpenTelemetry's own variables (`OTEL_…`). What a span may say is listed here: readers' words,
addresses, tokens and the text of errors are on no list, so that no library can let them out.
"""

from __future__ import annotations

import asyncio
import logging
import os
from collections.abc import Mapping, MutableMapping, Sequence
from threading import Thread
from typing import Any

from fastapi.telemetry import TelemetryConfig
from opentelemetry import propagate
from opentelemetry.context import Context
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.instrumentation.httpx import HTTPX2ClientInstrumentor
from opentelemetry.instrumentation.sqlalchemy import SQLAlchemyInstrumentor
from opentelemetry.propagators.textmap import (
    CarrierT,
    Getter,
    Setter,
    TextMapPropagator,
    default_getter,
    default_setter,
)
from opentelemetry.sdk.resources import OTELResourceDetector, Resource
from opentelemetry.sdk.trace import Event, ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor, SpanExporter, SpanExportResult
from opentelemetry.trace import SpanKind, Status
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator
from sqlalchemy.ext.asyncio import AsyncEngine

from docs_chat import tracing
from docs_chat.middleware import is_api

logger = logging.getLogger("docs_chat")

#: How long the last spans may take when the server stops.
FLUSH_SECONDS = 1.0
OURS = ("docs_chat.", "gen_ai.")
TOLD = frozenset(
    {
        "db.namespace",
        "db.operation.name",
        # Its parameters are not in it.
        "db.query.text",
        "db.system.name",
        "error.type",
        "http.request.method",
        "http.response.status_code",
        "http.route",
        "network.protocol.version",
        "server.address",
        "server.port",
        "url.scheme",
    }
)


class Collector:
    """Makes spans of what the server does, and sends them from a thread of its own.

    :param hands_on: whether the trace goes with requests to other servers.
    """

    def __init__(self, engine: AsyncEngine, *, hands_on: bool) -> None:
        # The names that OpenTelemetry has settled on: its libraries still write older ones by default.
        os.environ.setdefault("OTEL_SEMCONV_STABILITY_OPT_IN", "http,database")
        # One sentence of ours is enough where a collector is not there.
        logging.getLogger("opentelemetry").setLevel(logging.CRITICAL)
        named = Resource.create({"service.name": "docs-chat"}).merge(OTELResourceDetector().detect())
        self.provider = TracerProvider(resource=named, shutdown_on_exit=False)
        self.provider.add_span_processor(BatchSpanProcessor(Sender(OTLPSpanExporter())))
        taken = (
            propagate.get_global_textmap() if os.environ.get("OTEL_PROPAGATORS") else TraceContextTextMapPropagator()
        )
        propagate.set_global_textmap(taken if hands_on else Listening(taken))
        HTTPX2ClientInstrumentor().instrument(tracer_provider=self.provider)
        # It works with SQLAlchemy 2.1 too, and does not say so.
        SQLAlchemyInstrumentor().instrument(
            engine=engine.sync_engine, tracer_provider=self.provider, skip_dep_check=True
        )
        tracing.tracer = self.provider.get_tracer("docs_chat")

    def configure(self) -> TelemetryConfig:
        """What FastAPI is to trace: readers' requests, not the files of a site nor what only asks how the server is."""

        def exclude(scope: MutableMapping[str, Any]) -> bool:
            return not is_api(scope["path"])

        return {**tracing.NO_TELEMETRY, "tracing": True, "tracer_provider": self.provider, "exclude": exclude}

    async def close(self) -> None:
        """Send what is left, and stop: a collector that does not answer is not waited for."""
        tracing.tracer = None
        # A daemon, which does not keep the process.
        ending = Thread(target=self.provider.shutdown, daemon=True)
        ending.start()
        await asyncio.to_thread(ending.join, FLUSH_SECONDS)


class Sender(SpanExporter):
    """Hands on what a span may say. That nobody takes it is said once."""

    def __init__(self, exporter: SpanExporter) -> None:
        self.exporter = exporter
        self.is_taken = True

    def export(self, spans: Sequence[ReadableSpan]) -> SpanExportResult:
        # What the server does of its own accord, such as looking for a new index, belongs to no request.
        told = [strip(span) for span in spans if span.parent or span.kind is SpanKind.SERVER]
        if not told:
            return SpanExportResult.SUCCESS
        result = self.exporter.export(told)
        is_taken = result is SpanExportResult.SUCCESS
        if is_taken != self.is_taken:
            self.is_taken = is_taken
            if is_taken:
                logger.info("The collector takes traces again.")
            else:
                logger.warning(
                    "The collector takes no traces: they are lost until it does. Check OTEL_EXPORTER_OTLP_*."
                )
        return result

    def shutdown(self) -> None:
        self.exporter.shutdown()


def strip(span: ReadableSpan) -> ReadableSpan:
    """The span with what may be told, and without the words of its errors."""
    return ReadableSpan(
        name=span.name,
        context=span.context,
        parent=span.parent,
        resource=span.resource,
        attributes=choose(span.attributes),
        events=[Event(event.name, choose(event.attributes), event.timestamp) for event in span.events],
        kind=span.kind,
        status=Status(span.status.status_code),
        start_time=span.start_time,
        end_time=span.end_time,
        instrumentation_scope=span.instrumentation_scope,
    )


def choose(attributes: Mapping[str, Any] | None) -> dict[str, Any]:
    return {key: value for key, value in (attributes or {}).items() if key in TOLD or key.startswith(OURS)}


class Listening(TextMapPropagator):
    """Takes up the trace of a request, and hands none on."""

    def __init__(self, propagator: TextMapPropagator) -> None:
        self.propagator = propagator

    def extract(
        self, carrier: CarrierT, context: Context | None = None, getter: Getter[CarrierT] = default_getter
    ) -> Context:
        return self.propagator.extract(carrier, context, getter)

    def inject(
        self, carrier: CarrierT, context: Context | None = None, setter: Setter[CarrierT] = default_setter
    ) -> None:
        pass

    @property
    def fields(self) -> set[str]:
        return set()

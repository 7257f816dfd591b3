"""Traces of requests, for OpenTelemetry: nothing of it is loaded unless the owner names a collector.

What a library can tell, its own instrumentation tells. The spans that are opened through here are what none can know.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any, Literal, Protocol
from urllib.parse import urlsplit

from docs_index.errors import UserError

if TYPE_CHECKING:
    from docs_index.result import Outcome
    from fastapi.telemetry import TelemetryConfig
    from opentelemetry.trace import Tracer

    from docs_chat.cost import Usage
    from docs_chat.records import AnswerRecord

ENDPOINTS = ("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "OTEL_EXPORTER_OTLP_ENDPOINT")
PROTOCOLS = ("OTEL_EXPORTER_OTLP_TRACES_PROTOCOL", "OTEL_EXPORTER_OTLP_PROTOCOL")
PROTOCOL = "http/protobuf"
#: What the extra `otel` installs.
PACKAGES = (
    "opentelemetry.sdk",
    "opentelemetry.exporter.otlp.proto.http",
    "opentelemetry.instrumentation.httpx",
    "opentelemetry.instrumentation.sqlalchemy",
)

#: FastAPI traces nothing of its own accord, whatever the environment says.
NO_TELEMETRY: TelemetryConfig = {
    "tracing": False,
    "metrics": False,
    "logs": False,
    "operation_spans": False,
    "auto_configure": False,
}
#: Set while spans are sent somewhere.
tracer: Tracer | None = None


class Span(Protocol):
    """The part of OpenTelemetry's span that is used here."""

    def set_attributes(self, attributes: Mapping[str, Any]) -> None: ...

    def add_event(self, name: str) -> None: ...


class NoSpan:
    """Where nothing is traced."""

    def set_attributes(self, attributes: Mapping[str, Any]) -> None:
        pass

    def add_event(self, name: str) -> None:
        pass


NO_SPAN = NoSpan()


def is_traced(environment: Mapping[str, str] = os.environ) -> bool:
    """Whether the owner asks for traces, by OpenTelemetry's own variables.

    :raises UserError: they ask for what there is not, or the packages are missing.
    """
    exporter = environment.get("OTEL_TRACES_EXPORTER", "").strip().lower()
    named = next((name for name in ENDPOINTS if environment.get(name)), "")
    if environment.get("OTEL_SDK_DISABLED", "").lower() == "true" or exporter == "none" or not (named or exporter):
        return False
    if exporter not in ("", "otlp"):
        raise UserError(f"OTEL_TRACES_EXPORTER is `{exporter}`.", hint="Traces are sent by `otlp`, or not: `none`.")
    protocol = next((environment[name] for name in PROTOCOLS if environment.get(name)), PROTOCOL)
    if protocol != PROTOCOL:
        raise UserError(
            f"Traces cannot be sent by OTLP's `{protocol}`.",
            hint=f"Take `{PROTOCOL}`, which collectors answer at port 4318: unset {' and '.join(PROTOCOLS)}.",
        )
    if named:
        parts = urlsplit(environment[named])
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise UserError(f"{named} is no address.", hint="Write one such as http://localhost:4318")
    if not all(is_installed(package) for package in PACKAGES):
        raise UserError(
            f"{named or 'OTEL_TRACES_EXPORTER'} is set, and OpenTelemetry is not installed.",
            hint="pip install 'docs-chat[otel]', or unset it.",
        )
    return True


def is_installed(package: str) -> bool:
    try:
        return find_spec(package) is not None
    except ImportError:
        return False


@contextmanager
def span(name: str, kind: Literal["internal", "client"] = "internal") -> Iterator[Span]:
    """Opens a span; what fails in it is told by its class, or by its `code` where it has one."""
    if tracer is None:
        yield NO_SPAN
        return
    from opentelemetry.trace import SpanKind, StatusCode

    with tracer.start_as_current_span(
        name, kind=SpanKind[kind.upper()], record_exception=False, set_status_on_exception=False
    ) as opened:
        try:
            yield opened
        except Exception as error:
            opened.set_attribute("error.type", str(getattr(error, "code", type(error).__name__)))
            opened.set_status(StatusCode.ERROR)
            raise


def find_trace_id() -> str:
    """The trace that is going on, "" where there is none."""
    if tracer is None:
        return ""
    from opentelemetry.trace import format_trace_id, get_current_span

    context = get_current_span().get_span_context()
    return format_trace_id(context.trace_id) if context.is_valid else ""


def describe_search(outcome: Outcome) -> dict[str, Any]:
    return {"docs_chat.state": outcome.state, "docs_chat.results": len(outcome.results)}


def describe_request(model: str, max_tokens: int) -> dict[str, Any]:
    """A request to a model, by OpenTelemetry's conventions for generative AI."""
    return {
        "gen_ai.operation.name": "chat",
        "gen_ai.provider.name": "openai",
        "gen_ai.request.model": model,
        "gen_ai.request.max_tokens": max_tokens,
    }


def describe_usage(usage: Usage) -> dict[str, Any]:
    """Tokens, by the same conventions."""
    return {
        "gen_ai.usage.input_tokens": usage.input,
        "gen_ai.usage.cache_read.input_tokens": usage.cached,
        "gen_ai.usage.output_tokens": usage.output,
    }


def describe_answer(record: AnswerRecord) -> dict[str, Any]:
    """A whole answer, with all the requests that it took."""
    return {
        "docs_chat.engine": record.engine,
        "docs_chat.state": record.state,
        "docs_chat.outcome": record.outcome,
        "docs_chat.cited": len(record.cited),
        **(describe_usage(record.usage) if record.usage.input else {}),
    }

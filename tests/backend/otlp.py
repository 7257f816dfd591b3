"""A collector of OpenTelemetry traces for the tests: real HTTP, decoded with the protocol's own classes."""

from __future__ import annotations

import gzip
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import (
    ExportTraceServiceRequest,
    ExportTraceServiceResponse,
)
from opentelemetry.proto.common.v1.common_pb2 import AnyValue, KeyValue
from opentelemetry.proto.trace.v1.trace_pb2 import Span as Proto
from opentelemetry.proto.trace.v1.trace_pb2 import Status


@dataclass(frozen=True)
class Span:
    name: str
    kind: str
    trace: str
    id: str
    parent: str
    seconds: float
    attributes: dict[str, Any]
    events: list[str]
    is_failed: bool
    service: str


@dataclass
class Receiver:
    """`bodies` are the requests as they came, decompressed; `paths` where they went."""

    url: str
    status: int = 200
    bodies: list[bytes] = field(default_factory=list)
    paths: list[str] = field(default_factory=list)

    def spans(self) -> list[Span]:
        found = []
        for body in self.bodies:
            for group in ExportTraceServiceRequest.FromString(body).resource_spans:
                service = str(read(group.resource.attributes)["service.name"])
                found += [decode(span, service) for scope in group.scope_spans for span in scope.spans]
        return found

    def one(self, name: str) -> Span:
        """The only span of that name."""
        found = [span for span in self.spans() if span.name == name]
        assert len(found) == 1, (name, [span.name for span in self.spans()])
        return found[0]


def decode(span: Proto, service: str) -> Span:
    return Span(
        name=span.name,
        kind=Proto.SpanKind.Name(span.kind).removeprefix("SPAN_KIND_").lower(),
        trace=span.trace_id.hex(),
        id=span.span_id.hex(),
        parent=span.parent_span_id.hex(),
        seconds=(span.end_time_unix_nano - span.start_time_unix_nano) / 1e9,
        attributes=read(span.attributes),
        events=[event.name for event in span.events],
        is_failed=span.status.code == Status.STATUS_CODE_ERROR,
        service=service,
    )


def read(attributes: Any) -> dict[str, Any]:
    return {pair.key: value_of(pair) for pair in attributes}


def value_of(pair: KeyValue) -> Any:
    value: AnyValue = pair.value
    return getattr(value, value.WhichOneof("value") or "string_value")


@contextmanager
def receiving(port: int = 0) -> Iterator[Receiver]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            if self.headers.get("content-encoding") == "gzip":
                body = gzip.decompress(body)
            receiver.paths.append(self.path)
            if receiver.status == 200:
                receiver.bodies.append(body)
            self.send_response(receiver.status)
            self.send_header("content-type", "application/x-protobuf")
            self.end_headers()
            self.wfile.write(ExportTraceServiceResponse().SerializeToString())

        def log_message(self, format: str, *args: Any) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", port), Handler) as server:
        receiver = Receiver(f"http://127.0.0.1:{server.server_port}")
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        try:
            yield receiver
        finally:
            server.shutdown()
            thread.join()

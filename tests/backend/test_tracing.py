"""Traces for OpenTelemetry: a real server process, a real collector, a mock model that is a real HTTP server."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx2
import pytest
from docs_chat.tracing import is_traced
from docs_index.errors import UserError

from .conftest import MockModel, free_port, wait_until
from .otlp import Receiver, Span, receiving
from .reader import Reader, answer_of
from .test_commands import started
from .test_life import make_environment

WORDS = "ultramarine-canary"
QUESTION = "How do I install Kettle with pip?"
ANSWER = "Run `pip install kettle` in a cerulean-canary shell [1]."
PARENT = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
BAGGAGE = "user=magenta-canary"


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with receiving() as found:
        yield found


@contextmanager
def traced(
    site: Path, database_url: str, model: MockModel, endpoint: str, *flags: str, **settings: str
) -> Iterator[tuple[subprocess.Popen[str], str]]:
    environment = make_environment(database_url, model, OTEL_EXPORTER_OTLP_ENDPOINT=endpoint, **settings)
    with started("--index", str(site / ".docs-chat" / "index"), flags=flags, **environment) as (process, url):
        yield process, url


def stop(process: subprocess.Popen[str]) -> str:
    """What it logged, once it has ended of itself."""
    process.send_signal(signal.SIGTERM)
    out, err = process.communicate(timeout=60)
    assert process.returncode == 0, err
    return out + err


def lines(log: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in log.splitlines()]


def path_to(span: Span, spans: list[Span]) -> list[str]:
    """The names from the request down to the span."""
    above = next((other for other in spans if other.id == span.parent), None)
    return [*(path_to(above, spans) if above else []), span.name]


def test_an_answer_is_one_trace_from_the_request_to_the_model(
    site: Path, database_url: str, model: MockModel, receiver: Receiver, api: str
) -> None:
    model.script({"type": "reply", "text": ANSWER})
    settings = {"DOCS_CHAT_LOG_FORMAT": "json", "DOCS_CHAT_ANSWER__API": api}
    with traced(site, database_url, model, receiver.url, "-v", **settings) as (process, url):
        reader = Reader(url)
        events = reader.ask(QUESTION, traceparent=PARENT)
        assert "cerulean-canary" in answer_of(events)["text"]
        reader.close()
        log = stop(process)
    assert set(receiver.paths) == {"/v1/traces"}
    spans = receiver.spans()
    trace = PARENT.split("-")[1]
    request = next(span for span in spans if span.name == "POST /chatkit")
    assert (request.kind, request.trace, request.parent) == ("server", trace, PARENT.split("-")[2])
    assert request.attributes["http.response.status_code"] == 200
    assert request.service == "docs-chat"
    # One span for the whole stream, and none for its events.
    mine = [span for span in spans if span.trace == trace]
    told = [span.name for span in mine if "db.system.name" not in span.attributes]
    assert sorted(told) == sorted(["POST /chatkit", "search", "answer", "chat gpt-6-luna", "POST"])
    search, answer = receiver.one("search"), receiver.one("answer")
    asked = receiver.one("chat gpt-6-luna")
    provider = next(span for span in mine if span.name == "POST")
    assert path_to(search, mine) == ["POST /chatkit", "search"]
    assert path_to(provider, mine) == ["POST /chatkit", "answer", "chat gpt-6-luna", "POST"]
    assert search.attributes["docs_chat.state"] == "answer"
    assert search.attributes["docs_chat.results"] > 0
    assert (
        answer.attributes.items()
        >= {
            "docs_chat.engine": "gpt-6-luna",
            "docs_chat.state": "answer",
            "docs_chat.outcome": "complete",
            "docs_chat.cited": 1,
        }.items()
    )
    assert answer.events == ["docs_chat.first_words"]
    assert asked.kind == provider.kind == "client"
    assert asked.attributes["gen_ai.operation.name"] == "chat"
    assert asked.attributes["gen_ai.request.model"] == "gpt-6-luna"
    assert provider.attributes["http.response.status_code"] == 200
    # What the log says of the same answer.
    answered = next(line for line in lines(log) if line["message"] == "Answered")
    assert answered["trace_id"] == trace
    for name, said in (("input", "input_tokens"), ("output", "output_tokens")):
        assert asked.attributes[f"gen_ai.usage.{name}_tokens"] == answered[said] > 0
        assert answer.attributes[f"gen_ai.usage.{name}_tokens"] == answered[said]
    posted = next(line for line in lines(log) if line["message"] == "POST /chatkit")
    assert posted["trace_id"] == trace
    # The span ends with the stream, and what was done for it lies within.
    assert request.seconds >= answer.seconds >= asked.seconds >= provider.seconds > 0
    statements = [span for span in mine if "db.query.text" in span.attributes]
    assert any("INSERT INTO items" in span.attributes["db.query.text"] for span in statements)
    assert all(path_to(span, mine)[0] == "POST /chatkit" for span in statements)
    assert not any(span.is_failed for span in mine)


def test_no_span_tells_words_identities_addresses_or_keys(
    site: Path, database_url: str, model: MockModel, receiver: Receiver
) -> None:
    key, secret = "sk-canary-0123456789abcdef", "secret-canary-0123456789"
    settings = {
        "OPENAI_API_KEY": key,
        "DOCS_CHAT_SECRET_KEY": secret,
        "DOCS_CHAT_ATTACHMENTS__ENABLED": "true",
        # What a library would tell, if it were let.
        "OTEL_INSTRUMENTATION_HTTP_CAPTURE_HEADERS_CLIENT_REQUEST": "authorization,user-agent",
        "OTEL_PROPAGATORS": "tracecontext,baggage",
    }
    failures: list[dict[str, Any]] = [
        {"type": "fail", "status": 401, "message": f"Incorrect API key provided: {key}, asked {WORDS}"},
        {"type": "stream_fault", "kind": "truncate", "after_chunks": 3},
        {"type": "reply", "text": ANSWER},
    ]
    with traced(site, database_url, model, receiver.url, **settings) as (process, url):
        reader = Reader(url)
        headers = {"X-Forwarded-For": "203.0.113.77", "User-Agent": "umber-canary", "baggage": BAGGAGE}
        for failure in reversed(failures):
            model.script(failure)
            reader.ask(QUESTION, **{**headers, "X-Docs-Chat-Page": f"/docs/{WORDS}"})
        httpx2.get(f"{url}/api/search", params={"q": WORDS, "version": "no-such"}, headers=headers)
        httpx2.post(f"{url}/chatkit", headers={"Authorization": f"Bearer {WORDS}"}, json={})
        reader.post("threads.get_by_id", {"thread_id": WORDS})
        reader.client.post(f"/chatkit/attachments/{WORDS}", headers=reader.headers, content=WORDS)
        token = reader.token
        reader.close()
        stop(process)
    told = b"".join(receiver.bodies)
    assert {span.name for span in receiver.spans()} >= {
        "POST /chatkit",
        "GET /api/search",
        "POST /chatkit/attachments/{attachment_id}",
    }
    for canary in (WORDS, "canary", "Kettle", key, secret, token, "203.0.113.77", "no-such"):
        assert canary.encode() not in told, canary
    failed = [span for span in receiver.spans() if span.name == "chat gpt-6-luna" and span.is_failed]
    assert {span.attributes["error.type"] for span in failed} == {"cut", "status 401"}


def test_what_asks_how_the_server_is_and_what_it_does_by_itself_is_not_traced(
    site: Path, database_url: str, model: MockModel, receiver: Receiver
) -> None:
    with traced(site, database_url, model, receiver.url, OTEL_BSP_SCHEDULE_DELAY="50") as (process, url):
        httpx2.get(f"{url}/healthz")
        httpx2.get(f"{url}/readyz")
        httpx2.get(f"{url}/api/search", params={"q": "kettle"})
        assert wait_until(lambda: bool(receiver.bodies))
        stop(process)
    assert {path_to(span, receiver.spans())[0] for span in receiver.spans()} == {"GET /api/search"}


@pytest.mark.parametrize("propagate", ["false", "true"])
def test_the_trace_goes_on_to_the_provider_only_when_the_owner_says_so(
    site: Path, tmp_path: Path, aimock: str, receiver: Receiver, propagate: str
) -> None:
    model = MockModel(aimock)
    httpx2.delete(f"{aimock}/v1/_requests")
    settings = {"DOCS_CHAT_TRACING__PROPAGATE": propagate}
    with traced(site, f"sqlite:///{tmp_path / 'chat.db'}", model, receiver.url, **settings) as (process, url):
        reader = Reader(url)
        reader.ask(QUESTION, traceparent=PARENT, baggage=BAGGAGE)
        reader.close()
        stop(process)
    [asked] = httpx2.get(f"{aimock}/v1/_requests").json()
    sent = asked["headers"].get("traceparent", "")
    if propagate == "true":
        provider = next(span for span in receiver.spans() if span.name == "POST")
        assert sent == f"00-{PARENT.split('-')[1]}-{provider.id}-01"
    else:
        assert sent == ""
    assert "baggage" not in asked["headers"]


@pytest.mark.parametrize("fault", ["refuses", "is silent", "fails"])
def test_a_collector_that_takes_nothing_disturbs_nobody_and_is_named_once(
    site: Path, tmp_path: Path, model: MockModel, receiver: Receiver, fault: str
) -> None:
    model.script({"type": "reply", "text": ANSWER, "times": 100})
    receiver.status = 400
    with socket.create_server(("127.0.0.1", 0)) as silent:
        endpoint = {
            "refuses": f"http://127.0.0.1:{free_port()}",
            "is silent": f"http://127.0.0.1:{silent.getsockname()[1]}",
            "fails": receiver.url,
        }[fault]
        settings = {
            "OTEL_BSP_SCHEDULE_DELAY": "20",
            "OTEL_BSP_MAX_QUEUE_SIZE": "10",
            "OTEL_BSP_MAX_EXPORT_BATCH_SIZE": "5",
            "OTEL_EXPORTER_OTLP_TIMEOUT": "1",
        }
        with traced(site, f"sqlite:///{tmp_path / 'chat.db'}", model, endpoint, **settings) as (process, url):
            reader = Reader(url)
            for _ in range(6):
                assert "cerulean-canary" in answer_of(reader.ask(QUESTION))["text"]
            # Longer than one attempt to send.
            time.sleep(1.5)
            assert "cerulean-canary" in answer_of(reader.ask(QUESTION))["text"]
            reader.close()
            log = stop(process)
    assert log.count("The collector takes no traces") == 1, log
    assert "opentelemetry" not in log
    assert "Traceback" not in log


def test_spans_are_lost_only_until_the_collector_is_back(
    site: Path, tmp_path: Path, model: MockModel, receiver: Receiver
) -> None:
    receiver.status = 400
    settings = {"OTEL_BSP_SCHEDULE_DELAY": "20"}
    with traced(site, f"sqlite:///{tmp_path / 'chat.db'}", model, receiver.url, **settings) as (process, url):
        httpx2.get(f"{url}/api/search", params={"q": "kettle"})
        assert wait_until(lambda: bool(receiver.paths))
        receiver.status = 200
        assert wait_until(lambda: bool(httpx2.get(f"{url}/api/search?q=kettle")) and bool(receiver.bodies))
        log = stop(process)
    assert log.count("The collector takes no traces") == log.count("The collector takes traces again") == 1


def test_a_reader_who_leaves_ends_every_span(site: Path, tmp_path: Path, model: MockModel, receiver: Receiver) -> None:
    model.script({"type": "reply", "text": "word " * 400, "times": 100})
    with traced(site, f"sqlite:///{tmp_path / 'chat.db'}", model, receiver.url) as (process, url):
        reader = Reader(url)
        with reader.stream(QUESTION) as events:
            for event in events:
                if "delta" in event.get("update", {}):
                    break
        reader.close()
        log = stop(process)
    assert receiver.one("answer").attributes["docs_chat.outcome"] == "stopped"
    assert receiver.one("chat gpt-6-luna").attributes["gen_ai.usage.output_tokens"] > 0
    assert receiver.one("POST /chatkit").attributes["http.response.status_code"] == 200
    assert "Traceback" not in log and "context" not in log, log


def test_without_a_collector_nothing_is_loaded(site: Path, tmp_path: Path) -> None:
    code = (
        "import sys; from docs_chat.app import create_app; from docs_chat.settings import Settings; "
        f"create_app(Settings(index={str(site / '.docs-chat' / 'index')!r}, "
        f"database_url='sqlite:///{tmp_path / 'chat.db'}')); "
        "print([name for name in sys.modules if name.startswith(('opentelemetry.sdk', 'opentelemetry.exporter', "
        "'opentelemetry.instrumentation', 'docs_chat.collector'))])"
    )
    # FastAPI's own switch is no way round the owner's.
    environment = {**os.environ, "FASTAPI_OTEL_AUTO_CONFIGURE": "true"}
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, env=environment)
    assert done.stdout == "[]\n", done.stderr


def test_a_collector_without_the_packages_is_a_mistake_that_is_explained(site: Path) -> None:
    code = (
        "import sys; sys.modules['opentelemetry.sdk'] = None; from docs_chat.cli import main; "
        f"sys.argv[1:] = ['serve', '--port', '0', '--index', {str(site / '.docs-chat' / 'index')!r}]; main()"
    )
    environment = {**os.environ, "OTEL_EXPORTER_OTLP_ENDPOINT": "http://127.0.0.1:4318"}
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, env=environment)
    assert done.returncode == 2
    assert "OTEL_EXPORTER_OTLP_ENDPOINT is set, and OpenTelemetry is not installed." in done.stderr
    assert "pip install 'docs-chat[otel]'" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("environment", "words"),
    [
        ({"OTEL_TRACES_EXPORTER": "zipkin"}, "`zipkin`"),
        ({"OTEL_EXPORTER_OTLP_ENDPOINT": "http://a:4317", "OTEL_EXPORTER_OTLP_PROTOCOL": "grpc"}, "`grpc`"),
        ({"OTEL_EXPORTER_OTLP_TRACES_ENDPOINT": "localhost:4318"}, "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT is no address"),
    ],
)
def test_what_there_is_not_is_said(environment: dict[str, str], words: str) -> None:
    with pytest.raises(UserError) as caught:
        is_traced(environment)
    assert words in caught.value.message
    assert caught.value.hint


@pytest.mark.parametrize(
    ("environment", "wanted"),
    [
        ({}, False),
        ({"OTEL_EXPORTER_OTLP_ENDPOINT": "http://a:4318"}, True),
        ({"OTEL_EXPORTER_OTLP_TRACES_ENDPOINT": "https://a/v1/traces"}, True),
        ({"OTEL_TRACES_EXPORTER": "otlp"}, True),
        ({"OTEL_EXPORTER_OTLP_METRICS_ENDPOINT": "http://a:4318"}, False),
        ({"OTEL_EXPORTER_OTLP_ENDPOINT": "http://a:4318", "OTEL_TRACES_EXPORTER": "none"}, False),
        ({"OTEL_EXPORTER_OTLP_ENDPOINT": "http://a:4318", "OTEL_SDK_DISABLED": "true"}, False),
    ],
)
def test_the_standard_variables_decide(environment: dict[str, str], wanted: bool) -> None:
    assert is_traced(environment) is wanted

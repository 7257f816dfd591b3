"""What Prometheus reads: right counts, for who may have them."""

from __future__ import annotations

import subprocess
from pathlib import Path

import httpx2
import pytest
from docs_chat.settings import Settings
from docs_index.snapshot import read_current
from prometheus_client.parser import text_string_to_metric_families

from .conftest import BIN, MockModel, Serve, free_port
from .reader import Reader, answer_of, question, thread_of
from .test_commands import started

TOKEN = "a-token-for-metrics"
QUESTION = "How do I install Kettle with pip?"


class Metrics:
    """The samples of a server, and how they have grown since the last look: other tests count in this process too."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.before = self.read()

    def read(self) -> dict[str, float]:
        response = httpx2.get(f"{self.url}/metrics", headers={"Authorization": f"Bearer {TOKEN}"})
        assert response.status_code == 200
        assert response.headers["content-type"].startswith("text/plain; version=0.0.4")
        return parse(response.text)

    def grown(self) -> dict[str, float]:
        now = self.read()
        grown = {name: value - self.before.get(name, 0) for name, value in now.items()}
        self.before = now
        return {name: value for name, value in grown.items() if value}


def parse(text: str) -> dict[str, float]:
    found = {}
    for family in text_string_to_metric_families(text):
        for sample in family.samples:
            labels = ",".join(f"{name}={value}" for name, value in sorted(sample.labels.items()))
            found[f"{sample.name.removeprefix('docs_chat_')}{{{labels}}}" if labels else sample.name] = sample.value
    return found


def test_off_there_is_no_such_page(serve: Serve) -> None:
    assert httpx2.get(f"{serve()}/metrics").status_code == 404


@pytest.mark.parametrize("header", ["", "Bearer wrong", f"Basic {TOKEN}", TOKEN, "Bearer"])
def test_without_the_token_nothing_is_told(serve: Serve, header: str) -> None:
    url = serve(metrics_token=TOKEN)
    refused = httpx2.get(f"{url}/metrics", headers={"Authorization": header})
    assert refused.status_code == 401
    assert refused.json()["error"]["code"] == "unauthorized"


def test_an_answer_of_a_model_is_counted_with_its_tokens_and_its_price(serve: Serve, model: MockModel) -> None:
    url = serve(
        metrics_token=TOKEN,
        openai_base_url=f"{model.url}/v1",
        answer={"model": "gpt-6-luna"},
        budget={"usd_per_day": 2},
    )
    model.script({"type": "reply", "text": "Run `pip install kettle` [1]."})
    metrics, reader = Metrics(url), Reader(url)
    reader.ask(QUESTION)
    grown = metrics.grown()
    assert grown["answers_total{engine=gpt-6-luna,outcome=complete,state=answer}"] == 1
    assert grown["requests_total{route=/chatkit,status=200}"] == 1
    assert grown["requests_total{route=/identity,status=200}"] == 1
    assert grown["docs_chat_first_event_seconds_count"] == 1
    assert grown["first_words_seconds_count{engine=gpt-6-luna}"] == 1
    assert grown["tokens_total{kind=input}"] > 100
    assert grown["tokens_total{kind=output}"] > 0
    spent = grown["docs_chat_cost_usd_total"]
    assert spent > 0
    assert grown["budget_left{unit=usd}"] == pytest.approx(-spent, rel=1e-3)
    assert "docs_chat_answers_running" not in grown
    reader.close()


def test_refusals_failures_and_opinions_are_counted(serve: Serve, model: MockModel) -> None:
    url = serve(
        metrics_token=TOKEN,
        openai_base_url=f"{model.url}/v1",
        limits={"questions_per_minute": 2},
        answer={"cache_days": 0},
    )
    metrics, reader = Metrics(url), Reader(url)
    model.script({"type": "fail", "status": 500, "times": 2})
    events = reader.ask(QUESTION)
    item_id = next(e["item"]["id"] for e in events if e.get("item", {}).get("type") == "assistant_message")
    assert answer_of(events)["text"]
    feedback = {"thread_id": thread_of(events), "item_ids": [item_id], "kind": "negative"}
    assert reader.post("items.feedback", feedback).status_code == 200
    reader.ask(QUESTION)
    kind, params = question(QUESTION)
    assert reader.post(kind, params).status_code == 429
    assert reader.client.post("/chatkit", content=b"x" * 70_000, headers=reader.headers).status_code == 415
    large = {**reader.headers, "Content-Type": "application/json"}
    assert reader.client.post("/chatkit", content=b"x" * 70_000, headers=large).status_code == 413
    assert reader.client.post("/chatkit", headers={"Origin": "https://evil.test"}).status_code == 403
    grown = metrics.grown()
    assert grown["refusals_total{code=rate_limited,status=429}"] == 1
    assert grown["refusals_total{code=too_large,status=413}"] == 1
    assert grown["refusals_total{code=origin_forbidden,status=403}"] == 1
    assert grown["feedback_total{kind=negative}"] == 1
    assert grown["model_failures_total{reason=status 500}"] == 1
    assert grown["answers_total{engine=extractive,outcome=fallback,state=answer}"] == 1
    reader.close()


def test_the_pages_of_a_site_are_one_route(serve: Serve, tmp_path: Path) -> None:
    (tmp_path / "site").mkdir()
    (tmp_path / "site" / "index.html").write_text("<p>Here</p>")
    url = serve(metrics_token=TOKEN, site=tmp_path / "site")
    metrics = Metrics(url)
    for path in ("/", "/none", "/other"):
        httpx2.get(url + path)
    grown = metrics.grown()
    assert grown["requests_total{route=site,status=200}"] == 1
    assert grown["requests_total{route=site,status=404}"] == 2


def test_a_redis_that_is_not_there_shows(serve: Serve) -> None:
    url = serve(metrics_token=TOKEN, redis_url=f"redis://127.0.0.1:{free_port()}")
    metrics = Metrics(url)
    Reader(url).close()
    assert metrics.grown()["docs_chat_redis_failures_total"] == 1


def test_the_index_in_use_is_named(serve: Serve, site: Path) -> None:
    found = Metrics(serve(metrics_token=TOKEN)).before
    index = site / ".docs-chat" / "index"
    snapshot = read_current(index)
    assert found[f"index_info{{embedder=local,snapshot={snapshot}}}"] == 1
    published = (index / "snapshots" / str(snapshot)).stat().st_mtime
    assert found["docs_chat_index_published_timestamp_seconds"] == pytest.approx(published, abs=1)
    assert found["docs_chat_index_refused"] == 0
    assert found["process_open_fds"] > 3


def test_a_port_of_its_own_asks_for_no_token(site: Path, tmp_path: Path) -> None:
    port = free_port()
    settings = {"DOCS_CHAT_METRICS__PORT": str(port), "DOCS_CHAT_DATABASE_URL": f"sqlite:///{tmp_path / 'chat.db'}"}
    with started("--index", str(site / ".docs-chat" / "index"), **settings) as (_, url):
        reader = Reader(url)
        reader.ask(QUESTION)
        reader.close()
        found = parse(httpx2.get(f"http://127.0.0.1:{port}/metrics").text)
        assert found["answers_total{engine=extractive,outcome=complete,state=answer}"] == 1
        assert httpx2.get(f"{url}/metrics").status_code == 404


def test_a_port_that_is_taken_is_said(site: Path, tmp_path: Path) -> None:
    taken = str(free_port())
    done = subprocess.run(
        [BIN / "docs-chat", "serve", "--index", site / ".docs-chat" / "index", "--port", taken],
        env={"DOCS_CHAT_METRICS__PORT": taken, "DOCS_CHAT_DATABASE_URL": f"sqlite:///{tmp_path / 'chat.db'}"},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 2
    assert f"Port {taken} on 127.0.0.1 cannot be used for metrics" in done.stderr
    assert "Traceback" not in done.stderr


def test_the_token_is_a_secret() -> None:
    assert TOKEN not in repr(Settings.model_validate({"metrics_token": TOKEN}))

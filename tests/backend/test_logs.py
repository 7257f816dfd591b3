"""The log: every line with its request, in either form, and never a reader's words or a secret."""

from __future__ import annotations

import json
import logging
import shutil
import sqlite3
import subprocess
from pathlib import Path
from typing import Any

import httpx2
import pytest
from docs_chat.logs import LogFormatter, list_secrets, log, request_id
from docs_chat.settings import Settings

from .conftest import MockModel
from .reader import Reader, question, thread_of
from .test_commands import started

WORDS = "ultramarine-canary"
QUESTION = f"How do I install Kettle with pip on {WORDS}?"
KEY = "sk-canary-0123456789abcdef"
SECRET = "secret-canary-0123456789"
PASSWORD = "password-canary"
TOKEN = "metrics-canary-token"
SECRETS = (KEY, SECRET, PASSWORD, TOKEN)


def collect(process: subprocess.Popen[str]) -> tuple[str, str]:
    process.terminate()
    out, err = process.communicate(timeout=30)
    return out, err


def test_no_line_no_number_and_no_error_tells_a_secret_or_a_question(
    site: Path, tmp_path: Path, model: MockModel
) -> None:
    index = tmp_path / "index"
    shutil.copytree(site / ".docs-chat" / "index", index)
    environment = {
        "OPENAI_API_KEY": KEY,
        "OPENAI_BASE_URL": f"{model.url}/v1",
        "DOCS_CHAT_SECRET_KEY": SECRET,
        "DOCS_CHAT_METRICS_TOKEN": TOKEN,
        "DOCS_CHAT_REDIS_URL": f"redis://user:{PASSWORD}@127.0.0.1:1",
        "DOCS_CHAT_DATABASE_URL": f"sqlite:///{tmp_path / 'chat.db'}",
        "DOCS_CHAT_ANSWER__CACHE_DAYS": "0",
        "DOCS_CHAT_LOG_FORMAT": "json",
    }
    told: list[str] = []

    def note(response: httpx2.Response) -> None:
        told.append(f"{response.headers} {response.text}")

    with started("--index", str(index), flags=["-vv"], **environment) as (process, url):
        reader = Reader(url)
        failures: list[dict[str, Any]] = [
            {"type": "fail", "status": 401, "message": f"Incorrect API key provided: {KEY}, asked {WORDS}"},
            {"type": "fail", "status": 500, "times": 2},
            {"type": "stream_fault", "kind": "malformed", "after_chunks": 2},
            {"type": "stream_fault", "kind": "truncate", "after_chunks": 3},
            {"type": "reply", "text": "Run `pip install kettle` [1]."},
        ]
        for failure in reversed(failures):
            model.script(failure)
            events = reader.ask(QUESTION)
        note(reader.post("threads.get_by_id", {"thread_id": WORDS}))
        note(reader.post("items.list", {"thread_id": thread_of(events), "after": WORDS}))
        note(reader.client.post("/chatkit", content=f'{{"type": "{WORDS}"}}', headers=reader.headers))
        note(httpx2.post(f"{url}/chatkit", headers={"Authorization": f"Bearer {KEY}.{WORDS}"}))
        note(httpx2.get(f"{url}/metrics", headers={"Authorization": f"Bearer {SECRET}"}))
        note(httpx2.get(f"{url}/api/search", params={"q": QUESTION, "version": "no-such"}))
        # Errors that nobody expects: no table to write to, no index to search.
        with sqlite3.connect(tmp_path / "chat.db") as database:
            database.execute("alter table items rename to gone")
        database.close()
        kind, params = question(QUESTION)
        note(reader.post(kind, params))
        shutil.rmtree(index)
        note(httpx2.get(f"{url}/api/search", params={"q": QUESTION}))
        note(httpx2.get(f"{url}/readyz"))
        note(httpx2.get(f"{url}/metrics", headers={"Authorization": f"Bearer {TOKEN}"}))
        token = reader.token
        reader.close()
        out, err = collect(process)
    lines = [json.loads(line) for line in err.splitlines()]
    assert len(lines) > 15
    for canary in (WORDS, *SECRETS, token):
        assert canary not in out + err
        assert not [text for text in told if canary in text]
    during = [line for line in lines if line["message"].startswith(("Answered", "The model failed", "POST", "GET"))]
    assert all(len(line["request_id"]) == 16 for line in during)
    answered = next(line for line in lines if line["message"] == "Answered")
    assert {"engine", "state", "outcome", "input_tokens", "cost_usd", "seconds"} <= answered.keys()
    failed = next(line for line in lines if line.get("error") == "OperationalError")
    assert "threads.py" in failed["frames"]
    assert failed["request_id"] in "".join(told)


def test_people_get_one_line_an_event(site: Path, tmp_path: Path) -> None:
    database = f"sqlite:///{tmp_path / 'chat.db'}"
    index = str(site / ".docs-chat" / "index")
    with started("--index", index, flags=["-vv"], DOCS_CHAT_DATABASE_URL=database) as (process, url):
        forged = "%0A2026-01-01 00:00:00,000 ERROR forged"
        identifier = httpx2.get(f"{url}/{forged}").headers["x-request-id"]
        _, err = collect(process)
    line = next(line for line in err.splitlines() if "forged" in line)
    assert "INFO GET /" in line
    assert "status=404" in line
    assert line.endswith(f"request_id={identifier}")


def write(record: logging.LogRecord, form: Any = "text", **options: Any) -> str:
    return LogFormatter(form, **options).format(record)


def make_record(name: str, message: str, error: BaseException | None = None) -> logging.LogRecord:
    info = (type(error), error, error.__traceback__) if error else None
    return logging.LogRecord(name, logging.ERROR, __file__, 1, message, (), info)


@pytest.mark.parametrize("form", ["text", "json"])
def test_an_error_is_told_without_its_words(form: str) -> None:
    try:
        raise ValueError(WORDS)
    except ValueError as error:
        line = write(make_record("asyncio", f"Never retrieved\nfuture: {error!r}", error), form)
    assert WORDS not in line
    assert "Never retrieved" in line
    assert "ValueError" in line
    assert "test_logs.py" in line


def test_what_is_known_or_looks_like_a_secret_is_blacked_out() -> None:
    secret = {"secret_key": "first-secret,second-secret", "openai_api_key": KEY}
    settings = Settings.model_validate({**secret, "database_url": "postgresql://me:pass%40word-1@db/x"})
    secrets = list_secrets(settings)
    line = write(
        make_record("docs_chat", f"first-secret second-secret pass@word-1 {KEY} ghp_{'x' * 36}"), secrets=secrets
    )
    assert line.endswith("[secret] [secret] [secret] [secret] [key removed]")


def test_facts_are_fields(caplog: pytest.LogCaptureFixture) -> None:
    token = request_id.set("0123456789abcdef")
    try:
        with caplog.at_level(logging.INFO):
            log(logging.getLogger("docs_chat"), "Done", engine="extractive", cost_usd=None)
        record = caplog.records[0]
        assert write(record).endswith("INFO Done engine=extractive cost_usd=None request_id=0123456789abcdef")
        fields = json.loads(write(record, "json"))
        assert (fields["message"], fields["engine"], fields["cost_usd"]) == ("Done", "extractive", None)
        assert fields["request_id"] == "0123456789abcdef"
    finally:
        request_id.reset(token)

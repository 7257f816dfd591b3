"""Spoken questions, written down by a provider: aimock, a real HTTP server, which says that it heard six seconds."""

from __future__ import annotations

import base64
import sqlite3
from collections.abc import Iterator
from contextlib import AbstractContextManager, closing
from pathlib import Path
from typing import Any

import httpx2
import pytest
import uvicorn
from docs_chat.app import create_app
from docs_chat.settings import Settings
from docs_index.errors import UserError
from fastapi import FastAPI

from .conftest import Serve, free_port, run_in_thread
from .reader import Reader
from .test_edge import error_of
from .test_moderation import calls

WEBM = b"\x1aE\xdf\xa3" + b"x" * 4000
KINDS = {"webm": WEBM, "ogg": b"OggS" + b"x" * 4000, "mp4": b"\x00\x00\x00\x18ftypisom" + b"x" * 4000}


@pytest.fixture
def reader(serve: Serve, aimock: str) -> Iterator[Reader]:
    reader = start(serve, aimock)
    calls(aimock)
    yield reader
    reader.close()


def start(serve: Serve, provider: str, *, dictation: dict[str, Any] | None = None, **settings: Any) -> Reader:
    turned_on = {"enabled": True, **(dictation or {})}
    return Reader(serve(openai_base_url=f"{provider}/v1", dictation=turned_on, **settings))


def speak(reader: Reader, content: bytes = WEBM, audio: str | None = None) -> httpx2.Response:
    text = base64.b64encode(content).decode() if audio is None else audio
    return reader.post("input.transcribe", {"audio_base64": text, "mime_type": "audio/webm;codecs=opus"})


@pytest.mark.parametrize("kind", KINDS)
def test_what_was_said_comes_back_as_one_line(reader: Reader, aimock: str, kind: str) -> None:
    said = speak(reader, KINDS[kind])
    assert (said.status_code, said.json()) == (200, {"text": "How do I install Kettle?"})
    assert calls(aimock) == ["audio/transcriptions"]
    assert reader.post("threads.list", {}).json()["data"] == []


def test_unless_the_owner_wants_it_there_is_no_dictation(serve: Serve, aimock: str) -> None:
    plain = Reader(serve(openai_base_url=f"{aimock}/v1"))
    calls(aimock)
    refused = speak(plain)
    assert (refused.status_code, error_of(refused)["code"]) == (400, "unsupported")
    assert speak(plain, WEBM * 30).status_code == 413
    assert calls(aimock) == []
    plain.close()


BAD: dict[str, tuple[dict[str, Any], int, str]] = {
    "no Base64": ({"audio": "???"}, 400, "bad_audio"),
    "beyond ASCII": ({"audio": "é" * 8}, 400, "bad_audio"),
    "nothing": ({"content": b""}, 415, "unsupported_audio"),
    "a page": ({"content": b"<html><script>alert(1)</script>"}, 415, "unsupported_audio"),
    "too long": ({"content": WEBM + b"x" * 20_000}, 413, "too_large"),
    "far too long": ({"content": WEBM + b"x" * 200_000}, 413, "too_large"),
}


@pytest.mark.parametrize("name", BAD)
def test_what_is_no_recording_is_refused_and_costs_nothing(serve: Serve, aimock: str, name: str) -> None:
    sent, status, code = BAD[name]
    reader = start(serve, aimock, dictation={"max_kb": 16}, limits={"questions_per_minute": 1})
    calls(aimock)
    refused = speak(reader, **sent)
    assert (refused.status_code, error_of(refused)["code"]) == (status, code)
    assert calls(aimock) == []
    # Nor is it counted: the one that is allowed is still there.
    assert speak(reader).status_code == 200
    reader.close()


def test_only_a_recording_may_be_as_long_as_one(reader: Reader) -> None:
    refused = reader.post("threads.update", {"thread_id": "t", "title": "x" * 100_000})
    assert (refused.status_code, error_of(refused)["code"]) == (413, "too_large")
    # Who may have no recording may not send one either.
    assert httpx2.post(f"{reader.client.base_url}/chatkit", json={}).status_code == 401


def test_speaking_counts_like_asking(serve: Serve, aimock: str) -> None:
    reader = start(serve, aimock, limits={"questions_per_minute": 2})
    calls(aimock)
    assert [speak(reader).status_code for _ in range(3)] == [200, 200, 429]
    assert int(speak(reader).headers["retry-after"]) > 0
    assert calls(aimock) == ["audio/transcriptions"] * 2
    reader.close()


def spent(folder: Path) -> float:
    """US dollars of today's budget."""
    with closing(sqlite3.connect(folder / "chat.db")) as database:
        (nano,) = database.execute("SELECT sum(used) FROM counters WHERE bucket = 'site:nanodollars'").fetchone()
    return float(nano) / 1e9


def test_a_day_costs_no_more_than_its_budget(serve: Serve, aimock: str, tmp_path: Path) -> None:
    # The longest that there is would cost a dollar, the six seconds that the provider counts cost less than a cent.
    reader = start(serve, aimock, dictation={"usd_per_minute": 0.04}, budget={"usd_per_day": 1.005})
    calls(aimock)
    assert [speak(reader).status_code for _ in range(2)] == [200, 200]
    assert spent(tmp_path) == pytest.approx(0.008)
    refused = speak(reader)
    assert (refused.status_code, error_of(refused)["code"]) == (503, "dictation_unavailable")
    assert spent(tmp_path) == pytest.approx(0.008)
    assert len(calls(aimock)) == 2
    reader.close()


@pytest.mark.parametrize(
    ("usage", "seconds"),
    [
        ({"type": "duration", "seconds": 7}, 7),
        ({"type": "tokens", "input_tokens": 90, "output_tokens": 5, "total_tokens": 95}, 9),
        # Nothing is known: as much as so many bytes can be, at the bitrate of speech.
        (None, len(WEBM) / 750),
        ({"type": "duration", "seconds": -5}, len(WEBM) / 750),
    ],
)
def test_what_the_provider_counts_is_paid(
    serve: Serve, tmp_path: Path, usage: dict[str, Any] | None, seconds: float
) -> None:
    with run_provider({"text": "Hello", "usage": usage}) as provider:
        reader = start(serve, provider)
        assert speak(reader).status_code == 200
        assert spent(tmp_path) == pytest.approx(seconds * 0.003 / 60, abs=1e-9)
        reader.close()


def run_provider(answer: dict[str, Any]) -> AbstractContextManager[str]:
    """One that says what it is told to: aimock always counts six seconds."""
    app = FastAPI()

    @app.post("/v1/audio/transcriptions")
    async def transcribe() -> dict[str, Any]:
        return answer

    return run_in_thread(uvicorn.Server(uvicorn.Config(app, log_config=None)))


def test_a_provider_that_fails_is_said_and_costs_nothing(serve: Serve, tmp_path: Path) -> None:
    reader = start(serve, f"http://127.0.0.1:{free_port()}")
    failed = speak(reader)
    assert (failed.status_code, error_of(failed)["code"]) == (503, "dictation_unavailable")
    assert "type your question" in error_of(failed)["message"]
    assert int(failed.headers["retry-after"]) > 0
    assert spent(tmp_path) == 0
    reader.close()


@pytest.mark.parametrize(
    ("settings", "sentence"),
    [
        ({}, "needs a provider"),
        (
            {"openai_base_url": "http://127.0.0.1:9/v1", "dictation": {"enabled": True, "model": "own"}},
            "what own costs",
        ),
    ],
)
def test_what_is_missing_is_said_at_the_start(
    site: Path, tmp_path: Path, settings: dict[str, Any], sentence: str
) -> None:
    index, database = str(site / ".docs-chat" / "index"), f"sqlite:///{tmp_path / 'chat.db'}"
    defaults: dict[str, Any] = {"index": index, "database_url": database, "dictation": {"enabled": True}}
    with pytest.raises(UserError, match=sentence):
        create_app(Settings(**{**defaults, **settings}))

"""The audit log: who asked what, and when, where the owner wants it, and nothing happens unknown."""

from __future__ import annotations

import json
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx2
import pytest
from docs_chat.app import create_app
from docs_chat.config import load_config
from docs_chat.settings import Settings
from docs_index.errors import UserError

from .conftest import Serve, serving
from .issuer import Issuer, run_issuer
from .reader import Reader, question, thread_of
from .test_auth import make_settings


@pytest.fixture(scope="module")
def issuer() -> Iterator[Issuer]:
    with run_issuer() as issuer:
        yield issuer


def read_lines(file: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in file.read_text().splitlines()]


def test_who_asked_what_is_written_down(site: Path, tmp_path: Path, issuer: Issuer) -> None:
    file = tmp_path / "logs" / "audit.jsonl"
    settings = make_settings(site, tmp_path, issuer, "both").model_copy(
        update={"audit": Settings.model_validate({"audit": {"file": file}}).audit}
    )
    with serving(settings) as url:
        anna = Reader(url)
        anna.headers["Authorization"] = f"Bearer {issuer.sign(groups=['staff', 'beta'])}"
        headers = {"X-Docs-Chat-Page": "/docs/intro", "X-Docs-Chat-Build": "b" * 16}
        thread_id = thread_of(anna.ask("How do I install\nKettle?", None, **headers))
        anna.ask("And with docker?", thread_id, **{"X-Docs-Chat-Page": "/" + "x" * 500})
        first = anna.items(thread_id)[0]["id"]
        anna.post("threads.retry_after_item", {"thread_id": thread_id, "item_id": first})
        anna.client.get("/api/search", params={"q": "docker"}, headers=anna.headers)
        anna.client.get("/api/search", params={"q": "pip", "locale": "fr"})
        anna.client.get("/identity/data", headers=anna.headers)
        response = anna.client.delete("/identity", headers=anna.headers)
        # Neither reading nor what is refused is asking.
        anna.post("threads.list", {})
        anna.post(*question("x" * 5000))
        httpx2.post(f"{url}/chatkit", json={})
        anna.close()
    lines = read_lines(file)
    assert [(line["kind"], line.get("text")) for line in lines] == [
        ("question", "How do I install\nKettle?"),
        ("question", "And with docker?"),
        ("retry", "How do I install\nKettle?"),
        ("search", "docker"),
        ("search", "pip"),
        ("export", None),
        ("erase", None),
    ]
    signed = [line for line in lines if line.get("text") != "pip"]
    assert {line["subject"] for line in signed} == {"anna"}
    assert len({line["reader"] for line in signed}) == 1
    assert signed[0]["groups"] == ["beta", "staff"]
    assert (signed[0]["page"], signed[0]["build"]) == ("/docs/intro", "b" * 16)
    # What is too long to be a page's address is none.
    assert "page" not in signed[1]
    assert [line.get("thread_id") for line in lines[:3]] == [None, thread_id, thread_id]
    assert "reader" not in lines[4]
    assert lines[-1]["request_id"] == response.headers["x-request-id"]
    assert lines[0]["time"] < lines[-1]["time"]
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_a_log_that_was_moved_away_begins_anew(serve: Serve, tmp_path: Path) -> None:
    file = tmp_path / "audit.jsonl"
    reader = Reader(serve(audit={"file": file}))
    reader.ask("How do I install Kettle?")
    file.rename(tmp_path / "audit.jsonl.1")
    reader.ask("How do I install Kettle?")
    assert (len(read_lines(file)), len(read_lines(tmp_path / "audit.jsonl.1"))) == (1, 1)
    reader.close()


def test_what_cannot_be_written_down_is_not_done(serve: Serve, tmp_path: Path) -> None:
    file = tmp_path / "audit.jsonl"
    reader = Reader(serve(audit={"file": file}))
    thread_id = thread_of(reader.ask("How do I install Kettle?"))
    before = reader.items(thread_id)
    file.unlink()
    file.mkdir()
    for response in (
        reader.post(*question("And with docker?", thread_id)),
        reader.post(*question("How do I install Kettle?")),
        reader.client.get("/api/search", params={"q": "docker"}),
        reader.client.delete("/identity", headers=reader.headers),
    ):
        assert response.status_code == 503
        assert response.json()["error"]["code"] == "audit_unavailable"
    assert reader.items(thread_id) == before
    assert len(reader.post("threads.list", {}).json()["data"]) == 1
    reader.close()


def test_secrets_are_not_written_down_where_they_are_not_stored(serve: Serve, tmp_path: Path) -> None:
    file = tmp_path / "audit.jsonl"
    reader = Reader(serve(audit={"file": file}, store={"redact": True}))
    reader.ask("How do I install Kettle for anna@mail.example?")
    assert read_lines(file)[0]["text"] == "How do I install Kettle for [e-mail removed]?"
    reader.close()


def test_nothing_is_written_down_unless_the_owner_wants_it(serve: Serve, tmp_path: Path) -> None:
    reader = Reader(serve())
    reader.ask("How do I install Kettle?")
    assert {path.name.partition("-")[0] for path in tmp_path.iterdir()} <= {"chat.db", "secret.key"}
    reader.close()


def test_a_file_that_cannot_be_written_is_said_at_the_start(site: Path, tmp_path: Path) -> None:
    (tmp_path / "docs-chat.toml").write_text('[audit]\nfile = "logs"\n')
    (tmp_path / "logs").mkdir()
    settings = load_config(tmp_path).settings
    assert settings.audit.file == tmp_path / "logs"
    with pytest.raises(UserError, match="audit log"):
        create_app(settings.model_copy(update={"index": str(site / ".docs-chat" / "index")}))

"""Alive, ready, and following the index that is published."""

from __future__ import annotations

import shutil
import sqlite3
import time
from pathlib import Path
from typing import Any

import httpx2
import pytest

from .conftest import Serve, index_mini_site, run_cli
from .reader import Reader, answer_of


def test_a_good_server_is_ready(serve: Serve) -> None:
    url = serve()
    assert httpx2.get(f"{url}/healthz").json() == {"status": "alive"}
    ready = httpx2.get(f"{url}/readyz")
    assert ready.status_code == 200
    assert ready.json()["status"] == "ready"


def test_a_broken_database_is_a_reason_not_to_be_ready(serve: Serve, tmp_path: Path) -> None:
    url = serve()
    with sqlite3.connect(tmp_path / "chat.db") as database:
        for table in ("feedback", "items", "threads"):
            database.execute(f"drop table {table}")
    database.close()
    ready = httpx2.get(f"{url}/readyz")
    assert ready.status_code == 503
    assert ready.json()["reasons"] == ["database: OperationalError"]
    reader = Reader(url)
    failed = reader.post("threads.list", {})
    assert failed.status_code == 500
    assert failed.json()["error"]["code"] == "internal"
    assert "threads" not in failed.text
    reader.close()


def test_a_new_index_is_served_without_a_restart(serve: Serve, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("docs_chat.search.FOLLOW_SECONDS", 0.1)
    site = tmp_path / "site"
    index = index_mini_site(site)
    url = serve(index=str(index))
    first = httpx2.get(f"{url}/readyz").json()["index"]
    page = site / "docs" / "intro.md"
    page.write_text(page.read_text() + "\n## Descaling\n\nDescale Kettle with vinegar once a month.\n")
    run_cli("index", str(site))
    second = wait_for_other(url, first)
    assert second != first
    reader = Reader(url)
    final = answer_of(reader.ask("How do I descale Kettle with vinegar?"))
    assert final["annotations"][0]["source"]["data"]["anchor"] == "descaling"
    reader.close()


def wait_for_other(url: str, first: str) -> Any:
    for _ in range(100):
        found = httpx2.get(f"{url}/readyz").json()["index"]
        if found != first:
            return found
        time.sleep(0.1)
    return first


def test_a_broken_new_index_leaves_the_old_one(serve: Serve, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("docs_chat.search.FOLLOW_SECONDS", 0.05)
    index = index_mini_site(tmp_path / "site")
    copy = tmp_path / "copy"
    shutil.copytree(index, copy)
    url = serve(index=str(copy))
    (copy / "CURRENT").write_text("0123456789abcdef\n")
    time.sleep(0.5)
    found = httpx2.get(f"{url}/api/search", params={"q": "docker"})
    assert found.status_code == 200
    assert found.json()["results"][0]["anchor"] == "install-with-docker"

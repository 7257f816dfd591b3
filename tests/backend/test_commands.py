"""`docs-chat serve` and `docs-chat ask`, as a person runs them."""

from __future__ import annotations

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import httpx2
import pytest

from ..program import run_program
from .conftest import BIN, MockModel, run_cli, wait_until
from .reader import Reader, question, read_events


@contextmanager
def started(
    *arguments: str,
    command: str = "serve",
    flags: Sequence[str] = (),
    under: Sequence[str] = (),
    **environment: str,
) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """A server process and the URL that it printed. ``under``: a command that runs it."""
    process = subprocess.Popen(
        [*under, BIN / "docs-chat", *flags, command, "--port", "0", *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, **environment},
    )
    try:
        assert process.stdout
        line = process.stdout.readline()
        assert line.startswith("docs-chat is ready at http://127.0.0.1:"), line
        yield process, line.split()[-1]
    finally:
        process.kill()
        process.communicate()


@pytest.mark.parametrize("name", ["SIGTERM", "SIGINT"])
def test_the_url_is_printed_when_it_answers_and_a_signal_ends_it(site: Path, tmp_path: Path, name: str) -> None:
    database = f"sqlite:///{tmp_path / 'chat.db'}"
    with started("--index", str(site / ".docs-chat" / "index"), DOCS_CHAT_DATABASE_URL=database) as (process, url):
        assert httpx2.get(f"{url}/readyz").status_code == 200
        process.send_signal(getattr(signal, name))
        out, err = process.communicate(timeout=20)
        assert process.returncode == 0
        assert out == ""
        assert "Traceback" not in err


def test_an_open_answer_ends_with_an_event_when_the_server_stops(site: Path, tmp_path: Path, model: MockModel) -> None:
    model.script(
        {"type": "reply", "text": " ".join(["word"] * 50)},
        {"type": "stream_fault", "kind": "stall", "after_chunks": 10, "stall_seconds": 60},
    )
    database = f"sqlite:///{tmp_path / 'chat.db'}"
    environment = {"OPENAI_BASE_URL": f"{model.url}/v1", "OPENAI_API_KEY": "x", "DOCS_CHAT_DATABASE_URL": database}
    with started("--index", str(site / ".docs-chat" / "index"), **environment) as (process, url):
        reader = Reader(url)
        kind, params = question("How do I install Kettle with pip?")
        body = {"type": kind, "params": params}
        with reader.client.stream("POST", "/chatkit", json=body, headers=reader.headers) as response:
            received = ""
            for text in response.iter_text():
                received += text
                if "text_delta" in received and process.poll() is None and "stopping" not in received:
                    process.send_signal(signal.SIGTERM)
                    received += "\n: stopping\n"
        last = read_events(received)[-1]
        assert last["type"] == "error"
        assert last["allow_retry"] is True
        process.communicate(timeout=20)
        assert process.returncode == 0
        reader.close()


STOPPED_EARLY = """
import os, signal, sys
from docs_chat.cli import main
from docs_chat.listen import Server

def run(self, sockets, run=Server.run):
    os.kill(os.getpid(), signal.{name})
    run(self, sockets)

Server.run = run
main()
"""


@pytest.mark.parametrize("name", ["SIGTERM", "SIGINT"])
def test_a_signal_that_comes_before_the_server_listens_ends_it_too(site: Path, tmp_path: Path, name: str) -> None:
    arguments = ["serve", "--index", str(site / ".docs-chat" / "index"), "--port", "0"]
    environment = {**os.environ, "DOCS_CHAT_DATABASE_URL": f"sqlite:///{tmp_path / 'chat.db'}"}
    command = [sys.executable, "-c", STOPPED_EARLY.format(name=name), *arguments]
    ended = subprocess.run(command, env=environment, capture_output=True, text=True)
    assert ended.returncode == 0, ended.stderr
    assert "Traceback" not in ended.stderr


def test_while_somebody_writes_answers_follow(site: Path, tmp_path: Path) -> None:
    folder = shutil.copytree(site, tmp_path / "site", ignore=shutil.ignore_patterns(".docs-chat"))
    page = folder / "docs" / "install.md"
    with started(str(folder), "--embedder", "none", command="dev", flags=["-q"]) as (process, url):
        origin = {"Origin": "http://localhost:3000"}
        assert httpx2.post(f"{url}/identity", headers=origin).status_code == 200
        page.write_text(page.read_text() + "\n## Zeppelin\n\nA zeppelin brings the kettle to the summit.\n")

        def find() -> list[str]:
            found = httpx2.get(f"{url}/api/search", params={"q": "zeppelin summit"}).json()
            return [result["anchor"] for result in found["results"]]

        assert wait_until(lambda: "zeppelin" in find(), 60)
        process.send_signal(signal.SIGINT)
        assert process.wait(20) == 0


@pytest.mark.parametrize("has_index", [False, True])
def test_dev_ends_with_what_cannot_be_indexed(site: Path, tmp_path: Path, has_index: bool) -> None:
    empty = tmp_path / "empty"
    empty.mkdir()
    if has_index:
        shutil.copytree(site / ".docs-chat" / "index", empty / ".docs-chat" / "index")
    # As in a script: docs-chat dev & docusaurus start
    script = f"{BIN}/docs-chat dev {empty} --port 0 & wait $!"
    ended = subprocess.run(["sh", "-c", script], capture_output=True, text=True)
    assert ended.returncode == 2
    assert ended.stderr.startswith("Error: ")
    assert "Traceback" not in ended.stderr


def test_what_is_being_written_is_not_published(site: Path) -> None:
    ended = run_program("dev", str(site), "--index", "s3://bucket/index")
    assert ended.returncode == 2
    assert "name a folder" in ended.stderr


def test_a_taken_port_is_one_sentence(site: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        index = str(site / ".docs-chat" / "index")
        arguments = ["serve", "--index", index, "--port", port]
        done = subprocess.run([BIN / "docs-chat", *arguments], capture_output=True, text=True)
    assert done.returncode == 2
    assert f"Port {port} on 127.0.0.1 is already in use." in done.stderr
    assert "Traceback" not in done.stderr


def test_without_an_index_serve_says_how_to_make_one(tmp_path: Path) -> None:
    done = subprocess.run([BIN / "docs-chat", "serve"], capture_output=True, text=True, cwd=tmp_path)
    assert done.returncode == 2
    assert "docs-chat index" in done.stderr
    assert not (tmp_path / ".docs-chat").exists()


def test_a_database_that_cannot_be_used_is_explained(site: Path) -> None:
    done = subprocess.run(
        [BIN / "docs-chat", "serve", "--index", site / ".docs-chat" / "index", "--port", "0"],
        capture_output=True,
        text=True,
        env={**os.environ, "DOCS_CHAT_DATABASE_URL": "sqlite:////proc/nowhere/chat.db", "DOCS_CHAT_SECRET_KEY": "k"},
    )
    assert done.returncode == 2
    assert "database" in done.stderr
    assert "Traceback" not in done.stderr


def test_servers_that_share_a_database_share_a_key(site: Path) -> None:
    done = subprocess.run(
        [BIN / "docs-chat", "serve", "--index", str(site / ".docs-chat" / "index"), "--port", "0"],
        capture_output=True,
        text=True,
        env={**os.environ, "DOCS_CHAT_DATABASE_URL": "postgresql://nobody@127.0.0.1:9/none"},
    )
    assert done.returncode == 2
    assert "DOCS_CHAT_SECRET_KEY is not set" in done.stderr
    assert "Traceback" not in done.stderr


def test_ask_prints_the_answer_and_its_sources(site: Path) -> None:
    shown = run_cli("ask", "How do I install Kettle with pip?", "--site", str(site)).stdout
    assert "**Installation › Install with pip** [1]" in shown
    assert "[1] Installation › Install with pip\n    https://kettle.example/docs/install#install-with-pip" in shown


def test_ask_json_is_one_document(site: Path) -> None:
    document = json.loads(run_cli("--json", "ask", "How do I install Kettle with pip?", "--site", str(site)).stdout)
    assert set(document) == {"answer", "citations", "unsupported", "state", "engine", "usage", "cost_usd"}
    assert (document["engine"], document["cost_usd"]) == ("extractive", 0)
    assert document["state"] == "answer"
    first = document["citations"][0]
    assert first["url"] == "https://kettle.example/docs/install#install-with-pip"
    assert first["headings"] == ["Installation", "Install with pip"]


def test_ask_for_an_unknown_version_lists_none_of_a_traceback(site: Path) -> None:
    done = run_program("ask", "x y z", "--version", "9", "--site", site)
    assert done.returncode == 2
    assert "'9'" in done.stderr
    assert "Traceback" not in done.stderr


def test_help_is_quick_to_load() -> None:
    code = "import sys, docs_chat.cli; print(sorted({'chatkit', 'lancedb', 'sqlalchemy', 'openai'} & set(sys.modules)))"
    done = subprocess.run([BIN / "python", "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_ask_names_the_version_whose_docs_have_the_answer(site: Path) -> None:
    shown = run_cli("ask", "How do I install Kettle with Docker?", "--version", "1.0", "--site", str(site)).stdout
    assert "The docs of version 2.0 may have the answer: choose that version to ask them." in shown
    assert "docker run" not in shown

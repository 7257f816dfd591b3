from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import httpx2
import pytest
import uvicorn
from docs_chat.app import create_app
from docs_chat.listen import Server
from docs_chat.settings import Settings
from fastapi import FastAPI

from ..program import run_program
from .postgres import Postgres, find_binaries, run_postgres
from .reader import Reader

MINI_SITE = Path(__file__).parents[1] / "fixtures" / "mini-site"
BIN = Path(sys.executable).parent


@pytest.fixture(scope="session", autouse=True)
def clean_environment() -> Iterator[None]:
    """The settings of whoever runs the tests do not reach them."""
    with pytest.MonkeyPatch.context() as patch:
        for name in list(os.environ):
            if name.startswith(("DOCS_CHAT_", "OPENAI_", "OTEL_")):
                patch.delenv(name)
        yield


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the mini site, indexed."""
    folder = tmp_path_factory.mktemp("site") / "mini-site"
    shutil.copytree(MINI_SITE, folder)
    run_cli("index", str(folder))
    return folder


def index_mini_site(folder: Path, base_url: str = "/") -> Path:
    """A copy of the mini site in `folder`, indexed at another base URL; gives the index."""
    shutil.copytree(MINI_SITE, folder)
    config = folder / "docusaurus.config.js"
    config.write_text(config.read_text().replace("baseUrl: '/'", f"baseUrl: '{base_url}'"))
    run_cli("index", str(folder))
    return folder / ".docs-chat" / "index"


def run_cli(*arguments: str, **options: Any) -> subprocess.CompletedProcess[str]:
    done = run_program(*arguments, **options)
    assert done.returncode == 0, done.stderr
    return done


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def is_listening(port: int, seconds: float = 10) -> bool:
    """Whether a program accepts connections by then."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return True
        time.sleep(0.02)
    return False


def wait_until(true: Callable[[], bool], seconds: float = 60) -> bool:
    end = time.monotonic() + seconds
    while not true():
        if time.monotonic() > end:
            return False
        time.sleep(0.02)
    return True


@contextmanager
def serving(settings: Settings, prepare: Callable[[FastAPI], None] | None = None) -> Iterator[str]:
    """The real server on a free port, in a thread; `prepare` may add to it before it starts."""
    app = create_app(settings)
    if prepare:
        prepare(app)
    with run_in_thread(Server(app, lambda: None)) as url:
        yield url


@contextmanager
def run_in_thread(server: uvicorn.Server) -> Iterator[str]:
    """Its address, once it answers."""
    listener = socket.create_server(("127.0.0.1", 0))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
    thread.start()
    try:
        assert wait_until(lambda: server.started, 20)
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join()
        listener.close()


Serve = Callable[..., str]


@pytest.fixture
def serve(site: Path, tmp_path: Path) -> Iterator[Serve]:
    """Starts a server with these settings over the defaults; gives its URL."""
    with ExitStack() as stack:

        def start(**settings: Any) -> str:
            defaults: dict[str, Any] = {
                "index": str(site / ".docs-chat" / "index"),
                "database_url": f"sqlite:///{tmp_path / 'chat.db'}",
            }
            return stack.enter_context(serving(Settings(**{**defaults, **settings})))

        yield start


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    """A PostgreSQL server. CI has one; who works on something else may do without."""
    binaries = find_binaries()
    if binaries is None:
        missing = "PostgreSQL is not installed: on Debian, apt-get install postgresql"
        if os.environ.get("CI"):
            pytest.fail(missing)
        pytest.skip(missing)
    with run_postgres(binaries, free_port()) as server:
        yield server


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """An empty database of each kind that operators use."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'chat.db'}"
    server: Postgres = request.getfixturevalue("postgres")
    return server.create_database()


@pytest.fixture(scope="module")
def url(site: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """One server for the tests of a module, without limits."""
    database = tmp_path_factory.mktemp("state") / "chat.db"
    with serving(
        Settings.model_validate(
            {
                "index": str(site / ".docs-chat" / "index"),
                "database_url": f"sqlite:///{database}",
                "limits": {"enabled": False},
                "allowed_origins": ["https://docs.example"],
                "help_link": {"label": "the forum", "url": "https://forum.example/new"},
            }
        )
    ) as address:
        yield address


@pytest.fixture
def reader(url: str) -> Iterator[Reader]:
    reader = Reader(url)
    yield reader
    reader.close()


class MockModel:
    """A running llmock: answers like OpenAI, and fails when it is told to."""

    def __init__(self, url: str) -> None:
        self.url = url

    def script(self, *behaviors: dict[str, Any]) -> None:
        httpx2.post(f"{self.url}/_llmock/reset").raise_for_status()
        if behaviors:
            body = {"behaviors": behaviors}
            httpx2.post(f"{self.url}/_llmock/scenario", json=body).raise_for_status()

    def judge(self) -> list[str]:
        """What the client did wrong with the faults that it met, by llmock's own verdict."""
        verdict: dict[str, Any] = httpx2.get(f"{self.url}/_llmock/verdict").json()
        return [finding["code"] for finding in verdict["findings"]]

    def requests(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = httpx2.get(f"{self.url}/_llmock/requests").json()["requests"]
        return found


@pytest.fixture(scope="session")
def model() -> Iterator[MockModel]:
    with run_model(5) as mock:
        yield mock


@contextmanager
def run_model(delay: int) -> Iterator[MockModel]:
    """A model that takes so many milliseconds for each piece of its answer."""
    port = free_port()
    mock = MockModel(f"http://127.0.0.1:{port}")
    with running([BIN / "llmock", "serve", "-p", str(port), "--stream-chunk-delay-ms", str(delay)], mock.script):
        yield mock


@contextmanager
def running(command: list[str | Path], ask: Callable[[], object]) -> Iterator[None]:
    """A stand-in's process, once it answers."""

    def answers() -> bool:
        try:
            ask()
        except httpx2.HTTPError:
            return False
        return True

    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        assert wait_until(answers), f"{command[0]} does not answer"
        yield
    finally:
        process.terminate()
        process.wait()


@pytest.fixture(scope="session")
def aimock() -> Iterator[str]:
    """The address of a provider that checks questions: it flags what says please."""
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    with running(["node", Path(__file__).parent / "aimock.mjs", str(port)], lambda: httpx2.get(f"{url}/v1/_requests")):
        yield url


@pytest.fixture(params=["responses", "chat"])
def api(request: pytest.FixtureRequest) -> str:
    """Each API that a model is reached by."""
    return str(request.param)

"""The index on object storage: published there, followed from there, and served without it when it is down."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from pathlib import Path

import httpx2
import pytest
from docs_index.errors import UserError
from docs_index.generations import KEEP
from docs_index.index import Index
from docs_index.remote import push_index
from docs_index.snapshot import read_current

from tests.indexer.editions import publish_edition, read_edition

from ..program import run_program
from .conftest import BIN, Serve, index_mini_site, run_cli, wait_until
from .s3 import BUCKET, S3
from .test_index_swaps import Visitors, served

URI = f"s3://{BUCKET}/docs/index"
SWAPS = 5


@pytest.fixture(scope="module")
def module_s3() -> Iterator[S3]:
    server = S3()
    yield server
    server.stop()


@pytest.fixture
def s3(module_s3: S3, monkeypatch: pytest.MonkeyPatch) -> S3:
    """An empty one, which the environment names."""
    if module_s3.process.poll() is not None:
        module_s3.start()
    for name in module_s3.list():
        module_s3.delete(name)
    for name, value in module_s3.environment.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr("docs_chat.search.REMOTE_SECONDS", 0.1)
    return module_s3


class Writer:
    """Publishes editions, as `docs-chat index` does."""

    def __init__(self, folder: Path) -> None:
        self.site = folder / "site"
        self.index = folder / "work"

    def publish(self, edition: int) -> str:
        name = publish_edition(self.site, self.index, edition)
        push_index(self.index, URI)
        return name


@pytest.fixture
def writer(tmp_path: Path) -> Writer:
    return Writer(tmp_path)


def cached(cache: Path) -> Path:
    """The one index in a cache."""
    (folder,) = cache.iterdir()
    return folder


def test_a_published_index_is_followed_and_no_answer_fails(
    serve: Serve, s3: S3, writer: Writer, tmp_path: Path
) -> None:
    writer.publish(0)
    url = serve(index=URI, index_cache=tmp_path / "cache")
    visitors = Visitors(url)
    try:
        for edition in range(1, SWAPS + 1):
            snapshot = writer.publish(edition)
            assert wait_until(lambda name=snapshot: served(url) == name)  # type: ignore[misc]
    finally:
        visitors.stop()
    assert visitors.failures == []
    assert visitors.answers > SWAPS
    kept = {name.split("/")[3] for name in s3.list() if "/snapshots/" in name}
    assert len(kept) == KEEP
    assert len([path for path in (cached(tmp_path / "cache") / "snapshots").iterdir() if path.is_dir()]) <= KEEP + 1
    # Going back: an older one that is still there.
    older = next(name for name in kept if name != snapshot)
    s3.write("docs/index/CURRENT", f"{older}\n".encode())
    assert wait_until(lambda: served(url) == older)


@pytest.mark.parametrize("damage", ["file", "description", "missing", "CURRENT", "outside"])
def test_what_is_damaged_there_is_not_taken(
    serve: Serve, s3: S3, writer: Writer, tmp_path: Path, damage: str, caplog: pytest.LogCaptureFixture
) -> None:
    good = writer.publish(0)
    new = writer.publish(1)
    s3.write("docs/index/CURRENT", f"{good}\n".encode())
    url = serve(index=URI, index_cache=tmp_path / "cache")
    base = f"docs/index/snapshots/{new}"
    file = next(name for name in s3.list() if name.startswith(f"{base}/sections.lance/data/"))
    match damage:
        case "file":
            s3.spoil(file)
        case "description":
            s3.write(f"{base}/snapshot.json", b'{"schema": 1}')
        case "missing":
            s3.delete(file)
        case "outside":
            s3.write(f"{base}/snapshot.json", b'{"files": {"../../../../evil": "0"}}')
    s3.write("docs/index/CURRENT", b"?\n" if damage == "CURRENT" else f"{new}\n".encode())
    assert wait_until(lambda: "Keeping index" in caplog.text)
    ready = httpx2.get(f"{url}/readyz").json()
    assert (ready["index"], len(ready["warnings"])) == (good, 1)
    assert read_current(cached(tmp_path / "cache")) == good
    assert not list(tmp_path.rglob("evil"))
    mended = writer.publish(2)
    assert wait_until(lambda: served(url) == mended)
    assert "warnings" not in httpx2.get(f"{url}/readyz").json()


def test_while_it_is_down_the_last_index_is_served_also_after_a_restart(
    serve: Serve, s3: S3, writer: Writer, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    snapshot = writer.publish(0)
    running = serve(index=URI, index_cache=tmp_path / "cache")
    s3.stop()
    assert wait_until(lambda: "Keeping index" in caplog.text)
    restarted = serve(index=URI, index_cache=tmp_path / "cache")
    for url in (running, restarted):
        assert served(url) == snapshot
        assert httpx2.get(f"{url}/api/search", params={"q": "which edition"}).json()["results"]
    assert "Using the copy of the index" in caplog.text
    failed = run_program("search", "edition", "--index", URI, cwd=tmp_path)
    assert failed.returncode == 1
    assert f"The index at {URI} cannot be used" in failed.stderr
    assert "Traceback" not in failed.stderr
    s3.start()
    back = writer.publish(1)
    assert wait_until(lambda: served(running) == served(restarted) == back)


def test_a_damaged_copy_is_brought_again(serve: Serve, s3: S3, writer: Writer, tmp_path: Path) -> None:
    snapshot = writer.publish(0)
    url = serve(index=URI, index_cache=tmp_path / "cache")
    assert served(url) == snapshot
    data = next((cached(tmp_path / "cache") / "snapshots" / snapshot / "sections.lance" / "data").iterdir())
    writer.publish(1)
    data.write_bytes(b"")
    assert wait_until(lambda: served(url) != snapshot)
    s3.write("docs/index/CURRENT", f"{snapshot}\n".encode())
    assert wait_until(lambda: served(url) == snapshot)
    opened = Index.open(str(cached(tmp_path / "cache")))
    assert read_edition(opened) == 0
    opened.close()


def test_an_upload_that_broke_off_changes_nothing(s3: S3, writer: Writer, monkeypatch: pytest.MonkeyPatch) -> None:
    writer.publish(0)
    before = s3.read("docs/index/CURRENT")

    def fail(storage: object, source: Path, name: str) -> None:
        raise OSError("AWS Error SLOW_DOWN during PutObject operation: secret request id")

    with monkeypatch.context() as patch:
        patch.setattr("docs_index.bucket.Storage.upload", fail)
        with pytest.raises(UserError, match=r"The index at s3://docs-bucket/docs/index cannot be used: slow down\."):
            writer.publish(1)
    assert s3.read("docs/index/CURRENT") == before
    assert writer.publish(1) in s3.read("docs/index/CURRENT").decode()


def test_the_command_line_publishes_and_searches_there(s3: S3, tmp_path: Path) -> None:
    site = tmp_path / "site"
    index_mini_site(site)
    done = run_cli("index", str(site), "--index", URI)
    assert f"({URI})" in done.stdout
    found = run_cli("--json", "search", "install with docker", "--index", URI, cwd=tmp_path)
    assert "install-with-docker" in found.stdout
    parts = run_cli("export", "--index", URI, cwd=tmp_path).stdout
    assert "install-with-docker" in parts
    names = s3.list()
    run_cli("index", str(site), "--index", URI)
    assert s3.list() == names


@pytest.mark.parametrize(("uri", "message"), [("gs://bucket/x", "cannot be used"), ("s3:///x", "names no bucket")])
def test_an_address_that_cannot_be_is_said(tmp_path: Path, uri: str, message: str) -> None:
    failed = subprocess.run(
        [BIN / "docs-chat", "serve", "--index", uri, "--port", "0"], cwd=tmp_path, capture_output=True, text=True
    )
    assert failed.returncode == 2
    assert message in failed.stderr

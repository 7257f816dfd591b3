"""The server while new indexes are published under it: no answer fails, none mixes two, and old ones are let go."""

from __future__ import annotations

import gc
import os
import threading
from pathlib import Path

import httpx2
import pytest
from docs_index.generations import KEEP
from docs_index.index import Index
from docs_index.snapshot import read_current

from tests.indexer.editions import PAGES, publish_edition

from .conftest import Serve, wait_until

SWAPS = 30


class Visitors:
    """Threads that search all the time, until :meth:`stop`; every answer must be of one whole edition."""

    def __init__(self, url: str, threads: int = 3) -> None:
        self.url = url
        self.answers = 0
        self.failures: list[str] = []
        self._stopped = threading.Event()
        self._threads = [threading.Thread(target=self._visit) for _ in range(threads)]
        for thread in self._threads:
            thread.start()

    def _visit(self) -> None:
        with httpx2.Client(base_url=self.url) as client:
            while not self._stopped.is_set():
                response = client.get("/api/search", params={"q": "which edition", "k": 20})
                texts = [result["text"] for result in response.json()["results"]] if response.is_success else []
                editions = {text.split("edition ")[1].split(".")[0] for text in texts}
                if len(texts) == 2 * PAGES and len(editions) == 1:
                    self.answers += 1
                else:
                    self.failures.append(f"{response.status_code} {len(texts)} {editions} {response.text[:200]}")

    def stop(self) -> None:
        self._stopped.set()
        for thread in self._threads:
            thread.join()


def served(url: str) -> str | None:
    answer = httpx2.get(f"{url}/readyz").json()
    return str(answer.get("index"))


def live_indexes() -> int:
    gc.collect()
    return sum(isinstance(thing, Index) for thing in gc.get_objects())


def open_files() -> int:
    return len(os.listdir("/proc/self/fd"))  # noqa: PTH208


@pytest.fixture
def paths(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[Path, Path]:
    """A site and its published index, which the server looks at often."""
    monkeypatch.setattr("docs_chat.search.FOLLOW_SECONDS", 0.02)
    publish_edition(tmp_path / "site", tmp_path / "index", 0)
    return tmp_path / "site", tmp_path / "index"


@pytest.mark.skipif(not Path("/proc/self/fd").is_dir(), reason="counts open files as Linux tells them")
def test_no_answer_fails_and_nothing_piles_up_while_indexes_are_swapped(serve: Serve, paths: tuple[Path, Path]) -> None:
    site, index = paths
    others = live_indexes()  # of tests before this one
    url = serve(index=str(index))
    visitors = Visitors(url)
    try:
        counts = []
        for edition in range(1, SWAPS + 1):
            snapshot = publish_edition(site, index, edition)
            if edition % 3 == 0:
                # the others are published faster than the server follows
                assert wait_until(lambda name=snapshot: served(url) == name)  # type: ignore[misc]
                counts.append((live_indexes() - others, open_files()))
    finally:
        visitors.stop()
    assert visitors.failures == []
    assert visitors.answers > SWAPS
    assert wait_until(lambda: live_indexes() - others <= 1)
    assert counts[-1][0] <= 3
    assert counts[-1][1] <= max(files for _, files in counts[:4]) + 3
    assert len(list((index / "snapshots").iterdir())) <= KEEP + 2


def test_an_index_that_a_slow_reader_has_open_outlives_many_swaps(serve: Serve, paths: tuple[Path, Path]) -> None:
    site, index = paths
    opened = Index.open(str(index))
    for edition in range(1, 8):
        publish_edition(site, index, edition)
    found = opened.search("edition", k=20).results
    assert len(found) == 2 * PAGES
    assert all("edition 0." in result.text for result in found)
    before = len(list((index / "snapshots").iterdir()))
    opened.close()
    publish_edition(site, index, 8)
    assert len(list((index / "snapshots").iterdir())) == before - 1 == KEEP


@pytest.mark.parametrize("damage", ["file", "description", "missing", "CURRENT", "embedder"])
def test_a_damaged_new_index_leaves_the_old_one_in_use(
    serve: Serve, paths: tuple[Path, Path], tmp_path: Path, damage: str, caplog: pytest.LogCaptureFixture
) -> None:
    site, index = paths
    good = read_current(index)
    url = serve(index=str(index), embedder="none")
    other = tmp_path / "other"
    new = publish_edition(site, other, 1, "local" if damage == "embedder" else "none")
    folder = other / "snapshots" / new
    match damage:
        case "file":
            data = next((folder / "sections.lance" / "data").iterdir())
            content = bytearray(data.read_bytes())
            content[len(content) // 2] ^= 1
            data.write_bytes(content)
        case "description":
            (folder / "snapshot.json").write_text('{"schema": 1}')
        case "missing":
            (folder / "snapshot.json").unlink()
    folder.rename(index / "snapshots" / new)
    # In one step, as a writer does: half a name would be a second fault.
    (other / "named").write_text("?\n" if damage == "CURRENT" else f"{new}\n")
    (other / "named").replace(index / "CURRENT")
    visitors = Visitors(url, threads=1)
    assert wait_until(lambda: visitors.answers > 20)
    ready = httpx2.get(f"{url}/readyz")
    assert (ready.status_code, ready.json()["index"]) == (200, good)
    assert caplog.text.count("Keeping index") == 1
    mended = publish_edition(site, index, 2)
    assert wait_until(lambda: served(url) == mended)
    visitors.stop()
    assert visitors.failures == []

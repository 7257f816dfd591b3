"""A writer that is killed, has no room, is not allowed, or is not alone: readers go on, and the next run succeeds."""

from __future__ import annotations

import errno
import os
import random
import resource
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pytest
from docs_index.build import build_index
from docs_index.cache import VectorCache
from docs_index.embedders import make_embedder
from docs_index.errors import UserError
from docs_index.index import Index
from docs_index.snapshot import read_current
from filelock import FileLock

from ..program import PROGRAM
from .editions import ROOT, publish_edition, read_edition, write_edition
from .test_cli import run

ROOM = 3_000_000


@pytest.fixture
def site(tmp_path: Path) -> Path:
    write_edition(tmp_path / "site", 1)
    return tmp_path / "site"


@pytest.fixture
def index(tmp_path: Path) -> Path:
    return tmp_path / "index"


def leftovers(index: Path) -> list[str]:
    return [path.name for path in (*index.glob(".*.draft"), *(index / "snapshots").glob(".*"))]


# --- killed ---------------------------------------------------------------------------------------------------------


class Readers:
    """Threads that open the index and search it all the time, until :meth:`stop`."""

    def __init__(self, index: Path, threads: int = 2) -> None:
        self.index = index
        self.reads = 0
        self.failures: list[str] = []
        self._stopped = threading.Event()
        self._threads = [threading.Thread(target=self._read) for _ in range(threads)]
        for thread in self._threads:
            thread.start()

    def _read(self) -> None:
        while not self._stopped.is_set():
            try:
                opened = Index.open(str(self.index))
                edition = read_edition(opened)
                # what was opened stays what it was, however many editions come out meanwhile
                for _ in range(5):
                    assert read_edition(opened) == edition
                    self._stopped.wait(0.05)
                opened.close()
                self.reads += 1
            except Exception as error:
                self.failures.append(f"{type(error).__name__}: {error}")

    def stop(self) -> None:
        self._stopped.set()
        for thread in self._threads:
            thread.join()


def kill_writers(site: Path, index: Path, kills: int, seed: int) -> tuple[int, int]:
    """Kills that many writers at random moments of their work; gives kills before and after a publication of theirs."""
    chance = random.Random(seed)
    early = late = 0
    for number in range(kills):
        first = (read_edition(Index.open(str(index))) + 1) if read_current(index) else 1
        writer = subprocess.Popen(
            [sys.executable, "-m", "tests.indexer.editions", site, index, str(first), ("none", "local")[number % 2]],
            stdout=subprocess.PIPE,
            cwd=ROOT,
        )
        assert writer.stdout is not None
        if chance.random() < 0.7:
            assert writer.stdout.readline()
            late += 1
        else:
            early += 1
        time.sleep(chance.uniform(0, 0.4))
        writer.kill()
        writer.communicate()
    return early, late


def test_every_reader_sees_one_whole_edition_however_often_the_writer_is_killed(site: Path, index: Path) -> None:
    publish_edition(site, index, 1)
    readers = Readers(index)
    try:
        kill_writers(site, index, kills=6, seed=5)
    finally:
        readers.stop()
    assert readers.failures == []
    assert readers.reads > 0
    write_edition(site, 1000)
    done = run("index", site, "--index", index, "--embedder", "local")
    assert done.returncode == 0, done.stderr
    assert read_edition(Index.open(str(index))) == 1000
    assert leftovers(index) == []


DIE = """
import os, signal, sys
from pathlib import Path
import docs_index.{module} as module
real, left = module.{name}, [{calls}]
def die(*arguments, **named):
    left[0] -= 1
    if not left[0]:
        os.kill(os.getpid(), signal.SIGKILL)
    return real(*arguments, **named)
module.{name} = die
from docs_index.build import build_index
build_index(Path(sys.argv[1]), Path(sys.argv[2]), embedder="local")
"""


@pytest.mark.parametrize(
    ("module", "name", "calls"),
    [
        ("snapshot", "_write_table", 1),
        ("snapshot", "_describe", 1),
        ("storage", "sync_folder", 2),
        ("snapshot", "replace_file", 2),  # the snapshot is there, CURRENT does not name it yet
        ("snapshot", "replace_file", 3),  # CURRENT names it, the page records are those of the last
        ("snapshot", "prune", 1),
    ],
)
def test_a_writer_killed_at_any_step_leaves_a_whole_index(
    site: Path, index: Path, module: str, name: str, calls: int
) -> None:
    publish_edition(site, index, 1)
    write_edition(site, 2)
    code = DIE.format(module=module, name=name, calls=calls)
    done = subprocess.run([sys.executable, "-c", code, site, index], check=False, capture_output=True)
    assert done.returncode == -signal.SIGKILL, done.stderr
    assert read_edition(Index.open(str(index))) in (1, 2)
    assert publish_edition(site, index, 2, "local") == read_current(index)
    assert read_edition(Index.open(str(index))) == 2
    assert leftovers(index) == []
    assert len(list((index / "snapshots").iterdir())) == 2


def kill_before_naming(site: Path, index: Path) -> str:
    """Leaves a whole snapshot of the site that CURRENT does not name."""
    code = DIE.format(module="snapshot", name="replace_file", calls=2)
    before = {path.name for path in (index / "snapshots").iterdir()}
    subprocess.run([sys.executable, "-c", code, site, index], check=False)
    (orphan,) = {path.name for path in (index / "snapshots").iterdir()} - before
    return orphan


def test_a_snapshot_that_was_never_named_is_used_when_it_is_wanted(site: Path, index: Path) -> None:
    publish_edition(site, index, 1)
    write_edition(site, 2)
    orphan = kill_before_naming(site, index)
    files = sorted((index / "snapshots" / orphan).rglob("*"))
    assert publish_edition(site, index, 2, "local") == orphan
    assert sorted((index / "snapshots" / orphan).rglob("*")) == files


def test_a_snapshot_that_was_never_named_goes_when_it_is_not_wanted(site: Path, index: Path) -> None:
    publish_edition(site, index, 1)
    write_edition(site, 2)
    orphan = kill_before_naming(site, index)
    publish_edition(site, index, 1)
    assert orphan not in {path.name for path in (index / "snapshots").iterdir()}


def test_the_vectors_of_a_killed_run_are_not_made_again(site: Path, index: Path) -> None:
    code = DIE.format(module="snapshot", name="_write_table", calls=1)
    subprocess.run([sys.executable, "-c", code, site, index], check=False)
    assert build_index(site, index, embedder="local").embedded == 0


def test_a_half_made_cache_is_no_obstacle(site: Path, index: Path) -> None:
    data = index / "embeddings.lance" / "data"
    data.mkdir(parents=True)
    (data / "0.lance").write_bytes(b"begun")
    assert build_index(site, index, embedder="local").embedded > 0
    assert build_index(site, index, embedder="local", full=True).embedded == 0


# --- no room, no leave ----------------------------------------------------------------------------------------------


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of its own with room for little."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mount: list[str | Path] = ["mount", "-t", "tmpfs", "-o", f"size={ROOM}", "tmpfs", folder]
    if os.geteuid() or subprocess.run(mount, check=False, capture_output=True).returncode:
        pytest.skip("only root can mount a small file system")
    yield folder
    subprocess.run(["umount", "--lazy", folder], check=True)


def write_much(site: Path) -> None:
    """Twice what there is room for, in few words: each one more would have to be stemmed."""
    chance = random.Random(3)
    known = [f"w{chance.getrandbits(64):x}" for _ in range(2000)]
    for page in range(60):
        words = " ".join(chance.choices(known, k=6000))
        (site / f"docs/much-{page}.md").write_text(f"# Much {page}\n\n{words}\n")


def fill(disk: Path) -> None:
    with pytest.raises(OSError, match="No space"), (disk / "filler").open("wb") as handle:
        while True:
            handle.write(bytes(4096))
            handle.flush()


def test_a_full_disk_is_one_sentence_and_the_old_index_serves(site: Path, small_disk: Path) -> None:
    index = small_disk / "index"
    publish_edition(site, index, 1)
    write_much(site)
    done = run("index", site, "--index", index, "--embedder", "none")
    assert done.returncode == 1
    assert f"Error: Cannot write the index at {index}: {os.strerror(errno.ENOSPC)}." in done.stderr
    assert read_edition(Index.open(str(index))) == 1
    assert leftovers(index) == []


def test_a_disk_without_room_for_vectors_is_one_sentence(site: Path, small_disk: Path) -> None:
    index = small_disk / "index"
    publish_edition(site, index, 1, "local")
    write_edition(site, 2)
    fill(small_disk)
    with pytest.raises(UserError, match=os.strerror(errno.ENOSPC)):
        build_index(site, index, embedder="local")
    assert read_edition(Index.open(str(index))) == 1
    (small_disk / "filler").unlink()
    assert publish_edition(site, index, 2, "local") == read_current(index)


def test_files_that_may_not_grow_are_one_sentence_and_the_old_index_serves(site: Path, index: Path) -> None:
    publish_edition(site, index, 1)
    write_much(site)

    def limit() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (200_000, 200_000))

    command: list[str | Path] = [PROGRAM, "index", site, "--index", index, "--embedder", "none"]
    done = subprocess.run(command, preexec_fn=limit, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert f"Error: Cannot write the index at {index}: {os.strerror(errno.EFBIG)}." in done.stderr
    assert "Traceback" not in done.stderr
    assert read_edition(Index.open(str(index))) == 1
    assert leftovers(index) == []


@contextmanager
def read_only(folder: Path) -> Iterator[None]:
    """Takes away the leave to write: for root, only a file system of its own can."""
    if os.geteuid():
        for path in (folder, *folder.rglob("*/")):
            path.chmod(0o555)
        yield
        for path in (folder, *folder.rglob("*/")):
            path.chmod(0o755)
    else:
        disk = folder.parent
        subprocess.run(["mount", "-o", "remount,ro", disk], check=True)
        yield
        subprocess.run(["mount", "-o", "remount,rw", disk], check=True)


def test_a_folder_that_may_not_be_written_is_one_sentence_and_can_be_read(site: Path, small_disk: Path) -> None:
    index = small_disk / "index"
    publish_edition(site, index, 1)
    write_edition(site, 2)
    with read_only(index):
        done = run("index", site, "--index", index, "--embedder", "none")
        assert done.returncode == 1
        assert f"Error: Cannot write the index at {index}: " in done.stderr
        assert read_edition(Index.open(str(index))) == 1


def test_a_file_in_the_place_of_the_index_is_named(site: Path, tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_text("mine")
    for index in (file, file / "index"):
        done = run("index", site, "--index", index, "--embedder", "none")
        assert done.returncode in (1, 2)
        assert done.stderr.count("Error: ") == 1
        assert str(file) in done.stderr
    assert file.read_text() == "mine"


# --- two at once ----------------------------------------------------------------------------------------------------


def test_of_two_writers_one_is_told_to_wait(site: Path, index: Path) -> None:
    publish_edition(site, index, 1)
    with FileLock(index / ".lock"):
        done = run("index", site, "--index", index, "--embedder", "none")
    assert done.returncode == 1
    assert f"Another docs-chat is indexing into {index}." in done.stderr


def test_writers_at_once_publish_whole_editions_only(site: Path, index: Path, tmp_path: Path) -> None:
    publish_edition(site, index, 1)
    readers = Readers(index, threads=1)
    runs = []
    for number in range(3):
        other = tmp_path / f"site-{number}"
        write_edition(other, 10 + number)
        command: list[str | Path] = [PROGRAM, "index", other, "--index", index, "--embedder", "none"]
        runs.append(subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True))
    outcomes = [process.communicate()[1] for process in runs]
    readers.stop()
    assert readers.failures == []
    assert all(
        process.returncode == 0 or "Another docs-chat is indexing" in said
        for process, said in zip(runs, outcomes, strict=True)
    )
    assert read_edition(Index.open(str(index))) in (10, 11, 12)


def test_the_lock_of_a_killed_writer_is_free(site: Path, index: Path) -> None:
    code = "import sys, time; from pathlib import Path; from docs_index.snapshot import write_lock\n"
    code += "with write_lock(Path(sys.argv[1])):\n print('held', flush=True)\n time.sleep(60)"
    holder = subprocess.Popen([sys.executable, "-c", code, index], stdout=subprocess.PIPE)
    assert holder.stdout is not None
    holder.stdout.readline()
    with pytest.raises(UserError, match="Another docs-chat"):
        build_index(site, index, embedder="none")
    holder.kill()
    holder.communicate()
    assert build_index(site, index, embedder="none").pages


# --- the cache ------------------------------------------------------------------------------------------------------


def test_the_cache_stays_in_few_pieces(index: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("docs_index.cache._MAX_FRAGMENTS", 4)
    index.mkdir()
    model = make_embedder("local")
    assert model is not None
    for number in range(24):
        VectorCache(index, model).embed([f"text {number}"])
        # What was made one a moment ago may stay once more: it could still be read.
        assert len(list((index / "embeddings.lance" / "data").iterdir())) < 12
    assert VectorCache(index, model).missing([f"text {number}" for number in range(24)]) == []


def test_the_cache_drops_what_the_docs_need_no_more(index: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("docs_index.cache._SMALL", 10)
    index.mkdir()
    model = make_embedder("local")
    assert model is not None
    for number in range(5):
        VectorCache(index, model).embed([f"text {number} {line}" for line in range(3)])
    last = [f"text 4 {line}" for line in range(3)]
    cache = VectorCache(index, model)
    assert cache.missing(["text 0 0", *last]) == ["text 0 0"]
    assert np.allclose(cache.embed(last).vectors, model.embed(last), atol=0.02)

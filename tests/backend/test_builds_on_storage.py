"""Snapshots of builds on object storage: jobs that publish previews at once, servers that bring them when asked."""

from __future__ import annotations

import shutil
import threading
from datetime import timedelta
from pathlib import Path

import pytest
from docs_index.builds import read_refs
from docs_index.errors import UserError
from docs_index.remote import pull_refs, push_index, push_preview
from docs_index.snapshot import read_current

from tests.indexer.editions import write_manifest

from .conftest import Serve, run_cli, wait_until
from .s3 import S3
from .test_builds import BUTTON, KNOB, NEW, NEXT, OLD, QUESTION, VOICE, Site, open_snapshots, way
from .test_index_swaps import served
from .test_object_storage import URI, cached, module_s3, s3  # noqa: F401

BASE = "docs/index"


class Job:
    """A run in CI, with a working folder of its own."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir()
        self.docs = Site(folder)

    def publish(self, start: str, build: str, *, keep: int = 5) -> str:
        name = self.docs.publish(start, build)
        push_index(self.docs.index, URI, keep=keep)
        return name

    def preview(self, start: str, build: str, *, keep: int = 5) -> str:
        name = self.docs.publish(start, build, preview=True)
        return push_preview(self.docs.index, URI, name, keep=keep)


@pytest.fixture
def main(s3: S3, tmp_path: Path) -> Job:  # noqa: F811
    job = Job(tmp_path / "main")
    job.publish(KNOB, OLD)
    job.publish(BUTTON, NEW)
    return job


def snapshots(s3: S3) -> set[str]:  # noqa: F811
    return {name.split("/")[3] for name in s3.list() if name.endswith("/snapshot.json")}


def refs(s3: S3) -> dict[str, str]:  # noqa: F811
    names = [name for name in s3.list() if name.startswith(f"{BASE}/builds/")]
    return {name.rpartition("/")[2]: s3.read(name).decode().strip() for name in names}


def test_old_tabs_and_previews_are_answered_from_what_they_show(
    serve: Serve,
    s3: S3,  # noqa: F811
    main: Job,
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level("INFO", "docs_chat")
    url = serve(index=URI, index_cache=tmp_path / "cache")
    live = served(url)
    assert [way(url, build) for build in (OLD, NEW)] == ["turn-the-knob", "press-the-button"]
    preview = Job(tmp_path / "job").preview(VOICE, NEXT)
    assert s3.read(f"{BASE}/CURRENT").decode().strip() == live
    assert wait_until(lambda: way(url, NEXT) == "say-hello")
    assert [way(url, build) for build in (OLD, NEW, "f" * 16)] == ["turn-the-knob", *["press-the-button"] * 2]
    assert caplog.text.count(f"Also serving index {preview}") == 1
    # The copy holds what was asked for, and says so without the storage.
    assert wait_until(lambda: read_refs(cached(tmp_path / "cache")).keys() == {OLD, NEW, NEXT})
    assert read_current(cached(tmp_path / "cache")) == live


def test_while_the_storage_is_down_a_restarted_server_still_knows_the_builds_that_it_has(
    serve: Serve,
    s3: S3,  # noqa: F811
    main: Job,
    tmp_path: Path,
) -> None:
    assert way(serve(index=URI, index_cache=tmp_path / "cache"), OLD) == "turn-the-knob"
    s3.stop()
    url = serve(index=URI, index_cache=tmp_path / "cache")
    assert way(url, OLD) == "turn-the-knob"
    assert way(url, NEW) == "press-the-button"


@pytest.mark.parametrize("damage", ["file", "description", "missing", "ref"])
def test_what_is_damaged_there_is_answered_from_the_live_index(
    serve: Serve,
    s3: S3,  # noqa: F811
    main: Job,
    tmp_path: Path,
    damage: str,
    caplog: pytest.LogCaptureFixture,
) -> None:
    base = f"{BASE}/snapshots/{refs(s3)[OLD]}"
    file = next(name for name in s3.list() if name.startswith(f"{base}/sections.lance/data/"))
    match damage:
        case "file":
            s3.spoil(file)
        case "description":
            s3.write(f"{base}/snapshot.json", b'{"files": {"../../../../evil": "0"}}')
        case "missing":
            s3.delete(file)
        case "ref":
            s3.write(f"{BASE}/builds/{OLD}", b"../../evil\n")
    url = serve(index=URI, index_cache=tmp_path / "cache")
    assert way(url, OLD) == way(url) == "press-the-button"
    assert caplog.text.count("Answering from the live index") == (damage != "ref")
    assert not list(tmp_path.rglob("evil"))


def test_previews_that_are_published_at_once_do_not_mix(
    serve: Serve,
    s3: S3,  # noqa: F811
    main: Job,
    tmp_path: Path,
) -> None:
    """Two jobs of one commit, and two of others."""
    texts = [
        (VOICE, NEXT),
        (VOICE, NEXT),
        (VOICE.replace("hello", "please"), "d" * 16),
        (KNOB + "\nSlowly.\n", "e" * 16),
    ]
    jobs = [Job(tmp_path / f"job-{number}") for number in range(len(texts))]
    running = [threading.Thread(target=job.preview, args=text) for job, text in zip(jobs, texts, strict=True)]
    for thread in running:
        thread.start()
    for thread in running:
        thread.join()
    url = serve(index=URI, index_cache=tmp_path / "cache")
    found = [way(url, build) for build in (NEXT, "d" * 16, "e" * 16, OLD)]
    assert found == ["say-hello", "say-please", "turn-the-knob", "turn-the-knob"]


def test_many_previews_push_out_no_live_snapshot(
    s3: S3,  # noqa: F811
    main: Job,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    live = snapshots(s3)
    job = Job(tmp_path / "job")
    names = []
    for number in range(4):
        s3.wait_a_second()
        names.append(job.preview(VOICE + f"\n{number} times.\n", f"{number:016x}", keep=2))
    assert snapshots(s3) == {*live, *names[-2:]}
    assert refs(s3).keys() == {OLD, NEW, *(f"{number:016x}" for number in (2, 3))}
    for number in range(4, 8):
        s3.wait_a_second()
        main.publish(BUTTON + f"\n{number} times.\n", f"{number:016x}", keep=2)
    assert len(snapshots(s3)) == 4
    assert set(names[-2:]) < snapshots(s3)
    assert refs(s3).keys() == {f"{number:016x}" for number in (2, 3, 6, 7)}
    # What no build names was left by a job that was killed, or is being published.
    stray = f"{BASE}/snapshots/preview-{'0' * 16}-{'0' * 8}/snapshot.json"
    s3.write(stray, b"{}")
    job.preview(VOICE, NEXT, keep=2)
    assert stray in s3.list()
    monkeypatch.setattr("docs_index.remote.ABANDONED", timedelta(0))
    job.preview(VOICE, NEXT, keep=2)
    assert stray not in s3.list()


def test_a_build_that_gets_another_snapshot_in_the_same_second_is_noticed(s3: S3, main: Job) -> None:  # noqa: F811
    first, second = refs(s3)[OLD], refs(s3)[NEW]
    s3.wait_a_second()
    s3.write(f"{BASE}/builds/{OLD}", first.encode())
    known = pull_refs(URI)
    s3.write(f"{BASE}/builds/{OLD}", second.encode())
    assert (known[OLD].snapshot, pull_refs(URI, known)[OLD].snapshot) == (first, second)


def test_the_same_preview_is_uploaded_once(s3: S3, main: Job, tmp_path: Path) -> None:  # noqa: F811
    first = Job(tmp_path / "one").preview(VOICE, NEXT)
    names = s3.list()
    assert Job(tmp_path / "two").preview(VOICE, NEXT) == first
    assert s3.list() == names


def test_a_preview_that_broke_off_names_no_build_and_leaves_what_is_live(
    s3: S3,  # noqa: F811
    main: Job,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    before = (refs(s3), s3.read(f"{BASE}/CURRENT"))
    job = Job(tmp_path / "job")

    def fail(storage: object, source: Path, name: str) -> None:
        raise OSError("AWS Error SLOW_DOWN during PutObject operation: secret request id")

    with monkeypatch.context() as patch:
        patch.setattr("docs_index.bucket.Storage.upload", fail)
        with pytest.raises(UserError, match="slow down"):
            job.preview(VOICE, NEXT)
    assert (refs(s3), s3.read(f"{BASE}/CURRENT")) == before
    assert job.preview(VOICE, NEXT) == refs(s3)[NEXT]


def test_who_deletes_the_builds_there_withdraws_all_but_what_is_live(
    serve: Serve,
    s3: S3,  # noqa: F811
    main: Job,
    tmp_path: Path,
) -> None:
    url = serve(index=URI, index_cache=tmp_path / "cache")
    assert way(url, OLD) == "turn-the-knob"
    for build in refs(s3):
        s3.delete(f"{BASE}/builds/{build}")
    assert wait_until(lambda: way(url, OLD) == "press-the-button")
    assert wait_until(lambda: read_refs(cached(tmp_path / "cache")) == {})


def test_the_copy_is_pruned_too(
    serve: Serve,
    s3: S3,  # noqa: F811
    main: Job,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("docs_chat.builds.IDLE_SECONDS", 0.5)
    monkeypatch.setattr("docs_chat.builds.OPENINGS", 100)
    url = serve(index=URI, index_cache=tmp_path / "cache", keep=2)
    job = Job(tmp_path / "job")
    for number in range(4):
        build = f"{number:016x}"
        job.preview(VOICE + f"\n{number} times.\n", build, keep=9)
        assert wait_until(lambda build=build: way(url, build) == "say-hello")  # type: ignore[misc]
    copy = cached(tmp_path / "cache")
    here = Site.__new__(Site)
    here.index = copy
    assert wait_until(lambda: open_snapshots(here) == {served(url)})
    main.publish(BUTTON + "\nOnce more.\n", "f" * 16)
    assert wait_until(lambda: read_current(copy) == served(url))
    assert wait_until(lambda: len([path for path in (copy / "snapshots").iterdir() if path.is_dir()]) <= 4)


def test_the_command_line_publishes_previews_there_and_searches_them(
    s3: S3,  # noqa: F811
    main: Job,
    tmp_path: Path,
) -> None:
    site = tmp_path / "job" / "site"
    shutil.copytree(main.docs.folder, site)
    (site / "docs/start.md").write_text(VOICE)
    write_manifest(site, NEXT)
    current = s3.read(f"{BASE}/CURRENT")
    done = run_cli("index", str(site), "--index", URI, "--embedder", "none", "--preview")
    assert f"({URI}, for its builds only)" in done.stdout
    assert s3.read(f"{BASE}/CURRENT") == current
    assert refs(s3)[NEXT].startswith("preview-")
    for build, section in ((NEXT, "#say-hello"), (OLD, "#turn-the-knob"), (NEW, "#press-the-button")):
        found = run_cli("search", QUESTION, "--index", URI, "--build", build, cwd=tmp_path)
        assert section in found.stdout

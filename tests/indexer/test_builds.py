"""Snapshots kept for the builds that they show: named, previewed, pruned, whatever happens to who writes them."""

from __future__ import annotations

import errno
import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from docs_index.build import build_index
from docs_index.builds import read_refs
from docs_index.discovery import read_site
from docs_index.errors import UserError
from docs_index.index import Index
from docs_index.snapshot import hold_snapshot, read_current

from .editions import publish_edition, read_edition, write_edition, write_manifest
from .test_cli import run
from .test_faults_writer import DIE, fill, leftovers, small_disk  # noqa: F401


def build_of(edition: int) -> str:
    return f"{edition:016x}"


@pytest.fixture
def site(tmp_path: Path) -> Path:
    return tmp_path / "site"


@pytest.fixture
def index(tmp_path: Path) -> Path:
    return tmp_path / "index"


def publish(site: Path, index: Path, edition: int, *, preview: bool = False, keep: int = 5) -> str:
    return publish_edition(site, index, edition, build=build_of(edition), preview=preview, keep=keep)


def snapshots(index: Path) -> set[str]:
    return {path.name for path in (index / "snapshots").iterdir()}


def test_each_build_is_answered_from_the_snapshot_that_has_what_it_shows(site: Path, index: Path) -> None:
    first = publish(site, index, 1)
    second = publish(site, index, 2)
    assert read_refs(index) == {build_of(1): first, build_of(2): second}
    assert read_current(index) == second
    # another build that shows the same: one snapshot, and nothing is read again
    write_manifest(site, build_of(77))
    report = build_index(site, index, embedder="none")
    assert (report.unchanged, report.snapshot, report.builds) == (6, second, {"en": build_of(77)})
    assert read_refs(index)[build_of(77)] == second
    assert snapshots(index) == {first, second}


def test_every_locale_has_a_build_of_its_own(site: Path, index: Path) -> None:
    write_edition(site, 1, build_of(1))
    folder = site / ".docusaurus/docs-chat"
    french = json.loads((folder / "manifest.en.json").read_text()) | {"locale": "fr", "build": build_of(2)}
    french["pages"] = [page | {"permalink": f"/fr{page['permalink']}"} for page in french["pages"]]
    for name, data in (("en", {"build": build_of(1)}), ("fr", {})):
        manifest = french | data | {"locale": name, "locales": ["en", "fr"]}
        (folder / f"manifest.{name}.json").write_text(json.dumps(manifest | ({} if name == "fr" else {"pages": []})))
    assert read_site(site).builds == {"en": build_of(1), "fr": build_of(2)}
    assert read_site(site, ("fr",)).builds == {"fr": build_of(2)}
    snapshot = build_index(site, index, embedder="none").snapshot
    assert read_refs(index) == {build_of(1): snapshot, build_of(2): snapshot}


def test_a_preview_leaves_what_is_live_as_it_is(site: Path, index: Path) -> None:
    live = publish(site, index, 1)
    before = {path: path.read_bytes() for path in index.glob("*") if path.is_file()}
    preview = publish(site, index, 2, preview=True)
    assert read_current(index) == live
    assert {path: path.read_bytes() for path in before} == before
    assert read_refs(index) == {build_of(1): live, build_of(2): preview}
    assert hold_snapshot(index, preview).info.id == preview
    assert read_edition(Index.open(str(index))) == 1
    # the next live run reads only what it must, and the same content is the same preview
    write_edition(site, 1, build_of(1))
    assert build_index(site, index, embedder="none").unchanged == 6
    assert publish(site, index, 2, preview=True) == preview
    assert snapshots(index) == {live, preview}


def test_a_preview_with_the_docs_of_the_live_index_is_the_live_snapshot(site: Path, index: Path) -> None:
    live = publish(site, index, 1)
    write_manifest(site, build_of(9))
    assert build_index(site, index, embedder="none", preview=True).snapshot == live
    assert build_index(site, index, embedder="none", preview=True, full=True).snapshot == live
    assert read_refs(index) == {build_of(1): live, build_of(9): live}
    assert snapshots(index) == {live}


def test_a_preview_that_goes_live_is_live(site: Path, index: Path) -> None:
    publish(site, index, 1)
    preview = publish(site, index, 2, preview=True)
    live = publish(site, index, 2)
    assert read_current(index) == live
    assert live != preview
    assert read_refs(index)[build_of(2)] == live
    assert preview not in snapshots(index)


def test_a_preview_may_have_far_fewer_pages(site: Path, index: Path) -> None:
    publish(site, index, 1)
    for page in range(1, 6):
        (site / f"docs/page-{page}.md").unlink()
    write_manifest(site, build_of(2))
    with pytest.raises(UserError, match="would shrink"):
        build_index(site, index, embedder="none")
    assert build_index(site, index, embedder="none", preview=True).pages == 1


def test_many_previews_push_out_no_live_snapshot_and_no_preview_goes_for_one(site: Path, index: Path) -> None:
    live = [publish(site, index, edition, keep=3) for edition in range(3)]
    previews = [publish(site, index, edition, preview=True, keep=3) for edition in range(10, 17)]
    assert snapshots(index) == {*live, *previews[-3:]}
    more = [publish(site, index, edition, keep=3) for edition in range(20, 25)]
    assert snapshots(index) == {*more[-3:], *previews[-3:]}
    kept = {*range(22, 25), *range(14, 17)}
    assert read_refs(index).keys() == {build_of(edition) for edition in kept}
    assert read_current(index) == more[-1]


def test_a_preview_that_is_published_again_stays_longer(site: Path, index: Path) -> None:
    publish(site, index, 0, keep=2)
    first, second = (publish(site, index, edition, preview=True, keep=2) for edition in (1, 2))
    assert publish(site, index, 1, preview=True, keep=2) == first
    third = publish(site, index, 3, preview=True, keep=2)
    assert second not in snapshots(index)
    assert {first, third} < snapshots(index)


def test_a_preview_that_a_reader_has_open_outlives_the_others(site: Path, index: Path) -> None:
    publish(site, index, 0, keep=2)
    opened = hold_snapshot(index, publish(site, index, 1, preview=True, keep=2))
    for edition in range(2, 6):
        publish(site, index, edition, preview=True, keep=2)
    assert opened.folder.is_dir()
    assert build_of(1) in read_refs(index)
    opened.lease.release()
    publish(site, index, 6, preview=True, keep=2)
    assert not opened.folder.exists()
    assert build_of(1) not in read_refs(index)


def test_junk_among_the_builds_names_nothing(site: Path, index: Path) -> None:
    live = publish(site, index, 1)
    (index / "builds" / build_of(2)).write_bytes(b"../../elsewhere\n")
    (index / "builds" / build_of(3)).write_bytes(b"\xff\0")
    (index / "builds" / build_of(4)).mkdir()
    (index / "builds" / "README").write_text(live)
    assert read_refs(index) == {build_of(1): live}
    assert publish(site, index, 5) == read_current(index)


@pytest.mark.parametrize("build", ["", "x", "0123456789ABCDEF", "../../../../etc/x", 7])
def test_a_build_that_is_none_is_said(site: Path, index: Path, build: object) -> None:
    write_edition(site, 1, build_of(1))
    path = site / ".docusaurus/docs-chat/manifest.en.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | {"build": build}))
    with pytest.raises(UserError, match=r"manifest\.en\.json is not a manifest: build"):
        build_index(site, index, embedder="none")


# --- killed, full, alone --------------------------------------------------------------------------------------------

DIE_PREVIEW = DIE.replace('embedder="local")', 'embedder="none", preview=sys.argv[3] == "preview")')


@pytest.mark.parametrize("kind", ["preview", "live"])
@pytest.mark.parametrize(
    ("module", "name", "calls"),
    [
        ("snapshot", "_write_table", 1),
        ("snapshot", "_describe", 1),
        ("snapshot", "write_refs", 1),  # the snapshot is there, no build names it yet
        ("builds", "replace_file", 1),
        ("snapshot", "prune", 1),
    ],
)
def test_a_writer_killed_at_any_step_leaves_the_live_index_and_whole_builds(
    site: Path, index: Path, kind: str, module: str, name: str, calls: int
) -> None:
    publish(site, index, 1)
    write_edition(site, 2, build_of(2))
    code = DIE_PREVIEW.format(module=module, name=name, calls=calls)
    done = subprocess.run([sys.executable, "-c", code, site, index, kind], check=False, capture_output=True)
    assert done.returncode == -signal.SIGKILL, done.stderr
    assert read_edition(Index.open(str(index))) in ((1, 2) if kind == "live" else (1,))
    for snapshot in read_refs(index).values():
        hold_snapshot(index, snapshot)
    wanted = publish(site, index, 2, preview=kind == "preview")
    assert read_refs(index)[build_of(2)] == wanted
    assert leftovers(index) == []
    assert len(snapshots(index)) == 2


def test_a_preview_that_was_never_named_goes(site: Path, index: Path) -> None:
    live = publish(site, index, 1)
    write_edition(site, 2, build_of(2))
    code = DIE_PREVIEW.format(module="snapshot", name="write_refs", calls=1)
    subprocess.run([sys.executable, "-c", code, site, index, "preview"], check=False)
    assert len(snapshots(index)) == 2
    write_edition(site, 1, build_of(1))
    assert build_index(site, index, embedder="none").snapshot == live
    assert snapshots(index) == {live}


def test_a_full_disk_is_one_sentence_and_names_no_build(site: Path, small_disk: Path) -> None:  # noqa: F811
    index = small_disk / "index"
    live = publish(site, index, 1)
    write_edition(site, 2, build_of(2))
    fill(small_disk)
    with pytest.raises(UserError, match=os.strerror(errno.ENOSPC)):
        build_index(site, index, embedder="none", preview=True)
    assert read_refs(index) == {build_of(1): live}
    assert (read_current(index), snapshots(index), leftovers(index)) == (live, {live}, [])


# --- the command line -----------------------------------------------------------------------------------------------


def test_the_command_line_publishes_previews(site: Path, index: Path) -> None:
    write_edition(site, 1, build_of(1))
    assert run("index", site, "--index", index, "--embedder", "none").returncode == 0
    live = read_current(index)
    write_edition(site, 2, build_of(2))
    tried = run("--json", "index", site, "--index", index, "--embedder", "none", "--preview", "--dry-run")
    assert json.loads(tried.stdout)["builds"] == {"en": build_of(2)}
    assert read_refs(index).keys() == {build_of(1)}
    done = run("index", site, "--index", index, "--embedder", "none", "--preview")
    assert done.returncode == 0, done.stderr
    assert f"Builds    {build_of(2)} (en)" in done.stdout
    assert "for its builds only" in done.stdout
    assert read_current(index) == live
    assert read_refs(index).keys() == {build_of(1), build_of(2)}


def test_a_preview_without_a_build_is_refused(site: Path, index: Path) -> None:
    write_edition(site, 1)
    done = run("index", site, "--index", index, "--embedder", "none", "--preview")
    assert done.returncode == 2
    assert "A preview needs a build of the site that has an id." in done.stderr
    assert not index.exists()
    both = run("index", site, "--index", index, "--preview", "--watch")
    assert both.returncode == 2
    assert "leave out --watch" in both.stderr

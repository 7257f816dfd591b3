"""The generations that lie in an index: their order, and which of them stay."""

from __future__ import annotations

import shutil
from pathlib import Path

from docs_index.builds import FOLDER, is_live_name, is_preview_name, list_refs, rank_previews, remove_refs
from docs_index.lease import is_free

FACTS = "snapshot.json"
#: How many that are or were live stay, and as many previews.
KEEP = 5


def snapshot_folder(index: Path, identifier: str) -> Path:
    return index / "snapshots" / identifier


def remove_drafts(index: Path) -> None:
    """Clears away what a killed writer had begun."""
    for path in (*index.glob(".*.draft"), *(index / FOLDER).glob(".*.draft"), *(index / "snapshots").glob(".*")):
        if path.is_dir():
            shutil.rmtree(path, ignore_errors=True)
        else:
            path.unlink(missing_ok=True)


def find_orphans(index: Path, live: str | None) -> list[Path]:
    """Whole generations that were meant to go live and were never named: their writer was killed in between."""
    done = _by_age(index)
    last = next((path.stat().st_mtime_ns for path in done if path.name == live), None)
    return [path for path in done if last is not None and path.stat().st_mtime_ns > last]


def prune(index: Path, live: str | None, orphans: list[Path], keep: int) -> None:
    """Keeps the generations that were live last, and the previews that were published last.

    The others go, and orphans and previews that were of no use, and what names a generation that is gone.
    """
    going: list[Path] = []
    if live is not None:
        spare = [path for path in _by_age(index) if path.name != live and path not in orphans]
        going += (*spare[keep - 1 :], *(path for path in orphans if path.name != live))
    refs = list_refs(index)
    previews = [path for path in _list(index) if is_preview_name(path.name)]
    kept = rank_previews([path.name for path in previews], refs.values())[:keep]
    for path in (*going, *(path for path in previews if path.name not in kept)):
        take_away(path)
    here = {path.name for path in _list(index)}
    remove_refs(index, (build for build, ref in refs.items() if ref.snapshot not in here))


def take_away(folder: Path) -> bool:
    """Removes a generation at once, its name first; not while a reader has it open."""
    gone = folder.with_name(f".{folder.name}.gone")
    try:
        with is_free(folder / FACTS) as free:
            if free:
                folder.rename(gone)
    except OSError:
        # on Windows the name of an open file stays
        return False
    shutil.rmtree(gone, ignore_errors=True)
    return free


def _by_age(index: Path) -> list[Path]:
    """The generations that are, were or should have been live, the one that went live last first."""
    done = [path for path in _list(index) if is_live_name(path.name)]
    return sorted(done, key=lambda path: path.stat().st_mtime_ns, reverse=True)


def _list(index: Path) -> list[Path]:
    folder = index / "snapshots"
    return list(folder.iterdir()) if folder.is_dir() else []

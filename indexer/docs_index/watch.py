"""Indexing again whenever the sources change, for as long as somebody writes."""

from __future__ import annotations

import os
import re
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from watchfiles import Change, watch
from watchfiles.main import FileChange

from docs_index.build import Report
from docs_index.discovery import read_site
from docs_index.errors import UserError
from docs_index.manifest import FOLDER as MANIFESTS
from docs_index.snapshot import read_current, read_pages

#: Folders of a site that hold no sources; every hidden one besides.
_NO_SOURCES = frozenset({"node_modules", "build"})
#: Files that editors write beside the one that is saved.
_EDITOR_FILE = re.compile(r"^\.#|^\.goutputstream|~$|\.sw.$|___jb_")
#: Quiet time, in milliseconds, after which a burst of changes counts as over, and the longest burst.
_QUIET, _BURST = 50, 1600
#: How often, in milliseconds, the site's own folder is looked at.
_LOOK = 200
#: After how many seconds a run that failed is tried again.
_RETRY = 1.0


def watch_index(folder: Path, index: Path, build: Callable[[], Report]) -> Iterator[Report | UserError]:
    """What ``build`` reports, at once and after every change of the site's sources, until the caller stops.

    A run that fails because of what it found (a file half written, a branch half checked out, another writer) is
    yielded as its error, the index stays as it was, and the run is tried again.

    :raises UserError: when the first run fails.
    """
    failed: UserError | None = None
    retry_at = 0.0
    is_first = True
    while True:
        listing = _list_folder(folder)
        # a run follows every start of the watcher: what changed before it was up is not lost
        due = True
        for changes in _watch(folder, index):
            rearm = _list_folder(folder) != listing
            if due or changes or rearm or (failed and time.monotonic() >= retry_at):
                due = False
                outcome = _attempt(build)
                if isinstance(outcome, Report) or str(outcome) != str(failed):
                    yield outcome
                failed = outcome if isinstance(outcome, UserError) else None
                if failed and is_first:
                    raise failed
                is_first = False
                retry_at = time.monotonic() + _RETRY
            if rearm:
                break


def _attempt(build: Callable[[], Report]) -> Report | UserError:
    try:
        return build()
    except UserError as error:
        return error
    except OSError as error:
        return UserError(f"{error}.", "It is tried again.", exit_code=1)


def _watch(folder: Path, index: Path) -> Iterator[set[FileChange]]:
    """Bursts of changes; an empty one when nothing happened for a while."""
    ours = f"{index.resolve()}{os.sep}"

    def is_source(change: Change, path: str) -> bool:
        changed = Path(path)
        return not (path.startswith(ours) or "node_modules" in changed.parts or _EDITOR_FILE.search(changed.name))

    return watch(
        *_find_roots(folder, index),
        watch_filter=is_source,
        step=_QUIET,
        debounce=_BURST,
        rust_timeout=_LOOK,
        yield_on_timeout=True,
        ignore_permission_denied=True,
    )


def _find_roots(folder: Path, index: Path) -> list[Path]:
    """The folders to watch: those in the site that may hold sources, those of pages outside it, the manifests."""
    roots = [entry for entry in folder.iterdir() if entry.is_dir() and _is_watched(entry.name)]
    if (folder / MANIFESTS).is_dir():
        roots.append(folder / MANIFESTS)
    for source in _outside(folder, index):
        steps = Path(source).parts
        up = steps.count("..")
        root = folder.joinpath(*steps[: up + 1])
        if root.exists():
            roots.append(root)
    return sorted(set(roots)) or [folder]


def _outside(folder: Path, index: Path) -> set[str]:
    """Sources and included files that lie outside the site's folder."""
    try:
        sources = {page.source for page in read_site(folder).pages}
    except UserError:
        sources = set()
    for record in read_pages(index, read_current(index) or ""):
        sources.update(record.partials)
    return {source for source in sources if source.startswith("../")}


def _is_watched(name: str) -> bool:
    return not name.startswith(".") and name not in _NO_SOURCES


def _list_folder(folder: Path) -> frozenset[tuple[str, int, int]]:
    """The site folder's own entries, files with time and size: its config, its versions, its folders."""
    found: set[tuple[str, int, int]] = set()
    try:
        for entry in os.scandir(folder):
            facts = entry.stat(follow_symlinks=False)
            is_file = entry.is_file(follow_symlinks=False)
            found.add((entry.name, facts.st_mtime_ns, facts.st_size) if is_file else (entry.name, 0, 0))
        if (folder / MANIFESTS).is_dir():
            found.add((MANIFESTS.name, 0, 0))
    except OSError:
        # an entry that goes away while it is looked at: the next look tells
        pass
    return frozenset(found)

"""The index on object storage: published there from a folder, and brought from there into one.

What is brought is an index like any other, verified before it is named live: while the storage cannot be reached, the
last good one is still there, over restarts too.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path, PurePosixPath
from typing import Any

from docs_index.bucket import REQUEST_SECONDS, Storage
from docs_index.builds import (
    Ref,
    content_of,
    is_live_name,
    is_preview_name,
    rank_previews,
    read_refs,
    remove_refs,
    write_refs,
)
from docs_index.errors import UserError
from docs_index.generations import FACTS, KEEP, snapshot_folder
from docs_index.snapshot import HeldSnapshot, adopt, hold_snapshot, is_sound, read_current, write_lock

COPIES_AT_ONCE = 8
#: A snapshot whose upload broke off is taken away when it is older than any upload takes.
ABANDONED = timedelta(days=1)


class _GoneError(Exception):
    """A snapshot was taken away while it was brought."""


def pull_index(uri: str, folder: Path, *, again: bool = False, keep: int = KEEP) -> None:
    """Bring the live snapshot into the index in ``folder``, and make it the live one there.

    :param again: also verify what the folder has already. :param keep: see :func:`write_lock`.
    :raises UserError: it cannot be had, or is damaged; what was there before is then still the live one.
    """
    storage = Storage(uri)
    with storage.working():
        name = storage.read_current()
        while name is not None:
            if name == _current(folder) and not (again and not is_sound(folder, name)):
                return
            try:
                _pull(storage, name, folder, keep)
                return
            except _GoneError:
                # a writer may have published another one, and taken this one away, since CURRENT was read
                before, name = name, storage.read_current()
                if name == before:
                    raise UserError(f"The index at {uri} is damaged: snapshot {name} is not whole.") from None
    raise UserError(f"There is no index at {uri}.", f"Run 'docs-chat index --index {uri}' on the site.")


def pull_snapshot(uri: str, folder: Path, name: str, builds: Iterable[str], *, keep: int = KEEP) -> HeldSnapshot:
    """Bring a snapshot that is not live into the index in ``folder``, once, for those who come from these builds.

    :raises UserError: it cannot be had, or is damaged.
    """
    try:
        return hold_snapshot(folder, name)
    except UserError:
        storage = Storage(uri)
        published = f"snapshots/{name}/{FACTS}"
        with storage.working(), write_lock(folder, seconds=REQUEST_SECONDS, keep=keep):
            try:
                adopt(folder, name, _fill(storage, name), storage.read_time(published), live=False)
            except _GoneError:
                raise UserError(f"The index at {uri} has no snapshot {name} any more.") from None
            write_refs(folder, builds, name)
            # before the lock is let go: whoever has it next may clear away what nobody has open
            return hold_snapshot(folder, name)


def pull_refs(uri: str, known: Mapping[str, Ref] | None = None) -> dict[str, Ref]:
    """The builds that are answered from a snapshot of their own. :param known: what was read before.

    :raises UserError: nobody can tell.
    """
    storage = Storage(uri)
    with storage.working():
        return storage.read_refs(known)


def keep_refs(folder: Path, refs: Mapping[str, Ref], *, keep: int = KEEP) -> None:
    """What the index in ``folder`` says of builds is what the storage says, as far as their snapshots are there.

    :raises UserError: it cannot be written.
    """
    here = {build: ref.snapshot for build, ref in refs.items() if snapshot_folder(folder, ref.snapshot).is_dir()}
    said = read_refs(folder)
    if here == said:
        return
    with write_lock(folder, seconds=REQUEST_SECONDS, keep=keep):
        remove_refs(folder, said.keys() - here.keys())
        for build in here.keys() - {build for build in said if said[build] == here.get(build)}:
            write_refs(folder, [build], here[build])


def _pull(storage: Storage, name: str, folder: Path, keep: int) -> None:
    published = storage.read_time("CURRENT")
    with write_lock(folder, seconds=REQUEST_SECONDS, keep=keep):
        adopt(folder, name, _fill(storage, name), published)


def _fill(storage: Storage, name: str) -> Callable[[Path], None]:
    """Brings the files of a snapshot. :raises _GoneError: there is none any more."""

    def download(file: str, draft: Path) -> None:
        storage.download(f"snapshots/{name}/{file}", draft / file)

    def fill(draft: Path) -> None:
        try:
            with storage.working():
                download(FACTS, draft)
                with ThreadPoolExecutor(COPIES_AT_ONCE) as pool:
                    list(pool.map(partial(download, draft=draft), _list_files(draft / FACTS)))
        except UserError as error:
            if isinstance(error.__cause__, FileNotFoundError):
                raise _GoneError from error
            raise

    return fill


def _list_files(facts: Path) -> list[str]:
    """The files of a snapshot; none that would lie outside of it."""
    try:
        data: Any = json.loads(facts.read_bytes())
        names = [str(name) for name in data["files"]]
    except (ValueError, KeyError, TypeError):
        return []
    return [name for name in names if not PurePosixPath(name).is_absolute() and ".." not in PurePosixPath(name).parts]


def has_index(uri: str) -> bool:
    """Whether an index was published there; a damaged one is none. :raises UserError: nobody can tell."""
    storage = Storage(uri)
    with storage.working():
        try:
            return storage.read_current() is not None
        except UserError:
            return False


def push_index(folder: Path, uri: str, *, keep: int = KEEP) -> None:
    """Publish the live snapshot of ``folder``: its files, its description, the builds that it is for, then the one
    line that names it.

    :param keep: how many snapshots stay that are or were live.
    :raises UserError: it cannot be written; what was published before is then still the live one.
    """
    storage = Storage(uri)
    name = read_current(folder)
    if name is None:
        return
    builds = _builds_of(folder, name)
    with storage.working():
        if storage.names(name):
            storage.write_refs((build for build in builds if storage.read_ref(build) != name), name)
            return
        _upload(storage, folder, name)
        storage.write_refs(builds, name)
        storage.write("CURRENT", f"{name}\n".encode())
        _prune(storage, name, keep)


def push_preview(folder: Path, uri: str, name: str, *, keep: int = KEEP) -> str:
    """Publish a snapshot of ``folder`` for those who come from its builds, and leave the live one as it is.

    :param keep: how many previews stay. :return: the name that it has there.
    :raises UserError: it cannot be written.
    """
    storage = Storage(uri)
    builds = _builds_of(folder, name)
    with storage.working():
        said = (storage.read_ref(build) for build in builds)
        same = (other for other in said if other and content_of(other) == content_of(name) and storage.has(other))
        name = next(same, name)
        if not storage.has(name):
            if is_live_name(name):
                # what is there is not what the folder was measured by
                raise UserError(f"The index at {uri} has no snapshot {name}.", "Publish the live index again.", 1)
            _upload(storage, folder, name)
        storage.write_refs(builds, name)
        _prune_previews(storage, keep)
    return name


def _builds_of(folder: Path, snapshot: str) -> list[str]:
    return [build for build, name in sorted(read_refs(folder).items()) if name == snapshot]


def _upload(storage: Storage, folder: Path, name: str) -> None:
    """The files of a snapshot, its description last."""
    source = snapshot_folder(folder, name)

    def upload(path: Path) -> None:
        storage.upload(path, f"snapshots/{name}/{path.relative_to(source).as_posix()}")

    files = [path for path in sorted(source.rglob("*")) if path.is_file() and path.name != FACTS]
    with ThreadPoolExecutor(COPIES_AT_ONCE) as pool:
        list(pool.map(upload, files))
    upload(source / FACTS)


def _prune(storage: Storage, live: str, keep: int) -> None:
    """Keeps the snapshots that were published last, and what another writer may be uploading."""
    refs = storage.read_refs()
    snapshots = storage.list()
    whole = [name for name, files in snapshots.items() if FACTS in files and is_live_name(name) and name != live]
    old = sorted(whole, key=lambda name: snapshots[name][FACTS], reverse=True)[keep - 1 :]
    limit = datetime.now(UTC) - ABANDONED
    old += [
        name for name, files in snapshots.items() if name != live and FACTS not in files and max(files.values()) < limit
    ]
    _delete(storage, old, refs, snapshots)


def _prune_previews(storage: Storage, keep: int) -> None:
    """Keeps the previews that were published last, and those whose builds are about to be written down."""
    # the builds first: the snapshot of what is listed here is listed after it
    refs = storage.read_refs()
    snapshots = storage.list()
    whole = [name for name, files in snapshots.items() if FACTS in files and is_preview_name(name)]
    kept = rank_previews(whole, refs.values())
    limit = datetime.now(UTC) - ABANDONED
    old = [name for name in whole if name not in kept and snapshots[name][FACTS] < limit]
    _delete(storage, [*kept[keep:], *old], refs, snapshots)


def _delete(storage: Storage, old: list[str], refs: Mapping[str, Ref], snapshots: Iterable[str]) -> None:
    """Takes these away, and what names one that is not there."""
    for name in old:
        storage.delete(name)
    left = set(snapshots) - set(old)
    for build, ref in refs.items():
        # it may have been given another one meanwhile
        if ref.snapshot not in left and storage.read_ref(build) == ref.snapshot:
            storage.delete_ref(build)


def _current(folder: Path) -> str | None:
    try:
        return read_current(folder)
    except UserError:
        return None

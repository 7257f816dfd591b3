"""The index on object storage: published there from a folder, and brought from there into one.

What is brought is an index like any other, verified before it is named live: while the storage cannot be reached, the
last good one is still there, over restarts too.
"""

from __future__ import annotations

import json
import os
import re
import shutil
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path, PurePosixPath
from typing import Any
from urllib.parse import urlsplit

from docs_index.errors import UserError
from docs_index.snapshot import FACTS, KEEP, adopt, is_sound, read_current, read_name, snapshot_folder, write_lock
from docs_index.storage import explain

SCHEMES = ("s3",)
CONNECT_SECONDS = 5
REQUEST_SECONDS = 30
ATTEMPTS = 3
COPIES_AT_ONCE = 8
#: A snapshot whose upload broke off is taken away when it is older than any upload takes.
ABANDONED = timedelta(days=1)
_AWS_ERROR = re.compile(r"AWS Error (\w+)")


def is_remote(uri: str) -> bool:
    """:raises UserError: it is an address that cannot be used."""
    scheme, separator, _ = uri.partition("://")
    if separator and scheme not in SCHEMES:
        raise UserError(f"The index {uri} cannot be used.", "Name a folder, or s3://bucket/path.")
    return bool(separator)


class _GoneError(Exception):
    """A snapshot was taken away while it was brought."""


class Storage:
    """The objects under an address. Keys and region come from where AWS' own tools take them; another server that
    speaks S3 is named by ``AWS_ENDPOINT_URL``."""

    def __init__(self, uri: str) -> None:
        from pyarrow.fs import AwsStandardS3RetryStrategy, S3FileSystem

        parts = urlsplit(uri)
        if not parts.netloc:
            raise UserError(f"The index {uri} names no bucket.", "It has the form s3://bucket/path.")
        self.uri = uri
        self.root = f"{parts.netloc}/{parts.path.strip('/')}".rstrip("/")
        self.files = S3FileSystem(
            endpoint_override=os.environ.get("AWS_ENDPOINT_URL_S3") or os.environ.get("AWS_ENDPOINT_URL"),
            connect_timeout=CONNECT_SECONDS,
            request_timeout=REQUEST_SECONDS,
            retry_strategy=AwsStandardS3RetryStrategy(max_attempts=ATTEMPTS),
        )

    @contextmanager
    def working(self) -> Iterator[None]:
        """:raises UserError: for what the storage, or the disk, cannot do."""
        try:
            yield
        except OSError as error:
            found = _AWS_ERROR.search(str(error))
            reason = found[1].lower().replace("_", " ") if found else explain(error)
            raise UserError(
                f"The index at {self.uri} cannot be used: {reason}.",
                "Check the address, AWS_ENDPOINT_URL, and the keys in the environment.",
                1,
            ) from error

    def read(self, name: str) -> bytes:
        """:raises FileNotFoundError: there is no such object."""
        with self.files.open_input_stream(f"{self.root}/{name}") as stream:
            data: bytes = stream.read()
        return data

    def write(self, name: str, data: bytes) -> None:
        with self.files.open_output_stream(f"{self.root}/{name}") as stream:
            stream.write(data)

    def download(self, name: str, to: Path) -> None:
        to.parent.mkdir(parents=True, exist_ok=True)
        with self.files.open_input_stream(f"{self.root}/{name}") as source, to.open("wb") as target:
            shutil.copyfileobj(source, target, 1 << 20)

    def upload(self, source: Path, name: str) -> None:
        with source.open("rb") as stream, self.files.open_output_stream(f"{self.root}/{name}") as target:
            shutil.copyfileobj(stream, target, 1 << 20)

    def read_current(self) -> str | None:
        """:raises UserError: it is damaged."""
        try:
            return read_name(self.read("CURRENT"), self.uri)
        except FileNotFoundError:
            return None

    def names(self, snapshot: str) -> bool:
        """Whether it is the live one. What is damaged names none."""
        try:
            return self.read("CURRENT").strip() == snapshot.encode()
        except FileNotFoundError:
            return False

    def read_time(self, name: str) -> float:
        """When an object was written, in seconds since 1970."""
        return float(self.files.get_file_info(f"{self.root}/{name}").mtime_ns) / 1e9

    def list(self) -> dict[str, dict[str, datetime]]:
        """The snapshots, and when each of their objects was written."""
        from pyarrow.fs import FileSelector, FileType

        base = f"{self.root}/snapshots"
        found: dict[str, dict[str, datetime]] = {}
        for info in self.files.get_file_info(FileSelector(base, recursive=True, allow_not_found=True)):
            if info.type == FileType.File:
                snapshot, _, name = info.path.removeprefix(f"{base}/").partition("/")
                found.setdefault(snapshot, {})[name] = info.mtime
        return found

    def delete(self, snapshot: str) -> None:
        """Its description first: what has none is no snapshot."""
        folder = f"{self.root}/snapshots/{snapshot}"
        with suppress(FileNotFoundError):
            self.files.delete_file(f"{folder}/{FACTS}")
        self.files.delete_dir(folder)


def pull_index(uri: str, folder: Path, *, again: bool = False) -> None:
    """Bring the live snapshot into the index in ``folder``, and make it the live one there.

    :param again: also verify what the folder has already.
    :raises UserError: it cannot be had, or is damaged; what was there before is then still the live one.
    """
    storage = Storage(uri)
    with storage.working():
        name = storage.read_current()
        while name is not None:
            if name == _current(folder) and not (again and not is_sound(folder, name)):
                return
            try:
                _pull(storage, name, folder)
                return
            except _GoneError:
                # a writer may have published another one, and taken this one away, since CURRENT was read
                before, name = name, storage.read_current()
                if name == before:
                    raise UserError(f"The index at {uri} is damaged: snapshot {name} is not whole.") from None
    raise UserError(f"There is no index at {uri}.", f"Run 'docs-chat index --index {uri}' on the site.")


def _pull(storage: Storage, name: str, folder: Path) -> None:
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

    published = storage.read_time("CURRENT")
    with write_lock(folder, seconds=REQUEST_SECONDS):
        adopt(folder, name, fill, published)


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


def push_index(folder: Path, uri: str) -> None:
    """Publish the live snapshot of ``folder``: its files, then its description, then the one line that names it.

    :raises UserError: it cannot be written; what was published before is then still the live one.
    """
    storage = Storage(uri)
    name = read_current(folder)
    if name is None:
        return
    source = snapshot_folder(folder, name)
    files = [path for path in sorted(source.rglob("*")) if path.is_file() and path.name != FACTS]
    with storage.working():
        if storage.names(name):
            return

        def upload(path: Path) -> None:
            storage.upload(path, f"snapshots/{name}/{path.relative_to(source).as_posix()}")

        with ThreadPoolExecutor(COPIES_AT_ONCE) as pool:
            list(pool.map(upload, files))
        upload(source / FACTS)
        storage.write("CURRENT", f"{name}\n".encode())
        _prune(storage, name)


def _prune(storage: Storage, live: str) -> None:
    """Keeps the snapshots that were published last, and what another writer may be uploading."""
    snapshots = storage.list()
    snapshots.pop(live, None)
    whole = [name for name, files in snapshots.items() if FACTS in files]
    old = sorted(whole, key=lambda name: snapshots[name][FACTS], reverse=True)[KEEP - 1 :]
    limit = datetime.now(UTC) - ABANDONED
    old += [name for name, files in snapshots.items() if FACTS not in files and max(files.values()) < limit]
    for name in old:
        storage.delete(name)


def _current(folder: Path) -> str | None:
    try:
        return read_current(folder)
    except UserError:
        return None

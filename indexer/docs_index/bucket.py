"""Objects on storage that speaks S3: what lies under the address of an index."""

from __future__ import annotations

import os
import re
import shutil
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path
from urllib.parse import urlsplit

from docs_index.builds import FOLDER, Ref, is_build, parse_ref
from docs_index.errors import UserError
from docs_index.generations import FACTS
from docs_index.snapshot import read_name
from docs_index.storage import explain

SCHEMES = ("s3",)
CONNECT_SECONDS = 5
REQUEST_SECONDS = 30
ATTEMPTS = 3
#: An object's time is in whole seconds: what was written so recently may have been written again since.
SETTLED_SECONDS = 60
_AWS_ERROR = re.compile(r"AWS Error (\w+)")


def is_remote(uri: str) -> bool:
    """:raises UserError: it is an address that cannot be used."""
    scheme, separator, _ = uri.partition("://")
    if separator and scheme not in SCHEMES:
        raise UserError(f"The index {uri} cannot be used.", "Name a folder, or s3://bucket/path.")
    return bool(separator)


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

    def has(self, snapshot: str) -> bool:
        """Whether it is there, whole."""
        from pyarrow.fs import FileType

        info = self.files.get_file_info(f"{self.root}/snapshots/{snapshot}/{FACTS}")
        return bool(info.type == FileType.File)

    def read_refs(self, known: Mapping[str, Ref] | None = None) -> dict[str, Ref]:
        """The builds that are answered from a snapshot of their own; one list, and what is not known for certain."""
        from pyarrow.fs import FileSelector, FileType

        known = known or {}
        found: dict[str, Ref] = {}
        for info in self.files.get_file_info(FileSelector(f"{self.root}/{FOLDER}", allow_not_found=True)):
            build, written = info.base_name, float(info.mtime_ns or 0) / 1e9
            if info.type != FileType.File or not is_build(build):
                continue
            if build in known and known[build].written == written < time.time() - SETTLED_SECONDS:
                found[build] = known[build]
            elif (snapshot := self.read_ref(build)) is not None:
                found[build] = Ref(snapshot, written)
        return found

    def read_ref(self, build: str) -> str | None:
        try:
            return parse_ref(self.read(f"{FOLDER}/{build}"))
        except FileNotFoundError:
            return None

    def write_refs(self, builds: Iterable[str], snapshot: str) -> None:
        """Each is an object of its own: who publishes other builds at the same time is not in the way."""
        for build in builds:
            self.write(f"{FOLDER}/{build}", f"{snapshot}\n".encode())

    def delete_ref(self, build: str) -> None:
        with suppress(FileNotFoundError):
            self.files.delete_file(f"{self.root}/{FOLDER}/{build}")

    def read_time(self, name: str) -> float:
        """When an object was written, in seconds since 1970."""
        return float(self.files.get_file_info(f"{self.root}/{name}").mtime_ns or 0) / 1e9

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

"""Files that are whole or not there, and what went wrong with one, in a sentence."""

from __future__ import annotations

import hashlib
import json
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from docs_index.errors import UserError

_SEAL = '{"sha256": "'
_SEALED = len(_SEAL) + 64
_OS_ERROR = re.compile(r"\(os error (\d+)\)")


def file_sha256(path: Path) -> str:
    """:raises OSError: when it cannot be read."""
    with path.open("rb") as handle:
        return hashlib.file_digest(handle, "sha256").hexdigest()


def seal(data: dict[str, Any], indent: int | None = None) -> str:
    """``data`` as JSON whose first value is the sha256 of all the text that follows it."""
    rest = '",' + json.dumps(data, indent=indent, ensure_ascii=False)[1:]
    return _SEAL + hashlib.sha256(rest.encode()).hexdigest() + rest


def read_sealed(path: Path) -> dict[str, Any]:
    """What was sealed into a file.

    :raises OSError: when it cannot be read.
    :raises ValueError: when it is not, byte for byte, what was written.
    """
    text = path.read_bytes().decode()
    rest = text[_SEALED:]
    if text[:_SEALED] != _SEAL + hashlib.sha256(rest.encode()).hexdigest():
        raise ValueError("the seal is broken")
    data: dict[str, Any] = json.loads(text)
    del data["sha256"]
    return data


def replace_file(path: Path, text: str) -> None:
    """Writes a file so that readers see the old or the new one, never a part."""
    draft = path.with_name(f".{path.name}.draft")
    with draft.open("w", encoding="utf-8", newline="\n") as handle:
        handle.write(text)
        handle.flush()
        os.fsync(handle.fileno())
    draft.replace(path)
    sync_folder(path.parent)


def sync_file(path: Path) -> None:
    """Makes what was written outlast a power cut."""
    with path.open("rb") as handle:
        os.fsync(handle.fileno())


def sync_tree(folder: Path) -> None:
    """Makes everything in a folder outlast a power cut."""
    for path in folder.rglob("*"):
        if path.is_dir():
            sync_folder(path)
        else:
            sync_file(path)


def sync_folder(folder: Path) -> None:
    """Makes the names in a folder outlast a power cut, where the system lets a folder be opened for it."""
    if os.name == "posix":
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


@contextmanager
def writing(index: Path) -> Iterator[None]:
    """Turns what files and LanceDB raise into one sentence.

    :raises UserError: for every :exc:`OSError`, and the bare exceptions of LanceDB.
    """
    try:
        yield
    except (OSError, RuntimeError, ValueError) as error:
        raise UserError(
            f"Cannot write the index at {index}: {explain(error)}.",
            "Make room, or allow writing there, and run the command again; what was published before stays in use.",
            exit_code=1,
        ) from error


@contextmanager
def reading(index: Path) -> Iterator[None]:
    """As :func:`writing`, for an index that is only read."""
    try:
        yield
    except (OSError, RuntimeError, ValueError) as error:
        raise UserError(
            f"The index at {index} cannot be read: {explain(error)}.",
            "Allow reading there, or run 'docs-chat index --full' on the site.",
            exit_code=1,
        ) from error


def explain(error: Exception) -> str:
    """The reason alone: the system's own words, also where LanceDB has wrapped them into a text of its own."""
    if isinstance(error, OSError) and error.strerror:
        name = f"{error.filename}: " if error.filename else ""
        return f"{name}{error.strerror}"
    found = _OS_ERROR.search(str(error))
    if found:
        return os.strerror(int(found[1]))
    text = " ".join(str(error).split(", /")[0].split())
    return text[:200].rstrip(".") or type(error).__name__

"""Immutable generations of the index on disk, and the one line that names the live one."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from docs_index.errors import UserError
from docs_index.site import Version

SCHEMA = 1
TABLE = "sections"
_PAGES = "pages.json"
_KEEP = 3


@dataclass(frozen=True, slots=True)
class PageRecord:
    """A page as it was indexed, for the next run.

    ``input_hash`` covers its source, metadata and built HTML; ``partials`` maps the files that it includes to their
    sha256: when all are the same, the page need not be read again.
    """

    permalink: str
    input_hash: str
    partials: dict[str, str]
    problems: list[dict[str, Any]]
    text: float | None
    anchors: float | None


@dataclass(frozen=True, slots=True)
class SnapshotInfo:
    """What ``snapshot.json`` says of a generation."""

    id: str
    site_url: str
    base_url: str
    locales: tuple[str, ...]
    default_locale: str
    versions: tuple[Version, ...]
    embedder: str
    dim: int
    pages: int
    sections: int
    parts: int


def snapshot_id(facts: dict[str, Any], hashes: list[str]) -> str:
    """Derived from the content alone: the same docs give the same id, on any machine, in any order."""
    digest = hashlib.sha256(json.dumps(facts, sort_keys=True, ensure_ascii=False).encode())
    for value in sorted(hashes):
        digest.update(value.encode())
    return digest.hexdigest()[:16]


def read_current(index: Path) -> str | None:
    """The id of the live snapshot; None when nothing was published yet."""
    try:
        return (index / "CURRENT").read_text("utf-8").strip() or None
    except OSError:
        return None


def snapshot_folder(index: Path, identifier: str) -> Path:
    return index / "snapshots" / identifier


def open_snapshot(index: Path) -> tuple[Path, SnapshotInfo]:
    """Folder and facts of the live snapshot, its files verified against their checksums.

    :raises UserError: when there is none, or it is damaged or of a newer schema.
    """
    again = "Run 'docs-chat index' on the site."
    identifier = read_current(index)
    if identifier is None:
        raise UserError(f"There is no index at {index}.", again)
    folder = snapshot_folder(index, identifier)
    try:
        data = json.loads((folder / "snapshot.json").read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise UserError(f"The index at {index} is damaged: snapshot {identifier} cannot be read.", again) from error
    if data.get("schema", 0) > SCHEMA:
        raise UserError(
            f"The index at {index} has schema {data['schema']}; this docs-chat reads up to {SCHEMA}.",
            "Upgrade docs-chat, or index the site again with this one.",
        )
    for name, expected in data["files"].items():
        if _sha256(folder / name) != expected:
            raise UserError(
                f"The index at {index} is damaged: {name} of snapshot {identifier} is not what was written.",
                "Run 'docs-chat index --full' on the site.",
            )
    info = data["info"]
    info["locales"] = tuple(info["locales"])
    info["versions"] = tuple(Version(**version) for version in info["versions"])
    return folder, SnapshotInfo(**info)


def read_pages(index: Path, identifier: str) -> list[PageRecord]:
    """The page records of the last run; none when they do not belong to this snapshot."""
    try:
        data = json.loads((index / _PAGES).read_text("utf-8"))
        return [PageRecord(**record) for record in data["pages"]] if data["snapshot"] == identifier else []
    except (OSError, ValueError, KeyError, TypeError):
        return []


@contextmanager
def write_lock(index: Path) -> Iterator[None]:
    """Holds the index for one writer.

    :raises UserError: when another process is indexing, or the folder cannot be written.
    """
    from filelock import FileLock, Timeout

    try:
        index.mkdir(parents=True, exist_ok=True)
        lock = FileLock(index / ".lock", timeout=0)
        with lock:
            yield
    except Timeout as error:
        raise UserError(f"Another docs-chat is indexing into {index}.", "Wait until it is done.", 1) from error
    except OSError as error:
        raise UserError(
            f"Cannot write the index: {error}.", "Is there room, and are you allowed to write there?", 1
        ) from error


def publish(index: Path, info: SnapshotInfo, table: Any, pages: list[PageRecord]) -> None:
    """Writes a whole new generation beside the others, then names it. ``table`` is a pyarrow table of parts."""
    folder = snapshot_folder(index, info.id)
    if not (folder / "snapshot.json").is_file():
        draft = folder.with_name(f".{info.id}.draft")
        shutil.rmtree(draft, ignore_errors=True)
        shutil.rmtree(folder, ignore_errors=True)
        draft.mkdir(parents=True)
        _write_table(draft, table)
        _describe(draft, info)
        draft.rename(folder)
    _replace(index / "CURRENT", f"{info.id}\n")
    records = {"snapshot": info.id, "pages": [asdict(page) for page in pages]}
    _replace(index / _PAGES, json.dumps(records, ensure_ascii=False))
    _prune(index, info.id)


def _write_table(folder: Path, table: Any) -> None:
    import lancedb
    from lancedb.index import FTS

    sections = lancedb.connect(folder).create_table(TABLE, table)
    if table.num_rows:
        sections.create_index("search_text", config=FTS(with_position=False))


def _describe(folder: Path, info: SnapshotInfo) -> None:
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    description = {
        "schema": SCHEMA,
        "id": info.id,
        "counts": {"pages": info.pages, "sections": info.sections, "parts": info.parts},
        "embedder": {"name": info.embedder, "dim": info.dim},
        "site": {"url": info.site_url, "baseUrl": info.base_url, "locales": info.locales},
        "info": asdict(info),
        "files": {path.relative_to(folder).as_posix(): _sha256(path) for path in files},
    }
    (folder / "snapshot.json").write_text(json.dumps(description, indent=1, ensure_ascii=False), "utf-8")
    for path in (*files, folder / "snapshot.json"):
        with path.open("rb") as handle:
            os.fsync(handle.fileno())


def _replace(path: Path, text: str) -> None:
    """Writes a file so that readers see the old or the new one, never a part."""
    draft = path.with_name(f".{path.name}.draft")
    with draft.open("w", encoding="utf-8") as handle:
        handle.write(text)
        handle.flush()
        os.fsync(handle.fileno())
    draft.replace(path)


def _prune(index: Path, live: str) -> None:
    """Keeps the newest generations, and takes away what a killed writer left behind."""
    folder = index / "snapshots"
    done = sorted((path for path in folder.iterdir() if not path.name.startswith(".")), key=lambda p: p.stat().st_mtime)
    spare = [path for path in done if path.name != live]
    for path in (*spare[: max(0, len(spare) - _KEEP + 1)], *folder.glob(".*.draft")):
        shutil.rmtree(path, ignore_errors=True)


def _sha256(path: Path) -> str:
    try:
        with path.open("rb") as handle:
            return hashlib.file_digest(handle, "sha256").hexdigest()
    except OSError:
        return ""

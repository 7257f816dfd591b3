"""Immutable generations of the index on disk, and the one line that names the live one."""

from __future__ import annotations

import hashlib
import json
import os
import secrets
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, replace
from itertools import count
from pathlib import Path
from typing import Any

from docs_index.builds import content_of, is_live_name, is_preview_name, read_refs, write_refs
from docs_index.errors import UserError
from docs_index.generations import FACTS, KEEP, find_orphans, prune, remove_drafts, snapshot_folder, take_away
from docs_index.lance import connect
from docs_index.lease import Lease
from docs_index.site import Version
from docs_index.storage import explain, file_sha256, read_sealed, replace_file, seal, sync_folder, sync_tree, writing

SCHEMA = 3
TABLE = "sections"
#: What keyword search compares for those who see public pages only; absent where everything is public.
PUBLIC_TERMS = "public_terms"
_PAGES = "pages.json"
_AGAIN = "Run 'docs-chat index' on the site."


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

    def to_json(self) -> dict[str, Any]:
        # dataclasses.asdict copies deeply, which costs more than writing the file
        return {name: getattr(self, name) for name in self.__slots__}


@dataclass(frozen=True, slots=True)
class SnapshotInfo:
    """What ``snapshot.json`` says of a generation.

    ``model`` is the fingerprint of the embedder's files, if any; ``calibration`` says from what confidence on a search
    answers, see :class:`docs_index.confidence.Calibration`.
    """

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
    calibration: dict[str, Any]
    model: str = ""


@dataclass(frozen=True, slots=True)
class HeldSnapshot:
    """A generation as it was opened, verified. Its files stay on disk until it is let go."""

    folder: Path
    info: SnapshotInfo
    lease: Lease

    @property
    def published(self) -> float:
        """When it went live, in seconds since 1970."""
        return self.folder.stat().st_mtime


def snapshot_id(facts: dict[str, Any], hashes: list[str]) -> str:
    """Derived from the content alone: the same docs give the same id, on any machine, in any order."""
    digest = hashlib.sha256(json.dumps(facts, sort_keys=True, ensure_ascii=False).encode())
    for value in sorted(hashes):
        digest.update(value.encode())
    return digest.hexdigest()[:16]


def read_current(index: Path) -> str | None:
    """The id of the live snapshot; None when nothing was published yet.

    :raises UserError: when CURRENT cannot be read, or is not what was written.
    """
    try:
        with (index / "CURRENT").open("rb") as handle:
            return read_name(handle.read(100), index)
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError as error:
        raise UserError(f"The index at {index} cannot be read: {explain(error)}.", "Allow reading there.") from error


def read_name(line: bytes, index: Path | str) -> str:
    """What CURRENT names.

    :raises UserError: when it is no snapshot's id.
    """
    name = line[:100].decode("ascii", "replace").strip()
    if not is_live_name(name):
        raise UserError(f"The index at {index} is damaged: CURRENT names no snapshot.", _AGAIN)
    return name


def hold_snapshot(index: Path, name: str) -> HeldSnapshot:
    """A snapshot, its files verified against their checksums, and kept until the lease is let go.

    :raises UserError: when there is none of this name, it is damaged, of a newer schema, or cannot be read.
    """
    folder = snapshot_folder(index, name)
    lease = Lease.take(folder / FACTS)
    try:
        return HeldSnapshot(folder, _verify(index, folder), lease)
    except UserError:
        lease.release()
        raise


def hold_current(index: Path) -> HeldSnapshot:
    """The live snapshot, as :func:`hold_snapshot` gives it.

    :raises UserError: when there is none, it is damaged, of a newer schema, or cannot be read.
    """
    name = read_current(index)
    while name is not None:
        try:
            return hold_snapshot(index, name)
        except UserError:
            # a writer may have replaced this one, and taken it away, since CURRENT was read
            before, name = name, read_current(index)
            if name == before:
                raise
    raise UserError(f"There is no index at {index}.", _AGAIN)


def open_snapshot(index: Path) -> tuple[Path, SnapshotInfo]:
    """Folder and facts of the live snapshot, for a moment's look: see :func:`hold_current`, which keeps it."""
    held = hold_current(index)
    held.lease.release()
    return held.folder, held.info


def read_pages(index: Path, identifier: str) -> list[PageRecord]:
    """The page records of the last run; none when they do not belong to this snapshot."""
    try:
        data = read_sealed(index / _PAGES)
        return [PageRecord(**record) for record in data["pages"]] if data["snapshot"] == identifier else []
    except (OSError, ValueError, KeyError, TypeError):
        return []


@contextmanager
def write_lock(index: Path, seconds: float = 0, keep: int = KEEP) -> Iterator[None]:
    """Holds the index for one writer, and clears away what a killed one left.

    :param seconds: how long to wait for another writer. :param keep: how many generations stay, and how many previews.
    :raises UserError: when another process is indexing, or the folder cannot be written.
    """
    from filelock import FileLock, Timeout

    if index.exists() and not index.is_dir():
        raise UserError(f"{index} is a file; the index is a folder.", "Name another place with --index.")
    lock = FileLock(index / ".lock", timeout=seconds)
    with writing(index):
        index.mkdir(parents=True, exist_ok=True)
        try:
            lock.acquire()
        except Timeout as error:
            raise UserError(f"Another docs-chat is indexing into {index}.", "Wait until it is done.", 1) from error
    try:
        with writing(index):
            remove_drafts(index)
            orphans = find_orphans(index, _read_live(index))
        try:
            yield
        except OSError as error:
            raise UserError(
                f"Indexing stopped: {explain(error)}.", "Mend that and run it again; the old index is in use.", 1
            ) from error
        finally:
            with suppress(OSError):
                remove_drafts(index)
                prune(index, _read_live(index), orphans, keep)
    finally:
        lock.release()


def publish(
    index: Path, info: SnapshotInfo, table: Any, pages: list[PageRecord], builds: Iterable[str] = ()
) -> SnapshotInfo:
    """Writes a whole new generation beside the others, then names it. ``table`` is a pyarrow table of parts.

    :param builds: those that show what is in it. :return: the facts, with the name that it got.
    :raises UserError: when it cannot be written: then the old one is still the live one.
    """
    with writing(index):
        folder = _choose_folder(index, info)
        info = replace(info, id=folder.name)
        if not folder.exists():
            _write_snapshot(folder, info, table)
        # by this, the generations stand in the order in which they went live
        os.utime(folder)
        write_refs(index, builds, info.id)
        replace_file(index / "CURRENT", f"{info.id}\n")
        replace_file(index / _PAGES, seal({"snapshot": info.id, "pages": [page.to_json() for page in pages]}))
    return info


def publish_preview(index: Path, info: SnapshotInfo, table: Any, builds: Iterable[str]) -> SnapshotInfo:
    """Writes a generation for those who come from these builds, and leaves the live one as it is.

    :return: the facts, with the name that it got: what has this content already is not written again.
    :raises UserError: when it cannot be written.
    """
    with writing(index):
        name = _find_content(index, info)
        if name is None:
            # never the name of what may go live: two who publish the same preview at once do not mix their files
            name = f"preview-{info.id}-{secrets.token_hex(4)}"
            _write_snapshot(snapshot_folder(index, name), replace(info, id=name), table)
        write_refs(index, builds, name)
    return replace(info, id=name)


def name_builds(index: Path, builds: Iterable[str], snapshot: str) -> None:
    """Says that these builds too show what a snapshot has, which is there already.

    :raises UserError: when it cannot be written.
    """
    with writing(index):
        known = read_refs(index)
        write_refs(index, (build for build in builds if known.get(build) != snapshot), snapshot)


def adopt(index: Path, name: str, fill: Callable[[Path], None], published: float, *, live: bool = True) -> None:
    """Takes up a snapshot that was made elsewhere, verified; the writer's lock is held.

    :param fill: writes its files into a folder that is not there yet. :param published: seconds since 1970.
    :param live: make it the live one.
    :raises UserError: it is not whole, or one that is open is damaged; what was live before still is.
    """
    folder = snapshot_folder(index, name)
    if folder.exists() and not is_sound(index, name) and not take_away(folder):
        raise UserError(f"The index at {index} is damaged, and somebody has it open.", "Stop what reads it.")
    if not folder.exists():
        draft = folder.with_name(f".{name}.draft")
        fill(draft)
        if _verify(index, draft).id != name:
            raise UserError(f"The index at {index} is damaged: {name} is another snapshot.")
        sync_tree(draft)
        draft.rename(folder)
        sync_folder(folder.parent)
    os.utime(folder, (published, published))
    if live:
        replace_file(index / "CURRENT", f"{name}\n")


def is_sound(index: Path, name: str) -> bool:
    """Whether a snapshot is there, byte for byte."""
    try:
        _verify(index, snapshot_folder(index, name))
    except UserError:
        return False
    return True


def _write_snapshot(folder: Path, info: SnapshotInfo, table: Any) -> None:
    draft = folder.with_name(f".{folder.name}.draft")
    draft.mkdir(parents=True)
    _write_table(draft, table)
    _describe(draft, info)
    draft.rename(folder)
    sync_folder(folder.parent)


def _find_content(index: Path, info: SnapshotInfo) -> str | None:
    """The live snapshot, or one of a preview, with this content."""
    previews = (path.name for path in (index / "snapshots").glob(f"preview-{info.id}-*") if is_preview_name(path.name))
    for name in (_read_live(index), *previews):
        with suppress(UserError):
            if name is None or content_of(name) != info.id:
                continue
            if _verify(index, snapshot_folder(index, name)) == replace(info, id=name):
                return name
    return None


def _choose_folder(index: Path, info: SnapshotInfo) -> Path:
    """Where the generation is or goes: a damaged one under its name gives way, unless a reader has it open."""
    for number in count(1):
        name = info.id if number == 1 else f"{info.id}-{number}"
        folder = snapshot_folder(index, name)
        if not folder.exists():
            return folder
        try:
            if _verify(index, folder) == replace(info, id=name):
                return folder
        except UserError:
            pass
        if take_away(folder):
            return folder
    raise AssertionError("count() ends")


def _verify(index: Path, folder: Path) -> SnapshotInfo:
    """What a generation says of itself, once every file is what was written.

    :raises UserError: when one is not.
    """
    damaged = f"The index at {index} is damaged: "
    try:
        data = json.loads((folder / FACTS).read_bytes())
        if isinstance(data, dict) and isinstance(data.get("schema"), int) and data["schema"] > SCHEMA:
            raise UserError(
                f"The index at {index} has schema {data['schema']}; this docs-chat reads up to {SCHEMA}.",
                "Upgrade docs-chat, or index the site again with this one.",
            )
        data = read_sealed(folder / FACTS)
        if data["schema"] < SCHEMA:
            raise UserError(f"The index at {index} was made by an older docs-chat.", _AGAIN)
        wrong = next((name for name, sha in data["files"].items() if file_sha256(folder / name) != sha), None)
        facts = data["info"]
        info = SnapshotInfo(
            **facts
            | {"locales": tuple(facts["locales"]), "versions": tuple(Version(**entry) for entry in facts["versions"])}
        )
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise UserError(f"{damaged}snapshot {folder.name} cannot be read.", _AGAIN) from error
    except FileNotFoundError as error:
        raise UserError(f"{damaged}{explain(error)}.", _AGAIN) from error
    except OSError as error:
        raise UserError(f"The index at {index} cannot be read: {explain(error)}.", "Allow reading there.") from error
    if wrong:
        raise UserError(f"{damaged}{wrong} of snapshot {folder.name} is not what was written.", _AGAIN)
    return info


def _write_table(folder: Path, table: Any) -> None:
    sections = connect(folder).create_table(TABLE, table)
    if table.num_rows:
        from lancedb.index import FTS, Bitmap

        # the column holds terms, not text: they are taken as they are
        as_is = FTS(
            base_tokenizer="whitespace",
            max_token_length=None,
            lower_case=False,
            stem=False,
            remove_stop_words=False,
            ascii_folding=False,
        )
        for column in ("search_terms", PUBLIC_TERMS):
            if column in table.column_names:
                sections.create_index(column, config=as_is)
        for column in ("locale", "scope", "visibility"):
            sections.create_index(column, config=Bitmap())


def _describe(folder: Path, info: SnapshotInfo) -> None:
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    description = {
        "schema": SCHEMA,
        "id": info.id,
        "counts": {"pages": info.pages, "sections": info.sections, "parts": info.parts},
        "embedder": {"name": info.embedder, "dim": info.dim},
        "site": {"url": info.site_url, "baseUrl": info.base_url, "locales": info.locales},
        "info": asdict(info),
        "files": {path.relative_to(folder).as_posix(): file_sha256(path) for path in files},
    }
    sync_tree(folder)
    replace_file(folder / FACTS, seal(description, indent=1))


def _read_live(index: Path) -> str | None:
    try:
        return read_current(index)
    except UserError:
        return None

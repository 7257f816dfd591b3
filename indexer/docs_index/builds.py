"""Which snapshot has what a build of the site shows: a file for each build, whose one line names the snapshot."""

from __future__ import annotations

import re
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from docs_index.storage import replace_file

FOLDER = "builds"
_BUILD = re.compile(r"[0-9a-f]{16}")
_LIVE = re.compile(r"[0-9a-f]{16}(-[0-9]+)?")
_PREVIEW = re.compile(r"preview-[0-9a-f]{16}-[0-9a-f]{8}")
_CONTENT = re.compile(r"[0-9a-f]{16}")
_LONGEST = 100


@dataclass(frozen=True, slots=True)
class Ref:
    """The snapshot that a build is answered from, and when that was said, in seconds since 1970."""

    snapshot: str
    written: float


def is_build(text: str) -> bool:
    """Whether it may be the id of a build, as the plugin writes it."""
    return _BUILD.fullmatch(text) is not None


def is_live_name(name: str) -> bool:
    """Whether it may be a snapshot that is or was live."""
    return _LIVE.fullmatch(name) is not None


def is_preview_name(name: str) -> bool:
    """Whether it may be a snapshot of a preview: it was never live, and never will be under this name."""
    return _PREVIEW.fullmatch(name) is not None


def content_of(name: str) -> str:
    """The id that the content of a snapshot gives, which its name may have more beside."""
    found = _CONTENT.search(name)
    return found[0] if found else name


def parse_ref(line: bytes) -> str | None:
    """The snapshot that a line names; None when it names none."""
    name = line[:_LONGEST].decode("ascii", "replace").strip()
    return name if is_live_name(name) or is_preview_name(name) else None


def list_refs(index: Path) -> dict[str, Ref]:
    """The builds of an index; what cannot be read is none."""
    found: dict[str, Ref] = {}
    try:
        paths = [path for path in (index / FOLDER).iterdir() if is_build(path.name)]
    except OSError:
        return found
    for path in paths:
        with suppress(OSError), path.open("rb") as handle:
            name = parse_ref(handle.read(_LONGEST))
            if name:
                found[path.name] = Ref(name, path.stat().st_mtime)
    return found


def read_refs(index: Path) -> dict[str, str]:
    """The snapshot of each build."""
    return {build: ref.snapshot for build, ref in list_refs(index).items()}


def write_refs(index: Path, builds: Iterable[str], snapshot: str) -> None:
    """Says that these builds are answered from a snapshot, which is there; the writer's lock is held.

    :raises OSError: it cannot be written.
    """
    for build in sorted(set(builds)):
        (index / FOLDER).mkdir(exist_ok=True)
        replace_file(index / FOLDER / build, f"{snapshot}\n")


def remove_refs(index: Path, builds: Iterable[str]) -> None:
    for build in builds:
        (index / FOLDER / build).unlink(missing_ok=True)


def rank_previews(names: Iterable[str], refs: Iterable[Ref]) -> list[str]:
    """The previews that some build is answered from, the one that was published last first."""
    times: dict[str, float] = {}
    for ref in refs:
        times[ref.snapshot] = max(times.get(ref.snapshot, 0.0), ref.written)
    return sorted((name for name in names if name in times), key=lambda name: times[name], reverse=True)

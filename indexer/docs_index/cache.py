"""Vectors that were made before, so that text which did not change is never embedded again."""

from __future__ import annotations

import hashlib
import logging
import shutil
import zlib
from collections.abc import Iterator
from datetime import timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np

from docs_index.embedders.base import Embedder, Progress, Vectors
from docs_index.lance import connect
from docs_index.storage import explain, writing

logger = logging.getLogger(__name__)

_TABLE = "embeddings"
#: Vectors that are written at once: what a killed run loses at most.
_CHUNK = 512
#: More pieces than this slow every run down, and are made one.
_MAX_FRAGMENTS = 64
#: The cache may hold this many times what the docs need, for other branches and embedders, before that is dropped.
_MAX_SURPLUS = 4
_SMALL = 10_000
#: Only the writer works on the table, and its lock is held; zero would be warned of.
_AT_ONCE = timedelta(milliseconds=1)


def text_key(embedder: Embedder, text: str) -> str:
    """The cache key of a text: sha256 over embedder and text."""
    return hashlib.sha256(f"{_full_name(embedder)}\0{text}".encode()).hexdigest()


class VectorCache:
    """The table ``embeddings.lance`` beside the snapshots.

    Each row bears a checksum, since LanceDB does not notice a flipped bit: damaged rows do not count, and a table that
    cannot be read at all is made anew. Vectors stay on disk until they are asked for.
    """

    def __init__(self, index: Path, embedder: Embedder) -> None:
        self.embedder = embedder
        self._index = index
        self._name = _full_name(embedder)
        self._damaged = self._unreadable = False
        self._known: set[str] = set()
        for keys, _ in self._read():
            self._known.update(keys)
        if self._damaged or self._unreadable:
            what = "cannot be read" if self._unreadable else "has damaged rows"
            logger.warning("The embeddings cache in %s %s; those vectors are made anew.", index, what)

    def missing(self, texts: list[str]) -> list[str]:
        """The distinct texts that have no vector yet, in order."""
        return [text for text in dict.fromkeys(texts) if text_key(self.embedder, text) not in self._known]

    def embed(self, texts: list[str], progress: Progress | None = None) -> Vectors:
        """Vectors of ``texts``; new ones are kept as they are made, so that a stopped run goes on.

        :raises UserError: when they cannot be made, or not be written.
        """
        keys = [text_key(self.embedder, text) for text in texts]
        first: dict[str, int] = {}
        for row, key in enumerate(keys):
            first.setdefault(key, row)
        vectors = np.zeros((len(texts), self.embedder.dim), np.float32)
        new = dict(first)
        for found, block in self._read():
            known = [(here, new.pop(key)) for here, key in enumerate(found) if key in new]
            if known:
                here, there = zip(*known, strict=True)
                vectors[list(there)] = block[list(here)]
        if new:
            self._embed_new(texts, list(new.items()), vectors, progress)
        if new or self._damaged:
            self._tidy(list(first.items()), vectors)
        repeated = [row for row, key in enumerate(keys) if first[key] != row]
        vectors[repeated] = vectors[[first[keys[row]] for row in repeated]]
        return vectors

    def _embed_new(
        self, texts: list[str], new: list[tuple[str, int]], vectors: Vectors, progress: Progress | None
    ) -> None:
        """Fills the rows of ``vectors`` that ``new`` names with their keys; what was made before a failure is kept."""
        unsaved: list[tuple[str, int]] = []
        done = 0
        try:
            for positions, block in self.embedder.embed_batches([texts[row] for _, row in new]):
                made = [new[position] for position in positions]
                vectors[[row for _, row in made]] = block
                unsaved += made
                done += len(made)
                if progress:
                    progress(done)
                if len(unsaved) >= _CHUNK:
                    saving, unsaved = unsaved, []
                    self._store(saving, vectors)
        finally:
            if unsaved:
                self._store(unsaved, vectors)

    def _store(self, new: list[tuple[str, int]], vectors: Vectors) -> None:
        """One commit: after a kill all of these are there, or none."""
        with writing(self._index):
            if self._unreadable:
                shutil.rmtree(self._index / f"{_TABLE}.lance", ignore_errors=True)
                self._unreadable = False
            table = connect(self._index).create_table(_TABLE, schema=_schema(), exist_ok=True)
            table.add(self._to_arrow(new, vectors))
        self._known.update(key for key, _ in new)

    def _to_arrow(self, rows: list[tuple[str, int]], vectors: Vectors) -> Any:
        import pyarrow as pa

        keys = [key for key, _ in rows]
        block = vectors[[row for _, row in rows]]
        offsets = np.arange(len(rows) + 1, dtype=np.int32) * self.embedder.dim
        columns = [
            pa.array(keys),
            pa.array([self._name] * len(keys)),
            pa.ListArray.from_arrays(pa.array(offsets), pa.array(block.reshape(-1))),
            pa.array([_checksum(key, vector) for key, vector in zip(keys, block, strict=True)], pa.int64()),
        ]
        return pa.table(columns, schema=_schema())

    def _read(self) -> Iterator[tuple[list[str], Vectors]]:
        """Keys and vectors of this embedder, some at a time; sets ``_damaged`` or ``_unreadable``."""
        import pyarrow as pa

        table = self._open()
        if table is None:
            return
        try:
            name = self._name.replace("'", "''")
            for batch in table.search().where(f"embedder = '{name}'").to_batches():
                sound = _find_sound(batch, self.embedder.dim)
                self._damaged |= not all(sound)
                keys = [key for key, good in zip(batch["key"].to_pylist(), sound, strict=True) if good]
                if keys:
                    flat = batch.filter(pa.array(sound))["vector"].flatten().to_numpy()
                    yield keys, flat.reshape(len(keys), self.embedder.dim)
        except (OSError, RuntimeError, ValueError, KeyError) as error:
            logger.debug("embeddings cache: %s", explain(error))
            self._unreadable = True

    def _open(self) -> Any:
        """The table; None when there is none, or nothing to be read from it."""
        if self._unreadable or not (self._index / f"{_TABLE}.lance").is_dir():
            return None
        try:
            return connect(self._index).open_table(_TABLE)
        except (OSError, RuntimeError, ValueError):
            self._unreadable = True
            return None

    def _tidy(self, needed: list[tuple[str, int]], vectors: Vectors) -> None:
        """Keeps only what the docs need when there is much else, or damage; makes many small pieces one."""
        with writing(self._index):
            table = self._open()
            stats = table.stats()
            if self._damaged or stats["num_rows"] > max(_SMALL, _MAX_SURPLUS * len(needed)):
                rows = self._to_arrow(needed, vectors)
                table = connect(self._index).create_table(_TABLE, rows, _schema(), mode="overwrite")
            elif stats["fragment_stats"]["num_fragments"] <= _MAX_FRAGMENTS:
                return
            table.optimize(cleanup_older_than=_AT_ONCE, delete_unverified=True)
        self._damaged = False


def _schema() -> Any:
    import pyarrow as pa

    text, vector = pa.string(), pa.list_(pa.float32())
    return pa.schema([("key", text), ("embedder", text), ("vector", vector), ("checksum", pa.int64())])


def _full_name(embedder: Embedder) -> str:
    return f"{embedder.name}#{embedder.fingerprint}" if embedder.fingerprint else embedder.name


def _checksum(key: str, vector: Vectors) -> int:
    return zlib.crc32(vector, zlib.crc32(key.encode()))  # type: ignore[arg-type]


def _find_sound(batch: Any, dim: int) -> list[bool]:
    """Which rows are what was written: ``dim`` numbers, and a checksum that agrees."""
    column = batch["vector"]
    flat, ends = column.values.to_numpy(), column.offsets.to_pylist()
    rows = zip(batch["key"].to_pylist(), pairwise(ends), batch["checksum"].to_pylist(), strict=True)
    return [end - start == dim and _checksum(key, flat[start:end]) == checksum for key, (start, end), checksum in rows]

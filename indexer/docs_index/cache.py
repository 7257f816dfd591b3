"""Vectors that were made before, so that text which did not change is never embedded again."""

from __future__ import annotations

import hashlib
import logging
import shutil
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
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


@dataclass(frozen=True, slots=True)
class Embedded:
    """What the embedder makes of texts: unit vectors, ``[texts, dim]``, and their packed tokens, if it has any."""

    vectors: Vectors
    tokens: list[bytes]

    @classmethod
    def empty(cls, count: int, dim: int) -> Embedded:
        return cls(np.zeros((count, dim), np.float32), [b""] * count)

    def fill(self, rows: Sequence[int], vectors: Vectors, tokens: Sequence[bytes]) -> None:
        """Sets some rows; no tokens leave them empty."""
        self.vectors[list(rows)] = vectors
        for row, packed in zip(rows, tokens, strict=bool(tokens)):
            self.tokens[row] = packed


class VectorCache:
    """The table ``embeddings.lance`` beside the snapshots.

    Each row bears a checksum, since LanceDB does not notice a flipped bit: damaged rows do not count, and a table that
    cannot be read at all is made anew. Vectors and tokens stay on disk until they are asked for.
    """

    def __init__(self, index: Path, embedder: Embedder) -> None:
        self.embedder = embedder
        self._index = index
        self._name = _full_name(embedder)
        self._damaged = self._unreadable = False
        self._known: set[str] = set()
        for keys, _, _ in self._read():
            self._known.update(keys)
        if self._damaged or self._unreadable:
            what = "cannot be read" if self._unreadable else "has damaged rows"
            logger.warning("The embeddings cache in %s %s; those vectors are made anew.", index, what)

    def missing(self, texts: list[str]) -> list[str]:
        """The distinct texts that have no vector yet, in order."""
        return [text for text in dict.fromkeys(texts) if text_key(self.embedder, text) not in self._known]

    def embed(self, texts: list[str], progress: Progress | None = None) -> Embedded:
        """What the embedder makes of ``texts``; new ones are kept as they are made, so that a stopped run goes on.

        :raises UserError: when they cannot be made, or not be written.
        """
        keys = [text_key(self.embedder, text) for text in texts]
        first: dict[str, int] = {}
        for row, key in enumerate(keys):
            first.setdefault(key, row)
        made = Embedded.empty(len(texts), self.embedder.dim)
        new = dict(first)
        for found, block, tokens in self._read():
            known = [(here, new.pop(key)) for here, key in enumerate(found) if key in new]
            if known:
                here, there = zip(*known, strict=True)
                made.fill(there, block[list(here)], [tokens[row] for row in here])
        if new:
            self._embed_new(texts, list(new.items()), made, progress)
        if new or self._damaged:
            self._tidy(list(first.items()), made)
        repeated = [row for row, key in enumerate(keys) if first[key] != row]
        originals = [first[keys[row]] for row in repeated]
        made.fill(repeated, made.vectors[originals], [made.tokens[row] for row in originals])
        return made

    def _embed_new(
        self, texts: list[str], new: list[tuple[str, int]], made: Embedded, progress: Progress | None
    ) -> None:
        """Fills the rows of ``made`` that ``new`` names with their keys; what was made before a failure is kept."""
        unsaved: list[tuple[str, int]] = []
        done = 0
        try:
            for batch in self.embedder.embed_batches([texts[row] for _, row in new]):
                these = [new[position] for position in batch.positions]
                made.fill([row for _, row in these], batch.vectors, batch.tokens)
                unsaved += these
                done += len(these)
                if progress:
                    progress(done)
                if len(unsaved) >= _CHUNK:
                    saving, unsaved = unsaved, []
                    self._store(saving, made)
        finally:
            if unsaved:
                self._store(unsaved, made)

    def _store(self, new: list[tuple[str, int]], made: Embedded) -> None:
        """One commit: after a kill all of these are there, or none."""
        with writing(self._index):
            if self._unreadable:
                shutil.rmtree(self._index / f"{_TABLE}.lance", ignore_errors=True)
                self._unreadable = False
            table = connect(self._index).create_table(_TABLE, schema=_schema(), exist_ok=True)
            table.add(self._to_arrow(new, made))
        self._known.update(key for key, _ in new)

    def _to_arrow(self, rows: list[tuple[str, int]], made: Embedded) -> Any:
        import pyarrow as pa

        keys = [key for key, _ in rows]
        block = made.vectors[[row for _, row in rows]]
        tokens = [made.tokens[row] for _, row in rows]
        offsets = np.arange(len(rows) + 1, dtype=np.int32) * self.embedder.dim
        columns = [
            pa.array(keys),
            pa.array([self._name] * len(keys)),
            pa.ListArray.from_arrays(pa.array(offsets), pa.array(block.reshape(-1))),
            pa.array(tokens, pa.binary()),
            pa.array(map(_checksum, keys, block, tokens), pa.int64()),
        ]
        return pa.table(columns, schema=_schema())

    def _read(self) -> Iterator[tuple[list[str], Vectors, list[bytes]]]:
        """Keys, vectors and tokens of this embedder, some at a time; sets ``_damaged`` or ``_unreadable``."""
        import pyarrow as pa

        table = self._open()
        if table is None:
            return
        try:
            name = self._name.replace("'", "''")
            for batch in table.search().where(f"embedder = '{name}'").to_batches():
                sound = _find_sound(batch, self.embedder.dim)
                self._damaged |= not all(sound)
                batch = batch.filter(pa.array(sound))
                if batch.num_rows:
                    vectors = batch["vector"].flatten().to_numpy().reshape(batch.num_rows, self.embedder.dim)
                    yield batch["key"].to_pylist(), vectors, batch["tokens"].to_pylist()
        except (OSError, RuntimeError, ValueError, KeyError) as error:
            logger.debug("embeddings cache: %s", explain(error))
            self._unreadable = True

    def _open(self) -> Any:
        """The table; None when there is none, or nothing to be read from it."""
        if self._unreadable or not (self._index / f"{_TABLE}.lance").is_dir():
            return None
        try:
            table = connect(self._index).open_table(_TABLE)
            # an older docs-chat kept less
            self._unreadable = not table.schema.equals(_schema())
        except (OSError, RuntimeError, ValueError):
            self._unreadable = True
        return None if self._unreadable else table

    def _tidy(self, needed: list[tuple[str, int]], made: Embedded) -> None:
        """Keeps only what the docs need when there is much else, or damage; makes many small pieces one."""
        with writing(self._index):
            table = self._open()
            stats = table.stats()
            if self._damaged or stats["num_rows"] > max(_SMALL, _MAX_SURPLUS * len(needed)):
                rows = self._to_arrow(needed, made)
                table = connect(self._index).create_table(_TABLE, rows, _schema(), mode="overwrite")
            elif stats["fragment_stats"]["num_fragments"] <= _MAX_FRAGMENTS:
                return
            table.optimize(cleanup_older_than=_AT_ONCE, delete_unverified=True)
        self._damaged = False


def _schema() -> Any:
    import pyarrow as pa

    text, vector = pa.string(), pa.list_(pa.float32())
    return pa.schema(
        [("key", text), ("embedder", text), ("vector", vector), ("tokens", pa.binary()), ("checksum", pa.int64())]
    )


def _full_name(embedder: Embedder) -> str:
    return f"{embedder.name}#{embedder.fingerprint}" if embedder.fingerprint else embedder.name


def _checksum(key: str, vector: Vectors, tokens: bytes) -> int:
    return zlib.crc32(tokens, zlib.crc32(vector, zlib.crc32(key.encode())))  # type: ignore[arg-type]


def _find_sound(batch: Any, dim: int) -> list[bool]:
    """Which rows are what was written: ``dim`` numbers, and a checksum that agrees."""
    column = batch["vector"]
    flat, ends = column.values.to_numpy(), column.offsets.to_pylist()
    keys, tokens, checksums = (batch[name].to_pylist() for name in ("key", "tokens", "checksum"))
    rows = zip(keys, pairwise(ends), tokens, checksums, strict=True)
    return [
        end - start == dim and _checksum(key, flat[start:end], packed) == checksum
        for key, (start, end), packed, checksum in rows
    ]

"""Vectors that were made before, so that text which did not change is never embedded again."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

import numpy as np

from docs_index.embedders.base import Embedder, Progress, Vectors
from docs_index.rows import read_vectors

_TABLE = "embeddings"
_CHUNK = 512


def text_key(embedder: str, text: str) -> str:
    """The cache key of a text: sha256 over embedder and text."""
    return hashlib.sha256(f"{embedder}\0{text}".encode()).hexdigest()


class VectorCache:
    """The table ``embeddings.lance`` beside the snapshots."""

    def __init__(self, index: Path, embedder: Embedder) -> None:
        self.embedder = embedder
        self._index = index
        self._table: Any = None
        self._known: dict[str, Vectors] = {}
        if (index / f"{_TABLE}.lance").is_dir():
            self._load()

    def _load(self) -> None:
        import lancedb

        self._table = lancedb.connect(self._index).open_table(_TABLE)
        query = self._table.search().where(f"embedder = '{_quote(self.embedder.name)}'").select(["key", "vector"])
        rows = query.to_arrow()
        if len(rows):
            self._known = dict(zip(rows["key"].to_pylist(), read_vectors(rows), strict=True))

    def missing(self, texts: list[str]) -> list[str]:
        """The distinct texts that have no vector yet, in order."""
        return [text for text in dict.fromkeys(texts) if text_key(self.embedder.name, text) not in self._known]

    def embed(self, texts: list[str], progress: Progress | None = None) -> Vectors:
        """Vectors of ``texts``; new ones are made in chunks and kept as they come, so that a stopped run goes on."""
        new = self.missing(texts)
        for start in range(0, len(new), _CHUNK):
            chunk = new[start : start + _CHUNK]
            vectors = self.embedder.embed(chunk, _shift(progress, start))
            self._store(chunk, vectors)
        rows = [self._known[text_key(self.embedder.name, text)] for text in texts]
        return np.stack(rows) if rows else np.zeros((0, self.embedder.dim), np.float32)

    def _store(self, texts: list[str], vectors: Vectors) -> None:
        import lancedb
        import pyarrow as pa

        keys = [text_key(self.embedder.name, text) for text in texts]
        rows = pa.table(
            {
                "key": keys,
                "embedder": [self.embedder.name] * len(keys),
                "vector": pa.array(list(vectors), pa.list_(pa.float32())),
            }
        )
        if self._table is None:
            self._table = lancedb.connect(self._index).create_table(_TABLE, rows)
        else:
            self._table.add(rows)
        self._known.update(zip(keys, vectors, strict=True))


def _shift(progress: Progress | None, start: int) -> Progress | None:
    """The progress of one chunk, told as progress of the whole."""
    return (lambda done: progress(start + done)) if progress else None


def _quote(text: str) -> str:
    return text.replace("'", "''")

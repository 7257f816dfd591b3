"""What the last run left: the pages that need not be read again."""

from __future__ import annotations

from functools import cached_property
from pathlib import Path
from typing import Any

from docs_index.errors import UserError
from docs_index.snapshot import TABLE, PageRecord, SnapshotInfo, open_snapshot, read_pages


class Previous:
    """The live snapshot with the page records that belong to it; empty when there is nothing that can be used."""

    def __init__(self, folder: Path | None, info: SnapshotInfo | None, pages: list[PageRecord]) -> None:
        self._folder = folder
        self.info = info
        self.records = {page.permalink: page for page in pages}

    @classmethod
    def load(cls, index: Path, *, full: bool = False) -> Previous:
        """:param full: read everything anew: nothing of the last run is used."""
        try:
            folder, info = open_snapshot(index)
        except UserError:
            return cls(None, None, [])
        return cls(folder, info, [] if full else read_pages(index, info.id))

    def rows(self, permalink: str) -> list[dict[str, Any]]:
        """The page's rows without their vectors, which the cache holds."""
        return self._rows.get(permalink, [])

    @cached_property
    def _rows(self) -> dict[str, list[dict[str, Any]]]:
        import lancedb

        if self._folder is None:
            return {}
        table = lancedb.connect(self._folder).open_table(TABLE).to_arrow()
        rows: dict[str, list[dict[str, Any]]] = {}
        for row in table.select([name for name in table.column_names if name != "vector"]).to_pylist():
            rows.setdefault(row["permalink"], []).append(row)
        return rows

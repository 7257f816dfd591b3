"""What the last run left: the pages that need not be read again."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from docs_index.errors import UserError
from docs_index.lance import connect
from docs_index.rows import EMBEDDED
from docs_index.snapshot import PUBLIC_TERMS, TABLE, PageRecord, SnapshotInfo, open_snapshot, read_pages


class Previous:
    """The live snapshot with the page records that belong to it; empty when there is nothing that can be used."""

    def __init__(self, folder: Path | None, info: SnapshotInfo | None, pages: list[PageRecord]) -> None:
        self._folder = folder
        self.info = info
        self.records = {page.permalink: page for page in pages}

    @classmethod
    def load(cls, index: Path) -> Previous:
        """What CURRENT names; empty when there is no index, or none that can be read."""
        try:
            folder, info = open_snapshot(index)
        except UserError:
            return cls(None, None, [])
        return cls(folder, info, read_pages(index, info.id))

    def table(self, permalinks: list[str]) -> Any:
        """The rows of these pages without what is embedded, which the cache holds; None when there are none."""
        import pyarrow as pa
        import pyarrow.compute as pc

        if self._folder is None or not permalinks:
            return None
        table = connect(self._folder).open_table(TABLE).to_arrow()
        table = table.select([name for name in table.column_names if name not in (*EMBEDDED, PUBLIC_TERMS)])
        return table.filter(pc.is_in(table["permalink"], value_set=pa.array(permalinks)))

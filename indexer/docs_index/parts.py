"""The rows of a snapshot as results."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from docs_index.lance import connect
from docs_index.result import Result
from docs_index.snapshot import TABLE, open_snapshot

#: The columns that a :class:`Result` is made from.
PART_COLUMNS = (
    "id",
    "permalink",
    "anchor",
    "url",
    "title",
    "headings",
    "text",
    "kind",
    "version",
    "version_label",
    "locale",
    "source",
    "part",
    "content_hash",
    "visibility",
)


def make_part(row: dict[str, Any]) -> Result:
    """A result without a score, from one row of the table."""
    return Result(**{name: row[name] for name in PART_COLUMNS if name != "headings"}, headings=tuple(row["headings"]))


def read_parts(index: Path) -> Iterator[Result]:
    """Every part of the live snapshot, in the order of the docs, without loading a model.

    :raises UserError: when there is no index, or it is damaged.
    """
    folder, _ = open_snapshot(index)
    table = connect(folder).open_table(TABLE).to_arrow().select(list(PART_COLUMNS))
    for row in table.to_pylist():
        yield make_part(row)

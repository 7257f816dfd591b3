"""The table of a snapshot: one row a part of a section."""

from __future__ import annotations

import hashlib
import json
from typing import Any
from urllib.parse import quote

import numpy as np

from docs_index.embedders.base import Vectors
from docs_index.sections import Section
from docs_index.site import Page

Row = dict[str, Any]
_TYPES = {"headings": "list", "is_latest": "bool", "empty": "bool", "part": "int", "position": "int"}


def make_rows(site_url: str, page: Page, sections: list[Section]) -> list[Row]:
    """A page's rows, in the order of the page.

    ``search_text``, breadcrumb and text together, is what is searched and embedded. ``row_hash`` covers the whole row.
    """
    rows: list[Row] = []
    address = quote(page.permalink, safe="/%:@!$&'()*+,;=~-._")
    for section in sections:
        crumb = " > ".join(section.headings)
        url = f"{site_url}{address}" + (f"#{quote(section.anchor, safe='')}" if section.anchor else "")
        for number, text in enumerate(section.parts):
            search_text = f"{crumb}\n{text}"
            row: Row = {
                "id": f"{page.permalink}#{section.anchor}/{number}",
                "permalink": page.permalink,
                "anchor": section.anchor,
                "url": url,
                "title": page.title,
                "headings": list(section.headings),
                "text": text,
                "search_text": search_text,
                "kind": page.kind,
                "version": page.version,
                "version_label": page.version_label,
                "is_latest": page.is_latest,
                "locale": page.locale,
                "scope": f"{page.plugin}@{page.version}",
                "source": page.source,
                "part": number,
                "empty": section.empty,
                "content_hash": hashlib.sha256(search_text.encode()).hexdigest()[:32],
                "position": len(rows),
            }
            whole = json.dumps(row, sort_keys=True, ensure_ascii=False)
            rows.append(row | {"row_hash": hashlib.sha256(whole.encode()).hexdigest()[:32]})
    return rows


def to_table(rows: list[Row]) -> Any:
    """A pyarrow table of the rows; None when there are none."""
    import pyarrow as pa

    if not rows:
        return None
    types = {"list": pa.list_(pa.string()), "bool": pa.bool_(), "int": pa.int32(), "": pa.string()}
    schema = pa.schema([(name, types[_TYPES.get(name, "")]) for name in rows[0]])
    return pa.Table.from_pylist(rows, schema=schema)


def join_tables(tables: list[Any]) -> Any:
    """One table of all, pages by address and each page's rows in its own order."""
    import pyarrow as pa

    return pa.concat_tables([table for table in tables if table is not None]).sort_by(
        [("permalink", "ascending"), ("position", "ascending")]
    )


def read_vectors(table: Any) -> Vectors:
    """The ``vector`` column as a matrix, ``[rows, dim]``."""
    flat = table["vector"].combine_chunks().flatten().to_numpy(zero_copy_only=False)
    return np.ascontiguousarray(flat.reshape(len(table), -1), np.float32)


def add_vectors(table: Any, vectors: Vectors | None) -> Any:
    """The table with a ``vector`` column, when there are vectors."""
    import pyarrow as pa

    if vectors is None:
        return table
    flat = pa.array(vectors.reshape(-1), pa.float32())
    return table.append_column("vector", pa.FixedSizeListArray.from_arrays(flat, vectors.shape[1]))

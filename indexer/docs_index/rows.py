"""The table of a snapshot: one row a part of a section."""

from __future__ import annotations

import hashlib
import json
from typing import Any
from urllib.parse import quote

from docs_index.cache import Embedded
from docs_index.plain import drop_heading, to_plain
from docs_index.sections import Section
from docs_index.site import PUBLIC, Page
from docs_index.snapshot import PUBLIC_TERMS
from docs_index.terms import index_terms

Row = dict[str, Any]
#: The columns that come from the embedder.
EMBEDDED = ("vector", "tokens")
_TYPES = {"headings": "list", "is_latest": "bool", "empty": "bool", "part": "int", "position": "int"}


def make_rows(site_url: str, page: Page, sections: list[Section]) -> list[Row]:
    """A page's rows, in the order of the page.

    ``search_text``, breadcrumb and plain text together, is what is embedded, and ``search_terms`` what keyword search
    compares. ``row_hash`` covers the whole row.
    """
    rows: list[Row] = []
    address = quote(page.permalink, safe="/%:@!$&'()*+,;=~-._")
    for section in sections:
        # what the section itself is about comes first: a model reads the beginning with most attention
        crumb = " - ".join(reversed(section.headings))
        url = f"{site_url}{address}" + (f"#{quote(section.anchor, safe='')}" if section.anchor else "")
        for number, text in enumerate(section.parts):
            search_text = f"{crumb}\n{to_plain(text if number else drop_heading(text))}"
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
                "visibility": page.visibility,
                "part": number,
                "empty": section.empty,
                "content_hash": hashlib.sha256(f"{crumb}\n{text}".encode()).hexdigest()[:32],
                "position": len(rows),
            }
            whole = json.dumps(row, sort_keys=True, ensure_ascii=False)
            row["row_hash"] = hashlib.sha256(whole.encode()).hexdigest()[:32]
            # a heading with nothing under it answers nothing
            row["search_terms"] = "" if section.empty else " ".join(index_terms(search_text, page.locale))
            rows.append(row)
    return rows


def to_table(rows: list[Row]) -> Any:
    """A pyarrow table of the rows; None when there are none."""
    import pyarrow as pa

    if not rows:
        return None
    types = {"list": pa.list_(pa.string()), "bool": pa.bool_(), "int": pa.int32(), "": pa.string()}
    schema = pa.schema([(name, types[_TYPES.get(name, "")]) for name in rows[0]])
    return pa.Table.from_pylist(rows, schema=schema)


def add_public_terms(table: Any) -> Any:
    """The table with the column ``public_terms``, when there are parts that not everybody may see.

    Keyword search weighs words by all texts of a column: with one of their own, what is private does not show in the
    scores that others get.
    """
    import pyarrow as pa
    import pyarrow.compute as pc

    is_public = pc.equal(table["visibility"], PUBLIC)
    if pc.all(is_public).as_py() is not False:
        return table
    return table.append_column(PUBLIC_TERMS, pc.if_else(is_public, table["search_terms"], pa.scalar("")))


def join_tables(tables: list[Any]) -> Any:
    """One table of all, pages by address and each page's rows in its own order."""
    import pyarrow as pa

    return pa.concat_tables([table for table in tables if table is not None]).sort_by(
        [("permalink", "ascending"), ("position", "ascending")]
    )


def add_vectors(table: Any, made: Embedded | None) -> Any:
    """The table with the columns ``vector`` and ``tokens``, when there are vectors."""
    import pyarrow as pa

    if made is None:
        return table
    flat = pa.array(made.vectors.reshape(-1), pa.float32())
    vectors = pa.FixedSizeListArray.from_arrays(flat, made.vectors.shape[1])
    return table.append_column("vector", vectors).append_column("tokens", pa.array(made.tokens, pa.binary()))

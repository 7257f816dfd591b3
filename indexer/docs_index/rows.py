"""The table of a snapshot: one row a part of a section."""

from __future__ import annotations

import hashlib
from typing import Any
from urllib.parse import quote

from docs_index.embedders.base import Vectors
from docs_index.sections import Section
from docs_index.site import Page

Row = dict[str, Any]


def make_rows(site_url: str, page: Page, section: Section) -> list[Row]:
    """The rows of one section. ``search_text``, breadcrumb and text together, is what is searched and embedded."""
    crumb = " > ".join(section.headings)
    address = quote(page.permalink, safe="/%:@!$&'()*+,;=~-._")
    url = f"{site_url}{address}" + (f"#{quote(section.anchor, safe='')}" if section.anchor else "")
    rows = []
    for number, text in enumerate(section.parts):
        search_text = f"{crumb}\n{text}"
        rows.append(
            {
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
            }
        )
    return rows


def to_table(rows: list[Row], vectors: Vectors | None) -> Any:
    """A pyarrow table of the rows, with a ``vector`` column when there are vectors."""
    import pyarrow as pa

    table = pa.Table.from_pylist(rows)
    if vectors is None:
        return table
    flat = pa.array(vectors.reshape(-1), pa.float32())
    return table.append_column("vector", pa.FixedSizeListArray.from_arrays(flat, vectors.shape[1]))

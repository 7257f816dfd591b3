"""All parts of a snapshot in memory, as a search needs them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np

from docs_index.embedders.base import Vectors
from docs_index.parts import PART_COLUMNS, make_part
from docs_index.result import Result
from docs_index.rows import EMBEDDED
from docs_index.tokens import TokenStore

#: How many rows are read at a time: asked for all at once, LanceDB takes three times their size.
_AT_ONCE = 1000


@dataclass(slots=True)
class Contents:
    """Lists of one length, one entry a part, in the table's order.

    ``terms`` is a pyarrow array of what keyword search compares, with spaces between; ``row_ids`` are the table's own
    numbers; ``scopes`` says ``(locale, plugin@version, whether there is no text)``. ``vectors``, ``[parts, dim]``, and
    ``tokens`` are None where the index has none.
    """

    results: list[Result] = field(default_factory=list)
    row_ids: list[int] = field(default_factory=list)
    scopes: list[tuple[str, str, bool]] = field(default_factory=list)
    is_latest: list[bool] = field(default_factory=list)
    terms: Any = None
    vectors: Vectors | None = None
    tokens: TokenStore | None = None


def read_contents(table: Any, dim: int, token_mean: Vectors | None) -> Contents:
    """Reads a LanceDB table of parts.

    :param dim: numbers of a vector, 0 when the index has none.
    :param token_mean: what tokens were packed with, None when there are none.
    """
    import pyarrow as pa

    contents = Contents()
    vectors = np.empty((table.count_rows() if dim else 0, dim), np.float32)
    terms, tokens = [], []
    columns = [*PART_COLUMNS, "is_latest", "scope", "empty", "search_terms", *(EMBEDDED if dim else ())]
    for batch in table.search().select(columns).with_row_id(True).to_batches(_AT_ONCE):
        first = len(contents.results)
        for row in batch.drop_columns(["search_terms", *(EMBEDDED if dim else ())]).to_pylist():
            contents.results.append(make_part(row))
            contents.row_ids.append(row["_rowid"])
            contents.scopes.append((row["locale"], row["scope"], row["empty"]))
            contents.is_latest.append(row["is_latest"])
        # copies: a batch keeps all that was read with it
        terms.append(pa.array(batch["search_terms"].to_pylist(), pa.string()))
        if dim:
            flat = batch["vector"].flatten().to_numpy()
            vectors[first : first + batch.num_rows] = flat.reshape(batch.num_rows, dim)
            tokens += batch["tokens"].to_pylist()
    contents.terms = pa.concat_arrays(terms) if terms else pa.array([], pa.string())
    contents.vectors = vectors if dim else None
    contents.tokens = TokenStore(tokens, token_mean) if dim and token_mean is not None else None
    return contents

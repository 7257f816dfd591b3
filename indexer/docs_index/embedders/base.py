"""What every embedder can do."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

Vectors = NDArray[np.float32]
#: Called with the number of texts done so far.
Progress = Callable[[int], None]


class Embedder(Protocol):
    """``name`` says model and dimensions exactly: vectors of two names are never mixed."""

    @property
    def name(self) -> str: ...

    @property
    def dim(self) -> int: ...

    @property
    def usd_per_million_tokens(self) -> float:
        """Price of its input; 0 for a model that runs here."""
        ...

    def vocabulary(self) -> frozenset[str]:
        """Plain words that the model knows whole, for telling a typo from a rare word; may be empty."""
        ...

    def embed(self, texts: list[str], progress: Progress | None = None) -> Vectors:
        """Unit vectors, one row a text, ``[len(texts), dim]``.

        :raises UserError: when the model or its server fails.
        """
        ...

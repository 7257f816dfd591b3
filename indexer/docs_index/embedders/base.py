"""What every embedder can do."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

Vectors = NDArray[np.float32]
#: Called with the number of texts done so far.
Progress = Callable[[int], None]


class Embedder(ABC):
    """``name`` says model and dimensions; ``fingerprint`` is of the model's own files, "" when a server has them.

    Vectors of two names or two fingerprints are never mixed.
    """

    name: str
    dim: int
    fingerprint: str
    #: Price of its input; 0 for a model that runs here.
    usd_per_million_tokens: float

    @abstractmethod
    def vocabulary(self) -> frozenset[str]:
        """Plain words that the model knows whole, for telling a typo from a rare word; may be empty."""

    @abstractmethod
    def embed_batches(self, texts: list[str]) -> Iterator[tuple[Sequence[int], Vectors]]:
        """Unit vectors as they are made, in any order: positions in ``texts``, and one row for each, ``[rows, dim]``.

        :raises UserError: when the model or its server fails, once all that was made has been given.
        """

    def embed(self, texts: list[str], progress: Progress | None = None) -> Vectors:
        """Unit vectors, one row a text, ``[len(texts), dim]``.

        :raises UserError: when the model or its server fails.
        """
        vectors = np.zeros((len(texts), self.dim), np.float32)
        done = 0
        for positions, block in self.embed_batches(texts):
            vectors[positions] = block
            done += len(positions)
            if progress:
                progress(done)
        return vectors

"""What every embedder can do."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Vectors = NDArray[np.float32]
#: Called with the number of texts done so far.
Progress = Callable[[int], None]


@dataclass(frozen=True, slots=True)
class Batch:
    """Texts that were embedded together: their positions, a unit vector for each (``[rows, dim]``), and for each the
    packed tokens (see :mod:`docs_index.tokens`), empty where the embedder has none."""

    positions: Sequence[int]
    vectors: Vectors
    tokens: Sequence[bytes]


@dataclass(frozen=True, slots=True)
class Asked:
    """A question as the embedder reads it: its unit vector, ``[dim]``, and its words.

    ``tokens`` are unit vectors, ``[words, dim]``, none where the embedder has no tokens; ``spans`` says which
    characters of the question each stands for.
    """

    vector: Vectors
    tokens: Vectors
    spans: Sequence[tuple[int, int]]


class Embedder(ABC):
    """``name`` says model and dimensions; ``fingerprint`` is of the model's own files, "" when a server has them.

    Vectors of two names or two fingerprints are never mixed.
    """

    name: str
    dim: int
    fingerprint: str
    #: Price of its input; 0 for a model that runs here.
    usd_per_million_tokens: float
    #: What its tokens are packed with, ``[dim]``; None when it has no tokens.
    token_mean: Vectors | None = None

    @abstractmethod
    def embed_batches(self, texts: list[str]) -> Iterator[Batch]:
        """The texts as they are done, in any order.

        :raises UserError: when the model or its server fails, once all that was made has been given.
        """

    def read_question(self, question: str) -> Asked:
        """:raises UserError: when the model or its server fails."""
        return Asked(self.embed([question])[0], np.empty((0, self.dim), np.float32), ())

    def embed(self, texts: list[str]) -> Vectors:
        """Unit vectors alone, one row a text, ``[len(texts), dim]``.

        :raises UserError: when the model or its server fails.
        """
        vectors = np.zeros((len(texts), self.dim), np.float32)
        for batch in self.embed_batches(texts):
            vectors[batch.positions] = batch.vectors
        return vectors

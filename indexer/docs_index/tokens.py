"""Late interaction: each word of a question compared with the words of a passage, which are kept as bits.

After ColBERT (https://arxiv.org/abs/2004.12832), with the token outputs of the sentence model itself: like ones are
pooled in pairs, and of each dimension only the side of the mean is stored. It costs about 50 bytes for two words.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from docs_index.embedders.base import Vectors

#: Fewer tokens than this are kept as they are.
_POOL_FROM = 4
_SCALE = np.dtype("<f2")


def pool(states: Vectors) -> Vectors:
    """About half as many unit vectors, ``[tokens, dim]``: those that are nearest to each other are made one."""
    count = len(states)
    if count < _POOL_FROM:
        return states
    near = states @ states.T
    np.fill_diagonal(near, -2)
    free = np.ones(count, bool)
    rows = np.arange(count)
    pairs: list[NDArray[np.intp]] = []
    left = count // 2
    while left > 0:
        best = near.argmax(1)
        mutual = np.flatnonzero((best[best] == rows) & (rows < best) & free)
        if not len(mutual):
            break
        mutual = mutual[np.argsort(-near[mutual, best[mutual]], kind="stable")][:left]
        taken = np.concatenate([mutual, best[mutual]])
        pairs.append(np.stack([mutual, best[mutual]]))
        free[taken] = False
        near[taken] = -2
        near[:, taken] = -2
        left -= len(mutual)
    first, second = np.concatenate(pairs, axis=1) if pairs else np.empty((2, 0), np.intp)
    pooled = np.concatenate([states[first] + states[second], states[free]])
    return np.asarray(pooled / np.linalg.norm(pooled, axis=1, keepdims=True), np.float32)


def pack(states: Vectors, mean: Vectors) -> bytes:
    """The states, ``[tokens, dim]``, as rows of ``dim / 8`` bytes of bits and one half float, their scale."""
    offsets = states - mean
    scale = np.abs(offsets).mean(1, dtype=np.float32).astype(_SCALE)
    rows = np.concatenate([np.packbits(offsets > 0, axis=1), scale[:, None].view(np.uint8)], axis=1)
    return rows.tobytes()


class TokenStore:
    """The packed tokens of all parts of an index.

    :param packed: one value of :func:`pack` for each part; empty for a part without tokens.
    :param mean: the mean that they were packed with, ``[dim]``.
    """

    def __init__(self, packed: Sequence[bytes], mean: Vectors) -> None:
        self._mean = mean
        self._bits = (len(mean) + 7) // 8
        width = self._bits + _SCALE.itemsize
        self._rows = np.frombuffer(b"".join(packed), np.uint8).reshape(-1, width)
        self._starts = np.concatenate([[0], np.cumsum([len(part) // width for part in packed])]).astype(np.int64)

    @property
    def nbytes(self) -> int:
        """Memory taken, in bytes."""
        return self._rows.nbytes + self._starts.nbytes

    def match(self, parts: NDArray[np.intp], question: Vectors) -> Vectors:
        """How near each word of the question comes in each part, ``[len(parts), tokens of the question]``, -1..1.

        :param parts: numbers of parts.
        :param question: unit vectors, ``[tokens, dim]``.
        """
        nearest = np.zeros((len(parts), len(question)), np.float32)
        starts, sizes = self._starts[parts], np.diff(self._starts)[parts]
        full = np.flatnonzero(sizes)
        if not len(full) or not len(question):
            return nearest
        starts, sizes = starts[full], sizes[full]
        begins = np.concatenate([[0], np.cumsum(sizes)[:-1]])
        rows = self._rows[np.repeat(starts - begins, sizes) + np.arange(sizes.sum())]
        bits = np.unpackbits(rows[:, : self._bits], axis=1, count=len(self._mean)).astype(np.float32)
        scale = np.ascontiguousarray(rows[:, self._bits :]).view(_SCALE).astype(np.float32)
        near = scale * (2 * (bits @ question.T) - question.sum(1)) + self._mean @ question.T
        nearest[full] = np.maximum.reduceat(near, begins, axis=0)
        return nearest

"""OpenAI's embeddings, or those of any server that speaks ``/v1/embeddings``."""

from __future__ import annotations

import os
import re

import numpy as np

from docs_index.embedders.base import Progress, Vectors
from docs_index.errors import UserError

_SPEC = re.compile(r"openai(?::(?P<model>[^@]+)(?:@(?P<dim>\d+))?)?")
_DEFAULT = "text-embedding-3-small"
_DIMENSIONS = {"text-embedding-3-small": 1536, "text-embedding-3-large": 3072, "text-embedding-ada-002": 1536}
#: USD for a million tokens, from OpenAI's price list; other models count as unknown (0).
_PRICES = {"text-embedding-3-small": 0.02, "text-embedding-3-large": 0.13, "text-embedding-ada-002": 0.10}
_BATCH = 128
_RETRIES = 5


class OpenAIEmbedder:
    """Uses ``OPENAI_API_KEY`` and ``OPENAI_BASE_URL``."""

    def __init__(self, model: str, dim: int, shortened: bool) -> None:
        self.model = model
        self.dim = dim
        self._shortened = shortened
        self.name = f"openai:{model}@{dim}"
        self.usd_per_million_tokens = _PRICES.get(model, 0.0)

    @classmethod
    def from_spec(cls, spec: str) -> OpenAIEmbedder:
        """From ``openai``, ``openai:model`` or ``openai:model@dimensions``.

        :raises UserError: for a malformed spec, a missing key, or a model whose size is not known.
        """
        match = _SPEC.fullmatch(spec)
        if not match:
            raise UserError(f"{spec!r} is no OpenAI embedder.", "Write openai:text-embedding-3-small@512.")
        if not os.environ.get("OPENAI_API_KEY") and not os.environ.get("OPENAI_BASE_URL"):
            raise UserError(
                "The openai embedder needs OPENAI_API_KEY (or OPENAI_BASE_URL of a compatible server).",
                "Set it, or use --embedder local, which needs neither key nor network.",
            )
        model = match["model"] or _DEFAULT
        if match["dim"]:
            return cls(model, int(match["dim"]), shortened=int(match["dim"]) != _DIMENSIONS.get(model))
        if model not in _DIMENSIONS:
            raise UserError(
                f"How many dimensions has {model!r}?",
                f"Say so: --embedder openai:{model}@768 for 768 of them.",
            )
        return cls(model, _DIMENSIONS[model], shortened=False)

    def vocabulary(self) -> frozenset[str]:
        return frozenset()

    def embed(self, texts: list[str], progress: Progress | None = None) -> Vectors:
        import openai

        client = openai.OpenAI(api_key=os.environ.get("OPENAI_API_KEY") or "none", max_retries=_RETRIES, timeout=60.0)
        vectors = np.zeros((len(texts), self.dim), np.float32)
        try:
            for start in range(0, len(texts), _BATCH):
                batch = texts[start : start + _BATCH]
                dimensions = self.dim if self._shortened else openai.omit
                reply = client.embeddings.create(
                    model=self.model, input=batch, dimensions=dimensions, encoding_format="float"
                )
                vectors[start : start + len(batch)] = self._check([entry.embedding for entry in reply.data], len(batch))
                if progress:
                    progress(start + len(batch))
        except openai.OpenAIError as error:
            raise UserError(
                f"The embeddings server refused: {error}",
                "What was embedded so far is kept; run the command again to go on.",
                exit_code=1,
            ) from error
        finally:
            client.close()
        return vectors

    def _check(self, rows: list[list[float]], expected: int) -> Vectors:
        block = np.array(rows, np.float32) if len({len(row) for row in rows}) <= 1 else np.zeros((0, 0), np.float32)
        if block.shape != (expected, self.dim) or not np.isfinite(block).all():
            raise UserError(
                f"The embeddings server gave {block.shape} numbers where ({expected}, {self.dim}) were asked for.",
                f"Does {self.model} have {self.dim} dimensions? Name them: openai:{self.model}@N.",
                exit_code=1,
            )
        norms = np.linalg.norm(block, axis=1, keepdims=True)
        return np.asarray(block / np.maximum(norms, 1e-12), np.float32)

"""OpenAI's embeddings, or those of any server that speaks ``/v1/embeddings``."""

from __future__ import annotations

import os
import re
import threading
import time
import weakref
from collections.abc import Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from typing import TYPE_CHECKING, Any

import numpy as np

from docs_index.embedders.base import Batch, Embedder, Vectors
from docs_index.embedders.refusal import BadReplyError, explain_refusal
from docs_index.errors import UserError

if TYPE_CHECKING:
    from openai import OpenAI

_SPEC = re.compile(r"openai(?::(?P<model>[^@]+)(?:@(?P<dim>[1-9]\d*))?)?")
_DEFAULT = "text-embedding-3-small"
_DIMENSIONS = {"text-embedding-3-small": 1536, "text-embedding-3-large": 3072, "text-embedding-ada-002": 1536}
#: USD for a million tokens, from OpenAI's price list; other models count as unknown (0).
_PRICES = {"text-embedding-3-small": 0.02, "text-embedding-3-large": 0.13, "text-embedding-ada-002": 0.10}
_BASE_URL = "https://api.openai.com/v1"
#: OpenAI takes 8,192 tokens a text, and 2,048 texts and 300,000 tokens a request. A token is one byte or more, so that
#: bytes are a bound that needs no tokenizer; of a longer text, the beginning has to do.
_TEXT_BYTES = 8_000
_REQUEST_BYTES = 240_000
_REQUEST_TEXTS = 128
#: Enough to use the network's delay, few enough to stay under the rate limit of a new account.
_IN_FLIGHT = 4
_REQUEST_SECONDS = 60.0
_FIRST_WAIT = 0.5
_LONGEST_WAIT = 30.0


def parse_spec(spec: str) -> tuple[str, int]:
    """Model and dimensions of ``openai``, ``openai:model`` or ``openai:model@dimensions``.

    :raises UserError: for a malformed spec, or a model whose size is not known.
    """
    match = _SPEC.fullmatch(spec)
    if not match:
        raise UserError(f"{spec!r} is no OpenAI embedder.", "Write openai:text-embedding-3-small@512.")
    model = match["model"] or _DEFAULT
    if match["dim"]:
        return model, int(match["dim"])
    if model not in _DIMENSIONS:
        raise UserError(
            f"How many dimensions has {model!r}?",
            f"Say so: --embedder openai:{model}@768 for 768 of them.",
        )
    return model, _DIMENSIONS[model]


def full_name(model: str, dim: int) -> str:
    """What an index keeps: model and dimensions, also where the spec left them out."""
    return f"openai:{model}@{dim}"


class OpenAIEmbedder(Embedder):
    """Uses ``OPENAI_API_KEY`` and ``OPENAI_BASE_URL``.

    :param seconds: how long a request is repeated, waits included, before its failure counts.
    """

    fingerprint = ""

    def __init__(self, model: str, dim: int, seconds: float) -> None:
        self.model = model
        self.dim = dim
        self.name = full_name(model, dim)
        self.usd_per_million_tokens = _PRICES.get(model, 0.0)
        self._seconds = seconds
        self._client: OpenAI | None = None
        self._lock = threading.Lock()

    @classmethod
    def from_spec(cls, spec: str, seconds: float) -> OpenAIEmbedder:
        """See :func:`parse_spec`.

        :raises UserError: also for a missing key or an address that is none.
        """
        model, dim = parse_spec(spec)
        key, server = os.environ.get("OPENAI_API_KEY", "").strip(), os.environ.get("OPENAI_BASE_URL", "").strip()
        if not key and not server:
            raise UserError(
                "The openai embedder needs OPENAI_API_KEY (or OPENAI_BASE_URL of a compatible server).",
                "Set it, or use --embedder local, which needs neither key nor network.",
            )
        if server and not server.startswith(("http://", "https://")):
            raise UserError("OPENAI_BASE_URL is no address.", "Write it as http://127.0.0.1:11434/v1.")
        if not key.isascii():
            raise UserError("OPENAI_API_KEY has letters that no key has.", "Copy it again.")
        return cls(model, dim, seconds)

    def embed_batches(self, texts: list[str]) -> Iterator[Batch]:
        batches = list(_part(texts))
        stop = threading.Event()
        if len(batches) == 1:
            yield Batch(batches[0], self._request(texts, stop), ())
            return
        failure: UserError | None = None
        running: dict[Future[Vectors], list[int]] = {}
        pool = ThreadPoolExecutor(_IN_FLIGHT, "embeddings")
        try:
            while running or (batches and not failure):
                while batches and not failure and len(running) < _IN_FLIGHT:
                    rows = batches.pop()
                    running[pool.submit(self._request, [texts[row] for row in rows], stop)] = rows
                for done in wait(running, return_when=FIRST_COMPLETED).done:
                    rows = running.pop(done)
                    try:
                        vectors = done.result()
                    except UserError as error:
                        # what is on its way is paid for and still taken; nothing is asked for again
                        failure = failure or error
                        stop.set()
                    else:
                        yield Batch(rows, vectors, ())
        finally:
            stop.set()
            pool.shutdown(wait=not running, cancel_futures=True)
        if failure:
            raise failure

    def _request(self, texts: list[str], stop: threading.Event) -> Vectors:
        """One request, repeated while that makes sense and ``stop`` is not set."""
        import openai

        client = self._connect()
        dimensions = self.dim if self.dim != _DIMENSIONS.get(self.model) else openai.omit
        deadline = time.monotonic() + self._seconds
        tries = 0
        while True:
            try:
                try:
                    reply = client.embeddings.create(
                        model=self.model, input=[_cut(text) for text in texts], dimensions=dimensions
                    )
                    return self._read(reply.data, len(texts))
                except (ValueError, TypeError, AttributeError) as error:
                    # the SDK takes every answer for JSON of the right form
                    raise BadReplyError("an answer that is no list of vectors") from error
            except (openai.OpenAIError, BadReplyError) as error:
                refusal = explain_refusal(error, str(client.base_url), client.api_key, self.model)
                cause = error
            tries += 1
            pause = refusal.after or min(_FIRST_WAIT * 2 ** (tries - 1), _LONGEST_WAIT)
            if tries >= refusal.tries or time.monotonic() + pause > deadline or stop.wait(pause):
                raise UserError(refusal.message, refusal.hint, exit_code=1) from cause

    def _connect(self) -> OpenAI:
        import openai

        with self._lock:
            if self._client is None:
                self._client = openai.OpenAI(
                    api_key=os.environ.get("OPENAI_API_KEY", "").strip() or "none",
                    base_url=os.environ.get("OPENAI_BASE_URL", "").strip() or _BASE_URL,
                    max_retries=0,
                    timeout=min(_REQUEST_SECONDS, self._seconds / 2),
                )
                weakref.finalize(self, self._client.close)
            return self._client

    def _read(self, rows: list[Any], expected: int) -> Vectors:
        """Unit vectors in the order of the texts, whatever the order of the answer.

        :raises BadReplyError: when some are missing or no numbers.
        :raises UserError: when all have other dimensions than were asked for.
        """
        if sorted(row.index for row in rows) != list(range(expected)):
            raise BadReplyError(f"{len(rows)} vectors where {expected} were asked for")
        lists = [row.embedding for row in sorted(rows, key=lambda row: row.index)]
        sizes = {len(numbers) for numbers in lists}
        if len(sizes) == 1 and sizes != {self.dim}:
            raise UserError(
                f"The embeddings server gave vectors of {sizes.pop()} numbers where {self.dim} were asked for.",
                f"Say how many {self.model} has: --embedder openai:{self.model}@N.",
                exit_code=1,
            )
        with np.errstate(over="ignore"):
            vectors = np.array(lists, np.float32)
        lengths = np.linalg.norm(vectors.astype(np.float64), axis=1, keepdims=True)
        if not np.isfinite(lengths).all() or not lengths.all():
            raise BadReplyError("a vector that is no direction (zeros, or not numbers)")
        return np.asarray(vectors / lengths, np.float32)


def _part(texts: list[str]) -> Iterator[list[int]]:
    """Positions of the texts that go into one request together."""
    batch: list[int] = []
    size = 0
    for row, text in enumerate(texts):
        weight = min(len(text.encode(errors="replace")), _TEXT_BYTES)
        if batch and (len(batch) == _REQUEST_TEXTS or size + weight > _REQUEST_BYTES):
            yield batch
            batch, size = [], 0
        batch.append(row)
        size += weight
    if batch:
        yield batch


def _cut(text: str) -> str:
    return text.encode(errors="replace")[:_TEXT_BYTES].decode(errors="ignore")

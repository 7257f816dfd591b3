"""A sentence embedding model in ONNX form, run on this machine."""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Iterator
from importlib.resources import as_file, files
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from docs_index.embedders.base import Asked, Batch, Embedder, Vectors
from docs_index.errors import UserError
from docs_index.tokens import pack, pool

_FILES = ("model.onnx", "tokenizer.json")
_INPUTS = ("input_ids", "attention_mask")
_OUTPUT = "emb"
_TOKENS = "token_states"
_MEAN = "token_mean.npy"
#: A token that stands for letters or digits, and one that is the model's own mark, such as ``[SEP]``.
_WORD = re.compile(r"[^\W_]")
_MARK = re.compile(r"\[[A-Z]+\]|<[a-z/]+>")
_Ids = NDArray[np.int64]
_MAX_TOKENS = 256
_BATCH = 16


def bundled_folder() -> Path:
    """Where the model lies that docs-chat ships."""
    with as_file(files("docs_index").joinpath("model")) as folder:
        return folder


class OnnxEmbedder(Embedder):
    """``folder`` holds ``model.onnx`` (inputs ``input_ids``, ``attention_mask``; output ``emb``, unit length) and
    ``tokenizer.json``.

    With a second output ``token_states`` (the last hidden states), single words are compared too; ``token_mean.npy``,
    when it is there, is the mean of such states, which makes their bits tell more.

    :raises UserError: when either file is missing or not usable.
    :param threads: of one run; 0 takes all cores, which pays for batches and not for single questions.
    """

    usd_per_million_tokens = 0.0

    def __init__(self, folder: Path, name: str, threads: int) -> None:
        # Since 1.32 ONNX Runtime reports to Microsoft unless it is told not to before it is loaded.
        os.environ.setdefault("ORT_DISABLE_TELEMETRY", "1")
        import onnxruntime
        from tokenizers import Tokenizer

        for file in _FILES:
            if not (folder / file).is_file():
                raise UserError(
                    f"There is no {file} in {folder}.",
                    "An ONNX embedder is a folder with model.onnx and tokenizer.json.",
                )
        mean = folder / _MEAN
        try:
            contents = [(folder / file).read_bytes() for file in _FILES]
            self._tokenizer = Tokenizer.from_buffer(contents[1])
            options = onnxruntime.SessionOptions()
            options.intra_op_num_threads = threads
            # threads that spin between two runs would take the time of whatever else the process does
            options.add_session_config_entry("session.intra_op.allow_spinning", "0")
            self._session = onnxruntime.InferenceSession(
                str(folder / "model.onnx"), options, providers=["CPUExecutionProvider"]
            )
        except Exception as error:  # onnxruntime and tokenizers raise bare exceptions of their own
            raise UserError(f"The model in {folder} cannot be loaded: {error}", "Is the file complete?") from error
        inputs = {entry.name for entry in self._session.get_inputs()}
        outputs = {entry.name: entry.shape for entry in self._session.get_outputs()}
        if inputs != set(_INPUTS) or not isinstance(outputs.get(_OUTPUT, [None])[-1], int):
            raise UserError(
                f"The model in {folder} takes {', '.join(sorted(inputs))} and gives {', '.join(sorted(outputs))}.",
                f"Export it with the inputs {' and '.join(_INPUTS)}, and the output {_OUTPUT!r} of a fixed size.",
            )
        self.dim = int(outputs[_OUTPUT][-1])
        if outputs.get(_TOKENS, [None])[-1] == self.dim:
            self.token_mean = _read_mean(mean, self.dim)
            contents += [mean.read_bytes()] if mean.exists() else []
        self._tokenizer.enable_truncation(_MAX_TOKENS)
        self._tokenizer.enable_padding()
        self.name = name
        self._words: NDArray[np.bool_] | None = None
        self.fingerprint = hashlib.sha256(b"".join(map(_digest, contents))).hexdigest()[:16]

    def embed_batches(self, texts: list[str]) -> Iterator[Batch]:
        # texts of like length share a batch, so that little is computed on padding; the longest come first, so that
        # the time which is left is never more than it seems
        order = sorted(range(len(texts)), key=lambda index: -len(texts[index]))
        for start in range(0, len(order), _BATCH):
            batch = order[start : start + _BATCH]
            ids, mask, _ = self._encode([texts[index] for index in batch])
            vectors, states = self._run(ids, mask)
            if self.token_mean is None:
                yield Batch(batch, vectors, ())
                continue
            mean = self.token_mean
            packed = [pack(pool(_unit(states[row, kept])), mean) for row, kept in enumerate(self._is_word(ids, mask))]
            yield Batch(batch, vectors, packed)

    def read_question(self, question: str) -> Asked:
        ids, mask, spans = self._encode([question])
        vectors, states = self._run(ids, mask)
        kept = np.flatnonzero(self._is_word(ids, mask)[0] & (self.token_mean is not None))
        return Asked(vectors[0], _unit(states[0, kept]), [spans[0][token] for token in kept])

    def _encode(self, texts: list[str]) -> tuple[_Ids, _Ids, list[list[tuple[int, int]]]]:
        encoded = self._tokenizer.encode_batch(texts)
        ids = np.array([entry.ids for entry in encoded], np.int64)
        mask = np.array([entry.attention_mask for entry in encoded], np.int64)
        return ids, mask, [entry.offsets for entry in encoded]

    def _run(self, ids: _Ids, mask: _Ids) -> tuple[Vectors, Vectors]:
        """Vectors, ``[texts, dim]``, and token states, ``[texts, tokens, dim]`` (no tokens when it has none)."""
        wanted = [_OUTPUT] if self.token_mean is None else [_OUTPUT, _TOKENS]
        vectors, *states = self._session.run(wanted, {"input_ids": ids, "attention_mask": mask})
        return vectors, states[0] if states else np.empty((len(ids), 0, self.dim), np.float32)

    def _is_word(self, ids: _Ids, mask: _Ids) -> NDArray[np.bool_]:
        """Which tokens are words or pieces of them, neither punctuation nor the model's own marks."""
        if self._words is None:
            vocabulary = self._tokenizer.get_vocab()
            self._words = np.zeros(max(vocabulary.values(), default=0) + 1, bool)
            for token, number in vocabulary.items():
                self._words[number] = _WORD.search(token) is not None and not _MARK.fullmatch(token)
        return np.asarray(self._words[ids] & (mask == 1))


def _read_mean(file: Path, dim: int) -> Vectors:
    """:raises UserError: when the file is there and holds no such mean."""
    if not file.exists():
        return np.zeros(dim, np.float32)
    try:
        mean = np.load(file, allow_pickle=False)
    except (OSError, ValueError) as error:
        raise UserError(f"{file} cannot be read: {error}", "Export it again, or leave it out.") from error
    if mean.shape != (dim,):
        raise UserError(f"{file} has the shape {mean.shape}; it should have ({dim},).", "Export it again.")
    return np.asarray(mean, np.float32)


def _unit(states: Vectors) -> Vectors:
    return np.asarray(states / np.maximum(np.linalg.norm(states, axis=-1, keepdims=True), 1e-9), np.float32)


def _digest(content: bytes) -> bytes:
    return hashlib.sha256(content).digest()

"""A sentence embedding model in ONNX form, run on this machine."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from importlib.resources import as_file, files
from pathlib import Path

import numpy as np

from docs_index.embedders.base import Embedder, Vectors
from docs_index.errors import UserError

_FILES = ("model.onnx", "tokenizer.json")
_INPUTS = ("input_ids", "attention_mask")
_OUTPUT = "emb"
_MAX_TOKENS = 256
_BATCH = 16


def bundled_folder() -> Path:
    """Where the model lies that docs-chat ships."""
    with as_file(files("docs_index").joinpath("model")) as folder:
        return folder


class OnnxEmbedder(Embedder):
    """``folder`` holds ``model.onnx`` (inputs ``input_ids``, ``attention_mask``; output ``emb``, unit length) and
    ``tokenizer.json``.

    :raises UserError: when either file is missing or not usable.
    :param threads: of one run; 0 takes all cores, which pays for batches and not for single questions.
    """

    usd_per_million_tokens = 0.0

    def __init__(self, folder: Path, name: str, threads: int) -> None:
        import onnxruntime
        from tokenizers import Tokenizer

        for file in _FILES:
            if not (folder / file).is_file():
                raise UserError(
                    f"There is no {file} in {folder}.",
                    "An ONNX embedder is a folder with model.onnx and tokenizer.json.",
                )
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
        self._tokenizer.enable_truncation(_MAX_TOKENS)
        self._tokenizer.enable_padding()
        self.name = name
        self.fingerprint = hashlib.sha256(b"".join(map(_digest, contents))).hexdigest()[:16]

    def vocabulary(self) -> frozenset[str]:
        """The whole words that the model knows: plain English, for telling a typo from a rare word."""
        words = self._tokenizer.get_vocab()
        return frozenset(word for word in words if word.isalpha() and len(word) >= 4)

    def embed_batches(self, texts: list[str]) -> Iterator[tuple[Sequence[int], Vectors]]:
        # texts of like length share a batch, so that little is computed on padding; the longest come first, so that
        # the time which is left is never more than it seems
        order = sorted(range(len(texts)), key=lambda index: -len(texts[index]))
        for start in range(0, len(order), _BATCH):
            batch = order[start : start + _BATCH]
            encoded = self._tokenizer.encode_batch([texts[index] for index in batch])
            ids = np.array([entry.ids for entry in encoded], np.int64)
            mask = np.array([entry.attention_mask for entry in encoded], np.int64)
            yield batch, self._session.run([_OUTPUT], {"input_ids": ids, "attention_mask": mask})[0]


def _digest(content: bytes) -> bytes:
    return hashlib.sha256(content).digest()

"""Text to vectors: the bundled model, a folder with another one, an OpenAI-compatible server, or none at all."""

from __future__ import annotations

from pathlib import Path

from docs_index.embedders.base import Embedder
from docs_index.errors import UserError

SPECS = "local, none, openai[:model[@dimensions]], onnx:<folder>"


def make_embedder(spec: str, *, threads: int = 0, seconds: float = 600.0) -> Embedder | None:
    """The embedder that ``spec`` names; None for ``none``, which is keyword search only.

    :param threads: how many cores a model that runs here may use at a time; 0 is all of them.
    :param seconds: how long a server is asked again for the same texts before that counts as a failure.
    :raises UserError: for an unknown spec, or a model that cannot be loaded.
    """
    kind, _, detail = spec.partition(":")
    if kind == "none" and not detail:
        return None
    if kind == "local" and not detail:
        from docs_index.embedders.onnx import OnnxEmbedder, bundled_folder

        return OnnxEmbedder(bundled_folder(), name="local", threads=threads)
    if kind == "onnx" and detail:
        from docs_index.embedders.onnx import OnnxEmbedder

        return OnnxEmbedder(Path(detail), name=spec, threads=threads)
    if kind == "openai":
        from docs_index.embedders.openai import OpenAIEmbedder

        return OpenAIEmbedder.from_spec(spec, seconds)
    raise UserError(f"There is no embedder {spec!r}.", f"Choose one of: {SPECS}.")


def embedder_name(spec: str) -> str:
    """The name that an index made with ``spec`` bears: ``openai`` alone stands for a model and its dimensions.

    :raises UserError: for a malformed spec of an OpenAI model.
    """
    if spec.partition(":")[0] != "openai":
        return spec
    from docs_index.embedders.openai import full_name, parse_spec

    return full_name(*parse_spec(spec))

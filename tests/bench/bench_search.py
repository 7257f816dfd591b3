"""CPU time of one search with the bundled model, beside what cannot be avoided: embedding the question once."""

from __future__ import annotations

import os
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # as the command line does

import numpy as np
from docs_index.build import build_index
from docs_index.embedders import make_embedder
from docs_index.index import Index

from tests.bench.corpus import write_site

QUESTIONS = (
    "How do I keep nginx from buffering the stream?",
    "which port does the server listen on",
    "rotate the secret key",
    "OPENAI_BASE_URL ollama",
    "what is stored about a reader",
)


def main() -> None:
    pages = int(sys.argv[1]) if len(sys.argv) > 1 else 300
    with tempfile.TemporaryDirectory() as name:
        site, uri = Path(name) / "site", Path(name) / "index"
        write_site(site, pages)
        build_index(site, uri, embedder="local")
        index = Index.open(str(uri))
        model = make_embedder("local", threads=1)
        if model is None:
            raise SystemExit("no model")
        search = _measure(lambda question: index.search(question))
        embed = _measure(lambda question: model.embed([question]))
    print(f"search, {index.info.parts} parts, local embedder (CPU milliseconds)")
    print(f"  embedding alone   p50 {np.percentile(embed, 50):6.1f}   p95 {np.percentile(embed, 95):6.1f}")
    print(
        f"  whole search      p50 {np.percentile(search, 50):6.1f}   p95 {np.percentile(search, 95):6.1f}   "
        f"{np.percentile(search, 50) / np.percentile(embed, 50):4.1f} x embedding   bar (5,000 parts) p50 12, p95 25"
    )


def _measure(act: Callable[[str], object], rounds: int = 40) -> list[float]:
    for question in QUESTIONS:
        act(question)
    times = []
    for number in range(rounds * len(QUESTIONS)):
        started = time.process_time()
        act(QUESTIONS[number % len(QUESTIONS)])
        times.append((time.process_time() - started) * 1000)
    return times


if __name__ == "__main__":
    main()

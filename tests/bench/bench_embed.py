"""How fast the bundled model embeds a site's sections, beside embedding them one by one; and what the cache adds."""

from __future__ import annotations

import random
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from docs_index.build import build_index
from docs_index.cache import VectorCache
from docs_index.embedders import make_embedder
from docs_index.parts import read_parts
from docs_index.sections import count_tokens

from tests.bench.corpus import write_site

ROUNDS = 3


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 600
    model = make_embedder("local")
    if model is None:
        raise SystemExit("no model")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        texts = _texts(folder, count)
        tokens = sum(map(count_tokens, texts))
        model.embed(texts[:32])
        # by turns, so that whatever else the machine does slows both
        together, alone = [], []
        for _ in range(ROUNDS):
            together.append(_time(lambda: model.embed(texts)))
            alone.append(_time(lambda: [model.embed([text]) for text in texts]))
        whole = _time(lambda: VectorCache(folder, model).embed(texts))
        again = _time(lambda: VectorCache(folder, model).embed(texts))
    batched, single = min(together), min(alone)
    print(f"embedding, {len(texts)} different parts, {tokens / len(texts):.0f} tokens each (wall seconds)")
    for name, seconds in (("one by one", single), ("batched by length", batched)):
        rates = f"{len(texts) / seconds:6.0f} texts/s   {tokens / seconds:7.0f} tokens/s"
        print(f"  {name:17} {seconds:6.2f}   {rates}   {single / seconds:4.2f} x one by one")
    print(f"  and into the cache {whole:5.2f}   out of the cache {again:5.2f}   {again / whole:5.1%} of it   bar 5%")


def _texts(folder: Path, count: int) -> list[str]:
    """Search texts of a site, in no order."""
    write_site(folder / "site", max(10, count // 10))
    build_index(folder / "site", folder / "index", embedder="none")
    texts = list(dict.fromkeys(f"{' > '.join(part.headings)}\n{part.text}" for part in read_parts(folder / "index")))
    random.Random(1).shuffle(texts)
    return texts[:count]


def _time(act: Callable[[], object]) -> float:
    started = time.perf_counter()
    act()
    return time.perf_counter() - started


if __name__ == "__main__":
    main()

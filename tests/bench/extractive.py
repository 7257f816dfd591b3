"""How much of the section that answers a question is in an answer without a model, and how long that answer is.

python -m tests.bench.extractive INDEX QUESTIONS.yaml [INDEX QUESTIONS.yaml ...]

A piece is a sentence, a line of code or a row of a table of the expected sections. `shown` counts the pieces that are
quoted at once, `in all` also those behind the line that the panel folds.
"""

from __future__ import annotations

import asyncio
import os
import sys
from pathlib import Path

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # as the command line does

import numpy as np
from docs_chat.answer.answerer import Answerer
from docs_chat.answer.extractive import BREAK
from docs_chat.answer.passages import join_parts
from docs_chat.evaluation.expectations import Case, find_targets
from docs_chat.evaluation.questions import read_questions
from docs_chat.markdown.plain import split_sentences
from docs_chat.search import Scope, Searcher
from docs_chat.settings import Settings
from docs_index.index import Index


async def main() -> None:
    if len(sys.argv) < 3 or len(sys.argv) % 2 == 0:
        raise SystemExit(__doc__)
    rows: list[tuple[float, float, int, int]] = []
    for folder, file in zip(sys.argv[1::2], sys.argv[2::2], strict=True):
        searcher = Searcher(Settings(index=folder))
        answerer = Answerer(Settings(index=folder), searcher)
        cases = find_targets(read_questions(Path(file)), searcher.index, Path(folder))
        rows += [await measure(case, answerer, searcher.index) for case in cases if case.targets]
        searcher.close()
    shown, everything, words_shown, words = (np.array(column) for column in zip(*rows, strict=True))
    print(f"{len(rows)} questions")
    print(f"a piece of the right section is shown {shown.mean():.3f}, in all {everything.mean():.3f}")
    print(f"half of it or more is shown {np.mean(shown >= 0.5):.3f}, in all {np.mean(everything >= 0.5):.3f}")
    print(f"words shown: median {np.median(words_shown):.0f}, nine in ten under {np.percentile(words_shown, 90):.0f}")
    print(f"words in all: median {np.median(words):.0f}, nine in ten under {np.percentile(words, 90):.0f}")


async def measure(case: Case, answerer: Answerer, index: Index) -> tuple[float, float, int, int]:
    question = case.question
    prepared = await answerer.prepare(question.text, Scope(question.version, question.locale), locale="en")
    text = "".join([piece async for piece in answerer.answer(prepared) if isinstance(piece, str)])
    shown = drop_rest(text)
    best = (0.0, 0.0)
    for target in case.targets:
        anchors = [target.anchor] if target.anchor is not None else [r.anchor for r in index.outline(target.permalink)]
        for anchor in anchors:
            pieces = list_pieces(join_parts(index.section(target.permalink, anchor)))
            if pieces:
                best = max(best, (share(pieces, shown), share(pieces, text)), key=lambda pair: pair[1])
    return *best, len(shown.split()), len(text.split())


def drop_rest(text: str) -> str:
    """The answer without what follows the line in each quote."""
    kept, folded = [], False
    for line in text.splitlines():
        if not line.startswith(">"):
            folded = False
        elif line == f"> {BREAK}":
            folded = True
        if not folded:
            kept.append(line)
    return "\n".join(kept)


def list_pieces(markdown: str) -> set[str]:
    return {squeeze(piece) for _, block in split_sentences(markdown) for piece in block if len(piece) > 20}


def share(pieces: set[str], markdown: str) -> float:
    quoted = "\n".join(line.removeprefix(">").removeprefix(" ") for line in markdown.splitlines())
    there = squeeze(" ".join(piece for _, block in split_sentences(quoted) for piece in block))
    return sum(piece in there for piece in pieces) / len(pieces)


def squeeze(text: str) -> str:
    return "".join(character for character in text.casefold() if character.isalnum())


if __name__ == "__main__":
    asyncio.run(main())

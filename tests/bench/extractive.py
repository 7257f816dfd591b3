"""How much of what answers a question is in an answer without a model, and how long that answer is.

python -m tests.bench.extractive INDEX QUESTIONS.yaml [INDEX QUESTIONS.yaml ...]

The text that answers is what the question says that its answer `contains`. A piece is a sentence, a line of code or a
row of a table of the expected sections. `shown` counts what is quoted at once, `in all` also what is behind the line
that the panel folds.
"""

from __future__ import annotations

import asyncio
import os
import sys
from dataclasses import dataclass
from pathlib import Path

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # as the command line does

import numpy as np
from docs_chat.answer.answerer import Answerer
from docs_chat.answer.passages import join_parts
from docs_chat.evaluation.expectations import ANY, Case, find_targets
from docs_chat.evaluation.questions import read_questions
from docs_chat.evaluation.quotation import drop_rest, list_missing, squeeze
from docs_chat.markdown.plain import split_sentences
from docs_chat.search import Scope, Searcher
from docs_chat.settings import Settings
from docs_index.index import Index


async def main() -> None:
    if len(sys.argv) < 3 or len(sys.argv) % 2 == 0:
        raise SystemExit(__doc__)
    every: list[Row] = []
    for folder, file in zip(sys.argv[1::2], sys.argv[2::2], strict=True):
        searcher = Searcher(Settings(index=folder))
        answerer = Answerer(Settings(index=folder), searcher)
        cases = find_targets(read_questions(Path(file)), searcher.index, Path(folder))
        rows = [await measure(case, answerer, searcher.index) for case in cases if case.targets]
        searcher.close()
        report(Path(file).name, rows)
        every += rows
    if len(sys.argv) > 3:
        report("all", every)


@dataclass(frozen=True, slots=True)
class Row:
    """One answer: shares of the right section and lengths in words, each shown and in all; whether the text that it
    must have is shown or there at all, None when the question names none."""

    pieces: tuple[float, float]
    words: tuple[int, int]
    texts: tuple[bool, bool] | None


def report(name: str, rows: list[Row]) -> None:
    pieces = np.array([row.pieces for row in rows])
    words = np.array([row.words for row in rows])
    texts = np.array([row.texts for row in rows if row.texts is not None])
    print(f"{name}: {len(rows)} questions")
    if len(texts):
        shown, everything = texts.mean(axis=0)
        print(f"  the text that answers is shown {shown:.3f}, in all {everything:.3f}")
    print(f"  a piece of the right section is shown {pieces[:, 0].mean():.3f}, in all {pieces[:, 1].mean():.3f}")
    shown, everything = (pieces >= 0.5).mean(axis=0)
    print(f"  half of it or more is shown {shown:.3f}, in all {everything:.3f}")
    for what, column in zip(("shown", "in all"), words.T, strict=True):
        print(f"  words {what}: median {np.median(column):.0f}, nine in ten under {np.percentile(column, 90):.0f}")


async def measure(case: Case, answerer: Answerer, index: Index) -> Row:
    question = case.question
    prepared = await answerer.prepare(question.text, Scope(question.version, question.locale), locale="en")
    text = "".join([piece async for piece in answerer.answer(prepared) if isinstance(piece, str)])
    shown = drop_rest(text)
    best = (0.0, 0.0)
    for target in case.targets:
        anchors = [target.anchor]
        if target.anchor == ANY:
            anchors = [result.anchor for result in index.outline(target.permalink)]
        for anchor in anchors:
            pieces = list_pieces(join_parts(index.section(target.permalink, anchor)))
            if pieces:
                best = max(best, (share(pieces, shown), share(pieces, text)), key=lambda pair: pair[1])
    texts = None
    if question.contains:
        texts = (not list_missing(shown, question.contains), not list_missing(text, question.contains))
    return Row(best, (len(shown.split()), len(text.split())), texts)


def list_pieces(markdown: str) -> set[str]:
    return {squeeze(piece) for _, block in split_sentences(markdown) for piece in block if len(piece) > 20}


def share(pieces: set[str], markdown: str) -> float:
    quoted = "\n".join(line.removeprefix(">").removeprefix(" ") for line in markdown.splitlines())
    there = squeeze(" ".join(piece for _, block in split_sentences(quoted) for piece in block))
    return sum(piece in there for piece in pieces) / len(pieces)


if __name__ == "__main__":
    asyncio.run(main())

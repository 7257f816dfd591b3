"""What each stage of the search is worth: the same questions, with one stage more in each row.

python -m tests.bench.ablation INDEX QUESTIONS.yaml [INDEX QUESTIONS.yaml ...]

The indexes are made with the local embedder. Rows add up over all files.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # as the command line does

import numpy as np
from docs_chat.evaluation.expectations import find_targets
from docs_chat.evaluation.questions import read_questions
from docs_chat.evaluation.scoring import Answer, ask, measure
from docs_chat.settings import Settings
from docs_index.confidence import HYBRID
from docs_index.confidence import KEYWORDS as BY_KEYWORDS
from docs_index.confidence import VECTORS as BY_VECTORS
from docs_index.index import Index
from docs_index.ranking import KEYWORDS, TOKENS, VECTORS, Weights
from docs_index.vocabulary import Vocabulary

_COLUMNS = ("page@1", "page@5", "hit@1", "hit@5", "mrr")
#: Stage, weights, whether vectors take part, whether spelling is repaired.
STAGES: tuple[tuple[str, Weights, bool, bool], ...] = (
    ("keywords", Weights(relative=1.0, bonus=0.0), False, False),
    ("+ coverage, headings, page", KEYWORDS, False, False),
    ("+ spelling", KEYWORDS, False, True),
    ("vectors alone", Weights(cosine=1.0, bonus=0.0), True, True),
    ("vectors + keywords, page", VECTORS, True, True),
    ("+ single words (all)", TOKENS, True, True),
)


def main() -> None:
    if len(sys.argv) < 3 or len(sys.argv) % 2 == 0:
        raise SystemExit(__doc__)
    paths = [Path(argument) for argument in sys.argv[1:]]
    pairs = [(Index.open(str(index)), index, file) for index, file in zip(paths[::2], paths[1::2], strict=True)]
    cases = [(index, find_targets(read_questions(file), index, folder)) for index, folder, file in pairs]
    total = sum(len(found) for _, found in cases)
    print(f"{total} questions over {len(pairs)} files")
    print(f"{'':28}{''.join(f'{name:>9}' for name in _COLUMNS)}      AUC")
    for label, weights, has_vectors, spells in STAGES:
        answers: list[Answer] = []
        for index, found in cases:
            with _only(index, weights, has_vectors, spells):
                answers += ask(index, found, 10, Settings().answer.passages_tokens)
        _print(label, answers)
    by_kind: dict[str, list[Answer]] = {}
    for answer in answers:
        by_kind.setdefault(answer.question.kind or "", []).append(answer)
    print("of these, with all stages")
    for kind, group in sorted(by_kind.items()):
        _print(f"  {kind} ({len(group)})", group)
    asked = [answer for answer in answers if not answer.score.refuse]
    refusable = [answer for answer in answers if answer.score.refuse]
    demoted = np.mean([answer.score.state != "answer" for answer in asked])
    refused = np.mean([answer.score.state != "answer" for answer in refusable]) if refusable else float("nan")
    print(f"answerable demoted {demoted:.3f}, unanswerable not answered {refused:.3f}")
    print("confidence, the share of questions with the right page among five, how many")
    for low in (0.0, 0.2, 0.4, 0.6, 0.8, 0.9):
        high = {0.0: 0.2, 0.2: 0.4, 0.4: 0.6, 0.6: 0.8, 0.8: 0.9}.get(low, 1.01)
        inside = [answer for answer in answers if low <= answer.confidence < high]
        right = [not a.score.refuse and a.score.page_rank is not None and a.score.page_rank <= 5 for a in inside]
        print(f"  {low:.1f} to {min(high, 1.0):.1f}   {np.mean(right) if right else float('nan'):.2f}   {len(inside)}")
    _print_times(cases[0][0], [case.question.text for case in cases[0][1]])


@contextmanager
def _only(index: Index, weights: Weights, has_vectors: bool, spells: bool) -> Iterator[None]:
    matcher, calibration = index._matcher, index._calibration
    before = (index._weights, matcher._embedder, Vocabulary.correct)
    index._weights = weights
    index._calibration = BY_KEYWORDS if not has_vectors else HYBRID if weights.tokens else BY_VECTORS
    if not has_vectors:
        matcher._embedder = None
    if not spells:
        Vocabulary.correct = lambda self, question: question  # type: ignore[method-assign]
    try:
        yield
    finally:
        index._weights, matcher._embedder = before[:2]
        index._calibration = calibration
        Vocabulary.correct = before[2]  # type: ignore[method-assign]


def _print(label: str, answers: list[Answer]) -> None:
    metrics = measure((answer.score for answer in answers), 10)
    cells = "".join(f"{metrics[name]:9.3f}" if metrics[name] is not None else " " * 9 for name in _COLUMNS)
    print(f"{label:28}{cells}{_auc(answers):9.3f}")


def _auc(answers: list[Answer]) -> float:
    """How often an answerable question is surer than one that is not."""
    yes = np.array([answer.confidence for answer in answers if not answer.score.refuse])
    no = np.array([answer.confidence for answer in answers if answer.score.refuse])
    if not len(yes) or not len(no):
        return float("nan")
    return float(np.mean((yes[:, None] > no) + 0.5 * (yes[:, None] == no)))


def _print_times(index: Index, questions: list[str]) -> None:
    times = []
    for question in [*questions[:10], *questions]:
        started = time.process_time()
        index.search(question)
        times.append((time.process_time() - started) * 1000)
    p50, p95 = np.percentile(times[10:], [50, 95])
    print(f"CPU of one search over {index.info.parts} parts: p50 {p50:.1f} ms, p95 {p95:.1f} ms")


if __name__ == "__main__":
    main()

"""Asks the questions, and counts how many were answered as they should be."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from docs_chat.answer.conversation import write_query
from docs_chat.answer.engine import Turn
from docs_chat.evaluation.expectations import Case
from docs_chat.evaluation.questions import Question
from docs_chat.evaluation.quotation import drop_rest, list_missing, quote
from docs_chat.search import RESULTS, gather

if TYPE_CHECKING:
    from docs_index.index import Index
    from docs_index.result import Result

#: A question counts as answered when its section is among so many: what readers see, and what a model reads first.
ENOUGH = 5
_HITS = (1, 3, 5, 10)
_PAGES = (1, 5)


@dataclass(frozen=True, slots=True)
class Score:
    """How one question went.

    ``rank`` is the place of the first right section among the sections that came, ``page_rank`` that of the first right
    page among their pages; both count from 1, and are None when it did not come. ``contained`` says whether the answer
    without a model has the text that it must have, ``shown`` whether it shows it at once; both are None when the
    question names none.
    """

    refuse: bool
    rank: int | None
    page_rank: int | None
    state: str
    shown: bool | None = None
    contained: bool | None = None

    @property
    def passed(self) -> bool:
        """Whether the section was found, or what the docs do not answer was refused."""
        return self.state != "answer" if self.refuse else self.rank is not None and self.rank <= ENOUGH


@dataclass(frozen=True, slots=True)
class Answer:
    """A question with what the search gave for it; ``missing`` is the text that the answer must have and has not."""

    case: Case
    score: Score
    confidence: float
    results: tuple[Result, ...]
    missing: tuple[str, ...] = ()

    @property
    def question(self) -> Question:
        return self.case.question


def ask(index: Index, cases: Iterable[Case], k: int, budget_tokens: int) -> Iterator[Answer]:
    """The answers to the questions, in their order, each with its best ``k`` sections.

    :param budget_tokens: how much of the docs an answer may be made from.
    """
    for case in cases:
        question = case.question
        query = write_query(question.text, [Turn("user", asked) for asked in question.history])
        outcome = index.search(query, k=max(k, RESULTS), version=question.version, locale=question.locale)
        results = outcome.results[:k]
        best = replace(outcome, results=outcome.results[:RESULTS])
        text = quote(question.text, gather(best, index, budget_tokens)) if question.contains else ""
        missing = list_missing(text, question.contains)
        pages = {target.permalink for target in case.targets}
        score = Score(
            refuse=not case.targets,
            rank=_first(any(target.holds(result) for target in case.targets) for result in results),
            page_rank=_first(permalink in pages for permalink in dict.fromkeys(result.permalink for result in results)),
            state=outcome.state,
            shown=not list_missing(drop_rest(text), question.contains) if question.contains else None,
            contained=not missing if question.contains else None,
        )
        yield Answer(case, score, outcome.confidence, tuple(results), missing)


def measure(scores: Iterable[Score], k: int) -> dict[str, float | None]:
    """The metrics by name, shares from 0 to 1; None where no question counts. ``k`` results were looked at."""
    every = list(scores)
    asked = [score for score in every if not score.refuse]
    refusable = [score for score in every if score.refuse]
    ranks = [score.rank for score in asked]
    pages = [score.page_rank for score in asked]
    return {
        **{f"hit@{at}": _share([_within(rank, at) for rank in ranks]) for at in _HITS if at <= k},
        **{f"page@{at}": _share([_within(rank, at) for rank in pages]) for at in _PAGES if at <= k},
        "mrr": _share([1 / rank if rank else 0.0 for rank in ranks]),
        "shown": _share([score.shown for score in every if score.shown is not None]),
        "contains": _share([score.contained for score in every if score.contained is not None]),
        "answer": _share([score.state == "answer" for score in asked]),
        "refuse": _share([score.state != "answer" for score in refusable]),
    }


def group_by_kind(answers: Iterable[Answer]) -> dict[str, list[Answer]]:
    """The answers by the label of their question; none at all when no question has one."""
    groups: dict[str, list[Answer]] = {}
    for answer in answers:
        label = answer.question.kind or ("refuse" if answer.score.refuse else "other")
        groups.setdefault(label, []).append(answer)
    labelled = any(answer.question.kind for group in groups.values() for answer in group)
    return groups if labelled else {}


def _first(matches: Iterable[bool]) -> int | None:
    return next((place for place, right in enumerate(matches, 1) if right), None)


def _within(rank: int | None, count: int) -> bool:
    return rank is not None and rank <= count


def _share(values: Sequence[float]) -> float | None:
    return sum(values) / len(values) if values else None

"""Two runs of the same questions: which lost the section that answers them, and which found it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from docs_index.errors import UserError
from pydantic import BaseModel, ValidationError

from docs_chat.evaluation.scoring import Answer, Score, measure


class _Entry(BaseModel):
    question: str
    version: str | None
    locale: str | None
    expect: list[str]
    rank: int | None
    page_rank: int | None
    state: str

    @property
    def key(self) -> tuple[str, str | None, str | None]:
        return self.question, self.version, self.locale

    @property
    def score(self) -> Score:
        return Score(not self.expect, self.rank, self.page_rank, self.state)


class Baseline(BaseModel):
    """An earlier run, as ``docs-chat --json eval`` printed it."""

    snapshot: str
    k: int
    questions: list[_Entry]


@dataclass(frozen=True, slots=True)
class Comparison:
    """What changed since the baseline.

    ``lost`` and ``gained`` went from right to wrong and back; ``new`` were not asked then, ``gone`` are not asked now.
    ``metrics`` are differences over the questions of both runs.
    """

    snapshot: str
    lost: tuple[Answer, ...]
    gained: tuple[Answer, ...]
    new: tuple[Answer, ...]
    gone: tuple[str, ...]
    metrics: dict[str, float | None]


def read_baseline(path: Path) -> Baseline:
    """:raises UserError: when the file cannot be read, or is no earlier run."""
    try:
        return Baseline.model_validate_json(path.read_bytes())
    except OSError as error:
        raise UserError(f"The baseline {path} cannot be read: {error.strerror}.", _make_one(path)) from error
    except ValidationError as error:
        raise UserError(f"{path} is no earlier run of docs-chat eval.", _make_one(path)) from error


def compare(answers: Sequence[Answer], baseline: Baseline, k: int) -> Comparison:
    """What became of each question since then, by its text, version and locale."""
    before = {entry.key: entry.score for entry in baseline.questions}
    now = {answer.question.key: answer for answer in answers}
    both = [(answer, before[key]) for key, answer in now.items() if key in before]
    depth = min(k, baseline.k)
    then, today = measure([score for _, score in both], depth), measure([answer.score for answer, _ in both], depth)
    return Comparison(
        snapshot=baseline.snapshot,
        lost=tuple(answer for answer, score in both if score.passed and not answer.score.passed),
        gained=tuple(answer for answer, score in both if answer.score.passed and not score.passed),
        new=tuple(answer for key, answer in now.items() if key not in before),
        gone=tuple(key[0] for key in before if key not in now),
        metrics={name: _subtract(today[name], then[name]) for name in today},
    )


def _subtract(left: float | None, right: float | None) -> float | None:
    return None if left is None or right is None else left - right


def _make_one(path: Path) -> str:
    return f"Make one with: docs-chat --json eval questions.yaml > {path}"

"""Two runs of the same questions: which lost the section that answers them, and which found it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from docs_index.errors import UserError
from pydantic import BaseModel, ValidationError

from docs_chat.evaluation.questions import make_key
from docs_chat.evaluation.scoring import Answer, Score, measure

_AGAIN = "Make one with 'docs-chat --json eval questions.yaml > eval.json'."


class _Entry(BaseModel):
    question: str
    version: str | None
    locale: str | None
    history: list[str] = []
    expect: list[str]
    contains: list[str] = []
    rank: int | None
    page_rank: int | None
    state: str
    shown: bool | None = None
    contained: bool | None = None

    @property
    def score(self) -> Score:
        return Score(not self.expect, self.rank, self.page_rank, self.state, self.shown, self.contained)

    @property
    def key(self) -> tuple[str, ...]:
        return make_key(self.question, self.version, self.locale, self.history)


class Baseline(BaseModel):
    """An earlier run, as ``docs-chat --json eval`` printed it."""

    snapshot: str
    k: int
    questions: list[_Entry]


@dataclass(frozen=True, slots=True)
class Comparison:
    """What changed since a baseline.

    ``lost`` and ``gained`` went from right to wrong and from wrong to right; of those that are right as before, ``cut``
    lost the text that their answer must have. ``new`` were not asked then, and ``gone`` are not asked any more.
    ``metrics`` are the differences over the questions that both runs asked.
    """

    snapshot: str
    lost: tuple[Answer, ...]
    gained: tuple[Answer, ...]
    cut: tuple[Answer, ...]
    new: tuple[Answer, ...]
    gone: tuple[str, ...]
    metrics: Mapping[str, float | None]


def read_baseline(path: Path) -> Baseline:
    """Reads the JSON of an earlier run.

    :raises UserError: when it cannot be read, or is something else.
    """
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        raise UserError(f"There is no baseline {path}.", _AGAIN) from None
    except OSError as error:
        raise UserError(f"The baseline {path} cannot be read: {error.strerror}.", _AGAIN) from None
    try:
        return Baseline.model_validate_json(content)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        place = ".".join(str(step) for step in first["loc"])
        why = f"{place}: {first['msg']}" if place else first["msg"] if content else "it is empty"
        raise UserError(f"The baseline {path} is no earlier run of docs-chat eval ({why}).", _AGAIN) from None


def compare(answers: Sequence[Answer], baseline: Baseline, k: int) -> Comparison:
    """The answers of this run, of which ``k`` results were looked at, beside those of the baseline."""
    entries = {entry.key: entry for entry in baseline.questions}
    pairs: list[tuple[Answer, Score]] = []
    new: list[Answer] = []
    for answer in answers:
        entry = entries.pop(answer.question.key, None)
        # what should be refused now and was to be answered then is another question
        if entry is None or entry.score.refuse != answer.score.refuse:
            new.append(answer)
        else:
            pairs.append((answer, _keep_comparable(answer, entry)))
    depth = min(k, baseline.k)
    now = measure([_drop_text(a.score) if s.contained is None else a.score for a, s in pairs], depth)
    then = measure([score for _, score in pairs], depth)
    return Comparison(
        snapshot=baseline.snapshot,
        lost=tuple(answer for answer, score in pairs if score.passed and not answer.score.passed),
        gained=tuple(answer for answer, score in pairs if answer.score.passed and not score.passed),
        cut=tuple(answer for answer, score in pairs if answer.score.passed and answer.missing and score.contained),
        new=tuple(new),
        gone=tuple(entry.question for entry in entries.values()),
        metrics={name: _subtract(now[name], then[name]) for name in now},
    )


def _keep_comparable(answer: Answer, entry: _Entry) -> Score:
    """The earlier score, without what was expected of the text then when that was something else."""
    return entry.score if tuple(entry.contains) == answer.question.contains else _drop_text(entry.score)


def _drop_text(score: Score) -> Score:
    return replace(score, shown=None, contained=None)


def _subtract(now: float | None, then: float | None) -> float | None:
    return None if now is None or then is None else now - then

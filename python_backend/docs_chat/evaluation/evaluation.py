"""One run of the owner's questions: the answers, what they come to, and whether that is enough."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from docs_chat.evaluation.comparison import Comparison
from docs_chat.evaluation.scoring import Answer, group_by_kind, measure


@dataclass(frozen=True, slots=True)
class Evaluation:
    """``k`` results were looked at for each question; ``thresholds`` hold the least that is enough by metric."""

    snapshot: str
    k: int
    answers: tuple[Answer, ...]
    thresholds: Mapping[str, float]
    comparison: Comparison | None = None

    @property
    def metrics(self) -> dict[str, float | None]:
        """Over all questions, see :func:`docs_chat.evaluation.scoring.measure`."""
        return measure((answer.score for answer in self.answers), self.k)

    @property
    def kinds(self) -> dict[str, list[Answer]]:
        """The answers by the label of their question; empty when none has one."""
        return group_by_kind(self.answers)

    @property
    def failed(self) -> tuple[Answer, ...]:
        """The questions whose section was not found, or that should have been refused."""
        return tuple(answer for answer in self.answers if not answer.score.passed)

    @property
    def lacking(self) -> tuple[Answer, ...]:
        """The questions that pass, but whose answer without a model has not the text that it must have."""
        return tuple(answer for answer in self.answers if answer.score.passed and answer.missing)

    @property
    def missed(self) -> dict[str, float]:
        """The thresholds that were not reached, with what was."""
        metrics = self.metrics
        reached = {name: metrics[name] or 0.0 for name in self.thresholds}
        return {name: value for name, value in reached.items() if value < self.thresholds[name]}

    def to_json(self) -> dict[str, Any]:
        """What ``--json`` prints, and ``--baseline`` reads."""
        return {
            "snapshot": self.snapshot,
            "k": self.k,
            "passed": not self.missed,
            "thresholds": dict(self.thresholds),
            "metrics": _round(self.metrics),
            "kinds": {
                kind: {"questions": len(answers), **_round(measure((a.score for a in answers), self.k))}
                for kind, answers in self.kinds.items()
            },
            "questions": [_write_answer(answer) for answer in self.answers],
            **({"comparison": _write_comparison(self.comparison)} if self.comparison else {}),
        }


def _write_answer(answer: Answer) -> dict[str, Any]:
    question, score = answer.question, answer.score
    return {
        "question": question.text,
        "kind": question.kind,
        "version": question.version,
        "locale": question.locale,
        "history": list(question.history),
        "expect": [str(target) for target in answer.case.targets],
        "passed": score.passed,
        "rank": score.rank,
        "page_rank": score.page_rank,
        "state": score.state,
        "contains": list(question.contains),
        "missing": list(answer.missing),
        "shown": score.shown,
        "contained": score.contained,
        "confidence": round(answer.confidence, 4),
        "results": [
            {
                "permalink": result.permalink,
                "anchor": result.anchor,
                "url": result.url,
                "score": round(result.score, 6),
            }
            for result in answer.results
        ],
    }


def _write_comparison(comparison: Comparison) -> dict[str, Any]:
    return {
        "snapshot": comparison.snapshot,
        "lost": [answer.question.text for answer in comparison.lost],
        "gained": [answer.question.text for answer in comparison.gained],
        "cut": [answer.question.text for answer in comparison.cut],
        "new": [answer.question.text for answer in comparison.new],
        "gone": list(comparison.gone),
        "metrics": _round(comparison.metrics),
    }


def _round(metrics: Mapping[str, float | None]) -> dict[str, float | None]:
    return {name: None if value is None else round(value, 4) for name, value in metrics.items()}

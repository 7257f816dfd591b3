"""The questions of a run that somebody should look at, in groups with a name each."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from docs_chat.evaluation.evaluation import Evaluation
from docs_chat.evaluation.scoring import Answer

_LACKING = ("has its source, but not its text without a model", "have their source, but not their text without a model")


@dataclass(frozen=True, slots=True)
class Finding:
    """Questions with what became of them: "lost its source" for ``one``, "lost their source" for ``many``.

    ``is_news`` is False for what was so before, ``is_right`` True for what is as it should be.
    """

    one: str
    many: str
    answers: tuple[Answer, ...]
    is_news: bool = True
    is_right: bool = False

    @property
    def said(self) -> str:
        """As in "2 questions lost their source"."""
        number = len(self.answers)
        return f"1 question {self.one}" if number == 1 else f"{number} questions {self.many}"

    @property
    def heading(self) -> str:
        """As in "These 2 questions lost their source"."""
        return f"This question {self.one}" if len(self.answers) == 1 else f"These {self.said}"


def list_findings(evaluation: Evaluation) -> list[Finding]:
    """What changed since the baseline, if there is one, and what failed; groups without a question are left out."""
    return [finding for finding in _group(evaluation) if finding.answers]


def _group(evaluation: Evaluation) -> Iterator[Finding]:
    comparison = evaluation.comparison
    if comparison is None:
        yield Finding("is not answered as expected", "are not answered as expected", evaluation.failed)
        yield Finding(*_LACKING, evaluation.lacking)
        return
    lost = [answer for answer in comparison.lost if not answer.score.refuse]
    answered = [answer for answer in comparison.lost if answer.score.refuse]
    news = {answer.question.key for answer in comparison.lost}
    fresh = {answer.question.key for answer in comparison.new}
    rest = [answer for answer in evaluation.failed if answer.question.key not in news]
    new = [answer for answer in rest if answer.question.key in fresh]
    old = [answer for answer in rest if answer.question.key not in fresh]
    yield Finding("lost its source", "lost their source", tuple(lost))
    yield Finding("is answered now and should be refused", "are answered now and should be refused", tuple(answered))
    yield Finding("is new and fails", "are new and fail", tuple(new))
    yield Finding("lost the text of its answer", "lost the text of their answers", comparison.cut)
    yield Finding("is now right", "are now right", comparison.gained, is_right=True)
    yield Finding("failed before as well", "failed before as well", tuple(old), is_news=False)
    cut = {answer.question.key for answer in comparison.cut}
    lacking = [answer for answer in evaluation.lacking if answer.question.key not in cut]
    yield Finding(*_LACKING, tuple(lacking), is_news=False)

"""The file of questions: what is asked, which sections are right, and how good is good enough."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Literal, get_args

from docs_index.errors import UserError
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError
from pydantic_core import ErrorDetails

from docs_chat.evaluation.document import Document, read_document
from docs_chat.evaluation.mistakes import Mistakes, suggest
from docs_chat.evaluation.quotation import squeeze

#: What a threshold may be set for: the share of questions whose section (``hit``) or page is among the first so many,
#: of those with an answer that get one (``answer``), of those without one that get none (``refuse``), of those with a
#: text that the answer must have, whose answer without a model has it at all (``contains``) or at once (``shown``).
Metric = Literal["hit@1", "hit@3", "hit@5", "hit@10", "page@1", "page@5", "shown", "contains", "answer", "refuse"]
REFUSE = "refuse"
#: The metrics of questions that say what their answer must have.
TEXT_METRICS = ("shown", "contains")
DEFAULT_THRESHOLDS: Mapping[Metric, float] = {"hit@5": 0.9}
_FORM = "The page 'Test your docs' of the documentation shows how such a file is written."

# Everything in the file is read as text: a key without a value gives an empty one.
_Optional = Annotated[str | None, BeforeValidator(lambda value: value or None)]
_Text = Annotated[str, Field(min_length=1)]
_Texts = Annotated[
    list[_Text], Field(min_length=1), BeforeValidator(lambda value: [value] if isinstance(value, str) else value)
]
_Thresholds = dict[Metric, Annotated[float, Field(ge=0, le=1)]]


class _Entry(BaseModel):
    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)

    question: _Text
    expect: _Texts
    version: _Optional = None
    locale: _Optional = None
    kind: _Optional = None
    history: Annotated[_Texts | None, BeforeValidator(lambda value: value or None)] = None
    contains: Annotated[_Texts | None, BeforeValidator(lambda value: value or None)] = None


class _Content(BaseModel):
    model_config = ConfigDict(extra="forbid")

    questions: Annotated[list[_Entry], Field(min_length=1)]
    thresholds: Annotated[_Thresholds | None, BeforeValidator(lambda value: None if value == "" else value)] = None


@dataclass(frozen=True, slots=True)
class Question:
    """One question of the file.

    ``number`` counts from 1, ``line`` is where its sections are named, ``expect`` is empty when it should be refused,
    ``history`` what the reader asked before it in the same conversation, the oldest first, ``contains`` what must be in
    the answer that is given without a model.
    """

    number: int
    line: int
    text: str
    expect: tuple[str, ...]
    version: str | None = None
    locale: str | None = None
    kind: str | None = None
    history: tuple[str, ...] = ()
    contains: tuple[str, ...] = ()

    @property
    def key(self) -> tuple[str, ...]:
        """What makes it the same question in another run."""
        return make_key(self.text, self.version, self.locale, self.history)


def make_key(text: str, version: str | None, locale: str | None, history: Iterable[str]) -> tuple[str, ...]:
    return text, version or "", locale or "", *history


@dataclass(frozen=True, slots=True)
class QuestionFile:
    """A file of questions, with the thresholds that it sets or that hold when it sets none."""

    path: Path
    questions: tuple[Question, ...]
    thresholds: Mapping[str, float]


def read_questions(path: Path) -> QuestionFile:
    """Reads the questions and checks all that can be checked without an index.

    :raises UserError: naming every mistake with its line.
    """
    document = read_document(path)
    mistakes = Mistakes(path)
    for key, line in document.repeated_keys():
        mistakes.add(line, f"the key {key!r} is there twice")
    try:
        content = _Content.model_validate({} if document.data is None else document.data)
    except ValidationError as error:
        for problem in error.errors(include_url=False):
            _add_problem(mistakes, document, problem)
        content = None
    mistakes.raise_any(_FORM)
    assert content is not None  # noqa: S101 (or there was a mistake)
    questions = tuple(_make_question(document, at, entry) for at, entry in enumerate(content.questions))
    _check_questions(questions, mistakes)
    _check_thresholds(document, questions, content.thresholds or {}, mistakes)
    mistakes.raise_any()
    default = DEFAULT_THRESHOLDS if any(question.expect for question in questions) else {}
    thresholds = default if content.thresholds is None else content.thresholds
    return QuestionFile(path, questions, {str(name): least for name, least in thresholds.items()})


def check_depth(file: QuestionFile, depth: int) -> None:
    """:raises UserError: for a threshold that asks for more results than are looked at."""
    for name in file.thresholds:
        most = int(name.partition("@")[2] or 0)
        if most > depth:
            raise UserError(f"The threshold {name} of {file.path} needs more than {depth} results.", f"Add -k {most}.")


def _make_question(document: Document, at: int, entry: _Entry) -> Question:
    # a question that YAML breaks over several lines is one
    text = " ".join(entry.question.split())
    expect = () if entry.expect == [REFUSE] else tuple(entry.expect)
    line = document.line("questions", at, "expect")
    history = tuple(" ".join(asked.split()) for asked in entry.history or ())
    contains = tuple(entry.contains or ())
    return Question(at + 1, line, text, expect, entry.version, entry.locale, entry.kind, history, contains)


def _check_questions(questions: tuple[Question, ...], mistakes: Mistakes) -> None:
    first: dict[tuple[str, ...], Question] = {}
    for question in questions:
        if REFUSE in question.expect:
            mistakes.add(question.line, "expects to be refused and to be answered: name one", question.number)
        if question.contains and not question.expect:
            mistakes.add(question.line, "expects to be refused, and says what its answer contains", question.number)
        for text in question.contains:
            if not squeeze(text):
                message = f"'contains' has {text!r}: only letters and digits are compared"
                mistakes.add(question.line, message, question.number)
        before = first.setdefault(question.key, question)
        if before is not question:
            mistakes.add(question.line, f"is the same as question {before.number}", question.number)


def _check_thresholds(
    document: Document, questions: tuple[Question, ...], thresholds: Mapping[Metric, float], mistakes: Mistakes
) -> None:
    """A threshold that no question counts for says nothing."""
    for name in thresholds:
        counted = [question for question in questions if (name == REFUSE) == (not question.expect)]
        what = "no question expects to be refused" if name == REFUSE else "every question expects to be refused"
        if name in TEXT_METRICS:
            counted = [question for question in questions if question.contains]
            what = "no question says what its answer contains"
        if not counted:
            mistakes.add(document.line("thresholds", name), f"the threshold {name} measures nothing: {what}")


def _add_problem(mistakes: Mistakes, document: Document, problem: ErrorDetails) -> None:
    path = tuple(step for step in problem["loc"] if step != "[key]")
    line = document.line(*path)
    number = int(path[1]) + 1 if len(path) > 1 and path[0] == "questions" else None
    mistakes.add(line, _explain(path, problem), number)


def _explain(path: tuple[str | int, ...], problem: Any) -> str:
    name = next((step for step in reversed(path) if isinstance(step, str)), "")
    if len(path) == 2 and path[0] == "thresholds":
        if problem["type"] == "literal_error":
            return f"there is no threshold {name!r}, {suggest(name, get_args(Metric))}"
        return f"the threshold {name} is a number from 0 to 1, such as 0.9"
    if problem["type"] == "extra_forbidden":
        keys = _Content.model_fields if len(path) == 1 else _Entry.model_fields
        return f"unknown key {name!r}, {suggest(name, keys)}"
    if problem["type"] == "missing":
        return f"the key '{name}' is missing"
    if not path:
        return "the file is a table with the keys 'questions' and 'thresholds'"
    if path == ("questions",):
        return "'questions' is a list of at least one question, each with '- ' in front"
    if path[0] == "thresholds":
        return "'thresholds' is a table, such as 'hit@5: 0.9'"
    if len(path) == 2:
        return "is a table with the keys 'question' and 'expect'"
    if path[2] == "expect":
        return "'expect' is an address such as /docs/install#linux, a list of them, or the word refuse"
    if path[2] == "history":
        return "'history' is what the reader asked before, one text or a list of them"
    if path[2] == "contains":
        return "'contains' is what the answer must have, one text or a list of them"
    return f"'{name}' is one text" + (", and not empty" if problem["type"] == "string_too_short" else "")

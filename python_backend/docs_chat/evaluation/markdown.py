"""An evaluation as Markdown: the comment under a pull request."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from docs_index.result import Result

from docs_chat.evaluation.evaluation import Evaluation
from docs_chat.evaluation.findings import Finding, list_findings
from docs_chat.evaluation.report import (
    MOST,
    SHOWN,
    count_questions,
    list_columns,
    make_rows,
    name_column,
    show_change,
)
from docs_chat.evaluation.scoring import Answer

#: GitHub takes comments of at most 65,536 characters: the text of a question that was pasted is cut.
_LONGEST = 300
_MARKS = re.compile(r"([\\`*_{}\[\]<>()#|~&!$:@])")
#: GitHub makes a mention of ``@theme/Root`` and links of ``#12`` and ``www.x``, also when the signs are escaped.
_REFERENCE = re.compile(r"([@#]|\bwww)(?=[\w.])")
_UNSAFE_IN_URL = {ord(character): f"%{ord(character):02X}" for character in " <>()\\|`\"'"}


def write_markdown(evaluation: Evaluation) -> str:
    """A comment for a pull request: a line that says it all, the table, and the questions to look at."""
    findings = list_findings(evaluation)
    lines = ["## Questions to the docs", "", _summarize(evaluation, findings), "", *_write_table(evaluation)]
    if evaluation.missed:
        lines += ["", "Too low:", ""]
        lines += [
            f"- `{name}` is {reached:.1%}, and should be at least {evaluation.thresholds[name]:.1%}"
            for name, reached in evaluation.missed.items()
        ]
    for finding in findings:
        lines += _write_finding(finding)
    return "\n".join(lines) + "\n"


def escape(text: str) -> str:
    """Text on one line in which nothing is Markdown, a mention or a reference to an issue."""
    plain = " ".join(text.split())
    if len(plain) > _LONGEST:
        plain = plain[:_LONGEST] + "…"
    return _MARKS.sub(r"\\\1", _REFERENCE.sub("\\1\u200b", plain))


def _summarize(evaluation: Evaluation, findings: Sequence[Finding]) -> str:
    right = len(evaluation.answers) - len(evaluation.failed)
    parts = [f"**{right} of {len(evaluation.answers)} questions are answered as expected.**"]
    if evaluation.comparison:
        news = [finding.said for finding in findings if finding.is_news] or ["no question lost its source"]
        parts.append(f"Since the last run {', '.join([*news, *count_questions(evaluation.comparison)])}.")
    parts.append("❌ Too low for the thresholds." if evaluation.missed else "✅ All thresholds are met.")
    return " ".join(parts)


def _write_table(evaluation: Evaluation) -> Iterator[str]:
    rows = list(make_rows(evaluation))
    refusing = any(cells[-1] for _, cells in rows)
    columns = list_columns(evaluation)
    names = ["questions", *map(name_column, columns), *(["refused"] if refusing else [])]
    yield _write_row("", names)
    yield _write_row("---", ["--:"] * len(names))
    for label, cells in rows:
        yield _write_row("**all**" if label == "all" else escape(label), cells if refusing else cells[:-1])
    if evaluation.comparison:
        changes = [show_change(name, evaluation.comparison.metrics.get(name)) for name in columns]
        yield _write_row("*change*", ["", *changes, *([""] if refusing else [])])


def _write_row(label: str, cells: Sequence[str]) -> str:
    return f"| {' | '.join([label, *cells])} |"


def _write_finding(finding: Finding) -> Iterator[str]:
    # what is no news goes behind a line to click on
    head, foot = f"### {finding.heading}", []
    if not finding.is_news:
        head, foot = f"<details><summary>{finding.heading}</summary>", ["", "</details>"]
    yield from ("", head, "")
    for answer in finding.answers[:MOST]:
        yield f"- {_name(answer)}"
        if not finding.is_right:
            yield from _write_answer(answer)
    if len(finding.answers) > MOST:
        yield f"- … and {len(finding.answers) - MOST} more"
    yield from foot


def _write_answer(answer: Answer) -> Iterator[str]:
    if answer.score.refuse:
        yield f"  - expected no answer; it is sure to {answer.confidence:.0%}"
    else:
        yield f"  - expected {' or '.join(_code(str(target)) for target in answer.case.targets)}"
    links = [_link(result) for result in answer.results[:SHOWN]]
    rank = f"; the right one is number {answer.score.rank}" if answer.score.rank else ""
    yield f"  - came {', '.join(links)}{rank}" if links else "  - nothing came"
    if answer.missing:
        yield f"  - without a model the answer lacks {', '.join(f'“{escape(text)}”' for text in answer.missing)}"


def _name(answer: Answer) -> str:
    scope = ", ".join(label for label in (answer.question.version, answer.question.locale) if label)
    return f"**{escape(answer.question.text)}**" + (f" ({escape(scope)})" if scope else "")


def _link(result: Result) -> str:
    return f"[{escape(' › '.join(result.headings))}]({result.url.translate(_UNSAFE_IN_URL)})"


def _code(text: str) -> str:
    return f"`{text.translate(_UNSAFE_IN_URL)}`"

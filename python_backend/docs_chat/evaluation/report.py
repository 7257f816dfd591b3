"""An evaluation for people: a table in the terminal, and Markdown for a pull request."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from docs_index.result import Result
from rich.console import Console, Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from docs_chat.evaluation.evaluation import Evaluation
from docs_chat.evaluation.scoring import ENOUGH, Answer, measure

_COLUMNS = ("hit@1", "hit@5", "page@1", "page@5", "mrr")
_SHOWN = 3
_MARKDOWN = re.compile(r"([\\`*_\[\]<>|#])")


def print_report(evaluation: Evaluation, console: Console) -> None:
    """The table, what failed and what came instead, and the thresholds."""
    console.print(_make_table(evaluation))
    if evaluation.failed:
        console.print(f"\n{_count(evaluation.failed, 'question')} failed:", style="bold")
        console.print(Padding(Group(*(_describe(answer) for answer in evaluation.failed)), (0, 0, 0, 2), expand=False))
    if evaluation.comparison:
        console.print()
        for line in _summarize_changes(evaluation):
            console.print(line, markup=False)
    console.print()
    metrics = evaluation.metrics
    for name, least in evaluation.thresholds.items():
        missed = name in evaluation.missed
        mark, style = ("✗", "red") if missed else ("✓", "green")
        said = f"{name} is {_percent(metrics[name])}, {'under' if missed else 'at least'} {_percent(least)}"
        console.print(Text(f"{mark} {said}", style=style))


def write_markdown(evaluation: Evaluation) -> str:
    """A comment for a pull request: a line that says it all, the table, and what to look at."""
    failed = len(evaluation.failed)
    verdict = "✅" if not evaluation.missed else "❌"
    total = len(evaluation.answers)
    lines = ["## Questions to the docs", "", f"{verdict} {total - failed} of {total} questions are answered right."]
    lines += [
        f"- `{name}` is {_percent(reached)}, under the threshold of {_percent(evaluation.thresholds[name])}."
        for name, reached in evaluation.missed.items()
    ]
    lines += ["", *_write_table(evaluation)]
    comparison = evaluation.comparison
    if comparison:
        lines += _write_list(comparison.lost, "lost their source", "lost its source")
        if comparison.gained:
            lines += ["", f"{_count(comparison.gained, 'question')} found {_their(comparison.gained)} source."]
        known = {answer.question.key for answer in comparison.lost}
        rest = [answer for answer in evaluation.failed if answer.question.key not in known]
        lines += _write_list(rest, "failed before as well, or are new", "failed before as well, or is new")
    else:
        lines += _write_list(evaluation.failed, "failed", "failed")
    return "\n".join(lines) + "\n"


def _make_table(evaluation: Evaluation) -> Table:
    table = Table(box=None, header_style="dim", pad_edge=False, padding=(0, 2, 0, 0))
    table.add_column("")
    for name in ("questions", *_COLUMNS, "refused"):
        table.add_column(name, justify="right")
    for label, cells in _make_rows(evaluation):
        table.add_row(label, *cells, style="bold" if label == "all" else None)
    return table


def _make_rows(evaluation: Evaluation) -> Iterator[tuple[str, list[str]]]:
    groups: list[tuple[str, Sequence[Answer]]] = [("all", evaluation.answers), *sorted(evaluation.kinds.items())]
    for label, answers in groups:
        metrics = measure((answer.score for answer in answers), evaluation.k)
        refusable = [answer for answer in answers if answer.score.refuse]
        refused = f"{sum(answer.score.passed for answer in refusable)} of {len(refusable)}" if refusable else ""
        yield label, [str(len(answers)), *(_percent(metrics.get(name)) for name in _COLUMNS), refused]


def _describe(answer: Answer) -> RenderableType:
    text = Text(answer.question.text, style="bold")
    scope = [part for part in (answer.question.version, answer.question.locale) if part]
    text.append(f"  {' '.join(scope)}" if scope else "", style="dim")
    if answer.score.refuse:
        text.append("\n  expected  no answer", style="green")
    for target in answer.case.targets:
        text.append(f"\n  expected  {target}", style="green")
    if answer.score.rank:
        text.append(f"\n  (it came as number {answer.score.rank}, not among the first {ENOUGH})", style="dim")
    for result in answer.results[:_SHOWN]:
        text.append("\n  came      ", style="dim")
        text.append(_place(result), style=f"link {result.url}")
    if not answer.results:
        text.append("\n  came      nothing", style="dim")
    return text


def _summarize_changes(evaluation: Evaluation) -> Iterator[str]:
    comparison = evaluation.comparison
    if comparison is None:
        return
    changes = [
        f"{name} {value:+.1%}" for name, value in comparison.metrics.items() if value is not None and abs(value) > 1e-9
    ]
    yield f"Since the baseline ({comparison.snapshot}): {', '.join(changes) or 'no change'}"
    for answers, verb in ((comparison.lost, "lost"), (comparison.gained, "found")):
        if answers:
            yield f"{_count(answers, 'question')} {verb} {_their(answers)} source:"
            yield from (f"  {answer.question.text}" for answer in answers)
    if comparison.new:
        yield f"{_count(comparison.new, 'question')} new"
    if comparison.gone:
        yield f"{_count(comparison.gone, 'question')} no longer asked"


def _write_table(evaluation: Evaluation) -> Iterator[str]:
    comparison = evaluation.comparison
    yield f"| | questions | {' | '.join(_COLUMNS)} | refused |"
    yield f"|---|{'--:|' * (len(_COLUMNS) + 2)}"
    for label, cells in _make_rows(evaluation):
        name = f"**{label}**" if label == "all" else _escape(label)
        yield f"| {name} | {' | '.join(cells)} |"
    if comparison:
        changes = (comparison.metrics.get(name) for name in _COLUMNS)
        yield f"| since the baseline | | {' | '.join('' if v is None else f'{v:+.1%}' for v in changes)} | |"


def _write_list(answers: Sequence[Answer], many: str, one: str) -> Iterator[str]:
    if not answers:
        return
    title = f"This question {one}" if len(answers) == 1 else f"These {len(answers)} questions {many}"
    yield from ("", f"### {title}", "")
    for answer in answers:
        expected = " or ".join(f"`{target}`" for target in answer.case.targets) or "no answer"
        yield f"- **{_escape(answer.question.text)}**"
        yield f"  - expected: {expected}"
        came = [f"[{_escape(_place(result))}](<{result.url}>)" for result in answer.results[:_SHOWN]]
        yield f"  - came: {', '.join(came) or 'nothing'}"


def _place(result: Result) -> str:
    return f"{result.permalink}#{result.anchor}" if result.anchor else result.permalink


def _escape(text: str) -> str:
    """Text that no Markdown changes, on one line."""
    return _MARKDOWN.sub(r"\\\1", " ".join(text.split()))


def _percent(value: float | None) -> str:
    return "" if value is None else f"{value:.1%}"


def _count(things: Sequence[object] | Iterable[object], noun: str) -> str:
    number = len(list(things))
    return f"{number} {noun}" + ("" if number == 1 else "s")


def _their(things: Sequence[object]) -> str:
    return "its" if len(things) == 1 else "their"

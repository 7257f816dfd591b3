"""An evaluation in the terminal: a table, the questions that failed with what came instead, the thresholds."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from docs_index.result import Result
from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from docs_chat.evaluation.comparison import Comparison
from docs_chat.evaluation.evaluation import Evaluation
from docs_chat.evaluation.findings import Finding, list_findings
from docs_chat.evaluation.scoring import Answer, measure

#: The metrics of a table's columns, and how many results and questions are shown at most.
COLUMNS = ("hit@1", "hit@5", "page@1", "page@5", "mrr")
#: Those of questions that say what their answer must have, where there are any.
TEXT_COLUMNS = ("shown", "contains")
SHOWN = 3
MOST = 20
#: How much room there is between the columns of the table where it fits, and how long a kind's name may at least be.
_GAP = 3
_NAME = 12


def print_report(evaluation: Evaluation, console: Console) -> None:
    """Prints everything that a person wants to know of a run."""
    console.print(_make_table(evaluation, console.width))
    findings = list_findings(evaluation)
    if evaluation.comparison:
        console.print(Text(f"\n{_summarize_changes(evaluation.comparison, findings)}"))
    for finding in findings:
        console.print(Text(f"\n{finding.said}", style="bold"))
        for answer in finding.answers[:MOST]:
            if finding.is_right:
                console.print(Padding(Text(answer.question.text), (0, 0, 0, 2), expand=False))
            else:
                _print_answer(answer, evaluation.k, console)
        if len(finding.answers) > MOST:
            console.print(f"\n  … and {len(finding.answers) - MOST} more; --json lists them all")
    if evaluation.thresholds:
        console.print()
        console.print(_make_thresholds(evaluation))


def make_rows(evaluation: Evaluation) -> Iterator[tuple[str, list[str]]]:
    """A row for all questions and one for each kind: its name, how many, each column, how many were refused."""
    groups: list[tuple[str, Sequence[Answer]]] = [("all", evaluation.answers), *evaluation.kinds.items()]
    for label, answers in groups:
        metrics = measure((answer.score for answer in answers), evaluation.k)
        refusable = [answer for answer in answers if answer.score.refuse]
        refused = f"{sum(answer.score.passed for answer in refusable)} of {len(refusable)}" if refusable else ""
        cells = [show_metric(name, metrics.get(name)) for name in list_columns(evaluation)]
        yield label, [str(len(answers)), *cells, refused]


def list_columns(evaluation: Evaluation) -> tuple[str, ...]:
    """The metrics that a table has: those of the text only where a question names one."""
    return COLUMNS + (TEXT_COLUMNS if any(answer.question.contains for answer in evaluation.answers) else ())


def name_column(metric: str) -> str:
    return "MRR" if metric == "mrr" else metric


def show_metric(name: str, value: float | None) -> str:
    """A share in percent, a mean reciprocal rank as such."""
    return "" if value is None else f"{value:.2f}" if name == "mrr" else f"{value:.0%}"


def show_change(name: str, value: float | None) -> str:
    """How much more or less, in points; nothing where nothing changed."""
    if value is None or abs(value) < 0.0005:
        return "" if value is None else "="
    sign = "+" if value > 0 else "−"
    return f"{sign}{abs(value):.2f}" if name == "mrr" else f"{sign}{100 * abs(value):.1f}"


def count_questions(comparison: Comparison) -> list[str]:
    """How many questions only one of the two runs asked, in words."""
    counted = ((len(comparison.new), "new"), (len(comparison.gone), "no longer asked"))
    return [f"{number} {what}" for number, what in counted if number]


def show_place(result: Result) -> str:
    """The permalink and anchor, as they are written into a file of questions."""
    return f"{result.permalink}#{result.anchor}" if result.anchor else result.permalink


def _make_table(evaluation: Evaluation, width: int) -> Table:
    rows = list(make_rows(evaluation))
    refusing = any(cells[-1] for _, cells in rows)
    columns = list_columns(evaluation)
    heads = ["questions", *map(name_column, columns), *(["refused"] if refusing else [])]
    # A column is as wide as its head: no share is longer.
    roomy = sum(len(head) + _GAP for head in heads) + _NAME + _GAP <= width
    gap = _GAP if roomy else 1
    table = Table(box=None, header_style="dim", pad_edge=False, padding=(0, gap, 0, 0))
    # of all columns the names must not be the one that gives way
    table.add_column("", no_wrap=True, min_width=min(max(len(label) for label, _ in rows), _NAME))
    for head in heads:
        table.add_column(head, justify="right", no_wrap=True)
    for label, cells in rows:
        table.add_row(Text(label), *(cells if refusing else cells[:-1]), style="bold" if label == "all" else None)
    if evaluation.comparison:
        changes = [show_change(name, evaluation.comparison.metrics.get(name)) for name in columns]
        table.add_row("change", "", *changes, style="dim")
    return table


def _print_answer(answer: Answer, depth: int, console: Console) -> None:
    question = answer.question
    title = Text(question.text, style="bold")
    labels = [label for label in (question.kind, question.version, question.locale) if label]
    title.append(f"  {' · '.join(labels)}" if labels else "", style="not bold dim")
    table = Table(box=None, show_header=False, pad_edge=False, padding=(0, 1, 0, 0))
    table.add_column(style="dim", no_wrap=True)
    table.add_column(style="dim", justify="right", no_wrap=True)
    table.add_column(overflow="fold")
    if answer.score.refuse:
        table.add_row("expected", "", f"no answer; it is sure to {answer.confidence:.0%}")
    for number, target in enumerate(answer.case.targets):
        place = next((place for place, result in enumerate(answer.results, 1) if target.holds(result)), None)
        came = f"  came as number {place}" if place else f"  not among the first {depth}"
        table.add_row("or" if number else "expected", "", Text.assemble(str(target), (came, "dim")))
    for place, result in enumerate(answer.results[:SHOWN], 1):
        table.add_row("" if place > 1 else "came", str(place), Text(show_place(result), style=f"link {result.url}"))
    if not answer.results:
        table.add_row("came", "", "nothing")
    for number, text in enumerate(answer.missing):
        table.add_row("" if number else "lacks", "", Text(text))
    console.print()
    console.print(Padding(title, (0, 0, 0, 2), expand=False))
    console.print(Padding(table, (0, 0, 0, 4), expand=False))


def _summarize_changes(comparison: Comparison, findings: Sequence[Finding]) -> str:
    news = [finding.said for finding in findings if finding.is_news] or ["no question lost its source"]
    return f"Since the baseline ({comparison.snapshot}) {', '.join([*news, *count_questions(comparison)])}."


def _make_thresholds(evaluation: Evaluation) -> Table:
    table = Table(box=None, show_header=False, pad_edge=False, padding=(0, 2, 0, 0))
    metrics = evaluation.metrics
    for name, least in evaluation.thresholds.items():
        missed = name in evaluation.missed
        verdict = Text("too low", style="bold red") if missed else Text("passed", style="green")
        table.add_row(name, f"{metrics[name] or 0:.1%}", Text(f"at least {least:.1%}", style="dim"), verdict)
    return table

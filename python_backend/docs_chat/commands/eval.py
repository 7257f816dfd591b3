"""``docs-chat eval``: the owner's questions, and whether the search finds what answers them."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click
from docs_index.errors import UserError

from docs_chat.cli import Globals, echo_json, global_options

if TYPE_CHECKING:
    from docs_chat.evaluation.evaluation import Evaluation

_DEPTH = 10


@click.command("eval")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--index", "uri", help="The index. [default: .docs-chat/index]")
@click.option("--site", type=click.Path(path_type=Path, file_okay=False), default=".", help="The site's folder.")
@click.option("--baseline", type=click.Path(path_type=Path), help="An earlier run (its --json) to compare with.")
@click.option("--markdown", help="Also write a comment for a pull request to this file; - is standard output.")
@global_options
@click.pass_context
def command(
    ctx: click.Context, file: Path, uri: str | None, site: Path, baseline: Path | None, markdown: str | None
) -> None:
    """Ask the questions in FILE and check that the right sections come.

    FILE is YAML: questions, each with the section that answers it or the word refuse, and thresholds. Exits with 1
    when a threshold is not reached.
    """
    options: Globals = ctx.obj
    evaluation = _evaluate(file, site, options.config, uri, baseline)
    if markdown is not None:
        _write_markdown(evaluation, markdown)
    if options.json:
        echo_json(evaluation.to_json())
    elif markdown != "-" and not options.quiet:
        from rich.console import Console

        from docs_chat.evaluation.report import print_report

        print_report(evaluation, Console(highlight=False))
    if evaluation.missed:
        ctx.exit(1)


def _evaluate(file: Path, site: Path, config: Path | None, uri: str | None, baseline: Path | None) -> Evaluation:
    from docs_index.index import Index

    from docs_chat.config import load_config
    from docs_chat.evaluation.comparison import compare, read_baseline
    from docs_chat.evaluation.evaluation import Evaluation
    from docs_chat.evaluation.expectations import find_targets
    from docs_chat.evaluation.questions import read_questions
    from docs_chat.evaluation.scoring import ask

    questions = read_questions(file)
    before = read_baseline(baseline) if baseline else None
    settings = load_config(site, config, {"index": uri} if uri else {}).settings
    index = Index.open(settings.index)
    try:
        answers = tuple(ask(index, find_targets(questions, index, Path(settings.index)), _DEPTH))
        comparison = compare(answers, before, _DEPTH) if before else None
        return Evaluation(
            index.id, _DEPTH, answers, {str(name): least for name, least in questions.thresholds.items()}, comparison
        )
    finally:
        index.close()


def _write_markdown(evaluation: Evaluation, target: str) -> None:
    from docs_chat.evaluation.report import write_markdown

    text = write_markdown(evaluation)
    if target == "-":
        sys.stdout.write(text)
        return
    try:
        Path(target).write_text(text, "utf-8")
    except OSError as error:
        raise UserError(f"{target} cannot be written: {error.strerror}.", "Name another file.") from error

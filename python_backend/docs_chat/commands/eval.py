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


@click.command("eval")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--index", "uri", help="The index. [default: .docs-chat/index]")
@click.option("--site", type=click.Path(path_type=Path, file_okay=False), default=".", help="The site's folder.")
@click.option("--group", "groups", multiple=True, help="Also the pages of this group; may be given more than once.")
@click.option("-k", "depth", type=click.IntRange(5, 100), default=10, show_default=True, help="How many to look at.")
@click.option("--baseline", type=click.Path(path_type=Path), help="An earlier run (its --json) to compare with.")
@click.option("--markdown", help="Write a comment for a pull request to this file; - is standard output.")
@global_options
@click.pass_context
def command(
    ctx: click.Context,
    file: Path,
    uri: str | None,
    site: Path,
    groups: tuple[str, ...],
    depth: int,
    baseline: Path | None,
    markdown: str | None,
) -> None:
    """Ask the questions in FILE and check that the right sections come.

    FILE is YAML: questions, each with the section that answers it or the word refuse, perhaps with text that the answer
    without a model must have, and thresholds. Exits with 1 when a threshold is not reached.
    """
    options: Globals = ctx.obj
    if options.json and markdown == "-":
        raise click.UsageError("--json and --markdown - both write to standard output: give --markdown a file.")
    evaluation = _evaluate(options, file, site, uri, groups, depth, baseline)
    if markdown is not None:
        _write_markdown(evaluation, markdown)
    if options.json:
        echo_json(evaluation.to_json())
    elif markdown != "-" and not options.quiet:
        from docs_chat.evaluation.report import print_report
        from docs_chat.terminal import make_console

        print_report(evaluation, make_console())
    if evaluation.missed:
        ctx.exit(1)


def _evaluate(
    options: Globals,
    file: Path,
    site: Path,
    uri: str | None,
    groups: tuple[str, ...],
    depth: int,
    baseline: Path | None,
) -> Evaluation:
    from docs_index.display import show_progress
    from docs_index.index import Index

    from docs_chat.config import load_config
    from docs_chat.evaluation.comparison import compare, read_baseline
    from docs_chat.evaluation.evaluation import Evaluation
    from docs_chat.evaluation.expectations import find_targets
    from docs_chat.evaluation.questions import check_depth, read_questions
    from docs_chat.evaluation.scoring import ask
    from docs_chat.mirror import Mirror

    questions = read_questions(file)
    check_depth(questions, depth)
    before = read_baseline(baseline) if baseline else None
    settings = load_config(site, options.config, {"index": uri} if uri else {}).settings
    folder = Mirror(settings).prepare()
    index = Index.open(str(folder)).for_groups(groups)
    try:
        cases = find_targets(questions, index, folder)
        answers = []
        # a log has no use for the progress of a second or two
        with show_progress(quiet=options.quiet or not sys.stderr.isatty()) as progress:
            for answer in ask(index, cases, depth, settings.answer.passages_tokens):
                answers.append(answer)
                progress("Asking", len(answers), len(cases))
    finally:
        index.close()
    comparison = compare(answers, before, depth) if before else None
    return Evaluation(index.id, depth, tuple(answers), questions.thresholds, comparison)


def _write_markdown(evaluation: Evaluation, target: str) -> None:
    from docs_chat.evaluation.markdown import write_markdown

    text = write_markdown(evaluation)
    if target == "-":
        click.echo(text, nl=False)
        return
    try:
        Path(target).write_text(text, "utf-8")
    except OSError as error:
        raise UserError(f"{target} cannot be written: {error.strerror}.", "Name another file.") from error

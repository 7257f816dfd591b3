"""``docs-chat index``: from a site's sources to a published snapshot."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from docs_chat.cli import Globals, global_options

if TYPE_CHECKING:
    from docs_index.build import Report
    from docs_index.site import Problem

_SHOWN = 20


@click.command("index")
@click.argument("site", type=click.Path(path_type=Path, file_okay=False), default=".")
@click.option("--index", "uri", help="Where the index goes. [default: SITE/.docs-chat/index]")
@click.option("--embedder", help="local, none, openai[:model[@dim]] or onnx:<folder>. [default: local]")
@click.option("--locale", "locales", multiple=True, help="Only this locale; may be given more than once.")
@click.option("--check", is_flag=True, help="Exit with 1 when any problem was found (for CI).")
@click.option("--dry-run", is_flag=True, help="Say what would change, tokens and price; write nothing.")
@click.option("--full", is_flag=True, help="Read every page again.")
@click.option("--allow-shrink", is_flag=True, help="Publish even when half of the pages are gone.")
@global_options
@click.pass_context
def command(
    ctx: click.Context,
    site: Path,
    uri: str | None,
    embedder: str | None,
    locales: tuple[str, ...],
    check: bool,
    dry_run: bool,
    full: bool,
    allow_shrink: bool,
) -> None:
    """Index the Docusaurus site in SITE (default: this folder).

    Reads which pages exist from the plugin's manifest, cuts them into sections, checks their anchors against the
    built HTML, and publishes a new snapshot. Only what changed is read and embedded again.
    """
    from docs_index.build import build_index
    from docs_index.display import show_progress

    from docs_chat.config import load_config

    options: Globals = ctx.obj
    flags = {"index": uri, "embedder": embedder, "locales": list(locales) or None}
    settings = load_config(
        site, options.config, {key: value for key, value in flags.items() if value is not None}
    ).settings
    index = Path(settings.index)
    with show_progress(quiet=options.quiet) as progress:
        report = build_index(
            site,
            index,
            embedder=settings.embedder,
            locales=tuple(settings.locales),
            full=full,
            dry_run=dry_run,
            allow_shrink=allow_shrink,
            workers=min(os.cpu_count() or 1, 8),
            progress=progress,
        )
    if options.json:
        click.echo(json.dumps(report.to_json(), ensure_ascii=False))
    else:
        if not options.quiet:
            _print(report, index, dry_run)
        _print_problems([problem for problem in report.problems if problem.severity == "error" or not options.quiet])
    broken = any(problem.severity == "error" for problem in report.problems)
    if broken or (check and report.problems):
        ctx.exit(1)


def _print(report: Report, index: Path, dry_run: bool) -> None:
    changes = [
        f"{count} {word}"
        for count, word in (
            (report.added, "new"),
            (report.changed, "changed"),
            (report.removed, "removed"),
            (report.unchanged, "unchanged"),
        )
        if count
    ]
    click.echo(f"Pages     {report.pages} ({', '.join(changes)})")
    click.echo(f"Sections  {report.sections} in {report.parts} parts")
    cost = f", {report.cost_usd:.4f} USD" if report.cost_usd else ""
    verb = "to embed" if dry_run else "embedded"
    click.echo(f"Vectors   {report.embedded} {verb} (about {report.tokens:,} tokens{cost}), {report.reused} reused")
    if report.coverage:
        click.echo(
            f"Checked   {report.coverage['pages_checked']} built pages: {report.coverage['anchors']:.2%} of anchors, "
            f"{report.coverage['text']:.2%} of words"
        )
    where = "nothing was written" if dry_run else os.path.relpath(index)
    click.echo(f"Snapshot  {report.snapshot} ({where}) in {report.seconds:.1f} s")


def _print_problems(problems: list[Problem]) -> None:
    for problem in problems[:_SHOWN]:
        click.echo(f"{problem.severity}: {problem.source}: {problem.message}. {problem.hint}", file=sys.stderr)
    if len(problems) > _SHOWN:
        click.echo(f"… and {len(problems) - _SHOWN} more; --json lists them all.", file=sys.stderr)

"""``docs-chat index``: from a site's sources to a published snapshot."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

import click

from docs_chat.cli import Globals, echo_json, global_options

if TYPE_CHECKING:
    from docs_index.build import Report
    from docs_index.errors import UserError
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
@click.option("--watch", is_flag=True, help="Go on: index again whenever a source changes. Ctrl-C ends it.")
@click.option("--allow-shrink", is_flag=True, help="Publish even when half of the pages are gone.")
@click.option("--preview", is_flag=True, help="For readers of this build of the site only; what is live stays live.")
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
    watch: bool,
    allow_shrink: bool,
    preview: bool,
) -> None:
    """Index the Docusaurus site in SITE (default: this folder).

    Reads which pages exist from the plugin's manifest, cuts them into sections, checks their anchors against the
    built HTML, and publishes a new snapshot. Only what changed is read and embedded again.
    """
    from docs_index.build import build_index
    from docs_index.display import show_progress
    from docs_index.errors import UserError
    from docs_index.remote import has_index, push_index, push_preview
    from docs_index.visibility import Rule

    from docs_chat.config import load_config
    from docs_chat.mirror import Mirror

    options: Globals = ctx.obj
    if watch and (check or dry_run):
        raise click.UsageError("--watch goes on until it is stopped: leave out --check and --dry-run.")
    if watch and preview:
        raise click.UsageError("A preview is of one build of the site: leave out --watch.")
    flags = {"index": uri, "embedder": embedder, "locales": list(locales) or None}
    settings = load_config(
        site, options.config, {key: value for key, value in flags.items() if value is not None}
    ).settings
    mirror = Mirror(settings)
    index = mirror.folder
    place = mirror.uri if mirror.is_remote else os.path.relpath(index)
    if mirror.is_remote and not dry_run and has_index(mirror.uri):
        # What is there is what the new one is measured by; what is damaged is replaced.
        with suppress(UserError):
            mirror.refresh()

    def build(full: bool = full, quiet: bool = options.quiet, allow_shrink: bool = allow_shrink) -> Report:
        with show_progress(quiet=quiet) as progress:
            report = build_index(
                site,
                index,
                embedder=settings.embedder,
                locales=tuple(settings.locales),
                full=full,
                dry_run=dry_run,
                allow_shrink=allow_shrink,
                preview=preview,
                keep=settings.keep,
                rules=[Rule(rule.path, rule.group) for rule in settings.visibility],
                workers=min(os.cpu_count() or 1, 8),
                progress=progress,
            )
            if mirror.is_remote and not dry_run:
                progress("Publishing", 0, 0)
                if preview:
                    report.snapshot = push_preview(index, mirror.uri, report.snapshot, keep=mirror.keep)
                else:
                    push_index(index, mirror.uri, keep=mirror.keep)
        return report

    if watch:
        _follow(site, index, place, build, options)
        return
    report = build()
    _show(report, f"{place}, for its builds only" if preview else place, dry_run, options)
    broken = any(problem.severity == "error" for problem in report.problems)
    if broken or (check and report.problems):
        ctx.exit(1)


def _follow(site: Path, index: Path, place: str, build: Callable[..., Report], options: Globals) -> None:
    """Shows the first run in full, and each later one that found something to do in a line."""
    from docs_index.errors import UserError
    from docs_index.watch import watch_index

    runs = 0
    problems: list[Problem] = []

    def build_again() -> Report:
        # a writer sees every run: that another branch has fewer pages is no accident to guard against
        return build() if runs == 0 else build(full=False, quiet=True, allow_shrink=True)

    for outcome in watch_index(site, index, build_again):
        runs += 1
        if isinstance(outcome, UserError):
            # the first one ends it, and is said there
            if runs > 1:
                _show_failure(outcome, options)
        elif runs == 1:
            _show(outcome, place, False, options)
            if not options.quiet:
                click.echo("Watching for changes; Ctrl-C ends it.", err=True)
            problems = outcome.problems
        elif outcome.added or outcome.changed or outcome.removed or options.json:
            _show_line(outcome, [problem for problem in outcome.problems if problem not in problems], options)
            problems = outcome.problems


def _show(report: Report, place: str, dry_run: bool, options: Globals) -> None:
    if options.json:
        echo_json(report.to_json())
        return
    if not options.quiet:
        _print(report, place, dry_run)
    _print_problems([problem for problem in report.problems if problem.severity == "error" or not options.quiet])


def _show_line(report: Report, new_problems: list[Problem], options: Globals) -> None:
    if options.json:
        echo_json(report.to_json())
        return
    if not options.quiet:
        clock = time.strftime("%H:%M:%S")
        click.echo(f"{clock}  {_changes(report)}; {report.embedded} parts embedded, {report.seconds:.1f} s")
    _print_problems(new_problems)


def _show_failure(error: UserError, options: Globals) -> None:
    if options.json:
        echo_json({"error": {"message": error.message, "hint": error.hint}})
    else:
        click.echo(f"Not indexed: {error.message} {error.hint}", err=True)


def _changes(report: Report) -> str:
    counts = (
        (report.added, "new"),
        (report.changed, "changed"),
        (report.removed, "removed"),
        (report.unchanged, "unchanged"),
    )
    return ", ".join(f"{count} {word}" for count, word in counts if count)


def _print(report: Report, place: str, dry_run: bool) -> None:
    click.echo(f"Pages     {report.pages} ({_changes(report)})")
    click.echo(f"Sections  {report.sections} in {report.parts} parts")
    cost = f", {report.cost_usd:.4f} USD" if report.cost_usd else ""
    verb = "to embed" if dry_run else "embedded"
    click.echo(f"Vectors   {report.embedded} {verb} (about {report.tokens:,} tokens{cost}), {report.reused} reused")
    if report.coverage:
        click.echo(
            f"Checked   {report.coverage['pages_checked']} built pages: {report.coverage['anchors']:.2%} of anchors, "
            f"{report.coverage['text']:.2%} of words"
        )
    where = "nothing was written" if dry_run else place
    if report.builds:
        builds = ", ".join(f"{build} ({locale})" for locale, build in report.builds.items())
        click.echo(f"Builds    {builds}")
    click.echo(f"Snapshot  {report.snapshot} ({where}) in {report.seconds:.1f} s")


def _print_problems(problems: list[Problem]) -> None:
    for problem in problems[:_SHOWN]:
        click.echo(problem, file=sys.stderr)
    if len(problems) > _SHOWN:
        click.echo(f"… and {len(problems) - _SHOWN} more; --json lists them all.", file=sys.stderr)

"""``docs-chat search``: ranked passages for one question, or for many at once."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from docs_index.errors import UserError

from docs_chat.cli import Globals, echo_json, global_options

if TYPE_CHECKING:
    from docs_index.index import Index
    from docs_index.result import Outcome


@click.command("search")
@click.argument("query", required=False)
@click.option("--index", "uri", help="The index. [default: .docs-chat/index]")
@click.option("-k", "count", type=click.IntRange(1, 100), default=5, show_default=True, help="How many passages.")
@click.option("--version", "version", help="A docs version. [default: the latest]")
@click.option("--locale", help="A language. [default: the site's]")
@click.option("--group", "groups", multiple=True, help="Also the pages of this group; may be given more than once.")
@click.option("--build", help="A build of the site, by its id: search what it shows. [default: what is live]")
@click.option("--batch", is_flag=True, help="Read JSON lines {id, question, version?, locale?}; answer in JSON lines.")
@click.option("--site", type=click.Path(path_type=Path, file_okay=False), default=".", help="The site's folder.")
@global_options
@click.pass_context
def command(
    ctx: click.Context,
    query: str | None,
    uri: str | None,
    count: int,
    version: str | None,
    locale: str | None,
    groups: tuple[str, ...],
    build: str | None,
    batch: bool,
    site: Path,
) -> None:
    """Search the index for QUERY and print the best sections."""
    from docs_index.index import Index

    from docs_chat.builds import open_build
    from docs_chat.config import load_config
    from docs_chat.mirror import Mirror

    options: Globals = ctx.obj
    if batch == bool(query):
        raise click.UsageError("Give either a QUERY or --batch.")
    settings = load_config(site, options.config, {"index": uri} if uri else {}).settings
    mirror = Mirror(settings)
    index = Index.open(str(mirror.prepare()))
    kept = open_build(build, mirror, index) if build else None
    index = (kept.index if kept else index).for_groups(groups)
    if batch:
        for line in _answer_lines(index, count, version, locale):
            echo_json(line)
        return
    outcome = index.search(query or "", k=count, version=version, locale=locale)
    if options.json:
        echo_json(outcome.to_json())
    else:
        _print(outcome, index, query or "", locale, options.quiet)


def _answer_lines(index: Index, count: int, version: str | None, locale: str | None) -> Iterator[dict[str, Any]]:
    for number, line in enumerate(sys.stdin, 1):
        if not line.strip():
            continue
        try:
            asked = json.loads(line)
            question = _with_history(asked)
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise UserError(
                f"Line {number} of the input is no question.",
                'Write {"id": "1", "question": "…"}, one a line.',
            ) from error
        outcome = index.search(
            question, k=count, version=asked.get("version") or version, locale=asked.get("locale") or locale
        )
        yield {"id": asked.get("id"), **outcome.to_json()}


def _with_history(asked: dict[str, Any]) -> str:
    """What to search for, by the rule of the chat: a follow-up together with what was asked before it."""
    from docs_chat.answer.conversation import write_query
    from docs_chat.answer.engine import Turn

    question = asked["question"]
    if not isinstance(question, str):
        raise TypeError("question")
    before = [
        Turn("user", turn) if isinstance(turn, str) else Turn(turn.get("role", "user"), turn["content"])
        for turn in asked.get("history") or []
    ]
    return write_query(question, before)


def _print(outcome: Outcome, index: Index, question: str, locale: str | None, quiet: bool) -> None:
    from rich.text import Text

    from docs_chat.snippet import make_snippet
    from docs_chat.terminal import make_console

    console = make_console()
    said = list(_say_state(outcome, index, locale))
    if said and not (quiet and outcome.results):
        for line in said:
            console.print(Text(line, style="bold" if line is said[0] else ""))
        if outcome.results:
            console.print()
    versioned = len(index.info.versions) > 1
    margin = " " * (len(str(len(outcome.results))) + 2)
    for number, result in enumerate(outcome.results, 1):
        title = Text(" › ".join(result.headings), style="bold")
        if versioned and result.version_label:
            title.append(f"  {result.version_label}", style="not bold dim")
        # a pipe gets a result's heading on one line, however long it is
        width = console.width - len(margin) if console.is_terminal else title.cell_len
        for row, part in enumerate(title.wrap(console, width)):
            lead = margin if row else f"{number:>{len(margin) - 2}}  "
            console.print(Text.assemble((lead, "dim"), part), soft_wrap=True)
        for pieces in make_snippet(result.body, question, result.locale, width=console.width - len(margin)):
            text = Text.assemble(*((piece, "bold magenta" if is_match else "") for piece, is_match in pieces))
            console.print(Text.assemble(margin, text), soft_wrap=True)
        console.print(Text(margin).append(result.url, style=f"dim link {result.url}"), soft_wrap=True)
        if number < len(outcome.results):
            console.print()


def _say_state(outcome: Outcome, index: Index, locale: str | None) -> Iterator[str]:
    """How far the results answer, and what else to try."""
    labels = {version.name: version.label or version.name for version in index.info.versions}
    where = f" in version {labels.get(outcome.version, outcome.version)}" if outcome.version else ""
    if not outcome.results:
        yield f"Nothing found{where}."
    elif outcome.state == "nothing":
        yield f"The docs do not cover this{where}. The closest sections:"
    elif outcome.state == "closest":
        yield f"No direct answer{where}. The closest sections:"
    elif where:
        yield f"Found{where}:"
    if outcome.elsewhere:
        yield f"Version {labels.get(outcome.elsewhere, outcome.elsewhere)} may answer: --version {outcome.elsewhere}"
    elif not outcome.results:
        others = [name for name in index.info.locales if name != (locale or index.info.default_locale)]
        yield f"Try other words{f', or another language: --locale {others[0]}' if others else '.'}"

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
    batch: bool,
    site: Path,
) -> None:
    """Search the index for QUERY and print the best sections."""
    from docs_index.index import Index

    from docs_chat.config import load_config

    options: Globals = ctx.obj
    if batch == bool(query):
        raise click.UsageError("Give either a QUERY or --batch.")
    settings = load_config(site, options.config, {"index": uri} if uri else {}).settings
    index = Index.open(settings.index)
    if batch:
        for line in _answer_lines(index, count, version, locale):
            echo_json(line)
        return
    outcome = index.search(query or "", k=count, version=version, locale=locale)
    if options.json:
        echo_json(outcome.to_json())
    else:
        _print(outcome, index, query or "", locale)


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


def _print(outcome: Outcome, index: Index, question: str, locale: str | None) -> None:
    from rich.console import Console
    from rich.padding import Padding
    from rich.text import Text

    from docs_chat.snippet import make_snippet

    console = Console(highlight=False)
    for line in _say_state(outcome, index, locale):
        console.print(Text(line, style="yellow"))
    versioned = len(index.info.versions) > 1
    for number, result in enumerate(outcome.results, 1):
        title = Text(f"{number}. ", style="dim")
        title.append(" › ".join(result.headings), style="bold")
        if versioned and result.version_label:
            title.append(f"  {result.version_label}", style="dim")
        snippet = Text()
        for piece, is_match in make_snippet(result.body, question, result.locale):
            snippet.append(piece, style="bold yellow" if is_match else "")
        console.print(title)
        console.print(Padding(snippet, (0, 0, 0, 3), expand=False))
        console.print(Text("   ").append(result.url, style=f"cyan link {result.url}"), soft_wrap=True)
        if number < len(outcome.results):
            console.print()


def _say_state(outcome: Outcome, index: Index, locale: str | None) -> Iterator[str]:
    labels = {version.name: version.label for version in index.info.versions}
    if outcome.version:
        yield f"In version {labels.get(outcome.version, outcome.version)}:"
    if outcome.state == "closest":
        yield "No direct answer; the closest:"
    elif outcome.state == "nothing":
        yield "The docs do not cover this. The closest:" if outcome.results else "Nothing found."
    if outcome.elsewhere:
        yield f"Version {labels.get(outcome.elsewhere, outcome.elsewhere)} may: add --version {outcome.elsewhere}."
    elif not outcome.results and len(index.info.locales) > 1:
        others = ", ".join(name for name in index.info.locales if name != (locale or index.info.default_locale))
        yield f"Other languages: --locale {others}."

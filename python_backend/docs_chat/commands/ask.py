"""`docs-chat ask`: an answer with its citations, in the terminal."""

from __future__ import annotations

import asyncio
import logging
from contextlib import aclosing
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from docs_index.errors import UserError

from docs_chat.cli import Globals, echo_json, global_options
from docs_chat.config import load_config
from docs_chat.settings import Settings

if TYPE_CHECKING:
    from docs_chat.answer.answerer import Piece
    from docs_chat.citations import Citation
    from docs_chat.search import Scope


@click.command()
@click.argument("question")
@click.option("--index", "uri", help="The index. [default: .docs-chat/index]")
@click.option("--version", help="A docs version. [default: the latest]")
@click.option("--locale", help="A language. [default: the site's]")
@click.option("--group", "groups", multiple=True, help="Also the pages of this group; may be given more than once.")
@click.option("--build", help="A build of the site, by its id: answer from what it shows. [default: what is live]")
@click.option("--site", type=click.Path(path_type=Path, file_okay=False), default=".", help="The site's folder.")
@global_options
@click.pass_context
def command(
    ctx: click.Context,
    question: str,
    uri: str | None,
    version: str | None,
    locale: str | None,
    groups: tuple[str, ...],
    build: str | None,
    site: Path,
) -> None:
    """Answer QUESTION from the docs, with numbered sources."""
    options: Globals = ctx.obj
    settings = load_config(site, options.config, {"index": uri}).settings
    if not question.strip():
        raise UserError("The question is empty.")
    if not options.verbose:
        # What the log would say is said in a sentence of its own.
        logging.getLogger("docs_chat").addHandler(logging.NullHandler())
    from docs_chat.search import Scope

    scope = Scope(version, locale, frozenset(groups))
    document = asyncio.run(ask(settings, question, scope, build, silent=options.json))
    if options.json:
        echo_json(document)


async def ask(
    settings: Settings, question: str, scope: Scope, build: str | None = None, *, silent: bool
) -> dict[str, Any]:
    """Print the answer as it comes, unless silent; what is done for it goes to stderr."""
    from docs_chat.answer.answerer import Answerer, InterruptedAnswerError
    from docs_chat.builds import open_build
    from docs_chat.search import Searcher

    searcher = Searcher(settings)
    answerer = Answerer(settings, searcher)
    printed = Printed(silent)
    try:
        if build:
            scope = replace(scope, kept=open_build(build, searcher.mirror, searcher.index))
        language = scope.locale or searcher.index.info.default_locale
        prepared = await answerer.prepare(question, scope, locale=language)
        async with aclosing(answerer.answer(prepared)) as pieces:
            async for piece in pieces:
                printed.add(piece)
    except InterruptedAnswerError:
        if not silent:
            click.echo()
        raise UserError("The model stopped in the middle of its answer.", hint="Ask again.", exit_code=1) from None
    finally:
        await answerer.close()
        searcher.close()
    unsupported = [claim.text for claim in answerer.find_unsupported(prepared, printed.text)]
    if not silent:
        printed.print_sources()
        for text in unsupported:
            click.echo(f"Not found in the sources: {text}")
    usage = prepared.question.meter.total()
    return {
        "answer": printed.text,
        "citations": [describe(citation) for citation in printed.citations],
        "unsupported": unsupported,
        "state": prepared.state,
        "engine": prepared.engine.name,
        "usage": {"input_tokens": usage.input, "cached_tokens": usage.cached, "output_tokens": usage.output},
        "cost_usd": answerer.cost(prepared),
    }


class Printed:
    """The answer so far, on the screen and as data."""

    def __init__(self, silent: bool) -> None:
        self.silent = silent
        self.text = ""
        self.citations: list[Citation] = []

    def add(self, piece: Piece) -> None:
        from docs_chat.answer.answerer import FellBack
        from docs_chat.answer.engine import Searched, Searching

        match piece:
            case str():
                self.text += piece
                self.show(piece)
            case FellBack():
                click.echo("The model is not available; quoting the docs instead.", err=True)
            case Searching():
                if not self.silent:
                    click.echo(f"Searching the docs for “{piece.query}” …", err=True)
            case Searched():
                pass
            case citation:
                self.citations.append(citation)
                self.show(f" [{citation.n}]")

    def show(self, text: str) -> None:
        if not self.silent:
            click.echo(text, nl=False)

    def print_sources(self) -> None:
        from docs_chat.citations import breadcrumb

        click.echo("\n")
        for n, citation in sorted({citation.n: citation for citation in self.citations}.items()):
            click.echo(f"[{n}] {' › '.join(breadcrumb(citation.result))}\n    {citation.result.url}")


def describe(citation: Citation) -> dict[str, Any]:
    result = citation.result
    return {
        "n": citation.n,
        "index": citation.index,
        "title": result.title,
        "headings": list(result.headings),
        "url": result.url,
        "permalink": result.permalink,
        "anchor": result.anchor,
        "quote": citation.quote,
    }

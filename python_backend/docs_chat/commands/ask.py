"""`docs-chat ask`: an answer with its citations, in the terminal."""

from __future__ import annotations

import asyncio
from contextlib import aclosing
from pathlib import Path
from typing import Any

import click
from docs_index.errors import UserError

from docs_chat.cli import Globals, echo_json, global_options
from docs_chat.config import load_config
from docs_chat.settings import Settings


@click.command()
@click.argument("question")
@click.option("--index", "uri", help="The index. [default: .docs-chat/index]")
@click.option("--version", help="A docs version. [default: the latest]")
@click.option("--locale", help="A language. [default: the site's]")
@click.option("--site", type=click.Path(path_type=Path, file_okay=False), default=".", help="The site's folder.")
@global_options
@click.pass_context
def command(
    ctx: click.Context, question: str, uri: str | None, version: str | None, locale: str | None, site: Path
) -> None:
    """Answer QUESTION from the docs, with numbered sources."""
    options: Globals = ctx.obj
    settings = load_config(site, options.config, {"index": uri}).settings
    if not question.strip():
        raise UserError("The question is empty.")
    document = asyncio.run(ask(settings, question, version, locale, silent=options.json))
    if options.json:
        echo_json(document)


async def ask(
    settings: Settings, question: str, version: str | None, locale: str | None, *, silent: bool
) -> dict[str, Any]:
    """Print the answer as it comes, unless silent; gives `{"answer", "citations", "state"}`."""
    from docs_chat.answer.answerer import Answerer, InterruptedAnswerError
    from docs_chat.citations import Citation, breadcrumb
    from docs_chat.search import Scope, Searcher

    searcher = Searcher(settings)
    answerer = Answerer(settings, searcher)
    text = ""
    citations: list[Citation] = []
    try:
        language = locale or searcher.index.info.default_locale
        prepared = await answerer.prepare(question, Scope(version, locale), locale=language)
        async with aclosing(answerer.answer(prepared)) as pieces:
            async for piece in pieces:
                if isinstance(piece, str):
                    text += piece
                    shown = piece
                elif isinstance(piece, Citation):
                    citations.append(piece)
                    shown = f" [{piece.n}]"
                else:
                    click.echo("The model is not available; quoting the docs instead.", err=True)
                    continue
                if not silent:
                    click.echo(shown, nl=False)
    except InterruptedAnswerError:
        raise UserError("The model stopped in the middle of its answer.", hint="Ask again.", exit_code=1) from None
    finally:
        await answerer.close()
        searcher.close()
    sources = {citation.n: citation for citation in citations}
    if not silent:
        click.echo("\n")
        for n, citation in sorted(sources.items()):
            click.echo(f"[{n}] {' › '.join(breadcrumb(citation.result))}\n    {citation.result.url}")
    return {
        "answer": text,
        "citations": [describe(citation) for citation in citations],
        "state": prepared.state,
    }


def describe(citation: Any) -> dict[str, Any]:
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

"""`docs-chat data`: everything that is stored of one reader."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import Any

import click

from docs_chat.cli import Globals, echo_json, global_options
from docs_chat.commands.purge import choose_owner
from docs_chat.config import load_config
from docs_chat.settings import Settings


@click.command()
@click.option("--reader", help="The reader's id.")
@click.option("--subject", help="The name that the reader signs in under (the token's `sub`).")
@click.option("--site", type=click.Path(path_type=Path, file_okay=False), default=".", help="The site's folder.")
@global_options
@click.pass_context
def command(ctx: click.Context, reader: str | None, subject: str | None, site: Path) -> None:
    """Print everything that is stored of one reader, as JSON."""
    options: Globals = ctx.obj
    settings = load_config(site, options.config, {}).settings
    owner = choose_owner(settings, reader, subject)
    if owner is None or (reader is not None and subject is not None):
        raise click.UsageError("Give either --reader or --subject.")
    document = asyncio.run(read_data(settings, owner))
    if options.json:
        echo_json(document)
    else:
        click.echo(json.dumps(document, ensure_ascii=False, indent=2))


async def read_data(settings: Settings, owner: str) -> dict[str, Any]:
    """:raises UserError: there is no database, or it cannot be used."""
    from docs_chat.database import open_database
    from docs_chat.retention import Retention

    async with open_database(settings) as engine:
        return await Retention(engine).export(owner)

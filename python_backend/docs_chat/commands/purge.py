"""`docs-chat purge`: delete what readers have left, by age or one reader's."""

from __future__ import annotations

import asyncio
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import click
from docs_index.errors import UserError

from docs_chat.cli import Globals, echo_json, global_options
from docs_chat.config import load_config
from docs_chat.settings import Settings

if TYPE_CHECKING:
    from docs_chat.retention import Purged


@click.command()
@click.option("--days", type=click.FloatRange(min=0), help="Older than this. [default: store.retention_days]")
@click.option("--reader", help="Everything of the reader with this id, of whatever age.")
@click.option("--subject", help="Everything of the reader who signs in under this name (the token's `sub`).")
@click.option("--dry-run", is_flag=True, help="Say what would be deleted; delete nothing.")
@click.option("--site", type=click.Path(path_type=Path, file_okay=False), default=".", help="The site's folder.")
@global_options
@click.pass_context
def command(
    ctx: click.Context, days: float | None, reader: str | None, subject: str | None, dry_run: bool, site: Path
) -> None:
    """Delete conversations in which nothing was written for some days, or everything of one reader.

    What the answers cost stays in the books, without a way back to a conversation. The server may be running.
    """
    options: Globals = ctx.obj
    settings = load_config(site, options.config, {}).settings
    if sum(given is not None for given in (days, reader, subject)) > 1:
        raise click.UsageError("Give one of --days, --reader and --subject.")
    owner = choose_owner(settings, reader, subject)
    if owner is None and days is None:
        days = settings.store.retention_days
        if not days:
            raise UserError("How old is old?", hint="Give --days N, or set store.retention_days.")
    purged = asyncio.run(purge(settings, owner, days, dry_run))
    if options.json:
        echo_json({"dry_run": dry_run, **asdict(purged)})
    elif not options.quiet:
        verb = "Would delete" if dry_run else "Deleted"
        click.echo(
            f"{verb} {purged.threads} conversations with {purged.items} messages and {purged.feedback} opinions, "
            f"{purged.kept_answers} kept answers, and {purged.attachments} files."
        )


def choose_owner(settings: Settings, reader: str | None, subject: str | None) -> str | None:
    """The id in the database.

    :raises UserError: a name means nothing without its issuer.
    """
    if subject is None:
        return reader
    from docs_chat.auth import name_owner

    if not settings.auth.issuer:
        raise UserError("Nobody signs in here: auth.issuer is not set.", hint="Give the reader's id with --reader.")
    return name_owner(settings.auth.issuer, subject)


async def purge(settings: Settings, owner: str | None, days: float | None, dry_run: bool) -> Purged:
    """:raises UserError: there is no database, or it cannot be used."""
    from docs_chat.database import open_database
    from docs_chat.retention import Retention

    async with open_database(settings) as engine:
        retention = Retention(engine)
        if owner is not None:
            return await retention.erase(owner, dry_run=dry_run)
        return await retention.purge(datetime.now(UTC) - timedelta(days=days or 0), dry_run=dry_run)

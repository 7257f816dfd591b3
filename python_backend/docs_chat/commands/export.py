"""``docs-chat export``: everything that is in the index, as JSON lines."""

from __future__ import annotations

from pathlib import Path

import click

from docs_chat.cli import Globals, echo_json, global_options


@click.command("export")
@click.option("--index", "uri", help="The index. [default: .docs-chat/index]")
@click.option("--site", type=click.Path(path_type=Path, file_okay=False), default=".", help="The site's folder.")
@global_options
@click.pass_context
def command(ctx: click.Context, uri: str | None, site: Path) -> None:
    """Print every indexed section's parts, one JSON object a line."""
    from docs_index.parts import read_parts

    from docs_chat.config import load_config
    from docs_chat.mirror import Mirror

    options: Globals = ctx.obj
    settings = load_config(site, options.config, {"index": uri} if uri else {}).settings
    for part in read_parts(Mirror(settings).prepare()):
        echo_json(part.to_export())

"""`docs-chat config`: what is in force, and where it came from."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import click
from pydantic import BaseModel, SecretStr

from docs_chat.cli import Globals, global_options
from docs_chat.config import load_config

MASK = "********"


@click.command()
@click.argument("site", type=click.Path(path_type=Path, exists=True, file_okay=False), required=False)
@global_options
@click.pass_context
def command(ctx: click.Context, site: Path | None) -> None:
    """Show the effective configuration for SITE (default: this folder). Secrets are masked."""
    options: Globals = ctx.obj
    configuration = load_config(site, options.config)
    rows = [
        {"key": key, "value": value, "source": find_source(key, configuration.sources)}
        for key, value in walk(configuration.settings)
    ]
    if options.json:
        click.echo(json.dumps({row.pop("key"): row for row in rows}, ensure_ascii=False, indent=2))
        return
    width = max(len(row["key"]) for row in rows)
    for row in rows:
        click.echo(f"{row['key']:<{width}}  {show(row['value'])}  ({row['source']})")


def walk(model: BaseModel, path: str = "") -> list[tuple[str, Any]]:
    """Every key with its value, tables opened, secrets masked."""
    rows: list[tuple[str, Any]] = []
    for name, value in model:
        if isinstance(value, BaseModel):
            rows += walk(value, f"{path}{name}.")
        elif isinstance(value, SecretStr):
            rows.append((path + name, MASK))
        elif name in ("database_url", "openai_base_url") and value:
            rows.append((path + name, mask_password(value)))
        elif isinstance(value, list):
            rows.append((path + name, [item.model_dump() if isinstance(item, BaseModel) else item for item in value]))
        else:
            rows.append((path + name, str(value) if isinstance(value, Path) else value))
    return rows


def mask_password(url: str) -> str:
    scheme, separator, rest = url.partition("://")
    login, at, host = rest.rpartition("@")
    return f"{scheme}{separator}{login.partition(':')[0]}:{MASK}{at}{host}" if ":" in login else url


def find_source(key: str, sources: Any) -> str:
    return str(sources.get(key, "default"))


def show(value: Any) -> str:
    return "not set" if value is None or value == "" else json.dumps(value, ensure_ascii=False)

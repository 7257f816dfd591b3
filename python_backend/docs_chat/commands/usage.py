"""`docs-chat usage`: what the answers of the last days used and cost."""

from __future__ import annotations

import asyncio
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

from docs_chat.cli import Globals, echo_json, global_options
from docs_chat.config import load_config
from docs_chat.settings import Settings

if TYPE_CHECKING:
    from docs_chat.records import Day, Reason

MAX_REASONS = 50


@click.command()
@click.option("--days", type=click.IntRange(1, 3650), default=30, show_default=True, help="How far back to look.")
@click.option("--site", type=click.Path(path_type=Path, file_okay=False), default=".", help="The site's folder.")
@global_options
@click.pass_context
def command(ctx: click.Context, days: int, site: Path) -> None:
    """What the answers of the last days used and cost, by day (UTC) and engine.

    Refused are questions that the docs do not cover; failed are answers that a model broke off or could not begin.
    Tokens in brackets were read from the provider's cache. Below stands why readers found answers not helpful,
    where they said so.
    """
    options: Globals = ctx.obj
    settings = load_config(site, options.config, {}).settings
    rows, reasons, left = asyncio.run(read_usage(settings, days))
    total = sum(row.cost_usd for row in rows)
    if options.json:
        report = {"days": days, "cost_usd": round(total, 6), "rows": [asdict(row) for row in rows]}
        echo_json({**report, "budget_left": left, "reasons": [asdict(reason) for reason in reasons]})
        return
    if rows:
        print_rows(rows, total)
    else:
        click.echo(f"No answers in the last {days} days.")
    amounts = {"usd": "{:.4f} USD", "tokens": "{:,.0f} tokens"}
    if left:
        click.echo(f"Left of today's budget: {', '.join(amounts[name].format(left[name]) for name in left)}.")
    if reasons:
        print_reasons(reasons)


async def read_usage(settings: Settings, days: int) -> tuple[list[Day], list[Reason], dict[str, float]]:
    """The days, what readers said, and what is left of the budget.

    :raises UserError: there is no database, or it cannot be used.
    """
    from docs_chat.budget import Budget
    from docs_chat.counters import Counters
    from docs_chat.database import open_database
    from docs_chat.records import Records

    async with open_database(settings) as engine:
        records = Records(engine)
        left = await Budget(settings, Counters(engine)).left()
        return await records.sum_days(days), await records.list_reasons(days, MAX_REASONS), left


def print_rows(rows: list[Day], total: float) -> None:
    from rich.table import Table

    from docs_chat.terminal import make_console

    table = Table(box=None, pad_edge=False)
    for name in ("Day", "Engine"):
        table.add_column(name)
    for name in ("Answers", "Refused", "Failed", "Tokens in", "Tokens out", "USD", "Liked", "Disliked"):
        table.add_column(name, justify="right")
    for row in rows:
        cached = f" ({row.cached_tokens:,})" if row.cached_tokens else ""
        cost = f"{row.cost_usd:.4f}" + ("+?" if row.unpriced else "")
        numbers = (row.answers, row.refused, row.failed)
        tokens = (f"{row.input_tokens:,}{cached}", f"{row.output_tokens:,}")
        cells = [row.day, row.engine, *map(str, numbers), *tokens, cost, str(row.liked), str(row.disliked)]
        table.add_row(*cells)
    console = make_console()
    console.print(table)
    unknown = " Some answers came from a model whose price is not known: set answer.price." * any(
        row.unpriced for row in rows
    )
    console.print(f"\n{total:.4f} USD in all.{unknown}")


def print_reasons(reasons: list[Reason]) -> None:
    from rich.table import Table
    from rich.text import Text

    from docs_chat.terminal import make_console

    table = Table(box=None, pad_edge=False)
    for name in ("Day", "Verdict", "Reason"):
        table.add_column(name)
    for reason in reasons:
        verdict = "liked" if reason.kind == "positive" else "disliked"
        # Readers wrote it: nothing of it is markup.
        table.add_row(reason.day, verdict, Text(reason.reason))
    console = make_console()
    console.print()
    console.print(table)

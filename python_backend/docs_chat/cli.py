"""The command line ``docs-chat``: global options, and commands that are loaded when they are called."""

from __future__ import annotations

import importlib
import json
import os
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click
from docs_index import __version__
from docs_index.errors import UserError

#: name -> what ``docs-chat --help`` says of it; the code is in ``docs_chat.commands.<name>``.
COMMANDS = {
    "index": "Index a Docusaurus site.",
    "search": "Search the index: ranked passages with their places.",
    "ask": "Answer a question in the terminal, with citations.",
    "serve": "Run the server; with --site it serves the built site too.",
    "dev": "For writing: index whenever a source changes, and serve.",
    "eval": "Check that the right sections come for your own questions.",
    "usage": "Show what the answers used and cost.",
    "purge": "Delete old conversations, or everything of one reader.",
    "data": "Print everything that is stored of one reader.",
    "export": "Print every indexed section as JSON lines.",
    "config": "Show the effective configuration and where each value comes from.",
}
#: Line ends to many programs that read line by line, though not to JSON.
_LINE_ENDS = {ord(character): f"\\u{ord(character):04x}" for character in "\x85\u2028\u2029"}


@dataclass(frozen=True, slots=True)
class Globals:
    """The options that stand before the command."""

    json: bool
    quiet: bool
    verbose: int
    config: Path | None


class LazyGroup(click.Group):
    """A group whose commands are imported on use, so that ``--help`` answers at once."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        command: click.Command = importlib.import_module(f"docs_chat.commands.{cmd_name}").command
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))


@click.group(
    cls=LazyGroup,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog="Exit status: 0 done, 1 a check failed or a problem was found, 2 usage or configuration error.",
)
@click.option("--json", "as_json", is_flag=True, help="JSON on stdout and nothing else there.")
@click.option("-q", "--quiet", is_flag=True, help="No progress and no summary.")
@click.option("-v", "--verbose", count=True, help="Say more; twice for debugging.")
@click.option(
    "--config",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Configuration file instead of docs-chat.toml in the site folder.",
)
@click.version_option(__version__, "-V", "--version", prog_name="docs-chat", message="%(prog)s %(version)s")
@click.pass_context
def cli(ctx: click.Context, as_json: bool, quiet: bool, verbose: int, config: Path | None) -> None:
    """AI answers, with citations that are always right, for any Docusaurus site.

    Start with 'docs-chat index' in the site's folder, then 'docs-chat serve'.
    """
    ctx.obj = Globals(as_json, quiet, verbose, config)


def global_options(command: Any) -> Any:
    """Accepts ``--json`` and ``-q`` behind a command as well as before it."""

    def keep(ctx: click.Context, param: click.Parameter, value: bool) -> None:
        if value and param.name:
            fields = {name: getattr(ctx.obj, name) for name in ("json", "quiet", "verbose", "config")}
            ctx.obj = Globals(**{**fields, param.name: True})

    options = (
        click.option("--json", "json", is_flag=True, expose_value=False, callback=keep, help="JSON on stdout."),
        click.option("-q", "--quiet", "quiet", is_flag=True, expose_value=False, callback=keep, help="No progress."),
    )
    for option in options:
        command = option(command)
    return command


def echo_json(data: Any) -> None:
    """Prints one JSON document, on one line whatever the reader takes for a line's end."""
    click.echo(json.dumps(data, ensure_ascii=False).translate(_LINE_ENDS))


def main() -> None:
    """Runs the command line; a person's mistake becomes one sentence and an exit status."""
    # A search multiplies one small matrix: waking further threads for it costs more than the product itself.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    try:
        # without standalone mode click hands back the status that a command left with
        status = cli(standalone_mode=False)
        sys.exit(status if isinstance(status, int) else 0)
    except click.exceptions.Exit as exit_:
        sys.exit(exit_.exit_code)
    except click.Abort:
        sys.exit(130)
    except click.ClickException as error:
        error.show()
        sys.exit(2)
    except UserError as error:
        click.echo(f"Error: {error.message}", err=True)
        if error.hint:
            click.echo(f"       {error.hint}", err=True)
        sys.exit(error.exit_code)
    except KeyboardInterrupt:
        sys.exit(130)
    except BrokenPipeError:
        # the reader of our output has gone, as in "docs-chat export | head"
        sys.stderr.close()
        sys.exit(0)


if __name__ == "__main__":
    main()

"""`docs-chat serve`: the server."""

from __future__ import annotations

import asyncio
import json
import signal
from collections.abc import Callable
from pathlib import Path

import click
from docs_index.bucket import is_remote
from docs_index.errors import UserError

from docs_chat.cli import Globals, global_options
from docs_chat.config import load_config
from docs_chat.resources import limit_heaps, raise_file_limit
from docs_chat.settings import Settings
from docs_chat.tracing import is_traced


@click.command()
@click.option("--index", "uri", help="The index. [default: .docs-chat/index in the site folder]")
@click.option(
    "--site",
    type=click.Path(path_type=Path, exists=True, file_okay=False),
    help="Also serve this built site: the site's folder or its build folder.",
)
@click.option("--host", help="The address to listen on. [default: 127.0.0.1]")
@click.option("--port", type=click.IntRange(0, 65535), help="The port. [default: 8000]")
@global_options
@click.pass_context
def command(ctx: click.Context, uri: str | None, site: Path | None, host: str | None, port: int | None) -> None:
    """Answer readers' questions over HTTP.

    Prints the address once it accepts connections. Stop it with Ctrl-C.
    """
    options: Globals = ctx.obj
    flags = {"index": uri, "site": site, "host": host, "port": port}
    serve(load_config(site, options.config, flags).settings, options)


def serve(settings: Settings, options: Globals, begin: Callable[[], bool] = lambda: True) -> None:
    """Runs until it is told to stop.

    :param begin: called when it listens; it ends at once when this is false.
    :raises UserError: something is missing, or cannot be used.
    """
    require_index(settings)
    require_key(settings)
    limit_heaps()
    raise_file_limit()
    # What is wrong with it is said at once; it is set up with the application.
    is_traced()
    from docs_chat.listen import listen, run_server
    from docs_chat.logs import configure_logging

    configure_logging(settings, options.verbose, options.quiet)
    # The address first: nothing is worth loading when the port is taken.
    server_socket = listen(settings.host, settings.port)
    from docs_chat.app import create_app
    from docs_chat.database import prepare_database

    asyncio.run(prepare_database(settings.database_url))
    app = create_app(settings)
    if settings.metrics.port:
        app.state.services.scrape.listen(settings.metrics.host, settings.metrics.port)
    url = address(settings.host, server_socket.getsockname()[1])

    def announce() -> None:
        if begin():
            click.echo(json.dumps({"url": url}) if options.json else f"docs-chat is ready at {url}")
        else:
            signal.raise_signal(signal.SIGINT)

    run_server(app, server_socket, announce)


def require_index(settings: Settings) -> None:
    """:raises UserError: there is no index, or it is at no address; said before anything slow is loaded."""
    if not is_remote(settings.index) and not (Path(settings.index) / "CURRENT").is_file():
        raise UserError(f"There is no index at {settings.index}.", hint="Make it first: docs-chat index SITE")


def require_key(settings: Settings) -> None:
    """:raises UserError: several servers would each make a key of their own, and refuse each other's readers."""
    if settings.sqlite_file is None and not settings.secret_key and ":memory:" not in settings.database_url:
        raise UserError(
            "DOCS_CHAT_SECRET_KEY is not set.",
            hint="Servers that share a database need the same one. openssl rand -hex 32 makes one.",
        )


def address(host: str, port: int) -> str:
    shown = "127.0.0.1" if host == "0.0.0.0" else "[::1]" if host == "::" else host  # noqa: S104
    return f"http://{f'[{shown}]' if ':' in shown and not shown.startswith('[') else shown}:{port}"

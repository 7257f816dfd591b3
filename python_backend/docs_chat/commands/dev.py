"""`docs-chat dev`: index and server for who writes the docs, beside `docusaurus start`."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import click
from docs_index.bucket import is_remote

from docs_chat.cli import Globals, global_options
from docs_chat.config import load_config
from docs_chat.settings import STATE_FOLDER, Settings

#: Where `docusaurus start` shows the site.
ORIGINS = ["http://localhost:3000", "http://127.0.0.1:3000"]
LOOK_SECONDS = 0.1
INTERRUPTED = 130


@click.command()
@click.argument("site", type=click.Path(path_type=Path, exists=True, file_okay=False), default=".")
@click.option("--index", "uri", help="Where the index goes. [default: SITE/.docs-chat/index]")
@click.option("--embedder", help="local, none, openai[:model[@dim]] or onnx:<folder>. [default: local]")
@click.option("--host", help="The address to listen on. [default: 127.0.0.1]")
@click.option("--port", type=click.IntRange(0, 65535), help="The port. [default: 8000]")
@global_options
@click.pass_context
def command(
    ctx: click.Context, site: Path, uri: str | None, embedder: str | None, host: str | None, port: int | None
) -> None:
    """Index the site in SITE (default: this folder) whenever a source changes, and answer from it.

    For writing, beside 'docusaurus start': the site's plugin needs serverUrl: 'http://127.0.0.1:8000' there. Pages on
    port 3000 may ask, unless allowed_origins names others. Ctrl-C ends both.
    """
    options: Globals = ctx.obj
    flags = {"index": uri, "embedder": embedder, "host": host, "port": port}
    settings = load_config(site, options.config, flags).settings
    if is_remote(settings.index):
        if uri:
            raise click.UsageError("What is being written is for you alone: name a folder with --index.")
        # Nor does it go where the site's readers are answered from.
        settings = settings.model_copy(update={"index": str(site / STATE_FOLDER / "index")})
    if not settings.allowed_origins:
        settings = settings.model_copy(update={"allowed_origins": ORIGINS})
    from docs_chat.commands.serve import serve

    watcher = Watcher([sys.executable, "-m", "docs_chat.cli", *write_arguments(site, settings, options)])
    try:
        # An index of an earlier time is answered from until the new one is there.
        while not (Path(settings.index) / "CURRENT").is_file() and watcher.failed is None:
            time.sleep(LOOK_SECONDS)
        if watcher.failed is None:
            serve(settings, options, watcher.begin)
    finally:
        watcher.stop()
    if watcher.failed:
        ctx.exit(watcher.failed)


class Watcher:
    """A process that indexes whenever a source changes. The server is of no use without it, and stops when it fails."""

    def __init__(self, command: list[str]) -> None:
        self.process = subprocess.Popen(command)  # noqa: S603
        #: The status with which it ended of its own accord; it has said why.
        self.failed: int | None = None
        self.is_served = False
        self.is_stopped = False
        self.thread = threading.Thread(target=self.follow)
        self.thread.start()

    def follow(self) -> None:
        status = self.process.wait()
        # Ctrl-C in a terminal is for both.
        if not self.is_stopped and status != INTERRUPTED:
            self.failed = status or 1
            if self.is_served:
                os.kill(os.getpid(), signal.SIGINT)

    def begin(self) -> bool:
        """The server listens now, to signals too: false when it need not, since this has failed meanwhile."""
        self.is_served = True
        return self.failed is None

    def stop(self) -> None:
        self.is_stopped = True
        self.process.terminate()
        self.thread.join()


def write_arguments(site: Path, settings: Settings, options: Globals) -> list[str]:
    """The command line of the process that indexes."""
    arguments = ["--quiet"] if options.quiet or options.json else []
    arguments += ["--config", str(options.config)] if options.config else []
    arguments += ["index", str(site), "--watch", "--index", settings.index, "--embedder", settings.embedder]
    return arguments

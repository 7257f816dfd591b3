"""A PostgreSQL server of the tests' own: a temporary folder, a free port, no password."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

NOBODY = 65534
READY_SECONDS = 30
# Nothing here outlives the tests: speed before safety.
HASTE = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
OPTIONS = {
    "unix_socket_directories": "",
    "listen_addresses": "127.0.0.1",
    "max_connections": "100",
    "shared_buffers": "32MB",
    # Far from UTC: a day must not depend on where the server is.
    "timezone": "Pacific/Kiritimati",
}


class Postgres:
    """A running server, which can be stopped and started again.

    :param folder: its own, with `data` in it and `log`. :param options: beside those that all have.
    """

    def __init__(self, binaries: Path, port: int, folder: Path, options: dict[str, str]) -> None:
        self.options = {**OPTIONS, **options}
        self.binaries = binaries
        self.port = port
        self.folder = folder
        self.databases = 0
        self.start()

    def start(self) -> None:
        settings = [part for name, value in self.options.items() for part in ("-c", f"{name}={value}")]
        log = self.folder / "log"
        with log.open("wb") as output:
            self.process = subprocess.Popen(
                [
                    *leave_root(),
                    self.binaries / "postgres",
                    "-D",
                    self.folder / "data",
                    "-p",
                    str(self.port),
                    *settings,
                ],
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                **make_options(self.folder),
            )
        wait = [str(self.binaries / "pg_isready"), "-q", "-h", "127.0.0.1", "-p", str(self.port)]
        for _ in range(READY_SECONDS * 10):
            if self.process.poll() is not None or subprocess.run(wait).returncode == 0:
                break
            try:
                self.process.wait(0.1)
            except subprocess.TimeoutExpired:
                continue
        assert self.process.poll() is None, log.read_text()

    def stop(self) -> None:
        # At once: it need not write anything down, and what it has not written it finds in its log.
        self.process.send_signal(signal.SIGQUIT)
        self.process.wait()

    def create_database(self) -> str:
        """A new, empty database; gives its URL as an operator would write it."""
        self.databases += 1
        name = f"test{self.databases}"
        self.run("createdb", name)
        return f"postgresql://postgres@127.0.0.1:{self.port}/{name}"

    def run(self, program: str, *arguments: str) -> None:
        command = [str(self.binaries / program), "-h", "127.0.0.1", "-p", str(self.port), "-U", "postgres", *arguments]
        done = subprocess.run(command, capture_output=True, text=True)
        assert done.returncode == 0, done.stderr


def leave_root() -> list[str]:
    """What runs a program as nobody: PostgreSQL refuses to run as root.

    In some containers only root may open /dev/null, which its scripts do: so it may open what root may.
    """
    if os.geteuid() != 0:
        return []
    user = ["setpriv", f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups"]
    open_all = ["--inh-caps=+dac_override", "--ambient-caps=+dac_override"]
    tried = subprocess.run([*user, *open_all, "true"], capture_output=True)
    return [*user, *open_all] if tried.returncode == 0 else user


def find_binaries() -> Path | None:
    """The folder of the server's programs; Debian keeps it off the PATH."""
    on_path = shutil.which("postgres")
    if on_path:
        return Path(on_path).resolve().parent
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/postgres"))
    return found[-1].parent if found else None


def make_options(folder: Path) -> dict[str, Any]:
    return {"cwd": folder, "env": {"LC_ALL": "C.UTF-8", "PATH": os.environ["PATH"]}}


@contextmanager
def run_postgres(binaries: Path, port: int, *, durable: bool = False) -> Iterator[Postgres]:
    """Start it on this port, and take it away again; only a durable one may be stopped in between."""
    # pytest's own folders are closed to other users.
    folder = Path(tempfile.mkdtemp(prefix="docs-chat-postgres-"))
    user = leave_root()
    if user:
        os.chown(folder, NOBODY, NOBODY)
    try:
        made = subprocess.run(
            [
                *user,
                binaries / "initdb",
                "-D",
                folder / "data",
                "-U",
                "postgres",
                "-E",
                "UTF8",
                "--auth=trust",
                "--no-sync",
            ],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            **make_options(folder),
        )
        assert made.returncode == 0, made.stderr
        server = Postgres(binaries, port, folder, {} if durable else HASTE)
        try:
            yield server
        finally:
            server.stop()
    finally:
        shutil.rmtree(folder)

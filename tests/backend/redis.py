"""A Redis server of the tests' own, which can be stopped and started again."""

from __future__ import annotations

import shutil
import subprocess

from .conftest import free_port, is_listening


def find_redis() -> str | None:
    return shutil.which("redis-server") or shutil.which("valkey-server")


class Redis:
    """In memory, on a port of its own."""

    def __init__(self, program: str) -> None:
        self.program = program
        self.port = free_port()
        self.url = f"redis://127.0.0.1:{self.port}"
        self.start()

    def start(self) -> None:
        command = [self.program, "--port", str(self.port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"]
        self.process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
        assert is_listening(self.port), "Redis does not answer"

    def stop(self) -> None:
        self.process.kill()
        self.process.wait()

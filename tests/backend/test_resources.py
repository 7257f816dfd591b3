"""A server with many threads does not keep a heap for each, and has room for all who come."""

from __future__ import annotations

import platform
import subprocess
import sys
from contextlib import ExitStack
from pathlib import Path

import pytest

from .reader import Reader, thread_of
from .test_commands import started
from .test_edge import connect

COUNT = """
import ctypes, os, sys, threading
from docs_chat.resources import limit_heaps

if sys.argv[1] == "limited":
    limit_heaps()
libc = ctypes.CDLL(None)
libc.malloc.restype = ctypes.c_void_p
libc.fdopen.restype = ctypes.c_void_p
ready, count = threading.Barrier(17), 16

def allocate():
    libc.malloc(1000)
    ready.wait()
    ready.wait()

threads = [threading.Thread(target=allocate) for _ in range(count)]
for thread in threads:
    thread.start()
ready.wait()
stream = ctypes.c_void_p(libc.fdopen(1, b"w"))
libc.malloc_info(0, stream)
libc.fflush(stream)
ready.wait()
"""


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="another C library has no such heaps")
def test_all_threads_share_two_heaps() -> None:
    def count_heaps(limited: str) -> int:
        done = subprocess.run([sys.executable, "-c", COUNT, limited], capture_output=True, text=True, check=True)
        return done.stdout.count("<heap nr=")

    assert count_heaps("limited") <= 2 < count_heaps("not limited")


def test_more_may_come_than_a_process_may_have_open_unasked(site: Path, tmp_path: Path) -> None:
    few = ["sh", "-c", 'ulimit -S -n 100; exec "$@"', "sh"]
    index, database = str(site / ".docs-chat" / "index"), f"sqlite:///{tmp_path / 'chat.db'}"
    with started("--index", index, under=few, DOCS_CHAT_DATABASE_URL=database) as (_, url), ExitStack() as stack:
        for _ in range(200):
            stack.enter_context(connect(url)).sendall(b"POST /chatkit HTTP/1.1\r\nHost: ")
        reader = Reader(url)
        assert thread_of(reader.ask("How do I install it?"))
        reader.close()

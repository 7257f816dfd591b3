"""A server with many threads does not keep a heap for each."""

from __future__ import annotations

import platform
import subprocess
import sys

import pytest

COUNT = """
import ctypes, os, sys, threading
from docs_chat.memory import limit_heaps

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

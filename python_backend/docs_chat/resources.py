"""What the process takes from the system: memory and files."""

from __future__ import annotations

import ctypes
import sys
from contextlib import suppress

M_ARENA_MAX = -8
HEAPS = 2


def limit_heaps() -> None:
    """Let all threads share two heaps; to be called before there are threads.

    The C library of most Linux systems gives each thread its own, and what one thread frees there is of no use to the
    others: a server with a dozen of them, which all have a part in every answer, would grow for hours. Elsewhere this
    does nothing.

    https://sourceware.org/glibc/manual/latest/html_node/Memory-Allocation-Tunables.html
    """
    if sys.platform == "linux":
        allocator = getattr(ctypes.CDLL(None), "mallopt", None)
        if allocator:
            allocator(M_ARENA_MAX, HEAPS)


def raise_file_limit() -> None:
    """Let as many files and connections be open as the system allows this process.

    Mostly that is a thousand unless somebody asks for more, and an answer of a model takes two.
    """
    if sys.platform != "win32":
        import resource

        _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
        # macOS says that there is no limit, and has one.
        with suppress(ValueError, OSError):
            resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))

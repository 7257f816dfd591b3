"""Readers tell the writer which generation they have open: by a shared lock, which ends with their process."""

from __future__ import annotations

import os
import weakref
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

try:
    import fcntl
except ImportError:  # Windows, where the files of an open generation cannot be removed anyway
    fcntl = None  # type: ignore[assignment]


class Lease:
    """Held from :meth:`take` until :meth:`release`, or until nothing refers to it any more.

    Where the file system knows no locks it holds nothing: then only the last few generations are safe to read.
    """

    def __init__(self, handle: int | None) -> None:
        self._release = weakref.finalize(self, os.close, handle) if handle is not None else None

    @classmethod
    def take(cls, path: Path) -> Lease:
        """Holds ``path``; when it is gone or cannot be opened, the lease is empty: reading it will tell why."""
        try:
            handle = os.open(path, os.O_RDONLY)
        except OSError:
            return cls(None)
        if fcntl is not None:
            with suppress(OSError):
                # waits for a writer that is just taking the generation away, which is a rename long
                fcntl.flock(handle, fcntl.LOCK_SH)
        return cls(handle)

    def release(self) -> None:
        if self._release is not None:
            self._release()


@contextmanager
def is_free(path: Path) -> Iterator[bool]:
    """Whether nobody holds ``path``; nobody can while the context lasts. A file that is gone is free."""
    if fcntl is None:
        yield True
        return
    try:
        handle = os.open(path, os.O_RDONLY)
    except OSError:
        yield True
        return
    try:
        free = True
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            free = False
        except OSError:
            pass  # no locks here: then nobody has one
        yield free
    finally:
        os.close(handle)

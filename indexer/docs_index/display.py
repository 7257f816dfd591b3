"""Progress of long work on the terminal: a bar for people, a line a stage for logs."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from docs_index.build import Progress


@contextmanager
def show_progress(quiet: bool = False) -> Iterator[Progress]:
    """Gives the callback that :func:`docs_index.build.build_index` reports to; everything goes to stderr."""
    if quiet:
        yield lambda stage, done, total: None
    elif sys.stderr.isatty():
        with _bars() as report:
            yield report
    else:
        yield _Lines()


@contextmanager
def _bars() -> Iterator[Progress]:
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeRemainingColumn
    from rich.progress import Progress as Bars

    columns = (TextColumn("{task.description:<10}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Bars(*columns, console=Console(stderr=True), transient=True) as bars:
        tasks: dict[str, object] = {}

        def report(stage: str, done: int, total: int) -> None:
            if stage not in tasks:
                tasks[stage] = bars.add_task(stage, total=total or None)
            bars.update(tasks[stage], completed=done, total=total or None)  # type: ignore[arg-type]

        yield report


class _Lines:
    """One line when a stage starts and one when it is done: nothing is redrawn in a log."""

    def __init__(self) -> None:
        self._stage = ""
        self._started = 0.0

    def __call__(self, stage: str, done: int, total: int) -> None:
        if stage != self._stage:
            self._stage, self._started = stage, time.monotonic()
            print(f"{stage} {total or ''}".rstrip() + " …", file=sys.stderr)
        elif total and done == total:
            seconds = time.monotonic() - self._started
            print(
                f"{stage} done: {total} in {seconds:.1f} s ({total / max(seconds, 0.001):.0f}/s)",
                file=sys.stderr,
            )

"""Progress of long work: a bar with its rate for people, a line now and then for logs."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from docs_index.build import Progress

#: A log hears of a long stage every so many seconds: enough to see that it goes on, too few to fill it.
_QUIET_SECONDS = 15.0


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
    from rich.progress import BarColumn, MofNCompleteColumn, TaskID, TextColumn, TimeRemainingColumn
    from rich.progress import Progress as Bars

    columns = (
        TextColumn("{task.description:<10}"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.fields[rate]}"),
        TimeRemainingColumn(),
    )
    with Bars(*columns, console=Console(stderr=True), transient=True) as bars:
        tasks: dict[str, TaskID] = {}

        def report(stage: str, done: int, total: int) -> None:
            if stage not in tasks:
                tasks[stage] = bars.add_task(stage, total=total or None, rate="")
            bars.update(tasks[stage], completed=done, total=total or None)
            speed = bars.tasks[tasks[stage]].speed
            bars.update(tasks[stage], rate=f"{speed:,.0f}/s" if speed else "")

        yield report


class _Lines:
    """A line when a stage starts, now and then while it lasts, and when it is done: nothing is redrawn in a log."""

    def __init__(self) -> None:
        self._stage = ""
        self._started = self._told = 0.0
        self._first = 0

    def __call__(self, stage: str, done: int, total: int) -> None:
        now = time.monotonic()
        if stage != self._stage:
            self._stage, self._started, self._told, self._first = stage, now, now, done
            print(f"{stage} {f'{total:,}' if total else ''}".rstrip() + " …", file=sys.stderr)
            return
        seconds = max(now - self._started, 0.001)
        rate = (done - self._first) / seconds
        if total and done == total:
            print(f"{stage} done: {total:,} in {seconds:.1f} s ({rate:,.0f}/s)", file=sys.stderr)
        elif now - self._told >= _QUIET_SECONDS:
            self._told = now
            left = f", {_minutes((total - done) / rate)} left" if total and rate else ""
            print(f"{stage} {done:,} of {total:,} ({rate:,.0f}/s{left})", file=sys.stderr)


def _minutes(seconds: float) -> str:
    return f"{seconds:.0f} s" if seconds < 90 else f"{seconds / 60:.0f} min"

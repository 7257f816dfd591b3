"""Indexing without embedding, against Pagefind over the same build; again with nothing and with one page changed."""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from tests.bench.corpus import write_site

PAGEFIND = "pagefind@1.6.0"


def main() -> None:
    pages = int(sys.argv[1]) if len(sys.argv) > 1 else 2000
    with tempfile.TemporaryDirectory() as name:
        site = Path(name)
        write_site(site, pages)
        index: list[str | Path] = [
            Path(sys.executable).with_name("docs-chat"),
            "-q",
            "index",
            site,
            "--embedder",
            "none",
        ]
        pagefind: list[str | Path] = [
            "npx",
            "--yes",
            PAGEFIND,
            "--site",
            site / "build",
            "--output-path",
            site / "pf",
            "--silent",
        ]
        subprocess.run([*pagefind[:3], "--version"], check=True, capture_output=True)  # fetched before it is timed
        theirs = _time(lambda: subprocess.run(pagefind, check=True, capture_output=True))
        full = _time(lambda: subprocess.run(index, check=True))
        same = _time(lambda: subprocess.run(index, check=True))
        page = site / "docs/page-1.md"
        page.write_text(page.read_text("utf-8") + "\nOne more sentence.\n", "utf-8")
        one = _time(lambda: subprocess.run(index, check=True))
    print(f"index, {pages} pages, no embedding (wall seconds, interpreter start included)")
    print(f"  pagefind                 {theirs:6.2f}")
    print(f"  docs-chat index          {full:6.2f}   {full / theirs:5.2f} x pagefind   bar 1.50 x")
    print(f"  again, nothing changed   {same:6.2f}   {same / full:5.0%} of the full run   bar 10%")
    print(f"  again, one page changed  {one:6.2f}   {one / full:5.0%} of the full run   bar 15%")


def _time(act: Callable[[], object]) -> float:
    started = time.perf_counter()
    act()
    return time.perf_counter() - started


if __name__ == "__main__":
    main()

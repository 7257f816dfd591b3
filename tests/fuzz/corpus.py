"""Reads every page of real sites from their sources alone and looks for what must never happen.

``python -m tests.fuzz.corpus SITE_FOLDER…``: one line a site; exit 1 when a page crashes the reader, when MDX reaches
its text, or when a page repeats an anchor. Nothing is fetched: give folders of sites that are there already.
"""

from __future__ import annotations

import re
import sys
import time
import traceback
from collections import Counter
from dataclasses import dataclass, field, replace
from pathlib import Path

from docs_index.discovery import read_site
from docs_index.errors import UserError
from docs_index.reader import index_page
from docs_index.site import Page, Site

_CODE = re.compile(
    r"^[ \t>]*(?:(?:[-*+]|\d+[.)])[ \t]+)?(`{3,}|~{3,})[^\n]*\n.*?^[ \t>]*\1[^\n]*$", re.MULTILINE | re.DOTALL
)
_INLINE_CODE = re.compile(r"(`+)(?!`).+?(?<!`)\1(?!`)", re.DOTALL)
#: Tags of components, modules, comments, expressions of JSX and marks of admonitions.
_LEAK = re.compile(
    r"</?[A-Z]\w*(?:\s[^<>]*)?/?>|^import [^\n]*? from ['\"]|^export (?:const|default|function) |className=|\{/\*|\*/\}"
    r"|^[ \t]*:::|<!--",
    re.MULTILINE,
)


@dataclass(slots=True)
class Figures:
    """What was seen in one site."""

    pages: int = 0
    bytes: int = 0
    crashes: list[str] = field(default_factory=list)
    leaks: list[str] = field(default_factory=list)
    repeated: list[str] = field(default_factory=list)
    problems: Counter[str] = field(default_factory=Counter)
    seconds: float = 0.0

    @property
    def bad(self) -> bool:
        return bool(self.crashes or self.leaks or self.repeated)


def find_leaks(text: str) -> list[str]:
    """What of MDX stands in a part's text, outside code."""
    return [match.group(0).strip() for match in _LEAK.finditer(_strip_code(text))]


def _strip_code(text: str) -> str:
    return _INLINE_CODE.sub("", _CODE.sub("", text))


def read_corpus(site: Site) -> Figures:
    """Reads all pages of a site without its build."""
    figures = Figures()
    bare = replace(site, pages=())
    started = time.perf_counter()
    for page in site.pages:
        if page.source.endswith((".md", ".mdx")):
            figures.pages += 1
            figures.bytes += (site.folder / page.source).stat().st_size
            _read(bare, replace(page, html=None), figures)
    figures.seconds = time.perf_counter() - started
    return figures


def _read(site: Site, page: Page, figures: Figures) -> None:
    try:
        read = index_page(site, page, "")
    except Exception:
        figures.crashes.append(f"{page.source}: {traceback.format_exc(limit=-1).strip()}")
        return
    files = (site.folder / source for source in (page.source, *read.record.partials))
    raw = _strip_code("\n".join(file.read_text("utf-8", "replace") for file in files))
    for row in read.rows:
        for leak in find_leaks(row["text"]):
            # '\\<Name>' and '&lt;Name>' are text that the page shows
            name = re.match(r"</?\w+", leak)
            if leak not in page.title and (not name or re.search(rf"(?<!\\){name.group(0)}\b", raw)):
                figures.leaks.append(f"{page.source}: {leak}")
    anchors = Counter(row["anchor"] for row in read.rows if row["part"] == 0)
    figures.repeated += [f"{page.source}#{anchor}" for anchor, count in anchors.items() if count > 1]
    figures.problems.update(problem["code"] for problem in read.record.problems)


def main(folders: list[str]) -> int:
    """Prints the table; 1 when something must not be, 2 when there is nothing to read."""
    if not folders:
        print("Give the folders of Docusaurus sites.", file=sys.stderr)
        return 2
    print(f"{'site':36}{'pages':>7}{'crashes':>9}{'leaks':>7}{'repeated':>10}{'MB/s':>7}  problems")
    bad = False
    for folder in folders:
        try:
            site = read_site(Path(folder))
        except UserError as error:
            print(f"{folder}: {error}", file=sys.stderr)
            bad = True
            continue
        figures = read_corpus(site)
        rate = figures.bytes / 1e6 / max(figures.seconds, 1e-9)
        problems = ", ".join(f"{code} {count}" for code, count in sorted(figures.problems.items())) or "none"
        name = "/".join(Path(folder).resolve().parts[-2:])
        print(
            f"{name[-35:]:36}{figures.pages:>7}{len(figures.crashes):>9}{len(figures.leaks):>7}"
            f"{len(figures.repeated):>10}{rate:>7.1f}  {problems}"
        )
        for line in [*figures.crashes, *figures.leaks, *figures.repeated][:10]:
            print(f"    {line}")
        bad |= figures.bad
    return int(bad)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

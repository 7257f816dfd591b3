"""One page's source turned into sections, its partials inlined."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path

from docs_index.lines import Line
from docs_index.mdx import convert
from docs_index.sections import Section, split_sections
from docs_index.site import Page, Problem, Site, relative_source
from docs_index.source import Source, SourceError, read_text, split_front_matter

_MAX_DEPTH = 20


@dataclass(slots=True)
class ParsedPage:
    """Sections of one page, the partials it is made of (site-relative path -> sha256), and what went wrong."""

    page: Page
    sections: list[Section]
    partials: dict[str, str] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    @property
    def is_markdown(self) -> bool:
        """False for pages made by a component, whose text is only in the build."""
        return self.page.source.endswith((".md", ".mdx"))


def parse_page(site: Site, page: Page) -> ParsedPage:
    """Reads and cuts one page. What is broken is reported, and the rest is still indexed."""
    parsed = ParsedPage(page, [])
    if not parsed.is_markdown:
        return parsed
    path = site.folder / page.source
    try:
        text = read_text(path)
    except SourceError as error:
        parsed.problems.append(Problem("source-broken", "error", page.source, error.message, error.hint))
        return parsed
    try:
        source = split_front_matter(text)
    except SourceError as error:
        parsed.problems.append(Problem("source-broken", "error", page.source, error.message, error.hint))
        source = Source({}, text.split("\n---", 1)[-1].lstrip("-"), 1)
    lines = _Reader(site, parsed).read(path, source.body, ())
    parsed.sections = split_sections(lines, page.title, blog=page.kind == "blog")
    return parsed


def file_hash(path: Path) -> str:
    """sha256 of a file, "" when it is gone."""
    try:
        return hashlib.sha256(path.read_bytes()).hexdigest()
    except OSError:
        return ""


class _Reader:
    def __init__(self, site: Site, parsed: ParsedPage) -> None:
        self.site = site
        self.parsed = parsed
        self.units = count()

    def read(self, path: Path, body: str, stack: tuple[Path, ...]) -> list[Line]:
        kind = self.site.markdown_format
        mdx = kind == "mdx" or (kind == "detect" and path.suffix == ".mdx")

        def include(target: str) -> list[Line] | None:
            return self._include(target, path, (*stack, path))

        return convert(body, unit=next(self.units), include=include, mdx=mdx, locale=self.parsed.page.locale)

    def _include(self, target: str, importer: Path, stack: tuple[Path, ...]) -> list[Line] | None:
        path = self._resolve(target, importer)
        name = target if path is None else relative_source(path, self.site.folder)
        if path is None:
            self._report("partial-missing", f"imports {target!r}, which does not exist", "Mend the import's path.")
            return None
        if path in stack or len(stack) > _MAX_DEPTH:
            self._report("partial-cycle", f"includes {name} inside itself", "Break the circle of imports.")
            return None
        try:
            source = split_front_matter(read_text(path))
        except SourceError as error:
            self._report("source-broken", f"imports {name}: {error.message}", error.hint)
            return None
        self.parsed.partials[name] = file_hash(path)
        return self.read(path, source.body, stack)

    def _resolve(self, target: str, importer: Path) -> Path | None:
        folder = self.site.folder
        if target.startswith("@site/"):
            candidates = [folder / target.removeprefix("@site/")]
        elif target.startswith("/"):
            candidates = [folder / target.lstrip("/")]
        else:
            candidates = [importer.parent / target, folder / target]
        return next((path.resolve() for path in candidates if path.is_file()), None)

    def _report(self, code: str, message: str, hint: str) -> None:
        self.parsed.problems.append(Problem(code, "error", self.parsed.page.source, message, hint))

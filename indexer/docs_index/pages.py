"""One page's source turned into sections, its partials inlined."""

from __future__ import annotations

import hashlib
import os
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path

from docs_index.components import read_component
from docs_index.imports import Import
from docs_index.lines import Line, Notes
from docs_index.mdx import convert
from docs_index.repository import Repository
from docs_index.sections import Section, split_sections
from docs_index.site import Page, Problem, Site, is_markdown, relative_source
from docs_index.source import Source, SourceError, open_source, read_text

_MAX_DEPTH = 20
_SCRIPTS = ("", ".jsx", ".tsx", ".js", ".ts", "/index.jsx", "/index.tsx", "/index.js", "/index.ts")


@dataclass(slots=True)
class ParsedPage:
    """Sections of one page, the partials it is made of (site-relative path -> sha256), and what went wrong.

    ``files`` are the site-relative sources of its compiled files, by their number; ``components`` the places
    ``(file, line, name)`` where only a component knows what is shown.
    """

    page: Page
    sections: list[Section]
    partials: dict[str, str] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    files: list[str] = field(default_factory=list)
    components: list[tuple[int, int, str]] = field(default_factory=list)

    def changed_after(self, site: Site, html: Path) -> bool:
        """Whether the source or one of its partials is newer than the built page."""
        try:
            built = html.stat().st_mtime_ns
            return any((site.folder / name).stat().st_mtime_ns > built for name in {*self.files, *self.partials})
        except OSError:
            return False


def parse_page(site: Site, page: Page) -> ParsedPage:
    """Reads and cuts one page. What is broken is reported, and the rest is still indexed."""
    parsed = ParsedPage(page, [])
    if not is_markdown(page.source):
        return parsed
    lines = _Reader(site, parsed).read(site.folder / page.source, page.source, ())
    if lines is not None:
        parsed.sections = split_sections(lines, page.title, blog=page.kind == "blog")
    parsed.problems = list(dict.fromkeys(parsed.problems))
    return parsed


def broken(source: str, error: SourceError) -> Problem:
    """The problem of a file that cannot be read as it is."""
    return Problem("source-broken", "error", source, error.message, error.hint, error.line)


def file_hash(path: Path) -> str:
    """sha256 of a file, "" when it is gone."""
    try:
        # a pipe would never end
        return hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else ""
    except OSError:
        return ""


class _Reader:
    def __init__(self, site: Site, parsed: ParsedPage) -> None:
        self.site = site
        self.parsed = parsed
        self.units = count()

    def read(self, path: Path, name: str, stack: tuple[Path, ...]) -> list[Line] | None:
        """The lines of one Markdown file, its imports followed; None when it cannot be read at all."""
        source = self._open(path, name)
        if source is None:
            return None
        kind = self.site.markdown_format
        mdx = kind == "mdx" or (kind == "detect" and path.suffix == ".mdx")
        unit = next(self.units)
        self.parsed.files.append(name)
        notes = Notes()

        def include(imported: Import) -> list[Line] | None:
            return self._include(imported, path, name, (*stack, path.resolve()))

        lines = convert(
            source.body,
            unit=unit,
            include=include,
            mdx=mdx,
            locale=self.parsed.page.locale,
            known=self.site.components,
            magic=self.site.magic_comments,
            first_line=source.first_line,
            notes=notes,
        )
        self.parsed.components += [(unit, line, component) for line, component in notes.components]
        self.parsed.problems += [
            Problem(fault.code, "warning", name, fault.message, fault.hint, fault.line) for fault in notes.faults
        ]
        return lines

    def _open(self, path: Path, name: str) -> Source | None:
        try:
            source, errors = open_source(path)
        except SourceError as error:
            source, errors = None, [error]
        self.parsed.problems += [broken(name, error) for error in errors]
        return source

    def _include(
        self, imported: Import, importer: Path, importer_name: str, stack: tuple[Path, ...]
    ) -> list[Line] | None:
        path = self._resolve(imported, importer)

        def report(code: str, message: str, hint: str) -> None:
            self.parsed.problems.append(Problem(code, "error", importer_name, message, hint, imported.line))

        if path is None:
            # a name without './', '@site/' or '/' may be one that only the site's bundler knows
            if imported.kind == "markdown" and imported.path.startswith((".", "@site/", "/")):
                report("partial-missing", f"imports {imported.path!r}, which does not exist", "Mend the import's path.")
            return None
        name = relative_source(path, self.site.folder)
        if path in stack or len(stack) > _MAX_DEPTH:
            if imported.kind == "markdown":
                report("partial-cycle", f"includes {name} inside itself", "Break the circle of imports.")
            return None
        if imported.kind == "component":
            return self._follow(path, name, imported.export, stack)
        self.parsed.partials[name] = file_hash(path)
        if imported.kind == "markdown":
            return self.read(path, name, stack)
        try:
            text = read_text(path)
        except SourceError as error:
            text = error.rest
        return [Line(line, 0) for line in text.strip("\n").split("\n")]

    def _follow(self, path: Path, name: str, export: str, stack: tuple[Path, ...]) -> list[Line] | None:
        """The Markdown that a component shows because it imports it, in the order of its use there."""
        lines: list[Line] = []
        for imported in read_component(path, export):
            part = self._include(imported, path, name, (*stack, path))
            if part is not None:
                lines += [Line("", part[0].unit if part else 0), *part]
        if not lines:
            return None
        self.parsed.partials[name] = file_hash(path)
        return lines

    def _resolve(self, imported: Import, importer: Path) -> Path | None:
        folder, target = self.site.folder, imported.path
        if target.startswith("@site/"):
            candidates = [folder / target.removeprefix("@site/")]
        elif target.startswith("/"):
            candidates = [folder / target.lstrip("/")]
        else:
            candidates = [importer.parent / target, folder / target]
        endings = _SCRIPTS if imported.kind == "component" else ("",)
        files = (Path(f"{candidate}{ending}") for candidate in candidates for ending in endings)
        return next((file.resolve() for file in files if file.is_file() and self._admits(file)), None)

    def _admits(self, file: Path) -> bool:
        """No link leads to text outside of the site's repository."""
        return os.path.realpath(file) == os.path.normpath(Path.cwd() / file) or Repository(self.site.folder).holds(file)

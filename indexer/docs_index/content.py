"""The folders of a site that hold pages: where each lies, where it is served, and which of its files are pages."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from docs_index.config import FUNCTION, Module, Settings, Unknown
from docs_index.patterns import find_files
from docs_index.routes import normalize_url
from docs_index.site import Problem

_INCLUDE = {"docs": ("**/*.{md,mdx}",), "blog": ("**/*.{md,mdx}",), "pages": ("**/*.{js,jsx,ts,tsx,md,mdx}",)}
_MARKDOWN = (".md", ".mdx")
_SCRIPTS = (".js", ".jsx", ".ts", ".tsx")
_EXCLUDE = ("**/_*.{js,jsx,ts,tsx,md,mdx}", "**/_*/**", "**/*.test.{js,jsx,ts,tsx}", "**/__tests__/**")
_CLASSIC = re.compile(r"^(?:classic|@docusaurus/preset-classic|.*/node_modules/@docusaurus/preset-classic)$")
_PLUGIN = re.compile(r"^(?:(?:.*/node_modules/)?@docusaurus/plugin-)?content-(docs|blog|pages)$")
_KINDS = {"docs": "doc", "blog": "blog", "pages": "page"}
_PATHS = {"docs": "docs", "blog": "blog", "pages": "src/pages"}
_BASES = {"docs": "docs", "blog": "blog", "pages": "/"}


@dataclass(frozen=True, slots=True)
class Content:
    """One folder of pages: a version of a docs instance, a blog, or standalone pages.

    ``translated`` is the folder of its translations below a locale's. ``parser`` says whether number prefixes are
    removed; None when only running the config could tell. ``is_filtered``: a function may leave files out.
    """

    folder: Path
    translated: str
    kind: str
    plugin: str
    base: str
    include: tuple[str, ...]
    exclude: tuple[str, ...]
    parser: bool | None = True
    version: str = ""
    label: str = ""
    is_latest: bool = True
    is_filtered: bool = False

    def files(self, follow: Callable[[Path], bool]) -> Iterator[tuple[str, Path]]:
        """``(path below the folder, file)`` of every file that is a page, in order.

        :param follow: asked before a link to a folder is followed.
        """
        endings = (*_MARKDOWN, *_SCRIPTS) if self.kind == "page" else _MARKDOWN
        for relative in find_files(self.folder, self.include, self.exclude, follow, endings):
            yield relative, self.folder / relative


def find_contents(folder: Path, config: Settings, problems: list[Problem]) -> list[Content]:
    """What the config's presets and plugins serve. What cannot be read is left out and noted in the config's notes."""
    found: list[Content] = []
    for kind, options in _plugins(config):
        read = _read_docs if kind == "docs" else _read_other
        contents = read(folder, kind, options, problems)
        if contents is None:
            options.notes.skip(f"the pages of {options.name()}, which are left out")
        found.extend(contents or ())
    return found


def _plugins(config: Settings) -> Iterator[tuple[str, Settings]]:
    """``(docs|blog|pages, options)`` of every content plugin, in presets and beside them."""
    for name, options in _entries(config, "presets"):
        if not _CLASSIC.match(name):
            continue
        for kind in ("docs", "blog", "pages"):
            table = options.table(kind, f"preset {kind}") if options.get(kind) is not False else None
            if isinstance(table, Settings):
                yield kind, table
    for name, options in _entries(config, "plugins"):
        match = _PLUGIN.match(name)
        if match:
            identifier = options.get("id", "default")
            yield match[1], options.renamed(f"{match[1]} {identifier}")


def _entries(config: Settings, key: str) -> Iterator[tuple[str, Settings]]:
    entries = config.items(key)
    for entry in entries if isinstance(entries, list) else ():
        name, *rest = entry if isinstance(entry, list) and entry else [entry]
        name = name.name if isinstance(name, Module) else name
        options = rest[0] if rest else {}
        if isinstance(name, str) and isinstance(options, dict):
            yield name, Settings(options, config.notes, f"{key[:-1]} {name}")
        elif isinstance(name, str) and (_CLASSIC.match(name) or _PLUGIN.match(name)):
            config.notes.skip(f"the options of {name}, whose pages are left out")
        elif isinstance(entry, Unknown) and entry is not FUNCTION:
            config.notes.skip(f"one of the {key}")


def _read_other(folder: Path, kind: str, options: Settings, problems: list[Problem]) -> list[Content] | None:
    common = _read_common(folder, kind, options)
    if common is None:
        return None
    is_filtered = kind == "blog" and "processBlogPosts" in options
    if is_filtered:
        options.notes.skip(f"{options.name('processBlogPosts')}, which may leave posts out")
    suffix = "" if common["id"] == "default" else f"-{common['id']}"
    return [
        Content(
            folder=common["path"],
            translated=f"docusaurus-plugin-content-{kind}{suffix}",
            kind=_KINDS[kind],
            plugin=f"{kind}:{common['id']}",
            base=common["base"],
            include=common["include"],
            exclude=common["exclude"],
            is_filtered=is_filtered,
        )
    ]


def _read_common(folder: Path, kind: str, options: Settings) -> dict[str, Any] | None:
    """The options of all content plugins; None when one of them cannot be known."""
    values: dict[str, Any] = {
        "id": options.get("id", "default", str),
        "path": options.get("path", _PATHS[kind], str),
        "base": options.get("routeBasePath", _BASES[kind], str),
        "include": options.texts("include"),
        "exclude": options.texts("exclude"),
    }
    if any(isinstance(value, Unknown) for value in values.values()):
        return None
    values["path"] = Path(os.path.normpath(folder / values["path"]))
    # a list of one's own replaces Docusaurus' whole
    values["include"] = _INCLUDE[kind] if values["include"] is None else tuple(values["include"])
    values["exclude"] = _EXCLUDE if values["exclude"] is None else tuple(values["exclude"])
    return values


def _read_docs(folder: Path, kind: str, options: Settings, problems: list[Problem]) -> list[Content] | None:
    common = _read_common(folder, kind, options)
    parser = options.get("numberPrefixParser", True)
    shown = _read_shown(folder, common["id"], options, problems) if common is not None else None
    last = options.get("lastVersion", None, str)
    if common is None or shown is None or isinstance(last, Unknown):
        return None
    latest = last or next((name for name in shown if name != "current"), "current")
    settings = options.table("versions")
    named = "" if common["id"] == "default" else f"{common['id']}_"
    suffix = "" if common["id"] == "default" else f"-{common['id']}"
    contents: list[Content] = []
    for name in shown:
        own = _read_version(settings, name)
        default_path = "" if name == latest else "next" if name == "current" else name
        path = own.get("path", default_path, str) if isinstance(own, Settings) else own
        if isinstance(path, Unknown) or not isinstance(own, Settings):
            options.notes.skip(f"the pages of version {name} of {common['id']}, which are left out")
            continue
        default_label = "Next" if name == "current" else name
        label = own.get("label", default_label, str)
        contents.append(
            Content(
                folder=common["path"] if name == "current" else folder / f"{named}versioned_docs" / f"version-{name}",
                translated=f"docusaurus-plugin-content-docs{suffix}/{name if name == 'current' else f'version-{name}'}",
                kind="doc",
                plugin=f"docs:{common['id']}",
                base=normalize_url("/", common["base"], path),
                include=common["include"],
                exclude=common["exclude"],
                parser=None if isinstance(parser, Unknown) else parser is not False,
                version=name,
                label=default_label if isinstance(label, Unknown) else label,
                is_latest=name == latest,
            )
        )
    return contents


def _read_version(settings: Settings | Unknown, name: str) -> Settings | Unknown:
    return settings.table(name) if isinstance(settings, Settings) else settings


def _read_shown(folder: Path, identifier: str, options: Settings, problems: list[Problem]) -> list[str] | None:
    """The versions that are served, in order; None when that cannot be known."""
    disabled = options.get("disableVersioning", False, bool)
    current = options.get("includeCurrentVersion", True, bool)
    only = options.texts("onlyIncludeVersions")
    if isinstance(disabled, Unknown) or isinstance(current, Unknown) or isinstance(only, Unknown):
        return None
    path = folder / ("versions.json" if identifier == "default" else f"{identifier}_versions.json")
    names: list[str] = []
    if not disabled and path.exists():
        found = _read_names(path)
        if found is None:
            problems.append(
                Problem(
                    "versions-broken",
                    "error",
                    path.name,
                    "is no JSON list of version names, so the docs that it belongs to are left out",
                    'Write it as ["2.0", "1.0"], the newest first.',
                )
            )
            return None
        names = found
    if current and "current" not in names:
        names.insert(0, "current")
    return [name for name in names if only is None or name in only]


def _read_names(path: Path) -> list[str] | None:
    try:
        names = json.loads(path.read_text("utf-8-sig"))
    except (OSError, ValueError, RecursionError):
        return None
    return names if isinstance(names, list) and all(isinstance(name, str) for name in names) else None

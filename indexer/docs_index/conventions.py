"""The pages of a site that was never built, by Docusaurus' conventions and the plain settings in its config."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from wcmatch import glob

from docs_index import config as config_file
from docs_index import routes
from docs_index.config import UNKNOWN, literal
from docs_index.metadata import markdown_format
from docs_index.site import Page, Problem, Site, find_config, relative_source
from docs_index.source import SourceError, read_text, split_front_matter

_EXCLUDE = ["**/_*.{js,jsx,ts,tsx,md,mdx}", "**/_*/**", "**/*.test.{js,jsx,ts,tsx}", "**/__tests__/**"]
_INCLUDE = ["**/*.{md,mdx}"]
_H1 = re.compile(r"^#[ \t]+(.+?)[ \t]*#*$", re.MULTILINE)
_GLOB = glob.GLOBSTAR | glob.BRACE | glob.DOTGLOB


@dataclass(frozen=True, slots=True)
class _Content:
    """One folder of pages: where it lies, where it is served, and how its paths are made."""

    folder: Path
    translated: str
    kind: str
    plugin: str
    base: str
    options: dict[str, Any]
    version: str = ""
    label: str = ""
    is_latest: bool = True


def read(folder: Path) -> Site:
    """The site as its sources and the literals of its config tell it."""
    path = find_config(folder)
    config = config_file.read_config(path) if path else {}
    i18n = literal(config.get("i18n"), dict, {})
    default = literal(i18n.get("defaultLocale"), str, "en")
    locales = tuple(name for name in literal(i18n.get("locales"), list, [default]) if isinstance(name, str))
    base_url = literal(config.get("baseUrl"), str, "/")
    slash = literal(config.get("trailingSlash"), bool, None)
    problems = [_warn_no_manifest(folder)]
    unread = [key for key in ("baseUrl", "trailingSlash", "presets", "plugins") if config.get(key) is UNKNOWN]
    contents = _contents(folder, config, unread)
    if unread or not config:
        problems.append(_warn_unread(path.name if path else "docusaurus.config", unread))
    pages: list[Page] = []
    for locale in locales or (default,):
        prefix = base_url if locale == default else routes.join(base_url, locale, "/")
        for content in contents:
            pages.extend(_pages(folder, content, locale, locale != default, prefix, slash, problems))
    return Site(
        folder=folder,
        site_url=literal(config.get("url"), str, "").rstrip("/"),
        base_url=base_url,
        locales=locales or (default,),
        default_locale=default,
        pages=tuple({page.permalink: page for page in pages}.values()),
        origin="conventions",
        markdown_format=markdown_format(config),
        problems=tuple(problems),
    )


def _contents(folder: Path, config: dict[str, Any], unread: list[str]) -> list[_Content]:
    found: list[_Content] = []
    for name, options in _plugins(config):
        instance = literal(options.get("id"), str, "default")
        if options.get("routeBasePath") is UNKNOWN or options.get("path") is UNKNOWN:
            unread.append(f"{name} {instance}: path or routeBasePath")
            continue
        if name == "docs":
            found.extend(_versions(folder, options, instance, unread))
        else:
            path = literal(options.get("path"), str, "blog" if name == "blog" else "src/pages")
            default_base = "blog" if name == "blog" else "/"
            suffix = "" if instance == "default" else f"-{instance}"
            found.append(
                _Content(
                    folder=folder / path,
                    translated=f"docusaurus-plugin-content-{name}{suffix}",
                    kind="blog" if name == "blog" else "page",
                    plugin=f"{name}:{instance}",
                    base=literal(options.get("routeBasePath"), str, default_base),
                    options=options,
                )
            )
    return found


def _plugins(config: dict[str, Any]) -> list[tuple[str, dict[str, Any]]]:
    """``(docs|blog|pages, options)`` of every content plugin, in presets and beside them."""
    found: list[tuple[str, dict[str, Any]]] = []
    for entry in _entries(config.get("presets")):
        if str(entry[0]).endswith(("classic", "preset-classic")):
            for name in ("docs", "blog", "pages"):
                options = entry[1].get(name, {})
                if options is not False:
                    found.append((name, literal(options, dict, {})))
    for entry in _entries(config.get("plugins")):
        match = re.search(r"content-(docs|blog|pages)$", str(entry[0]))
        if match:
            found.append((match.group(1), entry[1]))
    return found


def _entries(value: Any) -> list[tuple[str, dict[str, Any]]]:
    entries: list[tuple[str, dict[str, Any]]] = []
    for entry in literal(value, list, []):
        if isinstance(entry, str):
            entries.append((entry, {}))
        elif isinstance(entry, list) and entry and isinstance(entry[0], str):
            entries.append((entry[0], literal(entry[1], dict, {}) if len(entry) > 1 else {}))
    return entries


def _versions(folder: Path, options: dict[str, Any], instance: str, unread: list[str]) -> list[_Content]:
    named = "" if instance == "default" else f"{instance}_"
    names = _read_versions(folder / f"{named}versions.json")
    if options.get("disableVersioning") is True:
        names = []
    settings = literal(options.get("versions"), dict, {})
    include_current = options.get("includeCurrentVersion") is not False
    every = (["current"] if include_current else []) + names
    only = [name for name in literal(options.get("onlyIncludeVersions"), list, []) if isinstance(name, str)]
    if options.get("onlyIncludeVersions") is UNKNOWN:
        unread.append(f"docs {instance}: onlyIncludeVersions")
    shown = [name for name in every if not only or name in only]
    last = options.get("lastVersion")
    if last is UNKNOWN:
        unread.append(f"docs {instance}: lastVersion")
    latest = last if isinstance(last, str) and last in shown else next((n for n in names if n in shown), "current")
    suffix = "" if instance == "default" else f"-{instance}"
    contents = []
    for name in shown:
        own = literal(settings.get(name), dict, {})
        default_path = "" if name == latest else ("next" if name == "current" else name)
        path = literal(options.get("path"), str, "docs")
        contents.append(
            _Content(
                folder=folder / path if name == "current" else folder / f"{named}versioned_docs" / f"version-{name}",
                translated=f"docusaurus-plugin-content-docs{suffix}/"
                + ("current" if name == "current" else f"version-{name}"),
                kind="doc",
                plugin=f"docs:{instance}",
                base=routes.join(
                    literal(options.get("routeBasePath"), str, "docs"),
                    literal(own.get("path"), str, default_path),
                ),
                options=options,
                version=name,
                label=literal(own.get("label"), str, "Next" if name == "current" and names else name),
                is_latest=name == latest,
            )
        )
    return contents


def _read_versions(path: Path) -> list[str]:
    try:
        names = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError):
        return []
    return [name for name in names if isinstance(name, str)] if isinstance(names, list) else []


def _pages(
    folder: Path,
    content: _Content,
    locale: str,
    translate: bool,
    prefix: str,
    slash: bool | None,
    problems: list[Problem],
) -> list[Page]:
    if not content.folder.is_dir():
        return []
    include = [text for text in literal(content.options.get("include"), list, _INCLUDE) if isinstance(text, str)]
    exclude = [text for text in literal(content.options.get("exclude"), list, _EXCLUDE) if isinstance(text, str)]
    pages = []
    for path in sorted(content.folder.rglob("*.md*")):
        relative = path.relative_to(content.folder).as_posix()
        if path.suffix not in {".md", ".mdx"} or not path.is_file():
            continue
        if not glob.globmatch(relative, include, flags=_GLOB) or glob.globmatch(relative, exclude, flags=_GLOB):
            continue
        translated = folder / "i18n" / locale / content.translated / relative
        file = translated if translate and translated.is_file() else path
        page = _page(folder, file, relative, content, locale, prefix, slash, problems)
        if page:
            pages.append(page)
    return pages


def _page(
    folder: Path,
    file: Path,
    relative: str,
    content: _Content,
    locale: str,
    prefix: str,
    slash: bool | None,
    problems: list[Problem],
) -> Page | None:
    source = relative_source(file, folder)
    try:
        parsed = split_front_matter(read_text(file))
    except SourceError as error:
        problems.append(Problem("source-broken", "error", source, error.message, error.hint))
        return None
    front = parsed.front_matter
    if front.get("draft") is True:
        return None
    if content.kind == "doc":
        path = routes.doc_path(relative, front, strip=content.options.get("numberPrefixParser") is not False)
    elif content.kind == "blog":
        path = routes.blog_path(relative, front)
    else:
        path = routes.page_path(relative, front)
    heading = _H1.search(parsed.body)
    name = relative.rsplit("/", 1)[-1].rsplit(".", 1)[0]
    return Page(
        source=source,
        permalink=routes.apply_trailing_slash(routes.join(prefix, content.base, path), slash),
        kind=content.kind,
        title=str(front.get("title") or (heading.group(1) if heading else name)),
        locale=locale,
        description=str(front.get("description") or ""),
        version=content.version,
        version_label=content.label,
        is_latest=content.is_latest,
        unlisted=front.get("unlisted") is True,
        plugin=content.plugin,
        tags=tuple(tag for tag in literal(front.get("tags"), list, []) if isinstance(tag, str)),
    )


def _warn_no_manifest(folder: Path) -> Problem:
    return Problem(
        "no-manifest",
        "warning",
        folder.resolve().name,
        "no manifest and no metadata of Docusaurus: addresses come from its naming conventions",
        "Add docusaurus-plugin-docs-chat and build the site, so that every address and anchor is the built one.",
    )


def _warn_unread(name: str, unread: list[str]) -> Problem:
    what = ", ".join(dict.fromkeys(unread)) or "everything"
    return Problem(
        "config-not-literal",
        "warning",
        name,
        f"not plain values, so Docusaurus' defaults were assumed: {what}",
        "Add docusaurus-plugin-docs-chat and build the site; then nothing is assumed.",
    )

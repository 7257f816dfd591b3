"""The metadata that Docusaurus leaves in ``.docusaurus/`` while it loads a site, with or without our plugin."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import Any

from docs_index.code import read_magic_comments
from docs_index.repository import Repository, warn_outside
from docs_index.routes import apply_trailing_slash
from docs_index.site import Page, Problem, Site, Version, is_markdown
from docs_index.stale import warn_gone, warn_new
from docs_index.titles import find_layout_title

_CONFIG = re.compile(r"export default (\{.*\});?\s*$", re.DOTALL)
_REGISTRY = re.compile(r'^\s*"([^"]+)": \[.*?, "(@site/(?:[^"\\]|\\.)*)", require\.resolveWeak', re.MULTILINE)
_COMPONENTS = "src/pages/"


def read(folder: Path) -> Site | None:
    """The site of the last load, which is of one locale; None when Docusaurus has left nothing usable."""
    work = folder / ".docusaurus"
    config = read_resolved_config(folder)
    if config is None:
        return None
    i18n, locales = _object(_read_json(work / "i18n.json")), _object(config.get("i18n"))
    default = str(i18n.get("defaultLocale") or locales.get("defaultLocale") or "en")
    locale = str(i18n.get("currentLocale") or default)
    own = _object(_object(i18n.get("localeConfigs")).get(locale))
    base_url = str(own.get("baseUrl") or config.get("baseUrl") or "/")
    slash = config.get("trailingSlash")
    loaded = _Loaded(work, locale, base_url, slash if isinstance(slash, bool) else None)
    pages = loaded.pages(folder)
    if not pages:
        return None
    return Site(
        folder=folder,
        site_url=str(own.get("url") or config.get("url") or "").rstrip("/"),
        base_url=str(config.get("baseUrl", "/")),
        locales=(locale,),
        default_locale=locale,
        pages=tuple(pages),
        origin="metadata",
        markdown_format=markdown_format(config),
        magic_comments=magic_comments(config),
        problems=(
            _warn_no_manifest(locale),
            *loaded.problems,
            *warn_gone(loaded.gone, ".docusaurus"),
            *warn_new(folder, loaded.sources, _written_at(work), ".docusaurus"),
        ),
    )


class _Loaded:
    """What one load has left: an entry a page, the routes, and the versions of each docs instance."""

    def __init__(self, work: Path, locale: str, base_url: str, slash: bool | None) -> None:
        self.sources: set[str] = set()
        self.gone: set[str] = set()
        self.problems: list[Problem] = []
        self._work = work
        self._locale = locale
        self._base_url = base_url
        self._slash = slash
        self._routes = _read_routes(work)
        self._versions = _read_versions(work)

    def pages(self, folder: Path) -> list[Page]:
        """The pages that the last load has served, and whose sources are still there, ordered by source."""
        repository = Repository(folder)
        pages: list[Page] = []
        for path in sorted(self._work.glob("*/*/*.json")):
            entry = _read_json(path)
            page = self._page(entry, path) if isinstance(entry, dict) else None
            if page is None:
                continue
            self.sources.add(page.source)
            if not repository.admits(page.source):
                self.problems.append(warn_outside(page.source))
            elif (folder / page.source).is_file():
                pages.append(page)
            elif self._routes:
                self.gone.add(page.source)
        pages += self._component_pages(folder, repository)
        return sorted(pages, key=lambda page: (page.source, page.permalink))

    def _component_pages(self, folder: Path, repository: Repository) -> Iterator[Page]:
        """Pages without an entry of their own: the files of ``src/pages`` that are components."""
        for permalink, source in self._routes:
            name = source.removeprefix("@site/")
            if not name.startswith(_COMPONENTS) or is_markdown(name):
                continue
            self.sources.add(name)
            if repository.admits(name) and (folder / name).is_file():
                title = find_layout_title(_read_script(folder / name)) or PurePosixPath(name).stem
                yield Page(name, permalink, "page", title, self._locale, plugin="pages:default")

    def _page(self, entry: dict[str, Any], path: Path) -> Page | None:
        source, permalink, front = entry.get("source"), entry.get("permalink"), _object(entry.get("frontMatter"))
        if not isinstance(source, str) or not isinstance(permalink, str) or not source.startswith("@site/"):
            return None
        # `docusaurus start` clears both flags, and leaves the front matter
        if not is_markdown(source) or entry.get("draft") or front.get("draft") is True:
            return None
        final = apply_trailing_slash(permalink, self._slash, self._base_url)
        # files of pages that are gone, and of other locales, stay between loads
        if self._routes and (final, source) not in self._routes:
            return None
        name, instance = path.parent.parent.name, path.parent.name
        is_doc = "version" in entry and "id" in entry
        version = str(entry["version"]) if is_doc else ""
        known = self._versions.get((name, instance, version)) or Version(version, version, True)
        return Page(
            source=source.removeprefix("@site/"),
            permalink=final,
            kind="doc" if is_doc else "blog" if "date" in entry else "page",
            title=str(entry.get("title") or ""),
            locale=self._locale,
            description=str(entry.get("description") or ""),
            version=version,
            version_label=known.label,
            is_latest=known.is_latest,
            unlisted=bool(entry.get("unlisted")) or front.get("unlisted") is True,
            plugin=f"{name.removeprefix('docusaurus-plugin-content-')}:{instance}",
            tags=tuple(
                str(tag["label"]) for tag in _list(entry.get("tags")) if isinstance(tag, dict) and "label" in tag
            ),
        )


def markdown_format(config: dict[str, Any]) -> str:
    """``markdown.format``: ``mdx``, ``md``, or ``detect`` by file name."""
    value = _object(config.get("markdown")).get("format")
    return value if isinstance(value, str) else "mdx"


def magic_comments(config: dict[str, Any]) -> tuple[str, ...]:
    """``themeConfig.prism.magicComments``."""
    return read_magic_comments(_object(_object(config.get("themeConfig")).get("prism")).get("magicComments"))


def read_resolved_config(folder: Path) -> dict[str, Any] | None:
    """The config as Docusaurus resolved it in its last run; None when there is none."""
    path = folder / ".docusaurus" / "docusaurus.config.mjs"
    try:
        match = _CONFIG.search(path.read_text("utf-8"))
        config = json.loads(match.group(1)) if match else None
    except (OSError, ValueError, RecursionError):
        return None
    return config if isinstance(config, dict) else None


def _written_at(work: Path) -> float:
    """When Docusaurus last loaded the site, as a file time; 0 when that is not known."""
    try:
        return (work / "routes.js").stat().st_mtime
    except OSError:
        return 0.0


def _read_routes(work: Path) -> set[tuple[str, str]]:
    """``(final path, source)`` of every page that the last load has a route for."""
    chunks = _object(_read_json(work / "routesChunkNames.json"))
    try:
        registry = (work / "registry.js").read_text("utf-8")
    except (OSError, ValueError):
        return set()
    sources = {name: json.loads(f'"{source}"') for name, source in _REGISTRY.findall(registry)}
    # the content of Markdown pages, the component that is a page itself
    return {
        (path.rsplit("-", 1)[0], sources[module])
        for path, modules in chunks.items()
        for module in (_object(modules).get("content"), _object(modules).get("__comp"))
        if isinstance(module, str) and module in sources
    }


def _read_script(path: Path) -> str:
    try:
        return path.read_text("utf-8", "replace")
    except OSError:
        return ""


def _read_versions(work: Path) -> dict[tuple[str, str, str], Version]:
    """Label and standing of every version, by plugin, instance and name."""
    found: dict[tuple[str, str, str], Version] = {}
    for plugin, instances in _object(_read_json(work / "globalData.json")).items():
        for instance, content in _object(instances).items():
            for version in _list(_object(content).get("versions")):
                name = str(_object(version).get("name"))
                label = _object(version).get("label")
                found[plugin, instance, name] = Version(name, str(label or name), bool(_object(version).get("isLast")))
    return found


def _read_json(path: Path) -> Any:
    try:
        return json.loads(path.read_text("utf-8"))
    except (OSError, ValueError, RecursionError):
        return None


def _object(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _warn_no_manifest(locale: str) -> Problem:
    return Problem(
        "no-manifest",
        "warning",
        ".docusaurus",
        f"no manifest of docusaurus-plugin-docs-chat: pages come from Docusaurus' own metadata ({locale} only)",
        "Add the plugin and build the site, so that every address and anchor is the built one.",
    )

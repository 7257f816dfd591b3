"""The metadata that Docusaurus leaves in ``.docusaurus/`` while it loads a site, with or without our plugin."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

from docs_index.routes import apply_trailing_slash
from docs_index.site import Page, Problem, Site

_CONFIG = re.compile(r"export default (\{.*\});?\s*$", re.DOTALL)


def read(folder: Path) -> Site | None:
    """The site of the last load, which is of one locale; None when Docusaurus has left nothing usable."""
    work = folder / ".docusaurus"
    config = read_resolved_config(folder)
    if config is None:
        return None
    i18n = _read_json(work / "i18n.json") or {}
    locales = config.get("i18n", {})
    default = str(i18n.get("defaultLocale") or locales.get("defaultLocale") or "en")
    locale = str(i18n.get("currentLocale") or default)
    latest = _latest_versions(work)
    pages = []
    for path in sorted(work.glob("*/*/*.json")):
        entry = _read_json(path)
        page = _page(entry, path, locale, latest, config.get("trailingSlash")) if isinstance(entry, dict) else None
        # files of deleted pages stay in .docusaurus between loads
        if page and (folder / page.source).is_file():
            pages.append(page)
    if not pages:
        return None
    pages.sort(key=lambda page: page.source)
    return Site(
        folder=folder,
        site_url=str(config.get("url", "")).rstrip("/"),
        base_url=str(config.get("baseUrl", "/")),
        locales=(locale,),
        default_locale=locale,
        pages=tuple({page.permalink: page for page in pages}.values()),
        origin="metadata",
        markdown_format=markdown_format(config),
        problems=(
            Problem(
                "no-manifest",
                "warning",
                ".docusaurus",
                f"no manifest of docusaurus-plugin-docs-chat: pages come from Docusaurus' own metadata ({locale} only)",
                "Add the plugin and build the site, so that every address and anchor is the built one.",
            ),
        ),
    )


def markdown_format(config: dict[str, Any]) -> str:
    """``markdown.format``: ``mdx``, ``md``, or ``detect`` by file name."""
    markdown = config.get("markdown")
    value = markdown.get("format") if isinstance(markdown, dict) else None
    return value if isinstance(value, str) else "mdx"


def _page(entry: dict[str, Any], path: Path, locale: str, latest: dict[str, set[str]], slash: Any) -> Page | None:
    source, permalink = entry.get("source"), entry.get("permalink")
    if not isinstance(source, str) or not isinstance(permalink, str) or entry.get("draft"):
        return None
    if not source.startswith("@site/") or not source.endswith((".md", ".mdx")):
        return None
    plugin = f"{path.parent.parent.name}/{path.parent.name}"
    if "version" in entry and "id" in entry:
        kind, version = "doc", str(entry["version"])
    else:
        kind, version = ("blog" if "date" in entry else "page"), ""
    is_latest = not version or version in latest.get(path.parent.name, {version})
    return Page(
        source=source.removeprefix("@site/"),
        permalink=apply_trailing_slash(permalink, slash if isinstance(slash, bool) else None),
        kind=kind,
        title=str(entry.get("title", "")),
        locale=locale,
        description=str(entry.get("description") or ""),
        version=version,
        version_label=version,
        is_latest=is_latest,
        unlisted=bool(entry.get("unlisted")),
        plugin=plugin,
    )


def _latest_versions(work: Path) -> dict[str, set[str]]:
    """Names of the versions served by default, by docs instance."""
    data = _read_json(work / "globalData.json") or {}
    found: dict[str, set[str]] = {}
    for instances in data.values() if isinstance(data, dict) else ():
        for instance, content in instances.items() if isinstance(instances, dict) else ():
            versions = content.get("versions") if isinstance(content, dict) else None
            for version in versions if isinstance(versions, list) else ():
                if isinstance(version, dict) and version.get("isLast"):
                    found.setdefault(instance, set()).add(str(version.get("name")))
    return found


def read_resolved_config(folder: Path) -> dict[str, Any] | None:
    """The config as Docusaurus resolved it in its last run; None when there is none."""
    path = folder / ".docusaurus" / "docusaurus.config.mjs"
    try:
        match = _CONFIG.search(path.read_text("utf-8"))
        config = json.loads(match.group(1)) if match else None
    except (OSError, ValueError):
        return None
    return config if isinstance(config, dict) else None


def _read_json(path: Path) -> Any:
    try:
        return json.loads(path.read_text("utf-8"))
    except (OSError, ValueError):
        return None

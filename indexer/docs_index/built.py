"""Where pages were built, when no manifest says so."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from urllib.parse import unquote

from docs_index.site import Page, Site

#: Where ``docusaurus build`` writes when it is not told otherwise.
OUT_DIR = "build"


def find_builds(site: Site) -> Site:
    """The site with the built file of every page that has one."""
    build = site.folder / OUT_DIR
    if not build.is_dir():
        return site
    return replace(site, pages=tuple(replace(page, html=_find_html(site, page, build)) for page in site.pages))


def _find_html(site: Site, page: Page, build: Path) -> Path | None:
    below = unquote(page.permalink).removeprefix(site.base_url).strip("/")
    names = (f"{below}.html", f"{below}/index.html", below) if below else ("index.html",)
    files = (build / name for name in names)
    return next((file for file in files if file.is_file() and file.resolve().is_relative_to(build.resolve())), None)

"""Which way a site's pages are found: what was built, what Docusaurus loaded, or what its conventions say."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from docs_index import conventions, manifest, metadata
from docs_index.errors import UserError
from docs_index.site import Site, find_config


def read_site(folder: Path, locales: tuple[str, ...] = ()) -> Site:
    """Finds the pages: from the plugin's manifest, else Docusaurus' own metadata, else its conventions.

    :param locales: only these; all that are known when empty.
    :raises UserError: when the folder is no Docusaurus site, or a locale is not one of its own.
    """
    if not folder.is_dir():
        raise UserError(f"There is no folder {folder}.", "Give the folder that holds docusaurus.config.js or .ts.")
    if not find_config(folder) and not manifest.find_manifests(folder):
        raise UserError(
            f"{folder} is not a Docusaurus site: it holds no docusaurus.config.js or .ts.",
            "Give the folder of the site itself, such as 'docs-chat index website'.",
        )
    site = manifest.read(folder) or metadata.read(folder) or conventions.read(folder)
    return _choose_locales(site, locales)


def _choose_locales(site: Site, locales: tuple[str, ...]) -> Site:
    unknown = [locale for locale in locales if locale not in site.locales]
    if unknown:
        raise UserError(
            f"The site has no locale {unknown[0]!r}.",
            f"It has: {', '.join(site.locales)}."
            + (" A locale is known once it was built." if site.origin != "conventions" else ""),
        )
    if not locales:
        return site
    kept = tuple(locale for locale in site.locales if locale in locales)
    return replace(
        site,
        locales=kept,
        default_locale=site.default_locale if site.default_locale in kept else kept[0],
        pages=tuple(page for page in site.pages if page.locale in kept),
    )

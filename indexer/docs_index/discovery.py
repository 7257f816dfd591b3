"""Which way a site's pages are found: what was built, what Docusaurus loaded, or what its conventions say."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from docs_index import conventions, manifest, metadata
from docs_index.built import find_builds
from docs_index.components import read_global
from docs_index.errors import UserError
from docs_index.site import Page, Problem, Site, find_config
from docs_index.visibility import Rule, restrict


def read_site(folder: Path, locales: tuple[str, ...] = (), rules: Sequence[Rule] = ()) -> Site:
    """Finds the pages: from the plugin's manifest, else Docusaurus' own metadata, else its conventions.

    :param locales: only these; all that are known when empty.
    :param rules: which pages are not for everybody, beside what the pages say themselves.
    :raises UserError: when the folder is no Docusaurus site, or a locale is not one of its own.
    """
    if not folder.is_dir():
        raise UserError(f"There is no folder {folder}.", "Give the folder that holds docusaurus.config.js or .ts.")
    if not find_config(folder) and not manifest.find_manifests(folder):
        raise UserError(
            f"{folder} is not a Docusaurus site: it holds no docusaurus.config.js or .ts.",
            "Give the folder of the site itself, such as 'docs-chat index website'.",
        )
    site = manifest.read(folder)
    if site is None:
        site = metadata.read(folder)
        site = find_builds(_add_locales(site) if site else conventions.read(folder))
    site = restrict(_drop_twins(replace(site, components=read_global(folder))), rules)
    return _choose_locales(site, locales)


def _add_locales(site: Site) -> Site:
    """The site with its other languages: a load of Docusaurus leaves the metadata of one."""
    try:
        every = conventions.read(site.folder)
    except UserError:
        return site
    others = tuple(locale for locale in every.locales if locale not in site.locales)
    if not others:
        return site
    return replace(
        site,
        locales=tuple(locale for locale in every.locales if locale in (*site.locales, *others)),
        default_locale=every.default_locale
        if every.default_locale in (*site.locales, *others)
        else site.default_locale,
        pages=(*site.pages, *(page for page in every.pages if page.locale in others)),
        problems=(
            *site.problems,
            *(found for found in every.problems if found not in site.problems and found.code != "no-manifest"),
        ),
    )


def _drop_twins(site: Site) -> Site:
    """The site with one page for each address: standalone pages and posts come before docs, as Docusaurus serves."""
    ranks = {"page": 0, "blog": 1}
    first: dict[str, Page] = {}
    for page in sorted(site.pages, key=lambda page: ranks.get(page.kind, 2)):
        first.setdefault(page.permalink, page)
    if len(first) == len(site.pages):
        return site
    twins = [page for page in site.pages if first[page.permalink] is not page]
    problems = dict.fromkeys(
        Problem(
            "address-taken",
            "warning",
            page.source,
            f"has the address of {first[page.permalink].source}, so it is left out",
            "Give it another slug.",
            page=page.permalink,
        )
        for page in twins
    )
    return replace(
        site,
        pages=tuple(page for page in site.pages if first[page.permalink] is page),
        problems=(*site.problems, *problems),
    )


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
        builds={locale: build for locale, build in site.builds.items() if locale in kept},
    )

"""Pages of sites that were built or loaded: what is out of date, and what leads elsewhere."""

from __future__ import annotations

import json
import os
import shutil
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from docs_index.discovery import read_site
from docs_index.site import Problem, Site

from .conftest import Files, MakeSite

RECORD = ".docusaurus/docs-chat/manifest.en.json"
PAGE = {"source": "docs/a.md", "permalink": "/docs/a", "html": "docs/a/index.html"}
GONE = {"source": "docs/gone.md", "permalink": "/docs/gone"}
Manifest = Callable[..., str]


def problems(site: Site, code: str) -> list[Problem]:
    return [problem for problem in site.problems if problem.code == code]


def set_age(folder: Path, name: str, seconds: float) -> None:
    then = time.time() - seconds
    os.utime(folder / name, (then, then))


def test_a_page_whose_source_is_gone_is_left_out_and_named(make_site: MakeSite, manifest: Manifest) -> None:
    site = read_site(make_site({"docs/a.md": "A", RECORD: manifest(PAGE, GONE)}))
    assert [page.permalink for page in site.pages] == ["/docs/a"]
    (problem,) = problems(site, "manifest-stale")
    assert (problem.severity, problem.source) == ("warning", RECORD)
    assert "docs/gone.md" in problem.message
    assert "Build the site again" in problem.hint


def test_pages_that_came_after_the_build_are_named_together(make_site: MakeSite, manifest: Manifest) -> None:
    new = {f"docs/new-{number}.md": "" for number in range(5)}
    quiet = {"docs/_part.md": "", "docs/draft.md": "---\ndraft: true\n---\n", "README.md": "", "docs/old.md": ""}
    folder = make_site({"docs/a.md": "A", RECORD: manifest(PAGE), **new, **quiet})
    set_age(folder, RECORD, 60)
    set_age(folder, "docs/old.md", 90)
    (problem,) = problems(read_site(folder), "manifest-stale")
    assert "5 pages" in problem.message
    assert "docs/new-0.md" in problem.message


def test_a_build_in_development_is_not_judged_by_time(make_site: MakeSite, manifest: Manifest) -> None:
    folder = make_site({"docs/a.md": "A", "docs/new.md": "", RECORD: manifest(PAGE, mode="development")})
    set_age(folder, RECORD, 60)
    assert not problems(read_site(folder), "manifest-stale")


def test_a_copied_site_is_not_called_stale(make_site: MakeSite, manifest: Manifest, tmp_path: Path) -> None:
    french = {"source": "i18n/fr/docusaurus-plugin-content-docs/current/a.md", "permalink": "/fr/docs/a"}
    folder = make_site({"docs/a.md": "A", str(french["source"]): "A", RECORD: manifest(PAGE)})
    (folder / "build").mkdir()
    (folder / RECORD.replace(".en.", ".fr.")).write_text(
        manifest(french, locale="fr", locales=["en", "fr"], outDir="build")
    )
    shutil.copytree(folder, tmp_path / "copy", copy_function=shutil.copy)
    set_age(tmp_path / "copy", RECORD, 3600)
    assert read_site(tmp_path / "copy").problems == ()


def test_a_translation_alone_stands_for_the_page_that_it_translates(make_site: MakeSite, manifest: Manifest) -> None:
    french = {"source": "i18n/fr/docusaurus-plugin-content-docs/current/a.md", "permalink": "/fr/docs/a"}
    record = RECORD.replace(".en.", ".fr.")
    text = manifest(french, locale="fr", locales=["en", "fr"])
    folder = make_site({"docs/a.md": "A", str(french["source"]): "A", record: text})
    set_age(folder, record, 60)
    assert not problems(read_site(folder), "manifest-stale")


@pytest.mark.parametrize("source", ["/etc/hostname", "docs/link.md"])
def test_a_source_that_leads_out_of_the_site_is_not_read(
    make_site: MakeSite, manifest: Manifest, tmp_path: Path, source: str
) -> None:
    (tmp_path / "secret.md").write_text("secret")
    folder = make_site({"docs/a.md": "A", RECORD: manifest(PAGE, {"source": source, "permalink": "/x"})})
    (folder / "docs/link.md").symlink_to(tmp_path / "secret.md")
    site = read_site(folder)
    assert [page.permalink for page in site.pages] == ["/docs/a"]
    assert [problem.source for problem in problems(site, "outside-site")] == [source]


@pytest.mark.parametrize("html", ["../secret.html", "/etc/hostname", "link.html"])
def test_html_is_only_read_below_the_build(make_site: MakeSite, manifest: Manifest, html: str) -> None:
    folder = make_site({"docs/a.md": "A", "secret.html": "secret", RECORD: manifest(PAGE | {"html": html})})
    (folder / "build").mkdir()
    (folder / "build/link.html").symlink_to("../secret.html")
    site = read_site(folder)
    assert [page.html for page in site.pages] == [None]
    assert [problem.source for problem in problems(site, "outside-site")] == [html]


def loaded(*entries: tuple[str, str], locale: str = "en", stale: tuple[tuple[str, str], ...] = ()) -> Files:
    """What Docusaurus leaves behind: an entry for each ``(source, permalink)``, routes for all but the stale ones."""
    registry, chunks, files = [], {}, {}
    for number, (source, permalink) in enumerate((*entries, *stale)):
        entry = {"id": "x", "version": "current", "source": f"@site/{source}", "permalink": permalink, "title": "T"}
        files[f".docusaurus/docusaurus-plugin-content-docs/api/{number}.json"] = json.dumps(entry)
        if (source, permalink) in entries:
            name = f'"@site/{source}"'
            registry.append(f'  "c{number}": [() => import({name}), {name}, require.resolveWeak({name})],')
            chunks[f"{permalink}-a1f"] = {"__comp": "c", "content": f"c{number}"}
    versions = [{"name": "current", "label": "Soon", "isLast": False}]
    return files | {
        ".docusaurus/registry.js": "export default {\n" + "\n".join(registry) + "};\n",
        ".docusaurus/routesChunkNames.json": json.dumps(chunks),
        ".docusaurus/globalData.json": json.dumps({"docusaurus-plugin-content-docs": {"api": {"versions": versions}}}),
        ".docusaurus/i18n.json": json.dumps({"defaultLocale": "en", "currentLocale": locale}),
        ".docusaurus/docusaurus.config.mjs": 'export default {"url": "https://e.com", "baseUrl": "/"};',
    }


def test_a_load_tells_label_and_standing_of_the_versions(make_site: MakeSite) -> None:
    (page,) = read_site(make_site({"api/a.md": "A", **loaded(("api/a.md", "/api/a"))})).pages
    assert (page.plugin, page.version_label, page.is_latest) == ("docs:api", "Soon", False)


def test_what_earlier_loads_have_left_is_no_page(make_site: MakeSite) -> None:
    files = {"api/a.md": "A", "i18n/fr/a.md": "A", "api/excluded.md": ""}
    stale = (("i18n/fr/a.md", "/fr/api/a"), ("api/excluded.md", "/api/excluded"))
    site = read_site(make_site({**files, **loaded(("api/a.md", "/api/a"), stale=stale)}))
    assert [page.permalink for page in site.pages] == ["/api/a"]


def test_the_languages_that_were_not_loaded_come_from_the_sources(make_site: MakeSite) -> None:
    config = """module.exports = {baseUrl: '/', i18n: {defaultLocale: 'en', locales: ['en', 'fr']},
      plugins: [['content-docs', {id: 'api', path: 'api', routeBasePath: 'api'}]]};"""
    files = {"docusaurus.config.js": config, "api/a.md": "A"}
    site = read_site(make_site({**files, **loaded(("api/a.md", "/fr/api/a"), locale="fr")}))
    assert (site.locales, site.default_locale) == (("en", "fr"), "en")
    assert {page.locale: page.permalink for page in site.pages} == {"en": "/api/a", "fr": "/fr/api/a"}

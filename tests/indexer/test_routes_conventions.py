"""Pages of sites that were never built: which there are, where, and which are left out rather than wrong."""

from __future__ import annotations

from pathlib import Path

import pytest
from docs_index.discovery import read_site
from docs_index.site import Page, Problem, Site

from .conftest import MakeSite


def config(body: str) -> str:
    return f"module.exports = {{url: 'https://example.com', {body}}};"


def docs(options: str = "", beside: str = "") -> str:
    return config(f"baseUrl: '/', presets: [['classic', {{docs: {{{options}}}, blog: false}}]], plugins: [{beside}]")


def addresses(site: Site, locale: str = "en") -> dict[str, str]:
    return {page.source: page.permalink for page in site.pages if page.locale == locale}


def page_of(site: Site, source: str) -> Page:
    (page,) = (page for page in site.pages if page.source == source)
    return page


def problems(site: Site, code: str) -> list[Problem]:
    return [problem for problem in site.problems if problem.code == code]


VERSIONS = {
    "versions.json": '["2.0", "1.0"]',
    "docs/a.md": "",
    "versioned_docs/version-2.0/a.md": "",
    "versioned_docs/version-1.0/a.md": "",
}


@pytest.mark.parametrize(
    ("options", "served"),
    [
        ("", {"current": "/docs/next/a", "2.0": "/docs/a", "1.0": "/docs/1.0/a"}),
        ("lastVersion: 'current'", {"current": "/docs/a", "2.0": "/docs/2.0/a", "1.0": "/docs/1.0/a"}),
        (
            "lastVersion: '1.0', versions: {current: {path: 'dev'}, '2.0': {path: 'two'}}",
            {"current": "/docs/dev/a", "2.0": "/docs/two/a", "1.0": "/docs/a"},
        ),
        ("onlyIncludeVersions: ['1.0']", {"1.0": "/docs/a"}),
        ("includeCurrentVersion: false", {"2.0": "/docs/a", "1.0": "/docs/1.0/a"}),
        ("disableVersioning: true", {"current": "/docs/a"}),
        ("versions: {'2.0': choose()}", {"current": "/docs/next/a", "1.0": "/docs/1.0/a"}),
    ],
)
def test_versions_are_served_where_the_options_say(make_site: MakeSite, options: str, served: dict[str, str]) -> None:
    site = read_site(make_site(VERSIONS | {"docusaurus.config.js": docs(options)}))
    assert {page.version: page.permalink for page in site.pages} == served


def test_unversioned_docs_have_the_label_that_docusaurus_gives_them(make_site: MakeSite) -> None:
    (page,) = read_site(make_site({"docs/a.md": ""})).pages
    assert (page.version, page.version_label, page.is_latest) == ("current", "Next", True)


@pytest.mark.parametrize(
    "options",
    [
        "lastVersion: choose()",
        "exclude: [...others]",
        "include: choose()",
        "routeBasePath: choose()",
        "onlyIncludeVersions: choose()",
        "versions: choose()",
        "...choose()",
    ],
)
def test_docs_whose_options_are_made_by_code_are_left_out_and_named(make_site: MakeSite, options: str) -> None:
    beside = "['content-docs', {id: 'api', path: 'api', routeBasePath: 'api'}]"
    files = VERSIONS | {"docusaurus.config.js": docs(options, beside), "api/x.md": ""}
    site = read_site(make_site(files))
    assert addresses(site) == {"api/x.md": "/api/x"}
    assert "left out" in problems(site, "config-not-literal")[0].message


def test_a_list_of_files_of_ones_own_replaces_the_usual_one(make_site: MakeSite) -> None:
    options = "include: ['**/*.md', '!**/no.md'], exclude: ['old', '**/*.partial.md']"
    files = ["_shown.md", "no.md", "old/a.md", "x.partial.md", "b.mdx", ".hidden/c.md", ".d.md", "deep/e.md"]
    site = read_site(make_site({"docusaurus.config.js": docs(options)} | {f"docs/{name}": "" for name in files}))
    assert set(addresses(site)) == {"docs/_shown.md", "docs/deep/e.md"}


def test_a_number_parser_that_is_code_leaves_out_what_it_may_rename(make_site: MakeSite) -> None:
    options = "numberPrefixParser(name) { return {filename: name}; }"
    files = {"docs/plain.md": "", "docs/01-a.md": "", "docs/02-b/c.md": "---\nslug: /fixed\n---\n"}
    site = read_site(make_site({"docusaurus.config.js": docs(options)} | files))
    assert addresses(site) == {"docs/plain.md": "/docs/plain", "docs/02-b/c.md": "/docs/fixed"}
    assert [problem.source for problem in problems(site, "address-unknown")] == ["docs/01-a.md"]
    plain = read_site(make_site({"docusaurus.config.js": docs("numberPrefixParser: false")}))
    assert addresses(plain)["docs/01-a.md"] == "/docs/01-a"


LOCALES = """baseUrl: '/b/', i18n: {defaultLocale: 'en', locales: ['en', 'fr', 'de', 'ja'], localeConfigs: {
  de: {path: 'deutsch', baseUrl: '/german'}, ja: {translate: false}}},
  presets: [['classic', {docs: {}, blog: {}}]]"""


def test_languages_have_their_own_files_and_addresses(make_site: MakeSite) -> None:
    folder = "docusaurus-plugin-content-docs/current"
    site = read_site(
        make_site(
            {
                "docusaurus.config.js": config(LOCALES),
                "docs/a.md": "",
                "blog/p.md": "",
                f"i18n/fr/{folder}/a.md": "---\nslug: accueil\n---\n",
                f"i18n/fr/{folder}/only.md": "",
                "i18n/fr/docusaurus-plugin-content-blog/p.md": "---\nslug: billet\n---\n",
                f"i18n/en/{folder}/a.md": "# Reworded\n",
                f"i18n/deutsch/{folder}/a.md": "",
                f"i18n/ja/{folder}/a.md": "",
            }
        )
    )
    assert addresses(site, "fr") == {
        f"i18n/fr/{folder}/a.md": "/b/fr/docs/accueil",
        "i18n/fr/docusaurus-plugin-content-blog/p.md": "/b/fr/blog/billet",
    }
    assert addresses(site, "de")[f"i18n/deutsch/{folder}/a.md"] == "/german/docs/a"
    assert addresses(site, "ja")["docs/a.md"] == "/b/ja/docs/a"
    assert page_of(site, f"i18n/en/{folder}/a.md").title == "Reworded"


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("---\ntitle: Named\n---\n# Other\n", "Named"),
        ("# The `code` name {#id}\n", "The code name"),
        ("# Commented {/* #id */}\n", "Commented"),
        ("Title\n=====\n\nText\n", "Title"),
        ("import A from 'a';\nimport B\n  from 'b';\n\n# Imported ##\n", "Imported"),
        ("Text first\n\n# Late\n", "named"),
        ("", "named"),
        ("---\nid: other\n---\n", "other"),
        ("---\ntitle: Yes\n---\n", "Yes"),
        ("---\ntitle: 010\n---\n", "10"),
        ("---\ntitle: 1.0\n---\n", "1"),
    ],
)
def test_a_page_has_the_title_that_docusaurus_shows(make_site: MakeSite, text: str, title: str) -> None:
    assert read_site(make_site({"docs/01-named.md": text})).pages[0].title == title


BROKEN = "---\ntitle: A: b\nslug: /here\nunlisted: true\n---\nText\n"


def test_broken_front_matter_still_gives_what_simple_lines_say(make_site: MakeSite) -> None:
    site = read_site(make_site({"docs/a.md": BROKEN, "docs/d.md": "---\ndraft: true\nx: [\n---\n"}))
    (page,) = site.pages
    assert (page.permalink, page.title, page.unlisted) == ("/docs/here", "A: b", True)
    assert [(found.source, found.line) for found in problems(site, "source-broken")] == [
        ("docs/a.md", 2),
        ("docs/d.md", 4),
    ]


def test_a_link_out_of_the_repository_is_not_followed(make_site: MakeSite, tmp_path: Path) -> None:
    folder = make_site({"docs/a.md": "", "notes/n.md": ""})
    (tmp_path / "secret.md").write_text("secret")
    (folder / "docs/secret.md").symlink_to(tmp_path / "secret.md")
    (folder / "docs/up").symlink_to(tmp_path)
    (folder / "docs/n.md").symlink_to("../notes/n.md")
    (folder / "docs/broken.md").symlink_to("gone.md")
    site = read_site(folder)
    assert addresses(site) == {"docs/a.md": "/docs/a", "docs/n.md": "/docs/n"}
    assert {problem.source for problem in problems(site, "outside-site")} == {"docs/secret.md", "docs/up"}
    assert [problem.source for problem in problems(site, "source-broken")] == ["docs/broken.md"]


def test_docs_beside_the_site_are_read_and_links_within_the_repository_too(make_site: MakeSite, tmp_path: Path) -> None:
    folder = make_site({"docusaurus.config.js": docs("path: '../docs'"), "../docs/a.md": "", "../CHANGES.md": ""})
    (tmp_path / "docs/changes.md").symlink_to("../CHANGES.md")
    assert addresses(read_site(folder)) == {"../docs/a.md": "/docs/a"}
    (tmp_path / ".git").mkdir()
    assert addresses(read_site(folder))["../docs/changes.md"] == "/docs/changes"


def test_a_docs_folder_that_only_a_link_leads_to_is_not_trusted(make_site: MakeSite, tmp_path: Path) -> None:
    folder = make_site({"../elsewhere/a.md": "", "blog/b.md": ""})
    (folder / "docs").symlink_to(tmp_path / "elsewhere")
    site = read_site(folder)
    assert set(addresses(site)) == {"blog/b.md"}
    assert problems(site, "outside-site")


def test_broken_versions_are_named_and_the_other_pages_stay(make_site: MakeSite) -> None:
    site = read_site(make_site(VERSIONS | {"versions.json": "[", "blog/b.md": ""}))
    assert set(addresses(site)) == {"blog/b.md"}
    assert [problem.source for problem in problems(site, "versions-broken")] == ["versions.json"]


def test_one_page_is_kept_for_each_address(make_site: MakeSite) -> None:
    files = {"docs/a.md": "---\nslug: /about\n---\n", "src/pages/about.md": ""}
    site = read_site(make_site(files | {"docusaurus.config.js": docs("routeBasePath: '/'")}))
    assert addresses(site) == {"src/pages/about.md": "/about"}
    assert [problem.source for problem in problems(site, "address-taken")] == ["docs/a.md"]

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from docs_index.discovery import read_site
from docs_index.errors import UserError
from docs_index.site import Site

from .conftest import MakeSite

VERSIONED = """
export default {
  title: 'Example', url: 'https://example.com', baseUrl: '/base/', trailingSlash: true,
  i18n: {defaultLocale: 'en', locales: ['en', 'fr']},
  presets: [['@docusaurus/preset-classic', {docs: {versions: {current: {label: 'Unreleased'}}}}]],
  plugins: [['@docusaurus/plugin-content-docs', {id: 'api', path: 'api', routeBasePath: 'reference'}]],
};
"""


def addresses(site: Site, locale: str = "en") -> dict[str, str]:
    return {page.permalink: page.source for page in site.pages if page.locale == locale}


def test_conventions_give_the_pages_of_a_site_that_was_never_built(make_site: MakeSite) -> None:
    site = read_site(
        make_site(
            {
                "docusaurus.config.js": VERSIONED,
                "versions.json": '["1.0"]',
                "docs/01-intro.md": "---\nslug: /\n---\n# Hello\n",
                "docs/_part.md": "no page",
                "docs/_hidden/a.md": "no page",
                "docs/draft.md": "---\ndraft: true\n---\n",
                "docs/secret.md": "---\nunlisted: true\n---\n",
                "versioned_docs/version-1.0/intro.md": "Old",
                "api/index.md": "API",
                "blog/2024-05-06-news.md": "News",
                "src/pages/about.md": "# About\n",
                "i18n/fr/docusaurus-plugin-content-docs/current/01-intro.md": "---\nslug: /\n---\n# Bonjour\n",
            }
        )
    )
    assert addresses(site) == {
        "/base/docs/next/": "docs/01-intro.md",
        "/base/docs/next/secret/": "docs/secret.md",
        "/base/docs/intro/": "versioned_docs/version-1.0/intro.md",
        "/base/reference/": "api/index.md",
        "/base/blog/2024/05/06/news/": "blog/2024-05-06-news.md",
        "/base/about/": "src/pages/about.md",
    }
    french = addresses(site, "fr")
    assert french["/base/fr/docs/next/"] == "i18n/fr/docusaurus-plugin-content-docs/current/01-intro.md"
    assert french["/base/fr/docs/intro/"] == "versioned_docs/version-1.0/intro.md"
    assert [(v.name, v.label, v.is_latest) for v in site.versions] == [
        ("1.0", "1.0", True),
        ("current", "Unreleased", False),
    ]
    assert {page.title for page in site.pages if page.permalink == "/base/docs/next/"} == {"Hello"}
    assert [page.unlisted for page in site.pages if page.source == "docs/secret.md"] == [True, True]
    assert site.problems[0].code == "no-manifest"


def test_settings_that_are_no_literals_are_named(make_site: MakeSite) -> None:
    config = "module.exports = {url: 'https://a.b', baseUrl: '/', presets: [['classic', {docs: {path: choose()}}]]};"
    site = read_site(make_site({"docusaurus.config.js": config, "docs/a.md": "A", "blog/b.md": "B"}))
    assert addresses(site) == {"/blog/b": "blog/b.md"}
    assert any("docs.path" in problem.message for problem in site.problems if problem.code == "config-not-literal")


@pytest.mark.parametrize("setting", ["baseUrl: process.env.BASE", "baseUrl: '/', trailingSlash: choose()"])
def test_without_a_setting_that_every_address_needs_nothing_is_guessed(make_site: MakeSite, setting: str) -> None:
    config = f"module.exports = {{{setting}, presets: [['classic', {{}}]]}};"
    with pytest.raises(UserError, match="is no plain value"):
        read_site(make_site({"docusaurus.config.js": config, "docs/a.md": "A"}))


def test_the_manifest_is_what_was_built(make_site: MakeSite, manifest: Callable[..., str]) -> None:
    page = {"source": "../docs/a.md", "permalink": "/x/y", "html": "x/y/index.html", "title": "A", "unlisted": False}
    french = {"source": "i18n/fr/a.md", "permalink": "/fr/x/y", "html": "x/y/index.html"}
    folder = make_site(
        {
            "../docs/a.md": "A",
            "i18n/fr/a.md": "A",
            ".docusaurus/docs-chat/manifest.en.json": manifest(page, locales=["en", "fr"]),
            ".docusaurus/docs-chat/manifest.fr.json": manifest(
                french, locale="fr", locales=["en", "fr"], outDir="build/fr", baseUrl="/fr/"
            ),
            ".docusaurus/docs-chat/manifest.de.json": manifest(locale="de", locales=["en", "de"]),
        }
    )
    site = read_site(folder)
    assert (site.origin, site.locales, site.base_url) == ("manifest", ("en", "fr"), "/")
    assert [(p.permalink, p.html, p.locale) for p in site.pages] == [
        ("/x/y", folder / "build/x/y/index.html", "en"),
        ("/fr/x/y", folder / "build/fr/x/y/index.html", "fr"),
    ]
    assert {page.locale for page in read_site(folder, ("fr",)).pages} == {"fr"}


def test_docusaurus_own_metadata_is_the_second_choice(make_site: MakeSite) -> None:
    doc = {
        "id": "a",
        "source": "@site/docs/a.md",
        "permalink": "/docs/a",
        "version": "1.0",
        "title": "A",
        "description": "",
        "unlisted": False,
    }
    gone = doc | {"source": "@site/docs/gone.md", "permalink": "/docs/gone"}
    folder = ".docusaurus/docusaurus-plugin-content-docs/default/site"
    site = read_site(
        make_site(
            {
                "docs/a.md": "A",
                ".docusaurus/docusaurus.config.mjs": "export default "
                + json.dumps({"url": "https://e.com", "baseUrl": "/", "trailingSlash": True})
                + ";",
                f"{folder}-docs-a-md-0.json": json.dumps(doc),
                f"{folder}-docs-gone-md-1.json": json.dumps(gone),
            }
        )
    )
    assert (site.origin, [page.permalink for page in site.pages]) == ("metadata", ["/docs/a/"])


def test_a_folder_without_a_site_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="is not a Docusaurus site"):
        read_site(tmp_path)
    with pytest.raises(UserError, match="There is no folder"):
        read_site(tmp_path / "none")


def test_an_unknown_locale_is_refused_with_those_that_exist(make_site: MakeSite) -> None:
    with pytest.raises(UserError) as error:
        read_site(make_site({"docs/a.md": "A"}), ("de",))
    assert "en" in error.value.hint


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{", "cannot be read as JSON"),
        ("[]", "is not a manifest"),
        ('{"schema": 2, "generator": "plugin@9"}', "schema 2; this docs-chat reads up to schema 1"),
        ('{"schema": 1}', "is not a manifest"),
    ],
)
def test_an_unusable_manifest_says_what_to_do(make_site: MakeSite, text: str, said: str) -> None:
    with pytest.raises(UserError, match=said) as error:
        read_site(make_site({".docusaurus/docs-chat/manifest.en.json": text}))
    assert error.value.hint

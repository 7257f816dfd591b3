"""Pages for a group of readers: who says so, and that nobody else learns of them."""

from __future__ import annotations

import random
import shutil
from pathlib import Path
from typing import Any

import pytest
from docs_index.build import build_index
from docs_index.discovery import read_site
from docs_index.errors import UserError
from docs_index.index import Index
from docs_index.parts import read_parts
from docs_index.visibility import Rule

from .conftest import MakeSite

STAFF = "---\ndocs_chat_visibility: staff\n---\n"
INTERNAL = Rule("**/internal/**", "staff")


def groups_of(site: Path, *rules: Rule) -> dict[str, str]:
    return {page.permalink: page.visibility for page in read_site(site, rules=rules).pages}


def test_front_matter_names_the_group(make_site: MakeSite) -> None:
    site = make_site({"docs/a.md": STAFF + "# A\n\nOne.\n", "docs/b.mdx": "# B\n\ndocs_chat_visibility: staff\n"})
    assert groups_of(site) == {"/docs/a": "staff", "/docs/b": ""}


@pytest.mark.parametrize("rule", ["docs/internal/**", "/docs/internal/**", "**/internal/**", "{docs,x}/internal/*"])
def test_a_rule_matches_sources_and_addresses(make_site: MakeSite, rule: str) -> None:
    files = {"docs/internal/a.md": "# A\n", "docs/b.md": "# B\n", "docs/internals.md": "# C\n"}
    groups = groups_of(make_site(files), Rule(rule, "staff"))
    assert groups == {"/docs/internal/a": "staff", "/docs/b": "", "/docs/internals": ""}


def test_the_page_comes_first_then_the_last_rule(make_site: MakeSite) -> None:
    site = make_site(
        {
            "docs/internal/a.md": "---\ndocs_chat_visibility: public\n---\n# A\n",
            "docs/internal/b.md": "---\ndocs_chat_visibility: board\n---\n# B\n",
            "docs/internal/c.md": "# C\n",
            "docs/internal/open/d.md": "# D\n",
            "blog/2024-05-06-news.md": "# News\n",
        }
    )
    groups = groups_of(site, Rule("**", "partners"), INTERNAL, Rule("**/open/**", "public"))
    assert groups == {
        "/docs/internal/a": "",
        "/docs/internal/b": "board",
        "/docs/internal/c": "staff",
        "/docs/internal/open/d": "",
        "/blog/2024/05/06/news": "partners",
    }


def test_a_translation_is_for_whom_its_original_is(make_site: MakeSite) -> None:
    french = "i18n/fr/docusaurus-plugin-content-docs/current"
    site = make_site(
        {
            "docusaurus.config.js": """module.exports = {title: 'E', url: 'https://example.com', baseUrl: '/base/',
              i18n: {defaultLocale: 'en', locales: ['en', 'fr']}, presets: [['classic', {docs: {}}]]};""",
            "docs/internal/a.md": "# A\n",
            "docs/b.md": STAFF + "# B\n",
            "docs/c.md": STAFF + "# C\n",
            f"{french}/internal/a.md": "# A traduit\n",
            f"{french}/b.md": "# B traduit\n",
            f"{french}/c.md": "---\ndocs_chat_visibility: public\n---\n# C traduit\n",
        }
    )
    assert groups_of(site, Rule("docs/internal/**", "staff")) == {
        "/base/docs/internal/a": "staff",
        "/base/docs/b": "staff",
        "/base/docs/c": "staff",
        "/base/fr/docs/internal/a": "staff",
        "/base/fr/docs/b": "staff",
        "/base/fr/docs/c": "",
    }
    only_french = {page.permalink: page.visibility for page in read_site(site, ("fr",)).pages}
    assert only_french["/base/fr/docs/b"] == "staff"


UNREADABLE = {
    "a list": b"---\ndocs_chat_visibility: [staff]\n---\n# A\n\nsecretword\n",
    "nothing": b"---\ndocs_chat_visibility:\n---\n# A\n\nsecretword\n",
    "a truth": b"---\ndocs_chat_visibility: true\n---\n# A\n\nsecretword\n",
    "broken": b"---\ntitle: a: b: [\ndocs_chat_visibility: staff\n---\n# A\n\nsecretword\n",
    "never closed": b"---\ndocs_chat_visibility: staff\n# A\n\nsecretword\n",
    "utf-16": "---\ndocs_chat_visibility: staff\n---\n# A\n\nsecretword\n".encode("utf-16"),
}


@pytest.mark.parametrize("name", UNREADABLE)
def test_a_page_whose_group_cannot_be_read_is_left_out(make_site: MakeSite, tmp_path: Path, name: str) -> None:
    site = make_site({"docs/a.md": "", "docs/b.md": "# B\n\nWords.\n"})
    (site / "docs/a.md").write_bytes(UNREADABLE[name])
    report = build_index(site, tmp_path / "index", embedder="none")
    problem = next(problem for problem in report.problems if problem.code == "visibility-unknown")
    assert (problem.severity, problem.source) == ("error", "docs/a.md")
    assert problem.hint
    assert "secretword" not in str([part.to_export() for part in read_parts(tmp_path / "index")])


@pytest.mark.parametrize("rule", [Rule("", "staff"), Rule("docs/**", " ")])
def test_half_a_rule_is_an_error(make_site: MakeSite, rule: Rule) -> None:
    with pytest.raises(UserError):
        read_site(make_site({"docs/a.md": "# A\n"}), rules=[rule])


def test_a_new_rule_reaches_pages_that_did_not_change(make_site: MakeSite, tmp_path: Path) -> None:
    site, index = make_site({"docs/internal/a.md": "# A\n\nOne.\n", "docs/b.md": "# B\n\nTwo.\n"}), tmp_path / "index"
    build_index(site, index, embedder="none")
    assert Index.open(str(index)).page("/docs/internal/a")
    report = build_index(site, index, embedder="none", rules=[INTERNAL])
    assert (report.changed, report.unchanged) == (1, 1)
    assert Index.open(str(index)).page("/docs/internal/a") is None
    assert Index.open(str(index)).for_groups(["staff"]).page("/docs/internal/a")
    build_index(site, index, embedder="none")
    assert Index.open(str(index)).page("/docs/internal/a")


WORDS = "alder birch cedar dogwood elm fir ginkgo hazel ironwood juniper larch maple oak poplar rowan spruce".split()
VERSIONS = '["1.0"]'


def make_pages() -> dict[str, str]:
    """Sixteen pages, each with two words that no other has, the half of them in an older version only."""
    pages = {}
    for number, word in enumerate(WORDS):
        folder = "versioned_docs/version-1.0" if number % 2 else "docs"
        pages[f"{folder}/area{number % 3}/{word}.md"] = (
            f"# The {word} page\n\nHow to set the {word} kettle to {word}secret degrees in the morning.\n\n"
            f"## Cleaning {word}\n\nDescale it with {word}water, see [the other](./{WORDS[number - 2]}.md).\n"
        )
    return pages


def all_answers(index: Index, question: str, version: str | None) -> tuple[Any, list[float]]:
    """Whatever an index can be asked for, and the numbers that float arithmetic rounds."""
    outcome = index.search(question, k=20, version=version).to_json()
    numbers = [outcome.pop("confidence"), *(result.pop("score") for result in outcome["results"])]
    pages = index.pages(version=version)
    places = [(page.permalink, anchor) for page in pages for anchor in ("", f"cleaning-{page.permalink[-3:]}")]
    return (
        outcome,
        pages,
        [index.section(*place) for place in places],
        [index.outline(page.permalink) for page in pages],
        index.info.versions,
    ), numbers


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("embedder", ["none", "local"])
def test_nobody_learns_of_pages_that_are_for_others(tmp_path: Path, seed: int, embedder: str) -> None:
    """Whichever pages are private: no answer holds a word of them, and everybody's answers are those of an index that
    never had them, scores included."""
    draw = random.Random(seed)
    pages = make_pages()
    group_of = {name: draw.choice(["", "", "staff", "board"]) for name in pages}
    config = "module.exports = {url: 'https://example.com', baseUrl: '/', presets: [['classic', {docs: {}}]]};"

    def make(name: str, files: dict[str, str]) -> Index:
        for path, text in ({"docusaurus.config.js": config} | files).items():
            file = tmp_path / name / path
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text)
        vectors = tmp_path / "whole/index/embeddings.lance"
        if vectors.exists():
            # the bundled model's vectors depend a little on the texts beside them
            shutil.copytree(vectors, tmp_path / name / "index/embeddings.lance")
        build_index(tmp_path / name, tmp_path / name / "index", embedder=embedder)
        return Index.open(str(tmp_path / name / "index"))

    keep = {
        "versions.json": VERSIONS,
        "versioned_docs/version-1.0/keep.md": "# Kept\n\nKept here.\n",
        "docs/k.md": "# K\n",
    }
    marked = {
        name: (f"---\ndocs_chat_visibility: {group_of[name]}\n---\n" if group_of[name] else "") + text
        for name, text in pages.items()
    }
    whole = make("whole", keep | marked)
    public = make("public", keep | {name: text for name, text in pages.items() if not group_of[name]})
    for groups in ((), ("staff",), ("board", "unknown"), ("staff", "board")):
        view = whole.for_groups(groups)
        hidden = [word for name, word in zip(pages, WORDS, strict=True) if group_of[name] not in ("", *groups)]
        seen = ""
        for word in draw.sample(WORDS, 4):
            for question in (f"How do I clean {word}?", f"{word}secret degrees", f"{word}waterr", "set the kettle"):
                for version in (None, "current"):
                    answers, numbers = all_answers(view, question, version)
                    seen += str(answers)
                    if not groups:
                        same, same_numbers = all_answers(public, question, version)
                        assert answers == same
                        assert numbers == pytest.approx(same_numbers, abs=1e-4)
        shown = [word for word in WORDS if f"The {word} page" in seen]
        assert shown == [word for word in WORDS if word not in hidden]
        for word in hidden:
            # the word itself may stand in a question's echo or in the link of a page that can be seen
            assert f"{word}secret" not in seen
            assert f"{word}water" not in seen
            assert f"Cleaning {word}" not in seen
    whole.close()
    public.close()

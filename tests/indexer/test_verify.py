from pathlib import Path

from docs_index.html import article_hash, read_page
from docs_index.mdx import convert
from docs_index.sections import Section, split_sections
from docs_index.site import Page
from docs_index.verify import Checked, verify

PAGE = Page(source="docs/a.md", permalink="/docs/a", kind="doc", title="Title", locale="en")


def built(tmp_path: Path, article: str) -> Path:
    path = tmp_path / "index.html"
    path.write_text(
        f"<html><body><nav id='nav'>Menu</nav><main><article><div class='theme-doc-markdown markdown'>{article}"
        "</div></article></main><script>1</script></body></html>",
        "utf-8",
    )
    return path


def check(tmp_path: Path, body: str, article: str) -> Checked:
    sections: list[Section] = split_sections(convert(body, unit=0, include=lambda _: None), "Title")
    page = read_page(built(tmp_path, article))
    assert page is not None
    return verify(PAGE, sections, page)


def test_a_true_page_has_nothing_to_report(tmp_path: Path) -> None:
    article = (
        "<header><h1>Title</h1></header><p>Intro</p><h2 id='a'>A<a class='hash-link' href='#a'>x</a></h2><p>One</p>"
    )
    checked = check(tmp_path, "Intro\n\n## A\n\nOne", article)
    assert (checked.problems, checked.text, checked.anchors) == ([], 1.0, 1.0)


def test_an_anchor_comes_from_the_build_when_the_source_says_another(tmp_path: Path) -> None:
    checked = check(tmp_path, "## Install it\n\nText", "<h1>Title</h1><h2 id='custom'>Install it</h2><p>Text</p>")
    assert [section.anchor for section in checked.sections] == ["", "custom"]
    assert checked.problems == []


def test_a_section_without_a_place_is_cited_by_the_one_above(tmp_path: Path) -> None:
    checked = check(tmp_path, "## A\n\nOne\n\n## Gone\n\nTwo", "<h1>Title</h1><h2 id='a'>A</h2><p>One</p><p>Two</p>")
    assert [section.anchor for section in checked.sections] == ["", "a"]
    assert "Two" in checked.sections[1].parts[-1]
    assert [problem.code for problem in checked.problems] == ["anchor-missing"]


def test_text_that_a_component_renders_comes_from_the_page(tmp_path: Path) -> None:
    article = "<h1>Title</h1><h2 id='a'>A</h2><table><tr><td>port</td><td>Where it listens</td></tr></table>"
    checked = check(tmp_path, "## A\n\n<Options data={options} />", article)
    assert "Where it listens" in checked.sections[1].parts[-1]
    assert checked.sections[1].empty is False
    assert checked.text == 1.0


def test_a_heading_that_no_source_holds_becomes_a_section_of_its_own(tmp_path: Path) -> None:
    article = (
        "<h1>Title</h1><h2 id='a'>A</h2><p>One</p><h3 id='made'>Made by code</h3><p>Hidden treasure</p>"
        "<h2 id='b'>B</h2><p>Two</p>"
    )
    checked = check(tmp_path, "## A\n\nOne\n\n<Generated />\n\n## B\n\nTwo", article)
    assert [section.anchor for section in checked.sections] == ["", "a", "made", "b"]
    assert checked.sections[2].headings == ("Title", "A", "Made by code")
    assert checked.sections[2].parts == ("### Made by code\n\nHidden treasure",)


def test_scripts_around_the_article_do_not_make_a_page_new(tmp_path: Path) -> None:
    path = built(tmp_path, "<p>Same</p>")
    before = article_hash(path)
    path.write_text(path.read_text("utf-8").replace("<script>1<", "<script>2<"), "utf-8")
    assert article_hash(path) == before
    path.write_text(path.read_text("utf-8").replace("Same", "Other"), "utf-8")
    assert article_hash(path) != before

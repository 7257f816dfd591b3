from pathlib import Path

from docs_index.coverage import Coverage
from docs_index.html import article_hash, read_page
from docs_index.lines import Notes
from docs_index.mdx import convert
from docs_index.sections import Section, split_sections
from docs_index.site import Page
from docs_index.verify import Checked, Origin, text_lost, verify

PAGE = Page(source="docs/a.md", permalink="/docs/a", kind="doc", title="Title", locale="en")


def built(tmp_path: Path, article: str) -> Path:
    path = tmp_path / "index.html"
    path.write_text(
        f"<html><body><nav id='nav'>Menu</nav><main><article><div class='theme-doc-markdown markdown'>{article}"
        "</div></article></main><script>1</script></body></html>",
        "utf-8",
    )
    return path


def check(tmp_path: Path, body: str, article: str, newer: bool = False) -> Checked:
    notes = Notes()
    sections: list[Section] = split_sections(convert(body, unit=0, include=lambda _: None, notes=notes), "Title")
    page = read_page(built(tmp_path, article))
    assert page is not None
    components = [(0, line, name) for line, name in notes.components]
    return verify(PAGE, sections, page, Origin(["docs/a.md"], components, newer))


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
    problem = checked.problems[0]
    assert (problem.code, problem.page, problem.heading) == ("anchor-missing", "/docs/a", "Gone")
    assert (problem.source, problem.line) == ("docs/a.md", 5)


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


def test_a_heading_whose_component_shows_words_is_found_in_the_build(tmp_path: Path) -> None:
    article = "<h1>Title</h1><h2 id='use-it-badge'>Use it <span>New</span></h2><p>Text</p>"
    checked = check(tmp_path, "## Use it <Badge />{/* x */}\n\nText", article)
    assert [section.anchor for section in checked.sections] == ["", "use-it-badge"]
    assert checked.problems == []


def test_a_page_that_was_built_before_its_source_changed_is_named_once(tmp_path: Path) -> None:
    article = "<h1>Title</h1><p>Old words</p>"
    body = "Old words\n\n## First\n\nAn added paragraph\n\n## Second\n"
    checked = check(tmp_path, body, article, newer=True)
    assert [(problem.code, problem.page) for problem in checked.problems] == [("page-outdated", "/docs/a")]
    changed = check(tmp_path, "Totally rewritten sentence of late", article, newer=True)
    assert [problem.code for problem in changed.problems] == ["page-outdated"]


def test_a_touched_source_that_says_the_same_is_not_outdated(tmp_path: Path) -> None:
    assert check(tmp_path, "Same *words*", "<h1>Title</h1><p>Same <em>words</em></p>", newer=True).problems == []


def test_text_that_cannot_be_read_is_named_with_its_heading_and_component(tmp_path: Path) -> None:
    article = "<h1>Title</h1><h2 id='a'>A</h2><p>One</p>"
    notes = Notes()
    body = "## A\n\nOne\n\n<ApiTable rows={rows} />\n"
    sections = split_sections(convert(body, unit=0, include=lambda _: None, notes=notes), "Title")
    page = read_page(built(tmp_path, article))
    assert page is not None
    origin = Origin(["docs/a.md"], [(0, line, name) for line, name in notes.components])
    problem = text_lost(PAGE, sections, Coverage(share=0.5, worst="a"), origin)
    assert (problem.code, problem.line, problem.heading, problem.component) == ("text-lost", 1, "A", "<ApiTable>")
    assert "<ApiTable>" in problem.hint


def test_a_text_that_the_page_shows_twice_is_taken_over_once(tmp_path: Path) -> None:
    code = "<pre class='language-sh'><code><div class='token-line'>npm install tool<br></div></code></pre>"
    other = code.replace("npm install", "yarn add")
    article = f"<h1>Title</h1><ul><li>npm</li><li>Yarn</li></ul>{code}{other}"
    checked = check(tmp_path, "```sh npm2yarn\nnpm install tool\n```", article)
    text = "\n".join(part for section in checked.sections for part in section.parts)
    assert text.count("npm install tool") == 1
    assert "```sh\nyarn add tool\n```" in text
    assert checked.text == 1.0


def test_only_the_words_that_a_component_puts_into_a_paragraph_are_taken_over(tmp_path: Path) -> None:
    article = (
        "<h1>Title</h1><p>Every <span>cluster<i>a group of nodes that work as one</i></span> has a control plane of "
        "its own and a name that no other has</p>"
    )
    body = "Every <Term /> has a control plane of its own and a name that no other has"
    checked = check(tmp_path, body, article)
    parts = "\n".join(checked.sections[0].parts)
    assert parts.count("control plane") == 1
    assert "a group of nodes that work as one" in parts


def test_rows_of_a_table_stand_side_by_side(tmp_path: Path) -> None:
    article = "<h1>Title</h1><table><tr><th>Name</th><th>Use</th></tr><tr><td>port</td><td>Listen</td></tr></table>"
    checked = check(tmp_path, "<Options />", article)
    assert "| Name | Use |\n| port | Listen |" in checked.sections[0].parts[0]


def test_code_of_the_page_is_whole(tmp_path: Path) -> None:
    article = (
        "<h1>Title</h1><div class='language-ts codeBlock'><pre><code><div class='token-line'>import a from 'b'</div>"
        "<div class='token-line'><br></div><div class='token-line'>&lt;A /&gt;</div></code></pre></div>"
    )
    checked = check(tmp_path, "<Sample />", article)
    assert "```ts\nimport a from 'b'\n\n<A />\n```" in checked.sections[0].parts[0]


HISTORY = "```yaml history\nadded:\n  - pr: https://example.com/pull/11292\n```"


def test_code_that_a_plugin_of_the_site_replaces_is_left_out(tmp_path: Path) -> None:
    body = f"## One\n\n{HISTORY}\n\nThe first words of one.\n\n```js\nshown(code)\n```\n"
    article = (
        "<h1>Title</h1><h2 id=one>One</h2><table><tr><td>Added in version 11</td></tr></table>"
        "<p>The first words of one.</p><pre>shown(code)</pre>"
    )
    text = "\n".join(check(tmp_path, body, article).sections[-1].parts)
    assert "pull/11292" not in text
    assert "shown(code)" in text
    assert "Added in version 11" in text
    outdated = check(tmp_path, body, article, newer=True)
    assert "pull/11292" in "\n".join(outdated.sections[-1].parts)


def test_a_page_that_a_script_draws_keeps_the_text_of_its_source(tmp_path: Path) -> None:
    body = "All of this text is drawn by a script in the browser of the reader.\n"
    checked = check(tmp_path, body, "<h1>Title</h1><p>Loading</p>")
    assert "drawn by a script" in checked.sections[0].parts[0]

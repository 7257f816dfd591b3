from docs_index.imports import Import
from docs_index.lines import Line
from docs_index.mdx import convert
from docs_index.sections import PART_TOKENS, Section, count_tokens, split_sections


def cut(body: str, title: str = "Page", blog: bool = False, part: str = "") -> list[Section]:
    def include(_: Import) -> list[Line]:
        return convert(part, unit=1, include=lambda _: None)

    return split_sections(convert(body, unit=0, include=include), title, blog=blog)


def anchors(body: str, **options: object) -> list[str]:
    return [section.anchor for section in cut(body, **options)]  # type: ignore[arg-type]


def test_each_heading_starts_a_section_under_its_path() -> None:
    sections = cut("Intro\n\n## Install\n\nA\n\n### On Linux\n\nB\n\n## Use\n\nC")
    assert [(s.anchor, s.headings) for s in sections] == [
        ("", ("Page",)),
        ("install", ("Page", "Install")),
        ("on-linux", ("Page", "Install", "On Linux")),
        ("use", ("Page", "Use")),
    ]
    assert sections[2].parts == ("### On Linux\n\nB",)


def test_an_h1_uses_up_its_slug_and_has_no_anchor() -> None:
    assert anchors("# Configuration\n\nA\n\n## Configuration\n\nB") == ["", "configuration-1"]


def test_a_posts_first_h1_uses_up_no_slug() -> None:
    assert anchors("# News\n\nA\n\n## News\n\nB", blog=True) == ["", "news"]


def test_a_mid_page_h1_is_cited_by_the_anchor_above_it() -> None:
    sections = cut("# Page\n\n## A\n\nx\n\n# Reference\n\ny\n\n## B\n\nz")
    assert [s.anchor for s in sections] == ["", "a", "b"]
    assert "y" in sections[1].parts[-1]
    assert sections[2].headings == ("Page", "Reference", "B")


def test_explicit_ids_are_taken_as_written_and_reserve_nothing() -> None:
    body = "## Foo {#Bar}\n\n## Bar\n\n"
    body += "## Foo {/* #baz */}\n\n## Foo { /*#a:b*/ }\n\n## `code {#x}` {#in-code}\n\n## Foo"
    assert anchors(body) == ["", "Bar", "bar", "baz", "a:b", "in-code", "foo"]


def test_headings_count_wherever_they_stand() -> None:
    body = (
        "<Tabs><TabItem value='a'>\n\n    ## In tab\n\n</TabItem></Tabs>\n\n:::note\n\n### In note\n\n:::\n\n"
        "- item\n\n  ### In list\n\n> ### In quote\n\n<details>\n\n### In details\n\n</details>"
    )
    assert anchors(body)[1:] == ["in-tab", "in-note", "in-list", "in-quote", "in-details"]


def test_a_partial_starts_its_slugs_anew() -> None:
    body = "import P from './p.mdx';\n\n## Setup\n\nA\n\n## Setup\n\n<P />\n\n## Other"
    assert anchors(body, part="## Setup\n\nB\n\n## Part\n\nC") == ["", "setup", "setup-1", "part", "other"]


def test_slugs_come_from_links_code_emphasis_and_tags() -> None:
    headings = ("See [the `api`](x.md) *now*", "`a` <span>object</span>", "Note {/* plain comment */}", "Fix \\<T />")
    assert anchors("\n\n".join(f"## {heading}" for heading in headings))[1:] == [
        "see-the-api-now",
        "a-object",
        "note--plain-comment-",
        "fix-t-",
    ]


def test_hashes_in_code_and_comments_are_no_headings() -> None:
    assert anchors("```sh\n# comment\n## no\n```\n\n{/*\n## hidden\n*/}\n\n## Real") == ["", "real"]


def test_setext_headings_are_headings() -> None:
    assert anchors("One\n===\n\nTwo\n---\n\ntext") == ["", "two"]


def test_long_sections_are_split_between_paragraphs_and_code_is_never_cut() -> None:
    code = "```js\n" + "\n\n".join(f"const value{n} = compute({n});" for n in range(80)) + "\n```"
    body = "## Long\n\n" + "\n\n".join(f"Paragraph {n} " + "word " * 60 for n in range(8)) + "\n\n" + code
    parts = cut(body)[1].parts
    assert len(parts) == 4
    assert sum(part.count("```") for part in parts) == 2
    assert any(part.endswith("```") and code in part for part in parts)
    assert all(count_tokens(part) <= PART_TOKENS * 1.5 for part in parts if "```" not in part)


def test_long_lists_and_tables_are_split_by_item_and_row() -> None:
    items = "\n".join(f"- item {n} " + "word " * 20 for n in range(40))
    rows = "| name | meaning |\n| --- | --- |\n" + "\n".join(f"| key{n} | {'word ' * 20}|" for n in range(40))
    list_parts, table_parts = (cut(f"## A\n\n{text}")[1].parts for text in (items, rows))
    assert len(list_parts) > 2
    assert len(table_parts) > 2
    assert "| name | meaning |" in table_parts[0]
    assert all("|  |  |\n| --- | --- |\n| key" in part for part in table_parts[1:])


def test_a_heading_without_text_is_a_section_that_says_so() -> None:
    sections = cut("## Group\n\n### Member\n\ntext")
    assert [(s.anchor, s.empty) for s in sections] == [("", True), ("group", True), ("member", False)]

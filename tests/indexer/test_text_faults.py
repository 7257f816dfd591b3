from pathlib import Path

import pytest
from docs_index.lines import Notes
from docs_index.mdx import convert
from docs_index.pages import parse_page
from docs_index.sections import split_sections
from docs_index.site import Page, Site

from .conftest import MakeSite


def faults_of(body: str, mdx: bool = True) -> list[tuple[str, int]]:
    notes = Notes()
    convert(body, unit=0, include=lambda _: None, mdx=mdx, notes=notes)
    return [(fault.code, fault.line) for fault in notes.faults]


def parse(folder: Path, source: str) -> tuple[list[tuple[str, str, int]], str]:
    """The page's problems as (code, source, line), and its text."""
    site = Site(folder, "https://example.com", "/", ("en",), "en", (), "conventions")
    parsed = parse_page(site, Page(source=source, permalink="/a", kind="doc", title="T", locale="en"))
    text = "\n".join(part for section in parsed.sections for part in section.parts)
    return [(problem.code, problem.source, problem.line) for problem in parsed.problems], text


@pytest.mark.parametrize(
    ("body", "faults"),
    [
        ("Text\n\n<div>\n\nInside\n", [("tag-unclosed", 3)]),
        ("<A>\n<B>\n</A>\n", [("tag-unclosed", 2)]),
        ("Text\n\nSome <unclosed words.\n", [("tag-unclosed", 3)]),
        ("Text\n\nAn open { brace.\n", [("brace-unclosed", 3)]),
        ("import {\n  a\n\nText", [("brace-unclosed", 1)]),
        ("Text\n\n```js\ncode\n", [("fence-unclosed", 3)]),
        ("Text\n\n:::note\n\nInside\n", [("admonition-unclosed", 3)]),
        ("::::note\n\n:::\n\nInside\n", [("admonition-unclosed", 1)]),
        ("Text\n\n:::warnin\n\nInside\n\n:::\n", [("admonition-unknown", 3)]),
    ],
)
def test_a_mistake_is_named_with_its_line(body: str, faults: list[tuple[str, int]]) -> None:
    assert faults_of(body) == faults


@pytest.mark.parametrize(
    "body",
    [
        "<br/> <img src='x'/> <A b={<c>d</c>} /> </stray>",
        "<details>\n<summary>More</summary>\n\n```html\n<div>\n```\n\n`<p>` and \\<q> and \\{\n\n</details>",
        "<p>It's {x} and don't</p>\n\na < b, 1 <2",
        ":::note\n\n::::tip\n\n:::\n\nText\n",
        ":::custom\n\nText\n\n:::",
        "- a\n\n  :::note\n\n  Inside\n\n- b",
        "````md\n```js\n:::note\n<div>\n````\n",
        "{/* <div> { :::note */}\n\n<!-- <div> -->",
        "See <https://example.com/a_b>.",
        "```js\n{\n```\n\nText",
    ],
)
def test_sound_pages_are_not_blamed(body: str) -> None:
    assert faults_of(body) == []


def test_braces_and_tags_are_free_in_commonmark() -> None:
    assert faults_of("a { b <div> c <p\n", mdx=False) == []


def test_what_follows_a_mistake_is_still_indexed() -> None:
    body = "Text\n\n<Open>\n\n## One\n\nAn { open brace\n\n## Two\n\nAnd <a tag\n\n## Three\n\nEnd"
    sections = split_sections(convert(body, unit=0, include=lambda _: None), "T")
    assert [section.anchor for section in sections] == ["", "one", "two", "three"]
    assert sections[3].parts == ("## Three\n\nEnd",)


def test_lines_count_from_the_top_of_the_file(make_site: MakeSite) -> None:
    folder = make_site({"docs/a.md": "---\ntitle: A\n---\n\nText\n\n<div>\n"})
    assert parse(folder, "docs/a.md")[0] == [("tag-unclosed", "docs/a.md", 7)]


def test_a_body_under_broken_front_matter_is_indexed(make_site: MakeSite) -> None:
    folder = make_site({"docs/a.md": "---\ntitle: a: b\n---\n\n## Head\n\nText <div>\n"})
    problems, text = parse(folder, "docs/a.md")
    assert problems == [("source-broken", "docs/a.md", 2), ("tag-unclosed", "docs/a.md", 7)]
    assert text == "# T\n## Head\n\nText"


def test_front_matter_that_nothing_closes_is_no_text(make_site: MakeSite) -> None:
    folder = make_site({"docs/a.md": "---\ntitle: A\nid: a\n\n## Head\n\nText\n"})
    problems, text = parse(folder, "docs/a.md")
    assert problems == [("source-broken", "docs/a.md", 1)]
    assert text == "# T\n## Head\n\nText"


def test_readable_text_around_invalid_bytes_is_indexed(make_site: MakeSite) -> None:
    folder = make_site({})
    (folder / "docs").mkdir()
    (folder / "docs/a.md").write_bytes(b"\xef\xbb\xbffine\r\n\r\nbad \xff\0 byte\r\n")
    problems, text = parse(folder, "docs/a.md")
    assert problems == [("source-broken", "docs/a.md", 3)]
    assert text == "# T\n\nfine\n\nbad \ufffd byte"


def test_a_page_of_more_than_10_mb_is_named_and_left_out(make_site: MakeSite) -> None:
    folder = make_site({"docs/a.md": "word " * 2_000_001})
    assert parse(folder, "docs/a.md") == ([("source-broken", "docs/a.md", 0)], "")


_OPENINGS = (
    *(">", "> ", "[", "![", "(", "{", "<div>", "<div>\n", "- ", "1. ", "<a ", '<a b="', "{'", "`", "*", "_a "),
    *(":::note\n", "import {\n", "# [a](", "```js\n", "<!--", "[^a] ", "|", "<CodeBlock>", "<pre>{", "[a]: "),
)


@pytest.mark.parametrize("opening", _OPENINGS)
def test_deep_nesting_is_read(opening: str) -> None:
    depth = 10_000
    body = f"Before\n\n{opening * depth}\n\n## After\n\nText"
    lines = convert(body, unit=0, include=lambda _: None)
    assert split_sections(lines, "T")[0].parts[0].startswith("# T\n\nBefore")


def test_links_in_links_are_read_as_deep_as_they_go() -> None:
    body = "[" * 10_000 + "a" + "](x)" * 10_000
    assert convert(body, unit=0, include=lambda _: None)

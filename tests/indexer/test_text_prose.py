import pytest
from docs_index.mdx import convert
from docs_index.sections import Section, split_sections


def text_of(body: str, mdx: bool = True) -> str:
    lines = convert(body, unit=0, include=lambda _: None, mdx=mdx)
    return "\n".join(line.text for line in lines if line.text.strip())


def cut(body: str, blog: bool = False) -> list[Section]:
    return split_sections(convert(body, unit=0, include=lambda _: None), "Page", blog=blog)


@pytest.mark.parametrize(
    ("source", "shown"),
    [
        (":tada: at 12:30:45 :no_such:", "🎉 at 12:30:45 :no_such:"),
        ("`:tada:`", "`:tada:`"),
        ("One\\\ntwo", "One\ntwo"),
        ("[text][ref]\n\n[ref]: https://example.com", "text"),
        ("matrix[i][j] is text", "matrix[i][j] is text"),
        ("[a (b)](https://example.com/a_(b) 'title') c", "a (b) c"),
        ("<B\n  a={<>an item's text <a href={x('y')}>z</a></>}\n  c={<img src={d('e')} />}\n/>\n\nWord", "Word"),
        ("{`One\n# two`}", "One # two"),
        ("<Tabs values={[{label: 'One', value: 'a'}]}><TabItem value='a'>x</TabItem></Tabs>", "**One**\nx"),
        ("<Tabs values={[{label: 'One', value: 'a'}]}><TabItem value='b'>x</TabItem></Tabs>", "x"),
        (":::custom\n\nBody\n\n:::", "Body"),
        (":::custom[Own title]\n\nBody\n\n:::", "**Own title**\nBody"),
        (":::tip See [this](x.md)\n\nBody\n\n:::", "**See this**\nBody"),
        ("<img alt='A picture' src={x} /> [![A badge](b.svg)](c)", ""),
        ("Unfinished { brace\n\nfar } away", "Unfinished { brace\nfar } away"),
        ("<>Fragment</>", "Fragment"),
        ("עברית <b>מודגש</b> 日本語", "עברית מודגש 日本語"),
    ],
)
def test_only_what_the_page_shows_is_left(source: str, shown: str) -> None:
    assert text_of(source).strip() == shown


def test_footnotes_stand_at_the_end_in_the_order_of_their_use() -> None:
    sections = cut(
        "One[^b] two[^a] three[^none].\n\n[^a]: First.\n[^b]: Second,\n    with [more](x.md).\n\n## End\n\nText"
    )
    assert [section.anchor for section in sections] == ["", "end", "footnote-label"]
    assert sections[0].parts[0].endswith("One[^1] two[^2] three[^none].")
    assert sections[2].parts == ("## Footnotes\n\n1. Second,\n   with more.\n2. First.",)


def test_a_footnote_that_nothing_refers_to_is_not_shown() -> None:
    assert text_of("Text\n\n[^a]: Hidden") == "Text"


@pytest.mark.parametrize(
    ("heading", "anchor"),
    [
        ('<Icon name="x" /> Where to start', "-where-to-start"),
        ("Required <Badge />", "required-"),
        ("open 'node:path' at /server/:id/verify", "open-node-at-serververify"),
        (":::three", "three"),
        ("at :12", "at-12"),
        ("Get ([Response][response])", "get-response"),
        (":tada: Done", "tada-done"),
        ("![Logo](x.svg) Name", "logo-name"),
    ],
)
def test_ids_come_from_what_docusaurus_slugs(heading: str, anchor: str) -> None:
    assert cut(f"Text\n\n## {heading}\n\nText\n\n[response]: https://example.com")[1].anchor == anchor


def test_a_heading_without_an_id_is_cited_by_the_one_above() -> None:
    sections = cut("Text\n\n## A\n\none\n\n## :unix\n\ntwo")
    assert [section.anchor for section in sections] == ["", "a"]
    assert sections[1].parts[-1].endswith("two")


def test_a_part_keeps_the_code_marks_of_its_heading() -> None:
    assert cut("Text\n\n## `<Card />`\n\nMore")[1].parts == ("## `<Card />`\n\nMore",)


def test_a_post_shows_its_title_in_place_of_its_h1() -> None:
    assert cut("# Other\n\nText", blog=True)[0].parts == ("# Page\n\nText",)


def test_a_section_knows_the_line_of_its_heading() -> None:
    body = "import A from 'a';\n\nText <b\n>c</b>\n\n```js\nx\n```\n\n## First\n\n{/*\n\n## no\n*/}\n\n### Second\n"
    assert [(section.anchor, section.line) for section in cut(body)] == [("", 0), ("first", 10), ("second", 17)]


def test_an_item_that_shows_nothing_makes_no_heading_of_the_line_above() -> None:
    body = "1. Add a field.\n    - ![The form](./form.png)\n1. Save.\n   - <Icon />\n"
    assert [section.headings for section in cut(body)] == [("Page",)]
    assert "Add a field." in text_of(body)

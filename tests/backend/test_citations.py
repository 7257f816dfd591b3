"""Markers become citations that come from the index alone."""

from __future__ import annotations

import pytest
from docs_chat.answer.passages import Passage, build_passages
from docs_chat.citations import Citation, Citer
from docs_chat.markdown.plain import cut, split_sentences
from docs_index.result import Result


def make_result(anchor: str = "a", *, part: int = 0, text: str = "Some text.", permalink: str = "/docs/p") -> Result:
    return Result(
        id=f"{permalink}#{anchor}/{part}",
        permalink=permalink,
        anchor=anchor,
        url=f"https://site.test{permalink}#{anchor}",
        title="Page",
        headings=("Page", "Part", anchor.upper()),
        text=text,
        kind="doc",
        version="current",
        version_label="2.0",
        locale="en",
        source="docs/p.md",
        part=part,
        content_hash="0",
        score=1.0 - part / 10,
    )


def cite(answer: str, *passages: Passage, question: str = "?") -> tuple[str, list[Citation]]:
    citer = Citer(passages, question, lambda url: False)
    pieces = citer.feed(answer) + citer.finish()
    texts = "".join(piece for piece in pieces if isinstance(piece, str))
    assert texts == citer.text
    return texts, [piece for piece in pieces if isinstance(piece, Citation)]


ONE = Passage(1, make_result("a"), "Alpha is first. Beta is second.")
TWO = Passage(2, make_result("b"), "Gamma.")


def test_numbers_count_by_first_appearance() -> None:
    text, citations = cite("x [2] y [1] z [2]", ONE, TWO)
    assert text == "x y z"
    assert [(found.n, found.result.anchor) for found in citations] == [(1, "b"), (2, "a"), (1, "b")]


def test_unknown_numbers_vanish() -> None:
    assert cite("x [7] y [1, 9].", ONE)[0] == "x y."
    assert [found.n for found in cite("x [7] y [1, 9].", ONE)[1]] == [1]


def test_offset_counts_utf16_units() -> None:
    _, citations = cite("a😀é [1]", ONE)
    assert citations[0].index == 4


def test_one_spot_cites_a_place_once() -> None:
    assert len(cite("x [1][1] y", ONE)[1]) == 1


def test_parts_of_one_section_share_a_number() -> None:
    other = Passage(2, make_result("a", part=1), "More.")
    assert [found.n for found in cite("x [1] y [2]", ONE, other)[1]] == [1, 1]


def test_title_is_page_and_last_heading() -> None:
    assert cite("x [1]", ONE)[1][0].title == "Page › A"


def test_quote_supports_the_claim() -> None:
    _, citations = cite("We learn that beta comes second [1].", ONE)
    assert citations[0].quote == "Beta is second."


@pytest.mark.parametrize(
    "markdown",
    [
        "# Head\n\nUse `--flag` with **care** and [a link](/x).",
        "| a | b |\n|---|---|\n| c | d |",
        "- one\n- two\n\n> quoted",
        "```bash\nrun --this\n```",
        "![image](/i.png) text",
    ],
)
def test_quote_has_no_markdown(markdown: str) -> None:
    quote = cite("x [1]", Passage(1, make_result(), markdown))[1][0].quote
    assert quote
    assert not set(quote) & set("`*#[]|>"), quote


def test_quote_is_short() -> None:
    long = Passage(1, make_result(), "word " * 300 + ".")
    quote = cite("x [1]", long)[1][0].quote
    assert len(quote) <= 200
    assert quote.endswith("word…")


def test_headings_are_no_quotes() -> None:
    assert split_sentences("## Only a heading\n\nThe text.") == [(False, ["The text."])]


def test_a_table_row_is_quoted_whole() -> None:
    table = "| Key | Meaning |\n|---|---|\n| `port` | Where it listens |\n| `host` | On which address |"
    assert cite("It listens on a port [1]", Passage(1, make_result(), table))[1][0].quote == "port – Where it listens"


def test_text_is_cut_between_words() -> None:
    assert cut("one two three", 9) == "one two…"
    assert cut("one two", 9) == "one two"


def test_short_section_is_given_whole_and_once() -> None:
    texts = ["## A\n\nText 0.", "Text 1.", "Text 2."]
    parts = [make_result("a", part=number, text=text) for number, text in enumerate(texts)]
    passages = build_passages([parts[1], parts[0]], lambda permalink, anchor: parts, 1000)
    assert [(found.n, found.text) for found in passages] == [(1, "Text 0.\n\nText 1.\n\nText 2.")]


def test_of_a_long_section_only_the_found_parts() -> None:
    parts = [make_result("a", part=number, text=f"{number} " + "x" * 2000) for number in range(3)]
    passages = build_passages([parts[2]], lambda permalink, anchor: parts, 1000)
    assert passages[0].text == parts[2].text


def test_passages_stop_at_the_budget() -> None:
    results = [make_result(f"s{number}", text=str(number) * 1000) for number in range(8)]
    passages = build_passages(results, lambda permalink, anchor: [], 800)
    assert [found.n for found in passages] == [1, 2, 3]


def test_a_text_that_stands_in_two_places_is_given_once() -> None:
    results = [make_result("a", text="The same words."), make_result("b", text="The same words.")]
    assert len(build_passages(results, lambda permalink, anchor: [], 800)) == 1

"""Generated MDX: whatever is written, the page is read, and what is prose or code in it stays whole."""

from __future__ import annotations

import re
from collections import Counter

from docs_index.lines import Notes
from docs_index.mdx import convert
from docs_index.sections import Section, split_sections
from hypothesis import given
from hypothesis import strategies as st

from tests.fuzz.corpus import find_leaks

#: Words that are nothing but words, in several scripts.
_WORDS = st.sampled_from("alpha beta gamma delta index Größe naïve слово 文書 كلمة x2 it's".split())
_PROSE = st.lists(_WORDS, min_size=1, max_size=6).map(" ".join)
_NAMES = st.sampled_from("Card Badge Foo.Bar TabItem Tabs details div span".split())


def _inline(text: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.one_of(
        text,
        text.map(lambda words: f"**{words}**"),
        text.map(lambda words: f"[{words}](./page.mdx#a 'title')"),
        text.map(lambda words: f"{words} {{/* hidden */}}"),
        text.map(lambda words: f"{{'{words.replace(chr(39), chr(32))}'}} and {words}"),
        st.tuples(text, _NAMES).map(
            lambda pair: f'<{pair[1]} className="c {{x}}" a={{() => ">"}}>{pair[0]}</{pair[1]}>'
        ),
        text.map(lambda words: f"{words} &amp; `<Code a={{{{b}}}}>` :tada: \\<T> \\{{"),
    )


_TEXT = _inline(_PROSE)
_CODE = st.lists(
    st.sampled_from(["import A from 'a';", "<B c={d}/>", "", "# no heading", ":::note", "export const x = {", "words"]),
    max_size=5,
).map("\n".join)
_FENCES = st.tuples(_CODE, st.sampled_from(["js", "mdx title='a.mdx' {1}", ""])).map(
    lambda pair: f"```{pair[1]}\nBEGIN\n{pair[0]}\nEND\n```"
)
_BLOCKS = st.recursive(
    st.one_of(
        _TEXT,
        st.tuples(st.integers(1, 6), _TEXT).map(lambda pair: f"{'#' * pair[0]} {pair[1]}"),
        _TEXT.map(lambda text: f"## {text} {{#own-id}}"),
        _FENCES,
        st.lists(_TEXT, min_size=1, max_size=3).map(lambda items: "\n".join(f"- {item}" for item in items)),
        st.tuples(_PROSE, _PROSE).map(lambda pair: f"| {pair[0]} | b |\n| --- | --- |\n| {pair[1]}<br/>c | `d` |"),
        st.just("import X from './x';\nimport {\n  Y,\n} from 'y';"),
        st.just("export const a = {\n\n  b: `c`,\n};"),
        st.just("{/*\n## hidden\n*/}"),
        st.just("<!-- hidden <div> -->"),
        _PROSE.map(lambda words: f"{words}[^note]\n\n[^note]: {words}"),
        _PROSE.map(lambda words: f"{words}\n---"),
    ),
    lambda inner: st.one_of(
        inner.map(lambda block: f":::tip[Own title]\n\n{block}\n\n:::"),
        inner.map(lambda block: f"<details>\n<summary>More</summary>\n\n{block}\n\n</details>"),
        inner.map(lambda block: f"<Card\n  title={{`a`}}\n>\n\n{block}\n\n</Card>"),
        st.lists(inner, min_size=1, max_size=3).map("\n\n".join),
    ),
    max_leaves=8,
)
_PAGES = st.lists(_BLOCKS, min_size=1, max_size=6).map("\n\n".join)
#: Pieces that begin something and may never end it.
_BEGINNINGS = (
    *("<", ">", "</", "/>", "{", "}", "{/*", "*/}", "<!--", "-->", "`", "```", "~~~", ":::", ":::note", "[", "](", ")"),
    *(
        "![",
        "[^a]",
        "[^a]:",
        "import {",
        "export ",
        "# ",
        "## ",
        "- ",
        "1. ",
        "> ",
        "|",
        "|-|",
        "\\",
        "&",
        "&amp;",
        "&#13;",
    ),
    *("<A ", '="', "'", "\n", "\n\n", "    ", "\t", "---\n", "<CodeBlock>", "<pre>", "<style>", "<Tabs values={["),
)
#: What a file can hold once it was read: line ends are made one kind, NUL is dropped.
_ANY = st.text(st.characters(exclude_characters="\r\0"), max_size=8)
_RAW = st.lists(st.one_of(st.sampled_from(_BEGINNINGS), _ANY), max_size=40).map("".join)


def read(body: str, mdx: bool = True) -> list[Section]:
    return split_sections(convert(body, unit=0, include=lambda _: None, mdx=mdx, notes=Notes()), "Page")


def text_of(sections: list[Section]) -> str:
    return "\n".join(part for section in sections for part in section.parts)


@given(_RAW, st.booleans())
def test_any_text_is_read_and_no_place_is_cited_twice(body: str, mdx: bool) -> None:
    anchors = Counter(section.anchor for section in read(body, mdx))
    assert max(anchors.values(), default=1) == 1


@given(_PAGES)
def test_nothing_of_mdx_reaches_the_text(body: str) -> None:
    # what is escaped in a source is text that the page shows
    leaks = [leak for leak in find_leaks(text_of(read(body))) if leak != "<T>"]
    assert leaks == []


@given(_PAGES)
def test_every_word_of_the_prose_survives(body: str) -> None:
    shown = re.sub(r"\{/\*.*?\*/\}|<!--.*?-->", "", body, flags=re.DOTALL)
    wanted = set(re.findall("alpha|beta|gamma|delta|Größe|naïve|слово|文書|كلمة", shown))
    text = text_of(read(body))
    assert {word for word in wanted if word not in text} == set()


@given(st.lists(_BLOCKS, max_size=3).map("\n\n".join), _FENCES, st.lists(_BLOCKS, max_size=3).map("\n\n".join))
def test_a_code_block_is_whole_in_one_part(before: str, fence: str, after: str) -> None:
    code = fence.split("\n", 1)[1].rsplit("\n", 1)[0]
    parts = [part for section in read(f"{before}\n\n{fence}\n\n{after}") for part in section.parts]
    assert any(code in part for part in parts)


@given(_PAGES)
def test_sound_pages_have_no_mistakes(body: str) -> None:
    notes = Notes()
    convert(body, unit=0, include=lambda _: None, notes=notes)
    assert notes.faults == []

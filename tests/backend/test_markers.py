"""The stream filter: markers found, foreign links gone, wherever the stream is cut."""

from __future__ import annotations

import random

import pytest
from docs_chat.markdown.markers import Marker, MarkerParser

Read = tuple[str, list[tuple[int, tuple[int, ...]]]]


def read(*deltas: str) -> Read:
    """The text, and each marker with its offset in it."""
    parser = MarkerParser(
        lambda url: url.startswith(("/docs", "https://site.test/docs")), lambda url: "localhost" in url
    )
    pieces = [piece for delta in deltas for piece in parser.feed(delta)] + parser.finish()
    text, markers = "", []
    for piece in pieces:
        if isinstance(piece, Marker):
            markers.append((len(text), piece.numbers))
        else:
            text += piece
    return text, markers


CASES: dict[str, tuple[str, Read]] = {
    "one marker": ("Use it [1].", ("Use it.", [(6, (1,))])),
    "in a row": ("a [1][2] b", ("a b", [(1, (1, 2))])),
    "in a list": ("a [1, 2]; b [3;4]", ("a; b", [(1, (1, 2)), (4, (3, 4))])),
    "with spaces between": ("a [1] [2].", ("a.", [(1, (1, 2))])),
    "before a word": ("word [1]next", ("word next", [(5, (1,))])),
    "at the start": ("[1] The start", ("The start", [(0, (1,))])),
    "other brackets": ("a【2†source】 ok", ("a ok", [(1, (2,))])),
    "not a marker": ("arr[0] [2024] [x] [ ]", ("arr[0] [2024] [x] [ ]", [])),
    "escaped": ("\\[1\\] stays", ("\\[1\\] stays", [])),
    "inline code": ("`x[1]` [1]", ("`x[1]`", [(6, (1,))])),
    "double backticks": ("``a`b[1]`` [1]", ("``a`b[1]``", [(10, (1,))])),
    "unclosed backtick": ("a ` b [1]\n\nc", ("a \\` b\n\nc", [(6, (1,))])),
    "fence": ("```js\na[1]\n```\nend [1]", ("```js\na[1]\n```\nend", [(18, (1,))])),
    "tilde fence": ("~~~\n[1]\n```\n~~~\n[2]", ("~~~\n[1]\n```\n~~~\n", [(16, (2,))])),
    "fence in a list": ("1. a\n\n   ```\n   [1]\n   ```\n", ("1. a\n\n   ```\n   [1]\n   ```\n", [])),
    "fence in a quote": ("> ```\n> a[1]\n> ```\n> b [2]", ("> ```\n> a[1]\n> ```\n> b", [(22, (2,))])),
    "quote ends the fence": ("> ```\n> a[1]\n\nb [2]", ("> ```\n> a[1]\n\nb", [(15, (2,))])),
    "open fence": ("```\nx[1] <b>", ("```\nx[1] <b>", [])),
    "our link": ("see [the guide](/docs/x#y).", ("see [the guide](/docs/x#y).", [])),
    "our absolute link": ("[g](https://site.test/docs/x 'T')", ("[g](https://site.test/docs/x)", [])),
    "foreign link": ("see [this](https://evil.test/a_(b)) ok", ("see this ok", [])),
    "script link": ("[x](JaVaScRiPt:alert(1))", ("x", [])),
    "link in angle brackets": ("[a](<https://evil.test/x y> 'tt')", ("a", [])),
    "marker with a link": ("so[1](https://evil.test/1) x", ("so x", [(2, (1,))])),
    "marker in a link": ("[see [1]](/docs/q) y", ("[see](/docs/q) y", [(14, (1,))])),
    "image": ("![i](https://evil.test/i.png?q=1)!", ("!", [])),
    "our image too": ("![i](/docs/i.png)", ("", [])),
    "image in a link": ("[![a](https://e.test/i)](https://e.test)", ("", [])),
    "reference link": ("[a][b] c\n\n[b]: https://evil.test\nd", ("a c\n\nd", [])),
    "numbered definition": ("a [1]\n[1]: https://evil.test 'x'\nb", ("a\nb", [(1, (1,))])),
    "autolink": ("<https://evil.test/x> ok", (" ok", [])),
    "bare address": ("at https://evil.test/x, www.evil.test.", ("at , .", [])),
    "an address that the docs name": ("open http://localhost:3000/x.", ("open `http://localhost:3000/x`.", [])),
    "tags": ("<b>bold</b> <img src=x onerror=\"f('>')\">", ("bold ", [])),
    "less than": ("1 < 2 <3", ("1 < 2 <3", [])),
    "unclosed tag": ("<img src=x", ("\\<img src=x", [])),
    "unclosed link": ("[text](unfinished", ("\\[text](unfinished", [])),
    "task list": ("- [ ] a\n- [x] b [1]\n", ("- [ ] a\n- [x] b\n", [(15, (1,))])),
}


@pytest.mark.parametrize("name", CASES)
def test_reads_the_stream(name: str) -> None:
    source, expected = CASES[name]
    assert read(source) == expected


@pytest.mark.parametrize("name", CASES)
def test_gives_the_same_wherever_the_stream_is_cut(name: str) -> None:
    source, expected = CASES[name]
    assert read(*source) == expected
    for at in range(len(source) + 1):
        assert read(source[:at], source[at:]) == expected
    for first in range(0, len(source), 3):
        for second in range(first, len(source), 3):
            assert read(source[:first], source[first:second], source[second:]) == expected


TOKENS = [*"[]()`\n<>!12, \"'\\:【】†-", "```", "\n\n", "> ", "a", "http://e.t", "/docs/x", "www.", "~~~"]
TOKENS += ["1. ", "2. ", "- ", "    ", "\n  ", "\t", "&lt;", "//e.t", "text "]


def test_cuts_never_matter_in_random_markdown() -> None:
    chance = random.Random(20)
    for _ in range(4000):
        source = "".join(chance.choice(TOKENS) for _ in range(chance.randint(1, 18)))
        whole = read(source)
        assert read(*source) == whole, source
        at = chance.randint(0, len(source))
        assert read(source[:at], source[at:]) == whole, source


def test_no_foreign_link_survives_in_random_markdown() -> None:
    from markdown_it import MarkdownIt

    parser = MarkdownIt("commonmark", {"html": True})
    chance = random.Random(23)
    tokens = [*TOKENS, "[a](http://e.t)", "![a](http://e.t)", "[b]: http://e.t\n", "[a][b]", "<http://e.t>", "<b>"]
    for _ in range(4000):
        source = "".join(chance.choice(tokens) for _ in range(chance.randint(1, 14)))
        text, _ = read(source)
        for block in parser.parse(text):
            assert block.type != "html_block", (source, text)
            for token in block.children or []:
                assert token.type not in ("image", "html_inline"), (source, text)
                if token.type == "link_open":
                    assert str(token.attrs["href"]).startswith("/docs"), (source, text)


def test_long_open_construct_is_given_up() -> None:
    source = "[" + "x" * 3000 + " [1]"
    text, markers = read(*source)
    assert text == "\\[" + "x" * 3000
    assert markers == [(3002, (1,))]

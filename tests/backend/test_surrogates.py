"""A character that a provider cut in two is one again, and half a character breaks no answer."""

from __future__ import annotations

import json
from itertools import pairwise

from docs_chat.answer.surrogates import Mender
from hypothesis import given
from hypothesis import strategies as st


def cut(text: str, places: set[int]) -> list[str]:
    """The text in pieces of UTF-16 units, as they come out of JSON."""
    units = text.encode("utf-16-le")
    ends = [0, *sorted(2 * place for place in places if 0 < place < len(units) // 2), len(units)]
    pieces = [units[start:end].decode("utf-16-le", "surrogatepass") for start, end in pairwise(ends)]
    return [json.loads(json.dumps(piece)) for piece in pieces]


def read(pieces: list[str]) -> str:
    mender = Mender()
    return "".join([*(mender.feed(piece) for piece in pieces), mender.finish()])


@given(st.text(), st.sets(st.integers(0, 40)))
def test_text_is_whole_wherever_it_was_cut(text: str, places: set[int]) -> None:
    assert read(cut(text, places)) == text


@given(st.lists(st.text(st.characters(min_codepoint=0xD7FE, max_codepoint=0xE001, categories=["Cs", "Lo", "Co"]))))
def test_whatever_comes_can_be_stored(pieces: list[str]) -> None:
    read(pieces).encode()


def test_half_a_character_becomes_the_sign_for_it() -> None:
    assert read(["a\ud83d", "b"]) == "a\ufffdb"
    assert read(["a\ud83d"]) == "a\ufffd"
    assert read(["\ude00a"]) == "\ufffda"

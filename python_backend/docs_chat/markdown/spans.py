"""Inline Markdown in a text that is not all there yet: escapes, code spans, brackets."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

# How far a construct may reach. One that is longer is no construct.
REACH = 1000


class More:
    """The answer of a rule that cannot decide before it has seen more."""


MORE: Final = More()

PARAGRAPH_END = re.compile(r"\n[ \t>]*\n")
PUNCTUATION = frozenset("!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~")


def look(text: str, at: int, final: bool) -> tuple[str, bool]:
    """The text that a construct at `at` may cover, and whether more input can no longer change that."""
    window = text[at : at + REACH]
    paragraph_end = PARAGRAPH_END.search(window)
    if paragraph_end:
        return window[: paragraph_end.start()], True
    return window, final or len(window) == REACH


def escape(text: str, at: int, final: bool) -> tuple[int, Sequence[str]] | More:
    if at + 1 == len(text) and not final:
        return MORE
    end = at + 2 if text[at + 1 : at + 2] in PUNCTUATION else at + 1
    return end, [text[at:end]]


def code_span(text: str, at: int, final: bool) -> tuple[int, Sequence[str]] | More:
    """Inline code passes untouched; backticks that nothing closes on their line become mere characters.

    A renderer lets code span lines, but only within one block: where that ends is not for us to guess.
    """
    window, whole = look(text, at, final)
    newline = window.find("\n")
    if newline >= 0:
        window, whole = window[:newline], True
    opening = len(window) - len(window.lstrip("`"))
    if opening == len(window) and not whole:
        return MORE
    end = closing_backticks(window, 0, opening)
    if end is not None and (end < len(window) or whole):
        return at + end, [window[:end]]
    return (at + opening, ["\\`" * opening]) if whole else MORE


def closing_backticks(window: str, at: int, length: int) -> int | None:
    """Where the code span that opens at `at` with `length` backticks ends."""
    for run in re.compile("`+").finditer(window, at + length):
        if run.end() - run.start() == length:
            return run.end()
    return None


def closing_bracket(window: str, whole: bool) -> int | None:
    """The `]` that matches the `[` at the window's start; brackets in code do not count.

    None also while it is open whether backticks before it start code.
    """
    depth, at = 0, 0
    while at < len(window):
        character = window[at]
        if character == "\\":
            at += 1
        elif character == "`":
            newline = window.find("\n", at)
            line, line_whole = (window[:newline], True) if newline >= 0 else (window, whole)
            length = len(line[at:]) - len(line[at:].lstrip("`"))
            end = closing_backticks(line, at, length)
            if not line_whole and (end is None or end == len(line)):
                return None
            at = (end or at + length) - 1
        elif character == "[":
            depth += 1
        elif character == "]":
            depth -= 1
            if depth == 0:
                return at
        at += 1
    return None

"""Addresses in Markdown: where a renderer would make a link of mere text, and what keeps it from doing so.

Renderers differ. One links `xhttps://…`, one decodes `&colon;` and `\\:` before it looks for addresses, all of
them cut a table row at `|` first, even within code. What any of them would link counts.
"""

from __future__ import annotations

import html
import re
from collections.abc import Sequence

from docs_chat.markdown.spans import MORE, More

URL_START = re.compile(r"(?:https?|ftp)://|www\.", re.I)
SECOND_START = re.compile(r"://|www", re.I)
URL_HEAD = re.compile(r"(?:(?:https?|ftp)://)?(?:www\.)?", re.I)
URL = re.compile(r"[^\s<>\[\]`\"|]*")
# The last label of a host never starts with a digit: `kettle@1.2.3` is a version.
EMAIL = re.compile(r"[\w.+-]{1,64}@[\w-]+(?:\.[\w-]+)*\.[a-z][\w-]*", re.I | re.A)
# What may still become an address when more text comes. A word may become the part before an `@`.
OPEN_ADDRESS = re.compile(r"(?:(?:https?|ftp):/?|[\w.+-]{1,64}(?:@[\w.-]*)?)$", re.I | re.A)
OPEN_END = re.compile(r"[\w.-]*:?/?", re.A)
# An address as far as a renderer reads it: a backslash or a backtick behind it would be part of it.
RUNNING = re.compile(r"(?:://|www\.)[^\s<`]*$", re.I)
URL_CHARS = 250
ENTITY = re.compile(r"&(?:#x[0-9a-f]{1,6}|#\d{1,7}|[a-z][a-z0-9]{1,31});", re.I)
OPEN_ENTITY = re.compile(r"&(?:#(?:x[0-9a-f]{0,6}|\d{0,7})|[a-z][a-z0-9]{0,31})?$", re.I)
ADDRESS_CHARACTER = re.compile(r"[\w:/.@+-]", re.A)
UNSAFE_IN_TARGET = re.compile(r"[\s()<>\[\]|\"`\\^{}]")
HAS_PATH = re.compile(r"/|[^/?#]*//[^/?#]+[/?#]|mailto:", re.I)
# Ends with a first part of an address; the seam is before the last character.
SEAM = re.compile(
    r"(?:ht|htt|https?(?::|:/|://)?|ftp?(?::|:/|://)?|www?\.?|[\w.+-]@[\w.-]*|&#?\w+|&#)$",
    re.I | re.A,
)
CELL_END = re.compile(r"(?<!\\)(?:\\\\)*\|")
SYNTAX = re.compile(r"[\[\]<>@`]|://|www\.", re.I)


def completes(before: str, character: str) -> bool:
    """Whether a character set right behind a text could make an address, or the start of one, of both."""
    return bool(before) and SEAM.search(before + character) is not None


def swallows(before: str) -> bool:
    """Whether a text ends with an address that would take in the syntax set right behind it."""
    return RUNNING.search(before) is not None


def is_plain(url: str) -> bool:
    """Whether every renderer reads this address as one, and none finds a second one in it."""
    head = URL_HEAD.match(url)
    second = SECOND_START.search(url, head.end() if head else 0)
    return len(url) <= URL_CHARS and not (second or ENTITY.search(url) or EMAIL.search(url) or set(url) & set("|\\`[]"))


def encode_target(address: str) -> str:
    """An address as the target of a link, whatever stands in it: nothing ends the link early."""
    return UNSAFE_IN_TARGET.sub(lambda found: "".join(f"%{byte:02X}" for byte in found[0].encode()), address)


def entity(text: str, at: int, final: bool) -> tuple[int, Sequence[str]] | More:
    """A character reference; one that stands for a character of an address is shown as it is written."""
    found = ENTITY.match(text, at)
    if found:
        hides = ADDRESS_CHARACTER.search(html.unescape(found[0]))
        return found.end(), [f"\\{found[0]}" if hides else found[0]]
    if OPEN_ENTITY.match(text, at) and not final:
        return MORE
    return at + 1, ["&"]


def part_cells(code: str) -> str:
    """Inline code as it stays code in a table too: one span for each cell.

    Outside a table that reads nearly the same. Code without anything that would matter as prose is left whole.
    """
    ticks = code[: len(code) - len(code.lstrip("`"))]
    inner = code[len(ticks) : -len(ticks)]
    if not CELL_END.search(inner) or not SYNTAX.search(inner):
        return code
    return " | ".join(wrap(cell.strip(), ticks) for cell in inner.split("|"))


def wrap(cell: str, ticks: str) -> str:
    if not cell:
        return ""
    space = " " if cell[0] == "`" or cell[-1] == "`" else ""
    return f"{ticks}{space}{cell}{space}{ticks}"

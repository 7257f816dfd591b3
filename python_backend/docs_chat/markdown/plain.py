"""Plain sentences from Markdown: what a reader sees, without its syntax."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from markdown_it import MarkdownIt
from markdown_it.token import Token

SENTENCE_END = re.compile(r"(?<=[.!?…])\s+")


@cache
def parser() -> MarkdownIt:
    return MarkdownIt("commonmark", {"html": False}).enable("table")


def split_sentences(markdown: str) -> list[tuple[bool, list[str]]]:
    """The sentences of each block, and whether it is code (then its lines). A table row is one sentence.

    Headings, of sections and of columns, are left out.
    """
    blocks: list[tuple[bool, list[str]]] = []
    tokens = parser().parse(markdown)
    row: list[str] | None = None
    for before, token in zip([None, *tokens], tokens, strict=False):
        match token.type:
            case "fence" | "code_block":
                blocks.append((True, [line.strip() for line in token.content.splitlines() if line.strip()]))
            case "tr_open":
                row = []
            case "tr_close":
                blocks.append((False, [" – ".join(row or [])]))
                row = None
            case "inline" if before and before.type in ("heading_open", "th_open"):
                continue
            case "inline":
                text = " ".join("".join(read_inline(token)).split())
                if row is None:
                    blocks.append((False, SENTENCE_END.split(text)))
                else:
                    row.append(text)
    return [(is_code, block) for is_code, block in blocks if any(block)]


def read_inline(token: Token) -> Iterator[str]:
    for child in token.children or []:
        if child.type in ("softbreak", "hardbreak"):
            yield " "
        elif child.type != "image":
            yield child.content


def cut(text: str, limit: int) -> str:
    """At most `limit` characters, cut between words."""
    if len(text) <= limit:
        return text
    head = text[: limit - 1]
    space = head.rfind(" ")
    return (head[:space] if space > limit // 2 else head).rstrip(" ,;:.") + "…"

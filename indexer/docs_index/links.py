"""Markdown links and images in running text."""

from __future__ import annotations

import re
from dataclasses import dataclass

from docs_index.pairs import Pairs

_REFERENCE = re.compile(r"\[([^\]\n]*)\]")
_DEFINED = re.compile(r"^[ \t>]*\[(?!\^)([^\]\n]+)\]:[ \t]*\S", re.MULTILINE)
_ADDRESS = r"(?:\\.|[^\s()\\])*"
for _ in range(3):  # brackets in an address are balanced
    _ADDRESS = rf"(?:\\.|[^\s()\\]|\({_ADDRESS}\))*"
_QUOTED = r"\"(?:\\.|[^\"\\])*\"|'(?:\\.|[^'\\])*'|\((?:\\.|[^)\\])*\)"
_DESTINATION = re.compile(rf"\(\s*(?:<(?:\\.|[^>\n\\])*>|{_ADDRESS})(?:\s+(?:{_QUOTED}))?\s*\)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Link:
    """A link's label as written and the offset behind the link."""

    label: str
    end: int


def find_definitions(body: str) -> frozenset[str]:
    """The names, lower case, of the addresses that a file's reference links can use."""
    return frozenset(name.strip().lower() for name in _DEFINED.findall(body)) if "]:" in body else frozenset()


def read_link(pairs: Pairs, start: int, definitions: frozenset[str]) -> Link | None:
    """The link or image at ``start``; None when it is only a bracket, or a footnote."""
    text = pairs.text
    position = start + 1 if text[start] == "!" else start
    if text[position : position + 1] != "[" or text.startswith("[^", position):
        return None
    after = pairs.bracket_end(position)
    if not after:
        return None
    label = text[position + 1 : after - 1]
    if text.startswith("(", after):
        destination = _DESTINATION.match(text, after)
        return Link(label, destination.end()) if destination and "\n\n" not in destination.group(0) else None
    reference = _REFERENCE.match(text, after)
    if reference and (reference.group(1).strip() or label.strip()).lower() in definitions:
        return Link(label, reference.end())
    return None

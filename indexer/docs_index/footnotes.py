"""Footnotes of a Markdown file: Docusaurus shows them at its end, under a heading of their own."""

from __future__ import annotations

import re

#: The heading that readers with a screen reader hear, and its id; both are the same in every language.
TITLE, ANCHOR = "Footnotes", "footnote-label"
_DEFINITION = re.compile(r" {0,3}\[\^([^\]\s]+)\]:[ \t]?(.*)")
_ANYWHERE = re.compile(r"^ {0,3}\[\^([^\]\s]+)\]:", re.MULTILINE)


def find_footnotes(body: str) -> frozenset[str]:
    """The names of the footnotes that a file defines."""
    return frozenset(_ANYWHERE.findall(body)) if "[^" in body else frozenset()


def read_footnote(lines: list[str], position: int) -> tuple[str, list[str], int] | None:
    """Name, text and following line of the footnote that is defined at ``lines[position]``."""
    match = _DEFINITION.match(lines[position])
    if not match:
        return None
    text = [match.group(2)]
    end = position + 1
    while end < len(lines):
        line = lines[end]
        if line.startswith(("    ", "\t")):
            text.append(line[4:] if line.startswith("    ") else line[1:])
        elif not line.strip() or _DEFINITION.match(line) or not text[-1].strip() or line.lstrip()[:1] in "#>`~:<":
            # an unindented line goes on with a paragraph, never after a blank line
            if line.strip() or not _goes_on(lines, end):
                break
            text.append("")
        else:
            text.append(line)
        end += 1
    return match.group(1), text, end


def _goes_on(lines: list[str], blank: int) -> bool:
    """Whether an indented paragraph of the footnote follows the blank line."""
    following = next((line for line in lines[blank:] if line.strip()), "")
    return following.startswith(("    ", "\t"))

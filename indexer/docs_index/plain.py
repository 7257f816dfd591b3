"""Markdown as plain words, for what compares meaning: marks and rules of tables say nothing."""

from __future__ import annotations

import re

_FENCE = re.compile(r"^[ \t>]*+(?:`{3,}|~{3,})(.*)$", re.MULTILINE)
_TITLE = re.compile(r"""title=(?:"([^"]*)"|'([^']*)')""")
_HEADING = re.compile(r"^#{1,6}[ \t]+", re.MULTILINE)
#: The row under a table's head, and the line of a break.
_RULE = re.compile(r"(?<![\w:-])(?::-+:?|-{3,}:?)(?![\w-])")
#: Of these, bold and code marks close up; the bars of tables part their cells.
_MARKS = re.compile(r"\*\*|`")


def to_plain(text: str) -> str:
    """The words of a part's Markdown, code included, a line for each of its lines that has any."""
    text = _HEADING.sub("", _FENCE.sub(_keep_title, text))
    text = _MARKS.sub("", _RULE.sub(" ", text)).replace("|", " ")
    lines = (" ".join(line.split()) for line in text.splitlines())
    return "\n".join(line for line in lines if line)


def drop_heading(text: str) -> str:
    """A section's first part without the line of its heading, if it has one."""
    first, _, rest = text.partition("\n")
    return rest.lstrip("\n") if first.startswith("#") else text


def _keep_title(fence: re.Match[str]) -> str:
    title = _TITLE.search(fence[1])
    return (title[1] or title[2] or "") if title else ""

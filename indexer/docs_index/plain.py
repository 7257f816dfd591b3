"""Markdown as plain words, for what compares meaning: marks and rules of tables say nothing."""

from __future__ import annotations

import re

_FENCE = re.compile(r"^[ \t>]*(?:`{3,}|~{3,})(.*)$", re.MULTILINE)
_TITLE = re.compile(r"""title=(?:"([^"]*)"|'([^']*)')""")
_HEADING = re.compile(r"^#{1,6}[ \t]+", re.MULTILINE)
_RULE = re.compile(r"[ \t]*\|?[ \t]*(?::-+:?|-{3,}:?)[ \t]*(?:\|[ \t]*)?")
_MARKS = re.compile(r"\*\*|`")
_BARS = re.compile(r"[ \t]*(?<!\\)\|[ \t]*")
_GAPS = re.compile(r"\n{2,}")


def to_plain(text: str) -> str:
    """The words of a part's Markdown, code included, a line for each of its lines that has any."""
    text = _FENCE.sub(_keep_title, text)
    text = _RULE.sub(" ", _HEADING.sub("", text))
    text = _BARS.sub(" ", _MARKS.sub("", text))
    return _GAPS.sub("\n", "\n".join(line.strip(" \t") for line in text.splitlines())).strip()


def drop_heading(text: str) -> str:
    """A section's first part without the line of its heading, if it has one."""
    first, _, rest = text.partition("\n")
    return rest.lstrip("\n") if first.startswith("#") else text


def _keep_title(fence: re.Match[str]) -> str:
    title = _TITLE.search(fence[1])
    return (title[1] or title[2] or "") if title else ""

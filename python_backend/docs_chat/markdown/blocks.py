"""The blocks of a Markdown passage (paragraphs, lists, tables, code), and which of them to show."""

from __future__ import annotations

import re

from docs_chat.markdown.words import overlap

FENCE = re.compile(r"[ \t]*(`{3,}|~{3,})")
CODE_LINES = 30


def split_blocks(markdown: str) -> list[str]:
    """Blocks at blank lines; a code fence is one block whatever is in it."""
    blocks: list[list[str]] = [[]]
    fence = ""
    for line in markdown.strip("\n").splitlines():
        mark = FENCE.match(line)
        if fence:
            blocks[-1].append(line)
            if mark and mark[1].startswith(fence) and not line.strip().strip(mark[1][0]):
                fence = ""
                blocks.append([])
        elif mark:
            fence = mark[1]
            # A fence that belongs to a list item stays with it.
            if blocks[-1] and not line.startswith((" ", "\t")):
                blocks.append([])
            blocks[-1].append(line)
        elif line.strip():
            blocks[-1].append(line)
        elif blocks[-1]:
            blocks.append([])
    return ["\n".join(block) for block in blocks if block]


def trim_blocks(blocks: list[str], wanted: set[str], limit: int) -> list[str]:
    """The run of neighbouring blocks around the one that matches best, at most about `limit` characters.

    Code follows the paragraph that announces it, so what comes after is taken before what comes first.
    """
    if sum(map(len, blocks)) <= limit:
        return [shorten(block) for block in blocks]
    scores = [overlap(wanted, block) for block in blocks]
    first = last = scores.index(max(scores))
    size = len(blocks[first])
    while True:
        if last + 1 < len(blocks) and size + len(blocks[last + 1]) <= limit:
            last += 1
            size += len(blocks[last])
        elif first > 0 and size + len(blocks[first - 1]) <= limit:
            first -= 1
            size += len(blocks[first])
        else:
            return [shorten(block) for block in blocks[first : last + 1]]


def shorten(block: str) -> str:
    """Long code and long lists end with `…`, the fence closed."""
    lines = block.splitlines()
    if len(lines) <= CODE_LINES:
        return block
    mark = FENCE.match(lines[0])
    closing = [mark[1]] if mark else []
    return "\n".join([*lines[:CODE_LINES], "…", *closing])

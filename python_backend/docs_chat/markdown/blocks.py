"""The blocks of a Markdown passage (paragraphs, lists, tables, code), and which of them to show."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from docs_chat.markdown.words import overlap

FENCE = re.compile(r"[ \t]*(`{3,}|~{3,})")
# A line across the page: where the docs draw one, what follows is no rest.
RULE = re.compile(r"[ \t]*([-*_][ \t]*){3,}")
TABLE_LINE = re.compile(r"[ \t]*\|?[ \t]*:?-+:?[ \t]*(\|[ \t]*:?-*:?[ \t]*)*")
PADDING = re.compile(r"(?<=\S)[ \t]{2,}")
LONG_DASH = re.compile(r"-{4,}")
MIN_TABLE_LINES = 3
CODE_LINES = 30
# A rest of less than this part of what is shown is shown too.
SMALL_REST = 3
GAP = "…"


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


def narrow_tables(markdown: str) -> str:
    """Tables without the spaces that line up their columns: those can be most of a table, and nobody reads them."""
    lines: list[str] = []
    fence = ""
    for line in markdown.split("\n"):
        mark = FENCE.match(line)
        if fence:
            fence = "" if mark and mark[1].startswith(fence) and not line.strip().strip(mark[1][0]) else fence
        elif mark:
            fence = mark[1]
        elif line.lstrip().startswith("|"):
            line = PADDING.sub(" ", line)
            line = LONG_DASH.sub("---", line) if TABLE_LINE.fullmatch(line) else line
        lines.append(line)
    return "\n".join(lines)


def split_off(blocks: list[str], wanted: set[str], limit: int, rest_limit: int) -> tuple[list[str], list[str]]:
    """The blocks that match best, at most about `limit` characters, and the others in their order, at most
    `rest_limit` characters of them.

    First comes the run of neighbours around the best block. Code follows the paragraph that announces it, so what comes
    after is taken before what comes first. Where the next neighbour is too long, others that match and fit are taken; a
    `…` stands where something was left out between two. A rest that is short is no rest: all is shown.
    """
    blocks = [block for block in blocks if not RULE.fullmatch(block)]
    first, last = find_run(blocks, wanted, limit)
    if first == last and blocks and len(blocks[first]) > limit:
        blocks[first : first + 1] = split_table(blocks[first], wanted, limit)
    chosen = fill_up(blocks, range(first, last + 1), wanted, limit)
    others = [block for at, block in enumerate(blocks) if at not in chosen]
    if sum(map(len, others)) <= limit // SMALL_REST:
        return [shorten(block) for block in blocks], []
    rest: list[str] = []
    for block in others:
        rest_limit -= len(block)
        if rest_limit < 0:
            break
        rest.append(shorten(block))
    shown: list[str] = []
    for before, at in zip([None, *chosen], chosen, strict=False):
        if before is not None and at > before + 1:
            shown.append(GAP)
        shown.append(shorten(blocks[at]))
    return shown, rest


def fill_up(blocks: Sequence[str], run: Iterable[int], wanted: set[str], limit: int) -> list[int]:
    """The places of a run and of other blocks that match and fit, in their order."""
    chosen = list(run)
    left = limit - sum(len(blocks[at]) for at in chosen)
    scores = [overlap(wanted, block) for block in blocks]
    for at in sorted(range(len(blocks)), key=lambda at: (-scores[at], at)):
        if scores[at] and at not in chosen and len(blocks[at]) <= left:
            chosen.append(at)
            left -= len(blocks[at])
    return sorted(chosen)


def split_table(table: str, wanted: set[str], limit: int) -> list[str]:
    """A long table as two: the rows that match best, in their order, then the others. Other blocks stay whole."""
    lines = table.splitlines()
    if len(lines) < MIN_TABLE_LINES or not TABLE_LINE.fullmatch(lines[1]):
        return [table]
    head, line, *rows = lines
    left = limit - len(head) - len(line)
    chosen: set[int] = set()
    for at in sorted(range(len(rows)), key=lambda at: (-overlap(wanted, rows[at]), at)):
        left -= len(rows[at])
        if left < 0 and chosen:
            break
        chosen.add(at)
    parts = ([rows[at] for at in sorted(chosen)], [row for at, row in enumerate(rows) if at not in chosen])
    return ["\n".join([head, line, *part]) for part in parts if part]


def find_run(blocks: list[str], wanted: set[str], limit: int) -> tuple[int, int]:
    """The first and last place of the run."""
    if not blocks:
        return 0, 0
    scores = [overlap(wanted, block) for block in blocks]
    return grow_run([len(block) for block in blocks], scores.index(max(scores)), limit)


def grow_run(sizes: Sequence[int], start: int, limit: int) -> tuple[int, int]:
    """The first and last place of a run around `start`, grown to `limit` in all: what follows is taken first."""
    first = last = start
    size = sizes[start]
    while True:
        if last + 1 < len(sizes) and size + sizes[last + 1] <= limit:
            last += 1
            size += sizes[last]
        elif first > 0 and size + sizes[first - 1] <= limit:
            first -= 1
            size += sizes[first]
        else:
            return first, last


def shorten(block: str) -> str:
    """Long code and long lists end with `…`, the fence closed."""
    lines = block.splitlines()
    if len(lines) <= CODE_LINES:
        return block
    mark = FENCE.match(lines[0])
    closing = [mark[1]] if mark else []
    return "\n".join([*lines[:CODE_LINES], "…", *closing])

"""Where code fences begin and end, as CommonMark sees it: block quotes and list items contain them.

Being wrong is only safe in one direction. Text that is taken for prose is cleaned, so a fence is believed
only where it surely is one; and a fence ends exactly where a renderer ends it.
"""

from __future__ import annotations

import re
from typing import Literal

QUOTES = re.compile(r"(?: {0,3}> ?)*")
QUOTE = re.compile(r" {0,3}> ?")
ITEMS = re.compile(r"( *)((?:(?:[-*+]|\d{1,9}[.)]) {1,4}(?! ))*)")
OPEN_CONTENT = re.compile(r"(?:[-*_+][-*_ ]*|\d{1,9}[.)]? *)?")
BARE_MARKER = re.compile(r"(?:[-*+]|\d{1,9}[.)]) *")
BREAK = re.compile(r"[-*_ ]*")
FENCE = re.compile(r"(`{3,})[^`]*|(~{3,}).*")
RUN = re.compile(r"`+|~+")

Decision = Literal["more", "fence", "text"]


class Lines:
    """Follows the lines of a document: the quote depth, the list item's indent, the open fence."""

    def __init__(self) -> None:
        self.depth = 0
        self.indents: list[int] = []
        self.unsure = False
        self.fresh = True
        self.fence = ""

    def open(self, raw: str, whole: bool) -> Decision:
        """What the line that starts here is, outside a fence. `whole`: the line is all there."""
        line = raw.expandtabs(4)
        quotes = QUOTES.match(line)
        start = quotes.end() if quotes else 0
        items = ITEMS.match(line, start)
        spaces, markers = (items[1], items[2]) if items else ("", "")
        content = line[start + len(spaces) + len(markers) :]
        if not whole:
            if OPEN_CONTENT.fullmatch(content) or RUN.fullmatch(content):
                return "more"
            if FENCE.fullmatch(content):
                return "more"
        depth = line[:start].count(">")
        fresh = self.fresh
        if depth != self.depth:
            # A line without `>` may still continue the quote's paragraph.
            self.unsure = not fresh
            self.indents = []
        self.depth = depth
        if not content.strip() and not markers:
            self.fresh = True
            return "text"
        self.fresh = False
        sure = self.enter(len(spaces), markers, content, fresh)
        fence = FENCE.fullmatch(content)
        if not fence or not sure:
            return "text"
        self.fence = fence[1] or fence[2]
        return "fence"

    def enter(self, spaces: int, markers: str, content: str, fresh: bool) -> bool:
        """Move to the list item that the line is in; whether a fence in it would surely be one."""
        opens = bool(markers) or FENCE.fullmatch(content) is not None
        sibling = False
        if spaces < self.indent:
            if not opens and not fresh:
                # Perhaps the item's paragraph goes on without its indent.
                self.unsure = True
                return spaces == 0
            while spaces < self.indent:
                self.indents.pop()
                sibling = True
        if not markers:
            if BARE_MARKER.fullmatch(content):
                # An empty list item, or the underline of a heading.
                self.unsure = True
            elif spaces == 0 and fresh:
                self.unsure = False
            return spaces == 0 or (spaces - self.indent <= 3 and not self.unsure)
        first, *more = markers.split()
        starts = not first[0].isdigit() or first[:-1] == "1" or fresh or sibling
        is_item = spaces - self.indent <= 3 and starts and bool(content.strip()) and not BREAK.fullmatch(content)
        self.unsure = self.unsure or not is_item or bool(more)
        if is_item:
            self.indents.append(spaces + len(markers))
        return is_item and not self.unsure

    @property
    def indent(self) -> int:
        """Where the text of the innermost list item begins."""
        return self.indents[-1] if self.indents else 0

    def close(self, raw: str, whole: bool) -> Literal["more", "inside", "last", "outside"]:
        """What a line is while a fence is open: code, its closing line, or already behind it."""
        line = raw.expandtabs(4)
        for _ in range(self.depth):
            quote = QUOTE.match(line)
            if not quote:
                if not whole and not line.strip(" "):
                    return "more"
                return self.leave()
            line = line[quote.end() :]
        if not whole and not line.strip(" "):
            return "more"
        spaces = len(line) - len(line.lstrip(" "))
        if line.strip() and spaces < self.indent:
            return self.leave()
        rest = line.strip(" ")
        if rest and set(rest) == {self.fence[0]} and spaces - self.indent <= 3:
            if not whole:
                return "more"
            if len(rest) >= len(self.fence):
                self.fence = ""
                return "last"
        return "inside"

    def leave(self) -> Literal["outside"]:
        self.fence = ""
        return "outside"

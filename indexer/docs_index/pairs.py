"""Which bracket of a text closes which: found once for all that are nested, however deep."""

from __future__ import annotations

import re

#: An apostrophe within a word of JSX text begins no string.
_SCRIPT = re.compile(r"(?<!\w)'|[\"`{}]|/\*")
#: What ends a JavaScript string, from behind its opening quote on: a string of two quotes ends on its own line.
STRING_ENDS = {
    "'": re.compile(r"(?:\\.|[^'\\\n])*'"),
    '"': re.compile(r'(?:\\.|[^"\\\n])*"'),
    "`": re.compile(r"(?:\\.|[^`\\])*`", re.DOTALL),
}
_BLOCK_END = r"\n[ \t>]*(?:\n|[-*+][ \t]|\d{1,9}[.)][ \t]|#{1,6}[ \t]|\|)"
_LABEL = re.compile(rf"\\.|`+|[\[\]]|{_BLOCK_END}", re.DOTALL)
_PARAGRAPH_END = re.compile(_BLOCK_END)
_TICKS = re.compile(r"`+")


class Pairs:
    """Remembers the pairs of one text; offsets are those behind the closing bracket, 0 when nothing closes."""

    def __init__(self, text: str) -> None:
        self.text = text
        self._braces: dict[int, int] = {}
        self._brackets: dict[int, int] = {}

    def brace_end(self, start: int) -> int:
        """Behind the expression that opens at ``text[start] == "{"``; strings and comments in it are skipped."""
        known = self._braces.get(start)
        if known is not None:
            return known
        stack = [start]
        position = start + 1
        while match := _SCRIPT.search(self.text, position):
            sign, position = match.group(0), match.end()
            if sign == "{":
                stack.append(match.start())
            elif sign == "}":
                self._braces[stack.pop()] = position
                if not stack:
                    return position
            elif sign == "/*":
                end = self.text.find("*/", position)
                if end < 0:
                    break
                position = end + 2
            elif string := STRING_ENDS[sign].match(self.text, position):
                # an apostrophe in JSX text begins no string: a string ends on its own line
                position = string.end()
        self._braces.update(dict.fromkeys(stack, 0))
        return 0

    def bracket_end(self, start: int) -> int:
        """Behind the link label that opens at ``text[start] == "["``, within its paragraph."""
        known = self._brackets.get(start)
        if known is not None:
            return known
        stack = [start]
        position = start + 1
        while match := _LABEL.search(self.text, position):
            sign, position = match.group(0), match.end()
            if sign == "[":
                stack.append(match.start())
            elif sign == "]":
                self._brackets[stack.pop()] = position
                if not stack:
                    return position
            elif sign[0] == "`":
                position = code_end(self.text, match.start())
            elif sign[0] == "\n":
                break
        self._brackets.update(dict.fromkeys(stack, 0))
        return 0


def code_end(text: str, start: int) -> int:
    """The offset behind the inline code that opens at ``start``, or behind its backticks when none closes it."""
    opening = _TICKS.match(text, start)
    opened = opening.end() if opening else start
    ticks = text[start:opened]
    paragraph = _PARAGRAPH_END.search(text, start)
    limit = paragraph.start() if paragraph else len(text)
    for closing in _TICKS.finditer(text, opened, limit):
        if closing.group(0) == ticks:
            return closing.end()
    return opened

"""Reads a stream of Markdown: finds citation markers, and takes out links and images that are not ours.

The stream may be cut anywhere: whatever could still become a marker, a link or a tag is held back until it
is decided, so that the output never depends on where the cuts were. What the model writes is untrusted: a
link survives only when the caller allows its address, images and HTML tags never do. Code is left alone.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from docs_chat.markdown.addresses import (
    EMAIL,
    HAS_PATH,
    OPEN_ADDRESS,
    OPEN_END,
    URL,
    URL_START,
    completes,
    encode_target,
    entity,
    is_plain,
    part_cells,
    swallows,
)
from docs_chat.markdown.lines import Lines
from docs_chat.markdown.spans import MORE, REACH, More, closing_bracket, code_span, escape, look


@dataclass(frozen=True, slots=True)
class Marker:
    """`[1]` or `[1, 2]`: the passages that the text before it rests on."""

    numbers: tuple[int, ...]


Piece = str | Marker
Step = tuple[int, Sequence[Piece]]

DEFINITION = re.compile(r"\[[^\[\]]+\]:[ \t]*\S+(?:[ \t]+(?:\"[^\"]*\"|'[^']*'|\([^)]*\)))?[ \t]*")
NUMBERS = re.compile(r"\[[ \t]*[1-9]\d{0,2}(?:[ \t]*[,;][ \t]*[1-9]\d{0,2})*[ \t]*\]|【[1-9]\d{0,2}[^】\n]{0,40}】")
OPEN_NUMBERS = re.compile(r"\[[\d,; \t]{0,40}|【[^】\n]{0,44}")
BARE_TARGET = re.compile(r"\([^()\s]*\)")
OPEN_BARE_TARGET = re.compile(r"\([^()\s]*")
TARGET = re.compile(
    r"\(\s*(?:<([^<>\n]*)>|((?:[^\s()\\<]|\\.|\((?:[^\s()\\]|\\.)*\))(?:[^\s()\\]|\\.|\((?:[^\s()\\]|\\.)*\))*)?)"
    r"(?:\s+(?:\"(?:[^\"\\]|\\.)*\"|'(?:[^'\\]|\\.)*'|\((?:[^()\\]|\\.)*\)))?\s*\)"
)
LABEL = re.compile(r"\[[^\[\]]*\]?")
# What would begin a definition, were the code in it no code.
LABEL_END = re.compile(r"\[(?:[^\]\\]|\\.)*\]:")
TAG = re.compile(r"<(?:[^<>\"']|\"[^\"]*\"|'[^']*')*>")
AUTOLINK = re.compile(r"<([a-z][a-z0-9+.-]{1,31}:[^\s<>]*)>", re.I)
QUOTED_LINE = re.compile(r"\n[ \t]*>")
# Words in which nothing can begin, with what ends them; and what may still grow.
WORDS = re.compile(r"(?: ?[A-Za-z]+[,;]?(?= ))+")
OPEN_WORD = re.compile(r" ?[A-Za-z]*\Z")
ONLY_WORDS = re.compile(r"((?: ?[A-Za-z]+[,;]?(?= ))*)( ?[A-Za-z]*)")
PLAIN = re.compile(r"[^\n\\` \t\[\]!<【&]+")
LIST_START = re.compile(r"(?:^|\n)[ \t>]*(?:[-*+]|\d{1,9}[.)]?)?[ \t]*$")
OPEN_TILDES = re.compile(r"(?:^|\n)[ \t>]*(?:(?:[-*+]|\d{1,9}[.)])[ \t]+)*~{0,2}$")
# As much of the output as the rules about its end look at.
TAIL = 300
GLUED = frozenset(" \t\n.,;:!?)")


class MarkerParser:
    """Feed it deltas, get text and markers.

    :param allows: says whether a link's address belongs to the site.
    :param keeps: says whether a foreign address may stay as text (never as a link): one that the docs name.
    """

    def __init__(self, allows: Callable[[str], bool], keeps: Callable[[str], bool]) -> None:
        self.allows = allows
        self.keeps = keeps
        self.buffer = ""
        self.before = ""
        self.line_start = True
        self.lines = Lines()
        self.emitted = ""
        self.gap = False

    def feed(self, delta: str) -> list[Piece]:
        """The pieces that are certain now."""
        self.buffer += delta
        words = None if self.line_start or self.gap or self.lines.fence else ONLY_WORDS.fullmatch(self.buffer)
        if words:
            # Most of what a model writes, at a fraction of the cost.
            self.buffer = words[2]
            return [self.pass_on(words[1])] if words[1] else []
        return self.advance(final=False)

    def finish(self) -> list[Piece]:
        """The rest, once the stream has ended."""
        return self.advance(final=True)

    def advance(self, *, final: bool) -> list[Piece]:
        pieces: list[Piece] = []
        # A carriage return ends a line too, and is one end with the newline behind it.
        text, position = self.buffer.replace("\r\n", "\n"), 0
        returned = "\r" if text.endswith("\r") and not final else ""
        text = text.removesuffix(returned).replace("\r", "\n")
        while position < len(text):
            in_code = bool(self.lines.fence)
            words = None if in_code or self.line_start or self.gap else WORDS.match(text, position)
            if words:
                pieces.append(self.pass_on(words[0]))
                position = words.end()
            if not final and not in_code and OPEN_WORD.match(text, position):
                break
            step = self.step(text, position, final)
            if isinstance(step, More):
                break
            end, found = step
            texts = "".join(piece for piece in found if isinstance(piece, str))
            changed = texts != text[position:end]
            if self.gap or changed or (texts[:1] in ("\\", "`") and not in_code):
                found = [self.join(piece) if isinstance(piece, str) else piece for piece in found]
                texts = "".join(piece for piece in found if isinstance(piece, str))
            self.gap = changed or (self.gap and not texts)
            if changed and LIST_START.search(self.emitted + texts):
                self.lines.unsure = True
            self.emitted = (self.emitted + texts)[-TAIL:]
            pieces += found
            if end > position:
                self.before = text[end - 1]
            position = end
        self.buffer = text[position:] + returned
        return merge(pieces)

    def pass_on(self, words: str) -> str:
        self.emitted = (self.emitted + words)[-TAIL:]
        self.before = words[-1]
        return words

    def step(self, text: str, at: int, final: bool) -> Step | More:
        if self.lines.fence:
            return self.in_fence(text, at, final)
        if self.line_start:
            step = self.at_line_start(text, at, final)
            if step is not None:
                return step
            self.line_start = False
        match text[at]:
            case "\n":
                self.line_start = True
                return at + 1, ["\n"]
            case "\\":
                return self.escape(text, at, final)
            case "&":
                return entity(text, at, final)
            case "`":
                return self.code(text, at, final)
            case " " | "\t":
                return self.spaces(text, at, final)
            case "[" | "【":
                return self.bracket(text, at, final)
            case "]":
                return self.closing(text, at, final)
            case "!":
                return self.image(text, at, final)
            case "<":
                return self.angle(text, at, final)
            case _:
                return self.plain(text, at, final)

    def join(self, piece: str) -> str:
        """What was taken out must not make a construct of what stood around it."""
        last, first = self.emitted[-1:], piece[:1]
        if first in ("\\", "`") and swallows(self.emitted):
            return " " + piece
        opens_fence = first == "~" and not self.lines.fence and OPEN_TILDES.search(self.emitted)
        if opens_fence or (last == "]" and first in ("(", "[", ":")):
            return "\\" + piece
        if first and (last == "\\" or last + first in ("``", "![")):
            return " " + piece
        return " " + piece if first and completes(self.emitted, first) else piece

    def escape(self, text: str, at: int, final: bool) -> Step | More:
        """Renderers look for addresses when the backslashes are gone already."""
        step = escape(text, at, final)
        if isinstance(step, More) or step[0] == at + 1 or not completes(self.emitted, text[at + 1]):
            return step
        return step[0], [" ", *step[1]]

    def code(self, text: str, at: int, final: bool) -> Step | More:
        step = code_span(text, at, final)
        if isinstance(step, More) or step[1][0].startswith("\\"):
            return step
        return step[0], [part_cells(step[1][0])]

    def at_line_start(self, text: str, at: int, final: bool) -> Step | More | None:
        """A fence opens, or a link definition is dropped."""
        line, end, whole = self.line(text, at, final)
        content = line.lstrip(" \t>")
        if not content and not whole:
            return MORE
        label = LABEL.match(line, len(line) - len(content))
        if label and label.end() == len(line) and not whole:
            return MORE
        if label and line[label.end() : label.end() + 1] == ":":
            if not whole:
                return MORE
            if DEFINITION.fullmatch(line, label.start()):
                return end + (text[end : end + 1] == "\n"), []
        match self.lines.open(line, whole):
            case "more":
                return MORE
            case "fence":
                # Some renderers look for a table's first row before they look for a fence.
                after, pieces = self.whole_line(text, at, end)
                return after, [piece.replace("|", "") for piece in pieces if isinstance(piece, str)]
        return None

    def in_fence(self, text: str, at: int, final: bool) -> Step | More:
        """Code passes untouched, up to the line that closes it."""
        newline = text.find("\n", at)
        end = len(text) if newline < 0 else newline
        if self.line_start:
            match self.lines.close(text[at:end], newline >= 0 or final):
                case "more":
                    return MORE
                case "outside":
                    return at, []
        return self.whole_line(text, at, end)

    def line(self, text: str, at: int, final: bool) -> tuple[str, int, bool]:
        """The line at `at` as far as it is there, its end, and whether that is all of it."""
        newline = text.find("\n", at, at + REACH)
        end = newline if newline >= 0 else min(len(text), at + REACH)
        return text[at:end], end, newline >= 0 or final or end == at + REACH

    def whole_line(self, text: str, at: int, end: int) -> Step:
        self.line_start = text[end : end + 1] == "\n"
        return end + self.line_start, [text[at : end + self.line_start]]

    def spaces(self, text: str, at: int, final: bool) -> Step | More:
        """Spaces before a marker go with it: `word [1].` becomes `word.`"""
        end = at
        while end < len(text) and text[end] in " \t":
            end += 1
        if end == len(text) and not final:
            return MORE
        markers = self.markers(text, end, final) if text[end : end + 1] in ("[", "【") else None
        if isinstance(markers, More):
            return MORE
        if markers:
            after, numbers = markers
            glued = (after == len(text) or text[after] in GLUED) and self.before != "<"
            return after, [Marker(numbers)] if glued else [text[at:end], Marker(numbers)]
        return end, [text[at:end]]

    def markers(self, text: str, at: int, final: bool) -> tuple[int, tuple[int, ...]] | More | None:
        """One or more markers in a row; an address that the model hung on one is dropped."""
        numbers: list[int] = []
        end = at
        while True:
            found = NUMBERS.match(text, at)
            if not found:
                is_open = OPEN_NUMBERS.match(text, at)
                if is_open and is_open.end() == len(text) and not final:
                    return MORE
                break
            group = found[0].partition("†")[0]
            numbers += [int(number) for number in re.findall(r"\d+", group)]
            end = found.end()
            target = BARE_TARGET.match(text, end)
            open_target = OPEN_BARE_TARGET.match(text, end)
            if target:
                end = target.end()
            elif open_target and open_target.end() == len(text) and len(text) < end + REACH and not final:
                return MORE
            at = end
            while at < len(text) and text[at] in " \t":
                at += 1
            if at == len(text) and not final:
                return MORE
        return (end, tuple(numbers)) if numbers else None

    def bracket(self, text: str, at: int, final: bool) -> Step | More:
        markers = self.markers(text, at, final)
        if isinstance(markers, More):
            return MORE
        if markers:
            end, numbers = markers
            if self.before in ("", "\n"):
                while end < len(text) and text[end] in " \t":
                    end += 1
            return end, [Marker(numbers)]
        if text[at] == "【":
            return at + 1, ["【"]
        link = self.link(text, at, final)
        if isinstance(link, More):
            return MORE
        if link is None or LABEL_END.match(text, at, at + REACH):
            return at + 1, ["\\["]
        end, label, address = link
        if address is None:
            return (at + 1, label) if end == at else (end, label)
        if self.allows(address) and is_plain(address):
            texts = [piece for piece in label if isinstance(piece, str)]
            markers_in = [piece for piece in label if isinstance(piece, Marker)]
            return end, ["[", *texts, f"]({encode_target(address)})", *markers_in]
        return end, label

    def link(self, text: str, at: int, final: bool) -> tuple[int, list[Piece], str | None] | More | None:
        """`[label](address)` or `[label][reference]` at `at`.

        Gives the end, the cleaned label and the address (None for a reference); the end is `at` for brackets
        that are no link; None for what looks like a link but cannot be read.
        """
        window, whole = look(text, at, final)
        close = closing_bracket(window, whole)
        if close is None or (close + 1 == len(window) and not whole):
            return None if whole else MORE
        following = window[close + 1 : close + 2]
        if following == "(":
            target = TARGET.match(window, close + 1)
            if target is None:
                return None if whole else MORE
            label = self.clean(window[1:close])
            return at + target.end(), label, (target[1] or target[2] or "").replace("\\", "")
        if following == "[":
            numbers = self.markers(window, close + 1, whole)
            if isinstance(numbers, More):
                return MORE
            if numbers:
                return at, ["["], None
            end = closing_bracket(window[close + 1 :], whole)
            if end is None:
                return None if whole else MORE
            return at + close + 1 + end + 1, self.clean(window[1:close]), None
        return at, ["["], None

    def closing(self, text: str, at: int, final: bool) -> Step | More:
        """A label with a colon would define where `[label]` leads, wherever a renderer sees that it began."""
        if at + 1 == len(text) and not final:
            return MORE
        return (at + 2, ["]\\:"]) if text[at + 1 : at + 2] == ":" else (at + 1, ["]"])

    def image(self, text: str, at: int, final: bool) -> Step | More:
        if at + 1 == len(text):
            return MORE if not final else (at + 1, ["!"])
        if text[at + 1] != "[":
            return at + 1, ["!"]
        link = self.link(text, at + 1, final)
        if isinstance(link, More):
            return MORE
        if link is None or link[0] == at + 1:
            return at + 2, ["!\\["]
        return link[0], []

    def angle(self, text: str, at: int, final: bool) -> Step | More:
        if at + 1 == len(text):
            return MORE if not final else (at + 1, ["\\<"])
        if not (text[at + 1].isalpha() or text[at + 1] in "/!?"):
            return at + 1, ["<" if text[at + 1] in " \n=" or text[at + 1].isdigit() else "\\<"]
        window, whole = look(text, at, final)
        quoted = QUOTED_LINE.search(window)
        if quoted:
            window, whole = window[: quoted.start()], True
        tag = TAG.match(window)
        if tag is None:
            return (at + 1, ["\\<"]) if whole else MORE
        autolink = AUTOLINK.fullmatch(tag[0])
        kept = self.bare(autolink[1]) if autolink else ""
        return at + tag.end(), [kept] if kept else []

    def plain(self, text: str, at: int, final: bool) -> Step | More:
        match = PLAIN.match(text, at)
        end = match.end() if match else at + 1
        if text[at] == "@" and completes(self.emitted, "@"):
            return at + 1, [" @"]
        start = URL_START.search(text, at, end)
        start = EMAIL.search(text, at, start.start() if start else end) or start
        if start:
            begin = start.start()
            return (begin, [text[at:begin]]) if begin > at else self.address(text, at, final)
        if end == len(text) and not final:
            tail = OPEN_ADDRESS.search(text, at, end)
            if tail:
                held = tail.start()
                return (held, [text[at:held]]) if held > at else MORE
        return end, [text[at:end]]

    def address(self, text: str, at: int, final: bool) -> Step | More:
        window, whole = look(text, at, final)
        start = URL_START.search(window)
        is_url = start is not None and start.start() == 0
        match = URL.match(window) if is_url else EMAIL.match(window, 0, start.start() if start else len(window))
        if match is None:
            return at + 1, [text[at]]
        end = match.end()
        # The end of an e-mail address may turn out to begin the next one: `a@b.chttp://…`.
        if not whole and OPEN_END.fullmatch(window, end):
            return MORE
        url = window[:end].rstrip("?!.,:;*_~'")
        while url.endswith(")") and url.count(")") > url.count("("):
            url = url[:-1].rstrip("?!.,:;*_~'")
        kept = self.bare(url)
        return at + max(len(url), 1), [kept] if kept else []

    def bare(self, url: str) -> str:
        """An address without a link around it; where it ends is the renderer's guess."""
        if self.allows(url) and is_plain(url) and HAS_PATH.match(url):
            return url
        return f"`{url}`" if self.keeps(url) and not set(url) & set("`|") else ""

    def clean(self, label: str) -> list[Piece]:
        inner = MarkerParser(self.allows, self.keeps)
        inner.line_start = False
        inner.buffer = label
        return inner.finish()


def merge(pieces: list[Piece]) -> list[Piece]:
    """Neighbouring texts become one."""
    merged: list[Piece] = []
    for piece in pieces:
        if isinstance(piece, str) and merged and isinstance(merged[-1], str):
            merged[-1] += piece
        elif piece != "":
            merged.append(piece)
    return merged

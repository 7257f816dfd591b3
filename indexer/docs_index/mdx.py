"""MDX as Docusaurus accepts it, turned into the plain Markdown that the page shows.

Not a strict MDX parser on purpose: Docusaurus rewrites sources before it compiles them, and a file that a strict
parser rejects must still be indexed as far as it can be.
"""

from __future__ import annotations

import re

from docs_index import jsx
from docs_index.lines import Heading, Include, Line
from docs_index.prose import ProseReader

_FENCE = re.compile(r"^([ \t>]*(?:(?:[-*+]|\d{1,9}[.)])[ \t]+)?)(`{3,}|~{3,})(.*)$")
_ESM = re.compile(r"(?:import\s*(?:[\w$*{]|['\"])|export\s+(?:const|let|var|function|default|class|async|type|\{|\*))")
_COMMENT_LINE = re.compile(r"\s*(?:<!--.*-->|\{/\*.*\*/\})\s*")
_MD_IMPORT = re.compile(r"import\s+(\w+)\s+from\s+(['\"])([^'\"]+?\.mdx?)\2")
_HIGHLIGHT = re.compile(
    r"^\s*(?://|#|<!--|/\*|\{/\*|--|%|;|REM)\s*highlight-(?:next-line|start|end)\s*(?:\*/\}?|-->)?\s*$"
)
_LIST_MARK = re.compile(r"[-*+]|\d{1,9}[.)]")
_TITLE = re.compile(r"title=(\"[^\"]*\"|'[^']*')")


def convert(body: str, *, unit: int, include: Include, mdx: bool = True, locale: str = "en") -> list[Line]:
    """The page's Markdown lines, partials inlined.

    :param body: the file without its front matter.
    :param unit: number of this compiled file, for the lines that come back.
    :param mdx: False for CommonMark files, where braces are text and there are no imports.
    :param locale: the language in which the theme titles admonitions that have no title of their own.
    """
    return _Converter(unit, include, mdx, locale).run(body)


class _Converter:
    def __init__(self, unit: int, include: Include, mdx: bool, locale: str) -> None:
        self.unit = unit
        self.mdx = mdx
        self.partials: dict[str, str] = {}
        self.prose = ProseReader(self.partials, include, mdx, locale)
        self.lines: list[Line] = []

    def run(self, body: str) -> list[Line]:
        prose: list[str] = []
        lines = body.split("\n")
        position = 0
        unwrap: list[str] = []
        while position < len(lines):
            line = lines[position]
            if unwrap and _closes(line, unwrap[-1]):
                unwrap.pop()
                position += 1
                continue
            comment = self._comment_end(lines, position)
            if comment:
                prose.extend(lines[position:comment])
                position = comment
                continue
            fence = _FENCE.match(line)
            if fence and not (fence.group(2)[0] == "`" and "`" in fence.group(3)):
                if fence.group(3).strip().startswith("mdx-code-block"):
                    unwrap.append(fence.group(2))
                    position += 1
                    continue
                self._prose(prose)
                prose = []
                position = self._code(lines, position, fence)
                continue
            at_start = not prose or not prose[-1].strip() or _COMMENT_LINE.fullmatch(prose[-1])
            if self.mdx and at_start and _ESM.match(line):
                position = self._esm(lines, position)
                continue
            prose.append(line)
            position += 1
        self._prose(prose)
        return self.lines

    def _comment_end(self, lines: list[str], position: int) -> int:
        """The line after a comment that starts this line and runs over several, else 0."""
        start = lines[position].strip()
        for opening, closing in (("{/*", "*/}"), ("<!--", "-->")):
            if start.startswith(opening) and closing not in start:
                for end in range(position + 1, len(lines)):
                    if closing in lines[end]:
                        return end + 1
        return 0

    def _esm(self, lines: list[str], position: int) -> int:
        """Skips an import or export block; it ends at a blank line outside every bracket."""
        end = position
        depth = 0
        while end < len(lines):
            if depth <= 0 and not lines[end].strip():
                break
            depth += jsx.bracket_balance(lines[end])
            end += 1
            if end - position > 400:
                break
        if depth > 0:
            # unbalanced to the end of the file: only the first paragraph can be meant
            end = position
            while end < len(lines) and lines[end].strip():
                end += 1
        for name, _, path in _MD_IMPORT.findall("\n".join(lines[position:end])):
            self.partials[name] = path.replace("\\", "")
        return end

    def _code(self, lines: list[str], position: int, fence: re.Match[str]) -> int:
        info = fence.group(3).strip()
        words = info.split()
        language = words[0] if words and not words[0].startswith("{") and "=" not in words[0] else ""
        title = _TITLE.search(info)
        indent = fence.group(1)
        if title:
            # the title is text of the page, not of the fence: a line of its own above the code
            self._emit(f"{indent}`{title.group(1)[1:-1]}`")
            indent = _LIST_MARK.sub(lambda mark: " " * len(mark.group(0)), indent)
        self._emit(f"{indent}{fence.group(2)}{language}")
        for end in range(position + 1, len(lines)):
            if _closes(lines[end], fence.group(2)):
                self._emit(lines[end])
                return end + 1
            if not _HIGHLIGHT.match(lines[end]):
                self._emit(lines[end])
        self._emit(_LIST_MARK.sub(lambda mark: " " * len(mark.group(0)), fence.group(1)) + fence.group(2))
        return len(lines)

    def _emit(self, text: str, heading: Heading | None = None) -> None:
        self.lines.append(Line(text, self.unit, heading))

    def _prose(self, lines: list[str]) -> None:
        text: list[str] = []
        for piece in self.prose.read("\n".join(lines)) if lines else ():
            if isinstance(piece, str):
                text.append(piece)
                continue
            self._flush("".join(text))
            text = []
            if isinstance(piece, Heading):
                self._emit(piece.text, piece)
            else:
                self.lines += [Line("", self.unit), *piece, Line("", self.unit)]
        self._flush("".join(text))

    def _flush(self, text: str) -> None:
        blank = 0
        for line in text.split("\n") if text else ():
            blank = 0 if line.strip() else blank + 1
            if blank < 2:
                self._emit(line.rstrip() if not line.endswith("  ") else line)


def _closes(line: str, fence: str) -> bool:
    stripped = line.lstrip(" \t>").rstrip()
    return len(stripped) >= len(fence) and set(stripped) == {fence[0]}

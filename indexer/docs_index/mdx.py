"""MDX as Docusaurus accepts it, turned into the plain Markdown that the page shows.

Not a strict MDX parser on purpose: Docusaurus rewrites sources before it compiles them, and a file that a strict
parser rejects must still be indexed as far as it can be.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping

from docs_index import footnotes, imports
from docs_index.admonitions import AdmonitionStack
from docs_index.code import MAGIC_COMMENTS, is_magic
from docs_index.imports import Import, module_end, read_imports
from docs_index.lines import Fault, Heading, Include, Line, Notes
from docs_index.links import find_definitions
from docs_index.prose import ProseReader

_FENCE = re.compile(r"^([ \t>]*)((?:(?:[-*+]|\d{1,9}[.)])[ \t]+)?)(`{3,}|~{3,})(.*)$")
_COMMENT_LINE = re.compile(r"\s*(?:<!--.*-->|\{/\*.*\*/\})\s*")
_TITLE = re.compile(r"title=(\"[^\"]*\"|'[^']*')")


def convert(
    body: str,
    *,
    unit: int,
    include: Include,
    mdx: bool = True,
    locale: str = "en",
    known: Mapping[str, Import] | None = None,
    magic: Collection[str] = MAGIC_COMMENTS,
    first_line: int = 1,
    notes: Notes | None = None,
) -> list[Line]:
    """The page's Markdown lines, partials inlined.

    :param body: the file without its front matter.
    :param unit: number of this compiled file, for the lines that come back.
    :param mdx: False for CommonMark files, where braces are text and there are no imports.
    :param locale: the language in which the theme titles admonitions that have no title of their own.
    :param known: what the file can use without importing it, by its name.
    :param magic: comments that only mark lines of code.
    :param first_line: the body's line number in its file.
    :param notes: takes what was noticed: mistakes, and components whose text is not in the file.
    """
    return _Converter(unit, include, mdx, locale, known or {}, magic, notes or Notes()).run(body, first_line)


class _Converter:
    def __init__(
        self,
        unit: int,
        include: Include,
        mdx: bool,
        locale: str,
        known: Mapping[str, Import],
        magic: Collection[str],
        notes: Notes,
    ) -> None:
        self.unit = unit
        self.include = include
        self.mdx = mdx
        self.locale = locale
        self.magic = magic
        self.notes = notes
        self.imports = dict(known)
        self.footnotes: dict[str, tuple[list[str], int]] = {}
        self.admonitions = AdmonitionStack()
        self.lines: list[Line] = []

    def run(self, body: str, first_line: int) -> list[Line]:
        names = footnotes.find_footnotes(body)
        definitions = find_definitions(body)
        self.prose = ProseReader(
            self.imports, self.include, names, definitions, self.mdx, self.locale, self.magic, self.unit, self.notes
        )
        lines = body.split("\n")
        self._read(_unwrap(lines) if "mdx-code-block" in body else lines, first_line)
        self._show_footnotes()
        self.prose.close()
        self.notes.faults += self.admonitions.faults()
        return self.lines

    def _read(self, lines: list[str], first_line: int) -> None:
        prose: list[str] = []
        numbers: list[int] = []
        position = 0
        while position < len(lines):
            line = lines[position]
            comment = self._comment_end(lines, position)
            if comment:
                prose += lines[position:comment]
                numbers += range(first_line + position, first_line + comment)
                position = comment
                continue
            fence = _FENCE.match(line)
            if fence and not (fence.group(3)[0] == "`" and "`" in fence.group(4)):
                self._prose(prose, numbers)
                prose, numbers = [], []
                position = self._code(lines, position, fence, first_line)
                continue
            at_start = not prose or not prose[-1].strip() or _COMMENT_LINE.fullmatch(prose[-1])
            if self.mdx and at_start and imports.BEGINS.match(line):
                position = self._module(lines, position, first_line)
                continue
            if "[^" in line and (note := footnotes.read_footnote(lines, position)):
                name, text, end = note
                self.footnotes.setdefault(name, (text, first_line + position))
                position = end
                continue
            if ":::" in line and (fault := self.admonitions.read(line, first_line + position)):
                self.notes.faults.append(fault)
            prose.append(line)
            numbers.append(first_line + position)
            position += 1
        self._prose(prose, numbers)

    def _comment_end(self, lines: list[str], position: int) -> int:
        """The line after a comment that starts this line and runs over several, else 0."""
        start = lines[position].lstrip()
        for opening, closing in (("{/*", "*/}"), ("<!--", "-->")):
            if start.startswith(opening) and closing not in start:
                for end in range(position + 1, len(lines)):
                    if closing in lines[end]:
                        return end + 1
        return 0

    def _module(self, lines: list[str], position: int, first_line: int) -> int:
        """Skips an import or export block, and remembers what it imports."""
        paragraph = next((end for end in range(position, len(lines)) if not lines[end].strip()), len(lines))
        text = "\n".join(lines[position:paragraph])
        size = module_end(text)
        if not size:
            text = "\n".join(lines[position:])
            size = module_end(text)
        if not size:
            # unbalanced to the end of the file: only the first paragraph can be meant
            size = text.find("\n\n") if "\n\n" in text else len(text)
            fault = "the brackets of this import or export are never closed"
            hint = "Balance them; the text that follows is read as text again from the next blank line on."
            self.notes.faults.append(Fault("brace-unclosed", first_line + position, fault, hint))
        module = text[:size]
        self.imports.update(read_imports(module, first_line + position))
        return position + module.count("\n") + 1

    def _code(self, lines: list[str], position: int, fence: re.Match[str], first_line: int) -> int:
        indent, item, marks, info = fence.groups()
        words = info.split()
        language = words[0] if words and not words[0].startswith("{") and "=" not in words[0] else ""
        title = _TITLE.search(info)
        inside = indent + " " * len(item)
        shown = language != "mermaid"  # drawn by the browser: the page has no text of it
        if shown and title:
            # the title is text of the page, not of the fence: a line of its own above the code
            self._emit(f"{indent}{item}`{title.group(1)[1:-1]}`")
            item = " " * len(item)
        if shown:
            self._emit(f"{indent}{item}{marks}{language}")
        for end in range(position + 1, len(lines)):
            line = lines[end]
            if _closes(line, marks):
                if shown:
                    self._emit(line)
                return end + 1
            if self._ends_around(line, indent, inside if item else ""):
                if shown:
                    self._emit(inside + marks)
                return end
            if shown and not is_magic(line, self.magic):
                self._emit(line)
        self._emit(inside + marks)
        hint = f"Close it with a line of its own: {marks}"
        self.notes.faults.append(
            Fault("fence-unclosed", first_line + position, "the code block is never closed: it runs to the end", hint)
        )
        return len(lines)

    def _ends_around(self, line: str, indent: str, inside: str) -> bool:
        """Whether the quote, list item or admonition that the code block stands in ends at this line."""
        if ">" in indent and not line.lstrip(" \t").startswith(">"):
            return True
        if inside and line.strip() and len(line) - len(line.lstrip(" \t>")) < len(inside):
            return True
        return ":::" in line and self.admonitions.closes(line)

    def _show_footnotes(self) -> None:
        order = self.prose.footnote_order
        if not order:
            return
        heading = Heading(2, f"## {footnotes.TITLE}", "", footnotes.ANCHOR)
        self.lines += [Line("", self.unit), Line(heading.text, self.unit, heading), Line("", self.unit)]
        number = 0
        while number < len(order):  # a footnote may refer to further ones
            text, first_line = self.footnotes.get(order[number], ([], 0))
            number += 1
            start = len(self.lines)
            self._read(text, first_line)
            mark = f"{number}. "
            for line in self.lines[start:]:
                line.text = mark + line.text if mark.strip() else (mark + line.text).rstrip()
                mark = " " * len(mark)

    def _emit(self, text: str, heading: Heading | None = None) -> None:
        self.lines.append(Line(text, self.unit, heading))

    def _prose(self, lines: list[str], numbers: list[int]) -> None:
        text: list[str] = []
        for piece in self.prose.read("\n".join(lines), numbers) if lines else ():
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


def _unwrap(lines: list[str]) -> list[str]:
    """The lines with the marks of ``mdx-code-block`` fences blanked, wherever they stand, as Docusaurus takes them."""
    result = list(lines)
    for marks in ("```", "````"):
        opening = re.compile(rf" *{marks} *mdx-code-block")
        start = -1
        for number, line in enumerate(result):
            if start < 0 and opening.fullmatch(line):
                start = number
            elif start >= 0 and line.strip(" ") == marks:
                result[start] = result[number] = ""
                start = -1
    return result


def _closes(line: str, fence: str) -> bool:
    stripped = line.lstrip(" \t>").rstrip()
    return len(stripped) >= len(fence) and set(stripped) == {fence[0]}

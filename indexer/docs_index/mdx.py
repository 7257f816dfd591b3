"""MDX as Docusaurus accepts it, turned into the plain Markdown that the page shows.

Not a strict MDX parser on purpose: Docusaurus rewrites sources before it compiles them, and a file that a strict
parser rejects must still be indexed as far as it can be.
"""

from __future__ import annotations

import html
import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from docs_index import jsx
from docs_index.jsx import Tag


@dataclass(slots=True)
class Heading:
    """What the id of an ATX heading is made from: the text that Docusaurus slugs, or the id as written."""

    level: int
    slug_text: str
    explicit_id: str | None


@dataclass(slots=True)
class Line:
    """One line of plain Markdown. ``unit`` tells which compiled file it belongs to: slugs restart in each."""

    text: str
    unit: int
    heading: Heading | None = None


#: Gives the lines of an imported Markdown file, or None when it cannot be had.
Include = Callable[[str], list[Line] | None]

_FENCE = re.compile(r"^([ \t>]*(?:(?:[-*+]|\d{1,9}[.)])[ \t]+)?)(`{3,}|~{3,})(.*)$")
_ATX = re.compile(r"[ \t]*(?:(?:>|[-*+]|\d{1,9}[.)])[ \t]+)*(#{1,6})(?=[ \t\n]|$)")
_ESM = re.compile(r"(?:import\s*(?:[\w$*{]|['\"])|export\s+(?:const|let|var|function|default|class|async|type|\{|\*))")
_MD_IMPORT = re.compile(r"import\s+(\w+)\s+from\s+(['\"])([^'\"]+?\.mdx?)\2")
_ADMONITION = re.compile(r"[ \t>]*:{3,}[ \t]*([A-Za-z][\w-]*)?[ \t]*(.*)")
_DEFINITION = re.compile(r"[ \t]{0,3}\[(?!\^)[^\]\n]+\]:[ \t]*\S+.*")
_HIGHLIGHT = re.compile(
    r"^\s*(?://|#|<!--|/\*|\{/\*|--|%|;|REM)\s*highlight-(?:next-line|start|end)\s*(?:\*/\}?|-->)?\s*$"
)
_TITLE = re.compile(r"title=(\"[^\"]*\"|'[^']*')")
_EXPLICIT = re.compile(
    r"[ \t]*(?:\\?\{#(?P<classic>[^}\s]+)\\?\}|\{/\*\s*#(?P<mdx>\S+?)\s*\*/\}|<!--\s*#(?P<html>\S+?)\s*-->)"
    r"[ \t]*#*[ \t]*$"
)
_ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,30});")
#: Characters that begin nothing; whatever is between others is copied at once.
_PLAIN = re.compile(r"[^\n\\`{<!\[&]+")
_INCLUDE = "\ue000{}\ue001"
_INCLUDED = re.compile("\ue000(\\d+)\ue001")
_INLINE = frozenset(
    "a abbr b bdi bdo big cite code data del dfn em font i ins kbd label mark q rp rt ruby s samp small span strike "
    "strong sub sup time tt u var wbr".split()
)
_BLOCK = frozenset(
    "address article aside blockquote br center dd details dialog div dl dt fieldset figcaption figure footer form "
    "h1 h2 h3 h4 h5 h6 header hr li main nav ol p pre section summary table tbody td tfoot th thead tr ul Tabs "
    "TabItem Admonition".split()
)
_SILENT = frozenset("style script svg head Head".split())


@cache
def admonition_titles(locale: str) -> dict[str, str]:
    """``kind -> title`` in the language of ``locale``; kinds that the theme does not translate are left out."""
    data: dict[str, dict[str, str]] = json.loads(files("docs_index").joinpath("admonitions.json").read_text("utf-8"))[
        "titles"
    ]
    return data.get(locale) or data.get(locale.split("-")[0]) or {}


def convert(body: str, *, unit: int, include: Include, mdx: bool = True, locale: str = "en") -> list[Line]:
    """The page's Markdown lines, partials inlined.

    :param body: the file without its front matter.
    :param unit: number of this compiled file, for the lines that come back.
    :param mdx: False for CommonMark files, where braces are text and there are no imports.
    :param locale: the language in which the theme titles admonitions that have no title of their own.
    """
    return _Converter(unit, include, mdx, admonition_titles(locale)).run(body)


class _Converter:
    def __init__(self, unit: int, include: Include, mdx: bool, titles: dict[str, str]) -> None:
        self.titles = titles
        self.unit = unit
        self.include = include
        self.mdx = mdx
        self.partials: dict[str, str] = {}
        self.included: list[list[Line]] = []
        self.tab_labels: dict[str, str] = {}
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
            at_start = not prose or not prose[-1].strip()
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
        head = f"{fence.group(1)}{fence.group(2)}{language}"
        self._emit(head + (f" title={title.group(1)}" if title else ""))
        for end in range(position + 1, len(lines)):
            if _closes(lines[end], fence.group(2)):
                self._emit(lines[end])
                return end + 1
            if not _HIGHLIGHT.match(lines[end]):
                self._emit(lines[end])
        self._emit(fence.group(1).replace("-", " ").replace("*", " ") + fence.group(2))
        return len(lines)

    def _emit(self, text: str, heading: Heading | None = None) -> None:
        self.lines.append(Line(text, self.unit, heading))

    def _prose(self, lines: list[str]) -> None:
        if not lines:
            return
        pieces: list[str | Heading] = []
        self._scan("\n".join(lines), pieces)
        text: list[str] = []
        for piece in pieces:
            if isinstance(piece, Heading):
                self._flush("".join(text))
                text = []
                self._emit("", piece)  # its text follows in the next piece
            else:
                text.append(piece)
        self._flush("".join(text))

    def _flush(self, text: str) -> None:
        if not text:
            return
        lines = text.split("\n")
        if self.lines and self.lines[-1].heading is not None and not self.lines[-1].text:
            self.lines[-1].text = lines.pop(0)
        blank = 0
        for line in lines:
            parts = _INCLUDED.split(line)
            if len(parts) > 1:
                for index, part in enumerate(parts):
                    if index % 2:
                        self._emit("")
                        self.lines.extend(self.included[int(part)])
                        self._emit("")
                    elif part.strip():
                        self._emit(part)
                continue
            blank = 0 if line.strip() else blank + 1
            if blank < 2:
                self._emit(line.rstrip() if not line.endswith("  ") else line)

    def _scan(self, text: str, out: list[str | Heading]) -> None:
        """Copies ``text`` to ``out`` without what a page does not show."""
        position = 0
        line_start = True
        while position < len(text):
            if line_start:
                line_start = False
                end = text.find("\n", position)
                end = len(text) if end < 0 else end
                line = text[position:end]
                if atx := _ATX.match(line):
                    out.append(self._heading(line, len(atx.group(1))))
                    out.append(self._heading_text(line) + "\n")
                    position, line_start = end + 1, True
                    continue
                if (admonition := _ADMONITION.fullmatch(line)) and line.strip().startswith((":::", ">")):
                    out.append(self._admonition(admonition))
                    position, line_start = end + 1, True
                    continue
                if _DEFINITION.fullmatch(line):
                    position, line_start = end + 1, True
                    continue
            if text[position] == "\n":
                out.append("\n")
                position, line_start = position + 1, True
            else:
                position = self._inline(text, position, out)

    def _inline(self, text: str, position: int, out: list[str | Heading]) -> int:
        plain = _PLAIN.match(text, position)
        if plain:
            out.append(plain.group(0))
            return plain.end()
        character = text[position]
        if character == "\\" and position + 1 < len(text):
            following = text[position + 1]
            out.append(following if following in "{}<>" else character + following)
            return position + 2
        if character == "`":
            end = jsx.code_end(text, position)
            out.append(text[position:end])
            return end
        if character == "{" and self.mdx:
            end = jsx.expression_end(text, position)
            if end:
                out.append(jsx.literal_text(text[position + 1 : end - 1]))
                return end
        if character == "<":
            if text.startswith("<!--", position):
                end = text.find("-->", position)
                return end + 3 if end >= 0 else len(text)
            tag = jsx.read_tag(text, position)
            if tag:
                return self._tag(text, tag, out)
        if character == "&" and (entity := _ENTITY.match(text, position)):
            out.append(html.unescape(entity.group(0)).replace("\u00a0", " "))
            return entity.end()
        if character in "![":
            link = jsx.read_link(text, position)
            if link:
                label, end = link
                self._scan_inline(label, out)
                return end
        out.append(character)
        return position + 1

    def _scan_inline(self, text: str, out: list[str | Heading]) -> None:
        position = 0
        while position < len(text):
            position = self._inline(text, position, out)

    def _tag(self, text: str, tag: Tag, out: list[str | Heading]) -> int:
        name = tag.name
        if name in _SILENT and not tag.closing and not tag.self_closing:
            end = text.find(f"</{name}>", tag.end)
            return tag.end if end < 0 else end + len(name) + 3
        if name in self.partials and not tag.closing:
            lines = self.include(self.partials[name])
            if lines is not None:
                self.included.append(lines)
                out.append("\n" + _INCLUDE.format(len(self.included) - 1) + "\n")
            return tag.end
        if name in _INLINE:
            return tag.end
        label = self._label(tag)
        line = text[text.rfind("\n", 0, tag.end - 1) + 1 : tag.end]
        in_row = line.lstrip().startswith("|")
        if label:
            out.append(f" {label} " if in_row else f"\n\n{label}\n\n")
        elif name in _BLOCK:
            out.append(" " if in_row or name == "br" else "\n")
        else:
            previous = out[-1][-1:] if out and isinstance(out[-1], str) else ""
            if previous.isalnum() and text[tag.end : tag.end + 1].isalnum():
                out.append(" ")
        return tag.end

    def _label(self, tag: Tag) -> str:
        """The words that a component shows of its attributes."""
        if tag.closing:
            return ""
        attributes = tag.attributes
        if tag.name == "Tabs":
            self.tab_labels = jsx.tab_labels(attributes.get("values", ""))
        if tag.name == "TabItem":
            value = attributes.get("value", "")
            label = attributes.get("label") or self.tab_labels.get(value) or value
            return f"**{label}**" if label else ""
        if tag.name == "Admonition":
            kind = attributes.get("type", "")
            title = attributes.get("title") or self.titles.get(kind, kind).capitalize()
            return f"**{title}**" if title else ""
        if tag.name == "img":
            return attributes.get("alt", "")
        return ""

    def _admonition(self, match: re.Match[str]) -> str:
        kind, rest = match.group(1), match.group(2).strip()
        prefix = re.match(r"[ \t>]*", match.group(0))
        indent = prefix.group(0) if prefix else ""
        if not kind:
            return "\n"
        rest = re.sub(r"\{[^}]*\}\s*$", "", rest).strip()
        title = rest[1:-1] if rest.startswith("[") and rest.endswith("]") else rest
        title = title or self.titles.get(kind, kind).capitalize()
        return f"{indent.rstrip()}\n{indent}**{title}**\n{indent.rstrip()}\n"

    def _heading(self, line: str, level: int) -> Heading:
        text = line[line.index("#") :].lstrip("#").strip()
        explicit = _EXPLICIT.search(text)
        if explicit:
            return Heading(level, "", explicit["classic"] or explicit["mdx"] or explicit["html"])
        return Heading(level, jsx.strip_tags(text), None)

    def _heading_text(self, line: str) -> str:
        explicit = _EXPLICIT.search(line)
        pieces: list[str | Heading] = []
        inner = _Converter(self.unit, lambda _: None, self.mdx, self.titles)
        inner._scan_inline(line[: explicit.start()] if explicit else line, pieces)
        return re.sub(r"\s+", " ", "".join(piece for piece in pieces if isinstance(piece, str)))


def _closes(line: str, fence: str) -> bool:
    stripped = line.lstrip(" \t>").rstrip()
    return len(stripped) >= len(fence) and set(stripped) == {fence[0]}

"""Running text of an MDX file: everything between its code blocks, without what a page does not show."""

from __future__ import annotations

import html
import json
import re
from functools import cache
from importlib.resources import files

from docs_index import jsx
from docs_index.jsx import Tag
from docs_index.lines import Heading, Include, Piece

_ATX = re.compile(r"[ \t]*(?:(?:>|[-*+]|\d{1,9}[.)])[ \t]+)*(#{1,6})(?=[ \t\n]|$)")
_ADMONITION = re.compile(r"[ \t>]*:{3,}[ \t]*([A-Za-z][\w-]*)?[ \t]*(.*)")
_DEFINITION = re.compile(r"[ \t]{0,3}\[(?!\^)[^\]\n]+\]:[ \t]*\S+.*")
_EXPLICIT = re.compile(
    r"[ \t]*(?:\\?\{#(?P<classic>[^}\s]+)\\?\}|\{\s*/\*\s*#(?P<mdx>\S+?)\s*\*/\s*\}|<!--\s*#(?P<html>\S+?)\s*-->)"
    r"[ \t]*#*[ \t]*$"
)
_ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,30});")
#: Characters that begin nothing; whatever is between others is copied at once.
_PLAIN = re.compile(r"[^\n\\`{<!\[&]+")
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
    data: dict[str, dict[str, dict[str, str]]] = json.loads(
        files("docs_index").joinpath("admonitions.json").read_text("utf-8")
    )
    titles = data["titles"]
    return titles.get(locale) or titles.get(locale.split("-")[0]) or {}


class ProseReader:
    """Reads one compiled file's prose; labels of tabs are remembered from one stretch to the next.

    :param partials: local name -> path of the Markdown files that were imported so far.
    """

    def __init__(self, partials: dict[str, str], include: Include, mdx: bool, locale: str) -> None:
        self.partials = partials
        self.include = include
        self.mdx = mdx
        self.titles = admonition_titles(locale)
        self.tab_labels: dict[str, str] = {}

    def read(self, text: str) -> list[Piece]:
        """Text, headings, and the lines of included files, in order."""
        out: list[Piece] = []
        self._scan(text, out)
        return out

    def _scan(self, text: str, out: list[Piece]) -> None:
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

    def _inline(self, text: str, position: int, out: list[Piece]) -> int:
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

    def _scan_inline(self, text: str, out: list[Piece]) -> None:
        position = 0
        while position < len(text):
            position = self._inline(text, position, out)

    def _tag(self, text: str, tag: Tag, out: list[Piece]) -> int:
        name = tag.name
        if name in _SILENT and not tag.closing and not tag.self_closing:
            end = text.find(f"</{name}>", tag.end)
            return tag.end if end < 0 else end + len(name) + 3
        if name in self.partials and not tag.closing:
            lines = self.include(self.partials[name])
            if lines is not None:
                out.append(lines)
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
        explicit = _EXPLICIT.search(line)
        shown: list[Piece] = []
        self._scan_inline(line[: explicit.start()] if explicit else line, shown)
        text = re.sub(r"\s+", " ", "".join(piece for piece in shown if isinstance(piece, str)))
        if explicit:
            return Heading(level, text, "", explicit["classic"] or explicit["mdx"] or explicit["html"])
        return Heading(level, text, jsx.strip_tags(line[line.index("#") :].lstrip("#").strip()), None)

"""Running text of an MDX file: everything between its code blocks, without what a page does not show."""

from __future__ import annotations

import html
import re
from collections.abc import Collection

from docs_index import jsx
from docs_index.admonitions import KINDS, admonition_titles
from docs_index.code import fence, is_magic
from docs_index.emoji import show_emoji
from docs_index.imports import Import
from docs_index.jsx import Tag
from docs_index.lines import Fault, Heading, Include, Line, Notes, Piece
from docs_index.links import read_link
from docs_index.pairs import Pairs, code_end

_ATX = re.compile(r"[ \t]*(?:(?:>|[-*+]|\d{1,9}[.)])[ \t]+)*(#{1,6})(?=[ \t\n]|$)")
_ADMONITION = re.compile(r"[ \t>]*:{3,}[ \t]*([A-Za-z][\w-]*)?[ \t]*(.*)")
_DEFINITION = re.compile(r"[ \t]{0,3}\[(?!\^)[^\]\n]+\]:[ \t]*\S+.*")
_EXPLICIT = re.compile(
    r"[ \t]*(?:\\?\{#(?P<classic>[^}\s]+)\\?\}|\{\s*/\*\s*#(?P<mdx>\S+?)\s*\*/\s*\}|<!--\s*#(?P<html>\S+?)\s*-->)"
    r"[ \t]*#*[ \t]*$"
)
_ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,30});")
_FOOTNOTE = re.compile(r"\[\^([^\]\s]+)\]")
#: Characters that begin nothing; whatever is between others is copied at once.
_PLAIN = re.compile(r"[^\n\\`{<!\[&]+")
_BLANK_LINE = re.compile(r"\n[ \t]*\n")
_NAME = re.compile(r"\s*([\w$]+)\s*(?:\.|$)")
#: A list item that begins with what may show nothing: an image, a tag, an expression.
_ITEM_START = re.compile(r"[ \t>]*(?:[-*+]|\d{1,9}[.)])[ \t]+[!<{\[]")
_EMPTY_ITEM = re.compile(r"[ \t>]*(?:[-*+]|\d{1,9}[.)])\s*")
#: The marks that may close a heading, which are not of its text.
_ATX_END = re.compile(r"(?:^|[ \t]+)#+[ \t]*$")
_CODE_TAG = re.compile(r"</?code[^>]*>")
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
_VOID = frozenset("area base br col embed hr img input link meta source track wbr".split())
#: Components of the theme whose text is known.
_KNOWN = frozenset("Admonition CodeBlock Details Link TabItem Tabs TOCInline".split())
#: Links in links in links: deeper than this nothing is read as Markdown any more.
_MAX_DEPTH = 8


class ProseReader:
    """Reads one compiled file's prose; open tags and tab labels are remembered from one stretch to the next.

    :param imports: local name -> file, of the imports so far; it grows as the file is read.
    :param footnotes: names of the footnotes that the file defines.
    :param definitions: names, lower case, of the addresses that it defines for reference links.
    """

    def __init__(
        self,
        imports: dict[str, Import],
        include: Include,
        footnotes: frozenset[str],
        definitions: frozenset[str],
        mdx: bool,
        locale: str,
        magic: Collection[str],
        unit: int,
        notes: Notes,
    ) -> None:
        self.imports = imports
        self.include = include
        self.footnotes = footnotes
        self.definitions = definitions
        self.mdx = mdx
        self.magic = magic
        self.unit = unit
        self.notes = notes
        self.titles = admonition_titles(locale)
        self.tab_labels: dict[str, str] = {}
        self.footnote_order: list[str] = []
        self._open: list[tuple[Tag, int]] = []
        self._line = 0

    def read(self, text: str, numbers: list[int]) -> list[Piece]:
        """Text, headings, and the lines of included files, in order; ``numbers`` are those of the text's lines."""
        out: list[Piece] = []
        self._scan(text, numbers, out)
        return out

    def close(self) -> None:
        """Says which tags the end of the file leaves open."""
        for tag, line in self._open:
            self._fault_open(tag.name, line)

    def _scan(self, text: str, numbers: list[int], out: list[Piece]) -> None:
        """Copies ``text`` to ``out`` without what a page does not show."""
        pairs = Pairs(text)
        position = counted = index = 0
        line_start = True
        item = -1
        while position < len(text):
            if line_start:
                line_start = False
                _drop_empty_item(out, item)
                index += text.count("\n", counted, position)
                counted = position
                self._line = numbers[index]
                end = text.find("\n", position)
                end = len(text) if end < 0 else end
                line = text[position:end]
                item = len(out) if _ITEM_START.match(line) else -1
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
                position = self._inline(pairs, position, out, 0)
        _drop_empty_item(out, item)

    def _inline(self, pairs: Pairs, position: int, out: list[Piece], depth: int) -> int:
        text = pairs.text
        plain = _PLAIN.match(text, position)
        if plain:
            words = plain.group(0)
            out.append(show_emoji(words) if words.count(":") > 1 else words)
            return plain.end()
        character = text[position]
        if character == "\\" and position + 1 < len(text):
            following = text[position + 1]
            if following == "\n":
                return position + 1  # a hard break
            out.append(following if following in "{}<>" else character + following)
            return position + 2
        if character == "`":
            end = code_end(text, position)
            out.append(text[position:end])
            return end
        if character == "{" and self.mdx:
            end = self._expression_end(pairs, position)
            if end:
                self._expression(text[position + 1 : end - 1], text, position, out)
                return end
        if character == "<":
            if text.startswith("<!--", position):
                end = text.find("-->", position)
                return end + 3 if end >= 0 else len(text)
            tag = jsx.read_tag(pairs, position)
            if tag:
                return self._tag(text, tag, out)
            self._check_tag_start(text, position)
        if character == "&" and (entity := _ENTITY.match(text, position)):
            character = html.unescape(entity.group(0))
            # a line end that is written as an entity ends no line of Markdown
            out.append(" " if character.isspace() else character)
            return entity.end()
        if character == "[" and (mark := _FOOTNOTE.match(text, position)) and mark.group(1) in self.footnotes:
            if mark.group(1) not in self.footnote_order:
                self.footnote_order.append(mark.group(1))
            out.append(f"[^{self.footnote_order.index(mark.group(1)) + 1}]")
            return mark.end()
        if character in "![":
            link = read_link(pairs, position, self.definitions)
            if link:
                # what an image shows when it cannot be seen is no text of the page
                if character == "[":
                    self._scan_inline(link.label, out, depth + 1)
                return link.end
        out.append(character)
        return position + 1

    def _scan_inline(self, text: str, out: list[Piece], depth: int) -> None:
        if depth > _MAX_DEPTH:
            out.append(text)
            return
        pairs = Pairs(text)
        position = 0
        while position < len(text):
            position = self._inline(pairs, position, out, depth)

    def _expression_end(self, pairs: Pairs, position: int) -> int:
        """0 when nothing closes the brace; inside a paragraph an expression does not go past the paragraph's end."""
        text = pairs.text
        end = pairs.brace_end(position)
        if end and not text[text.rfind("\n", 0, position) + 1 : position].strip(" \t>"):
            return end
        if not end or _BLANK_LINE.search(text, position, end):
            self._fault(
                "brace-unclosed",
                "the brace '{' is never closed",
                "Close it with '}', or write '\\{' when a brace is meant.",
            )
            return 0
        return end

    def _expression(self, inside: str, text: str, position: int, out: list[Piece]) -> None:
        if imported := self._imported_text(inside):
            out.append(self._imported_code(imported, self._open[-1][0] if self._open else None))
            return
        shown = re.sub(r"\s*\n\s*", " ", jsx.literal_text(inside))
        if shown.startswith("#") and not text[text.rfind("\n", 0, position) + 1 : position].strip():
            shown = f"\\{shown}"  # a number sign that begins no heading
        out.append(shown)

    def _tag(self, text: str, tag: Tag, out: list[Piece]) -> int:
        name = tag.name
        if name in _SILENT and not tag.closing and not tag.self_closing:
            end = text.find(f"</{name}>", tag.end)
            return tag.end if end < 0 else end + len(name) + 3
        if not tag.closing and (imported := self.imports.get(name)) and imported.kind != "text":
            lines = self.include(imported)
            if lines is not None:
                out.append(lines)
            if imported.kind == "markdown":
                return tag.end
        if name in ("CodeBlock", "pre") and not tag.closing and (code := self._code_block(text, tag)):
            block, end = code
            out.append(block)
            return end
        if self.mdx:
            self._track(tag)
        if name in _INLINE:
            return tag.end
        label = self._label(tag) or _summary(text, tag)
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

    def _track(self, tag: Tag) -> None:
        """Keeps the tags that are open, and says which one another's end leaves open."""
        name = tag.name
        if not tag.closing:
            if name[:1].isupper() and name not in _KNOWN:
                self.notes.components.append((self._line, name))
            if not tag.self_closing and name not in _VOID:
                self._open.append((tag, self._line))
            return
        if not any(open_tag.name == name for open_tag, _ in self._open):
            return
        while self._open:
            open_tag, line = self._open.pop()
            if open_tag.name == name:
                return
            self._fault_open(open_tag.name, line)

    def _label(self, tag: Tag) -> str:
        """The words that a component shows of its attributes."""
        if tag.closing:
            return ""
        attributes = tag.attributes
        if tag.name == "Tabs":
            self.tab_labels = jsx.tab_labels(attributes.get("values", ""))
            return ""
        if tag.name == "TabItem":
            value = attributes.get("value", "")
            # labels that the whole set gives are all that it shows
            label = self.tab_labels.get(value, "") if self.tab_labels else attributes.get("label") or value
            return f"**{label}**" if label else ""
        if tag.name == "Admonition":
            kind = attributes.get("type", "")
            title = attributes.get("title") or self.titles.get(kind, kind).capitalize()
            return f"**{title}**" if title else ""
        return ""

    def _code_block(self, text: str, tag: Tag) -> tuple[list[Line], int] | None:
        """The code of ``<CodeBlock>{code}</CodeBlock>`` with the offset behind it; None when it is no plain text."""
        end = text.find(f"</{tag.name}>", tag.end)
        if end < 0 or tag.self_closing:
            return None
        inside = _CODE_TAG.sub("", text[tag.end : end]).strip()
        if not (inside.startswith("{") and inside.endswith("}")):
            return None
        after = end + len(tag.name) + 3
        if imported := self._imported_text(inside[1:-1]):
            return self._imported_code(imported, tag), after
        code = jsx.literal_text(inside[1:-1])
        return (self._fenced(code.strip("\n").split("\n"), tag, ""), after) if code else None

    def _imported_text(self, expression: str) -> Import | None:
        """The file whose text ``{expression}`` shows: by its name, whatever it trims of it."""
        name = _NAME.match(expression)
        imported = self.imports.get(name.group(1)) if name else None
        return imported if imported and imported.kind == "text" else None

    def _imported_code(self, imported: Import, tag: Tag | None) -> list[Line]:
        lines = self.include(imported)
        if lines is None:
            return []
        return self._fenced([line.text for line in lines], tag, imported.path.rpartition(".")[2])

    def _fenced(self, code: list[str], tag: Tag | None, language: str) -> list[Line]:
        attributes = tag.attributes if tag else {}
        shown = [line for line in code if not is_magic(line, self.magic)]
        text = fence(shown, attributes.get("language", language), attributes.get("title", ""))
        return [Line(line, self.unit) for line in text]

    def _admonition(self, match: re.Match[str]) -> str:
        kind, rest = match.group(1), match.group(2).strip()
        prefix = re.match(r"[ \t>]*", match.group(0))
        indent = prefix.group(0) if prefix else ""
        if not kind:
            return "\n"
        rest = re.sub(r"\{[^}]*\}\s*$", "", rest).strip()
        title = rest[1:-1] if rest.startswith("[") and rest.endswith("]") else rest
        # what a kind that the site made up shows by itself is not known
        title = title or self.titles.get(kind, kind if kind in KINDS else "").capitalize()
        if not title:
            return "\n"
        shown: list[Piece] = []
        self._scan_inline(title, shown, 1)
        text = "".join(piece for piece in shown if isinstance(piece, str)).replace("\n", " ").strip()
        return f"{indent.rstrip()}\n{indent}**{text}**\n{indent.rstrip()}\n"

    def _heading(self, line: str, level: int) -> Heading:
        explicit = _EXPLICIT.search(line)
        source = line[: explicit.start()] if explicit else line
        shown: list[Piece] = []
        self._scan_inline(source, shown, 0)
        text = re.sub(r"\s+", " ", "".join(piece for piece in shown if isinstance(piece, str)))
        if explicit:
            identifier = explicit["classic"] or explicit["mdx"] or explicit["html"]
            return Heading(level, text, "", identifier, self._line)
        inside = _ATX_END.sub("", line[line.index("#") :].lstrip("#").strip())
        slugged = jsx.strip_tags(inside, self.definitions)
        return Heading(level, text, slugged, None, self._line)

    def _check_tag_start(self, text: str, position: int) -> None:
        """Whether what looks like a tag and is none was meant as one: MDX does not compile it."""
        if self.mdx and text[position + 1 : position + 2].isalpha() and "://" not in text[position : position + 12]:
            name = re.match(r"<[\w.:-]+", text[position : position + 80])
            self._fault(
                "tag-unclosed",
                f"the tag {name.group(0) if name else '<'!r} is never closed with '>'",
                "Close it, or write '&lt;' when a less-than sign is meant.",
            )

    def _fault_open(self, name: str, line: int) -> None:
        self.notes.faults.append(
            Fault("tag-unclosed", line, f"<{name}> is never closed", f"Close it with </{name}>, or write <{name} />.")
        )

    def _fault(self, code: str, message: str, hint: str) -> None:
        self.notes.faults.append(Fault(code, self._line, message, hint))


def _summary(text: str, tag: Tag) -> str:
    """What the theme writes on ``<details>`` that have no summary of their own."""
    if tag.name != "details" or tag.closing:
        return ""
    inside = re.split(r"</?details", text[tag.end :], maxsplit=1)[0]
    return "" if "<summary" in inside else "Details"


def _drop_empty_item(out: list[Piece], start: int) -> None:
    """Takes the mark of an item away of which nothing is shown: under a line of text it would make that a heading."""
    if start < 0:
        return
    texts = [piece for piece in out[start:] if isinstance(piece, str)]
    if len(texts) == len(out) - start and _EMPTY_ITEM.fullmatch("".join(texts)):
        out[start:] = ["\n"]

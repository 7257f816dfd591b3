"""What a built page shows: its ids, its headings, and its text by section."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass, field
from pathlib import Path

from selectolax.lexbor import LexborHTMLParser, LexborNode

from docs_index.code import fence

_ROOTS = (
    "article .theme-doc-markdown",
    "#__blog-post-container",
    "article .markdown",
    "main article",
    "main .markdown",
    "main",
)
#: Where a component draws a whole page: its articles, if any, are parts of it.
_COMPONENT_ROOTS = ("main", "#__docusaurus_skipToContent_fallback")
_HIDDEN = frozenset("script style svg button template noscript iframe video audio canvas".split())
_BLOCKS = frozenset(
    "address article aside blockquote dd details div dl dt fieldset figcaption figure footer form header hr li main "
    "nav ol p section summary table tbody tfoot thead ul".split()
)
#: What shows beside its word when a reader points at it.
_TOOLTIP = re.compile(r"(?:^|\s)tooltip", re.IGNORECASE)
_HEADING = re.compile(r"h([1-6])")
_LANGUAGE = re.compile(r"(?:^|\s)language-([^\s]+)")
#: A word, as source and page are compared by.
WORD = re.compile(r"\w+")


@dataclass(slots=True)
class BuiltHeading:
    """A heading as it was built; ``anchor`` is "" when it has no id."""

    level: int
    anchor: str
    text: str


@dataclass(slots=True)
class BuiltPage:
    """``blocks`` are (anchor of the section they stand in, Markdown), in document order, headings among them."""

    ids: frozenset[str]
    title: str = ""
    headings: list[BuiltHeading] = field(default_factory=list)
    blocks: list[tuple[str, str]] = field(default_factory=list)


def read_page(path: Path, by_component: bool = False) -> BuiltPage | None:
    """The built page, None when the file is not there.

    :param by_component: whether a component draws the page, not Markdown.
    """
    data = _read_bytes(path)
    if data is None:
        return None
    tree = LexborHTMLParser(data)
    ids = frozenset(
        value
        for node in tree.css("[id], a[name]")
        for value in (node.attributes.get("id"), node.attributes.get("name") if node.tag == "a" else None)
        if value
    )
    roots = _COMPONENT_ROOTS if by_component else _ROOTS
    root = next((node for selector in roots if (node := tree.css_first(selector)) is not None), None)
    title = tree.css_first("title")
    page = BuiltPage(ids, clean(title.text()) if title else "")
    if root is not None:
        _Reader(page).read(root)
    return page


class _Reader:
    """Walks the article once, gathering text until a block begins or ends."""

    def __init__(self, page: BuiltPage) -> None:
        self.page = page
        self.anchor = ""
        self.text: list[str] = []
        self.mark = ""
        self.tooltips: list[str] = []

    def read(self, root: LexborNode) -> None:
        self._walk(root)
        self._flush()

    def _walk(self, node: LexborNode) -> None:
        for child in node.iter(include_text=True):
            tag = child.tag or ""
            if tag == "-text":
                self.text.append(child.text_content or "")
            elif tag == "br":
                self.text.append("\n")
            elif tag in _HIDDEN or "hash-link" in (child.attributes.get("class") or "").split():
                continue
            elif child.attributes.get("role") == "tooltip" or _TOOLTIP.search(child.attributes.get("class") or ""):
                self.tooltips.append(clean(child.text(separator=" ")))
            elif heading := _HEADING.fullmatch(tag):
                self._flush()
                self._walk(child)
                text = clean("".join(self.text))
                self.anchor = child.attributes.get("id") or self.anchor
                self.page.headings.append(BuiltHeading(int(heading.group(1)), child.attributes.get("id") or "", text))
                self._flush()
            elif tag == "pre":
                self._flush()
                self._add("\n".join(fence(_code_lines(child), _language(child))))
            elif tag == "tr":
                self._row(child)
            elif tag in _BLOCKS:
                self._flush()
                self.mark = "- " if tag == "li" else ""
                self._walk(child)
                self._flush()
            else:
                self._walk(child)

    def _row(self, row: LexborNode) -> None:
        """A row of a table is one block, its cells side by side; code in it stands below."""
        self._flush()
        start = len(self.page.blocks)
        cells: list[str] = []
        code: list[tuple[str, str]] = []
        for cell in row.iter():
            self._walk(cell)
            self._flush()
            blocks = self.page.blocks[start:]
            del self.page.blocks[start:]
            cells.append(" ".join(text for _, text in blocks if not text.startswith("```")))
            code += [block for block in blocks if block[1].startswith("```")]
        if any(cells):
            self._add("| " + " | ".join(cells) + " |")
        self.page.blocks += code

    def _flush(self) -> None:
        text = clean("".join(self.text))
        if text:
            self._add(self.mark + text)
            self.mark = ""
        self.text = []
        tooltips, self.tooltips = self.tooltips, []
        for tooltip in filter(None, tooltips):
            self._add(tooltip)

    def _add(self, text: str) -> None:
        self.page.blocks.append((self.anchor, text))


def _code_lines(node: LexborNode) -> list[str]:
    out: list[str] = []

    def walk(parent: LexborNode) -> None:
        for child in parent.iter(include_text=True):
            tag = child.tag or ""
            if tag == "-text":
                out.append(child.text_content or "")
            elif tag == "br":
                out.append("\n")
            elif tag == "div":  # a line of its own
                if out and not out[-1].endswith("\n"):
                    out.append("\n")
                walk(child)
                if out and not out[-1].endswith("\n"):
                    out.append("\n")
            elif tag not in _HIDDEN:
                walk(child)

    walk(node)
    return "".join(out).replace("\u200b", "").strip("\n").split("\n")


def _language(pre: LexborNode) -> str:
    node: LexborNode | None = pre
    for _ in range(3):
        match = _LANGUAGE.search((node.attributes.get("class") or "") if node else "")
        if match:
            return "" if match.group(1) == "text" else match.group(1)
        node = node.parent if node else None
    return ""


def _read_bytes(path: Path) -> bytes | None:
    try:
        # a pipe would never end
        return path.read_bytes() if path.is_file() else None
    except OSError:
        return None


def article_hash(path: Path) -> str:
    """sha256 of what the page itself shows: scripts and styles around it change with every build."""
    data = _read_bytes(path)
    if data is None:
        return ""
    start, end = data.find(b"<main"), data.rfind(b"</main>")
    return hashlib.sha256(data[start:end] if 0 <= start < end else data).hexdigest()


def words(text: str) -> list[str]:
    """Words as they are compared between source and page: lower case, no Markdown marks."""
    return WORD.findall(text.replace("_", " ").lower())


def clean(text: str) -> str:
    """Text with white space folded and Docusaurus' zero-width link marks removed."""
    return " ".join(text.replace("\u200b", "").split())

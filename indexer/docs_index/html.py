"""What a built page shows: its ids, its headings, and its text by section."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass, field
from pathlib import Path

from selectolax.lexbor import LexborHTMLParser, LexborNode

_ROOTS = (
    "article .theme-doc-markdown",
    "#__blog-post-container",
    "article .markdown",
    "main article",
    "main .markdown",
    "main",
)
_HIDDEN = frozenset("script style svg button template noscript iframe video audio canvas".split())
_BLOCKS = frozenset(
    "address article aside blockquote dd details div dl dt fieldset figcaption figure footer form header hr li main "
    "nav ol p pre section summary table tbody td tfoot th thead tr ul".split()
)
#: Links of headings to themselves, and tables of contents: what they say stands elsewhere on the page.
_NAVIGATION = re.compile(r"(?:^|\s)(?:hash-link|table-of-contents)(?:\s|$)")
_HEADING = re.compile(r"h([1-6])")
_WORD = re.compile(r"\w+")


@dataclass(slots=True)
class BuiltHeading:
    """A heading as it was built; ``anchor`` is "" when it has no id."""

    level: int
    anchor: str
    text: str


@dataclass(slots=True)
class BuiltPage:
    """``blocks`` are (anchor of the section they stand in, text), in document order, headings among them."""

    ids: frozenset[str]
    title: str = ""
    headings: list[BuiltHeading] = field(default_factory=list)
    blocks: list[tuple[str, str]] = field(default_factory=list)


def read_page(path: Path) -> BuiltPage | None:
    """The built page, None when the file is not there or holds no article."""
    try:
        tree = LexborHTMLParser(path.read_bytes())
    except OSError:
        return None
    ids = frozenset(
        value
        for node in tree.css("[id], a[name]")
        for value in (node.attributes.get("id"), node.attributes.get("name") if node.tag == "a" else None)
        if value
    )
    root = next((node for selector in _ROOTS if (node := tree.css_first(selector)) is not None), None)
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
            elif tag in _HIDDEN or _NAVIGATION.search(child.attributes.get("class") or ""):
                continue
            elif heading := _HEADING.fullmatch(tag):
                self._flush()
                self._walk(child)
                text = clean("".join(self.text))
                self.anchor = child.attributes.get("id") or self.anchor
                self.page.headings.append(BuiltHeading(int(heading.group(1)), child.attributes.get("id") or "", text))
                self._flush()
            elif tag in _BLOCKS:
                self._flush()
                self._walk(child)
                self._flush(keep_lines=tag == "pre")
            else:
                self._walk(child)

    def _flush(self, keep_lines: bool = False) -> None:
        raw = "".join(self.text).replace("\u200b", "")
        text = f"```\n{raw.strip(chr(10))}\n```" if keep_lines else clean(raw)
        if raw.strip():
            self.page.blocks.append((self.anchor, text))
        self.text = []


def article_hash(path: Path) -> str:
    """sha256 of what the page itself shows: scripts and styles around it change with every build."""
    try:
        data = path.read_bytes()
    except OSError:
        return ""
    start, end = data.find(b"<main"), data.rfind(b"</main>")
    return hashlib.sha256(data[start:end] if 0 <= start < end else data).hexdigest()


def words(text: str) -> list[str]:
    """Words as they are compared between source and page: lower case, no Markdown marks."""
    return _WORD.findall(text.replace("_", " ").lower())


def clean(text: str) -> str:
    """Text with white space folded and Docusaurus' zero-width link marks removed."""
    return re.sub(r"\s+", " ", text.replace("\u200b", "")).strip()

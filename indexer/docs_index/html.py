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
_HIDDEN = "script, style, svg, button, a.hash-link, template, noscript, .theme-code-block-highlighted-line-number"
_BLOCKS = frozenset("p li td th dt dd pre blockquote summary figcaption h1 h2 h3 h4 h5 h6 div".split())
_LEAVES = "p, li, td, th, dt, dd, pre, summary, figcaption"
_WORD = re.compile(r"\w+")


@dataclass(slots=True)
class BuiltHeading:
    """A heading as it was built; ``anchor`` is "" when it has no id."""

    level: int
    anchor: str
    text: str


@dataclass(slots=True)
class BuiltPage:
    """``blocks`` are (anchor of the section they stand in, text), in document order."""

    ids: frozenset[str]
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
    if root is None:
        return BuiltPage(ids)
    for node in root.css(_HIDDEN):
        node.decompose()
    page = BuiltPage(ids)
    anchor = ""
    for node in root.traverse(include_text=False):
        tag = node.tag or ""
        if re.fullmatch(r"h[1-6]", tag):
            found = node.attributes.get("id") or ""
            page.headings.append(BuiltHeading(int(tag[1]), found, clean(node.text())))
            anchor = found or anchor
        elif tag in _BLOCKS and _is_leaf(node):
            text = node.text() if tag == "pre" else clean(node.text())
            if text.strip():
                page.blocks.append((anchor, text.strip()))
    return page


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


def _is_leaf(node: LexborNode) -> bool:
    """Whether the node's text is in no block below it, so that nothing is read twice."""
    if node.css_first(_LEAVES) is not None and node.css(_LEAVES)[0] != node:
        return False
    if node.tag == "div":
        return node.css_first("div, h1, h2, h3, h4, h5, h6, ul, ol, table") in (None, node)
    return True

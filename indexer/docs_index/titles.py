"""The title that Docusaurus gives a page whose front matter names none."""

from __future__ import annotations

import re

_IMPORTS = re.compile(r"\A(?:import\s(?:.|\n(?!\n))*\n{2,})+")
_ATX = re.compile(r"#[ \t]+([^ \t\n].*)(?:\n|$)")
_SETEXT = re.compile(r"(.*)\n=+(?:\n|$)")
_MARKS = re.compile(r"\s*(?:\{#*[\w-]+\}|\{/\*\s*#.*?\*/\}|<!--\s*#.*?-->|#+)$", re.ASCII)
_CODE = re.compile(r"`([^`]*)`")
_FENCE = re.compile(r"^(`{3,}|~{3,}).*?^\1", re.MULTILINE | re.DOTALL)
_LAYOUT = re.compile(r"<Layout\b[^<>]*?\btitle=(?:\"([^\"\n]+)\"|\{\s*['\"`]([^'\"`$\n]+)['\"`]\s*\})")
_ANY_ATX = re.compile(r"^#[ \t]+(\S.*)$", re.MULTILINE)


def find_content_title(body: str) -> str | None:
    """The heading that a page's text starts with, imports left out: ``# Title``, or a line underlined with ``=``."""
    text = body.strip()
    if text.startswith("import"):
        text = _IMPORTS.sub("", text, count=1).strip()
    match = _ATX.match(text)
    if match:
        return _to_plain(_MARKS.sub("", match[1].strip()))
    match = _SETEXT.match(text)
    return _to_plain(re.sub(r"\s*=+$", "", match[1].strip())) if match else None


def find_any_title(body: str) -> str | None:
    """The first ``# Title`` anywhere in the text."""
    match = _ANY_ATX.search(_FENCE.sub("", body))
    return _to_plain(_MARKS.sub("", match[1].strip())) if match else None


def find_layout_title(script: str) -> str | None:
    """The title that a page's component gives its layout, when it is plain text."""
    match = _LAYOUT.search(script)
    return match[1] or match[2] if match else None


def _to_plain(title: str) -> str:
    return _CODE.sub(r"\1", title).strip()

"""Reading JSX tags and expressions out of running text, one at a time, without judging the rest."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from docs_index.links import read_link
from docs_index.pairs import Pairs, code_end

_TAG_NAME = re.compile(r"</?([A-Za-z][\w.:-]*)?")
_ATTRIBUTE = re.compile(r"([A-Za-z_:@$][\w.:$-]*)[ \t]*(?:(=)\s*)?")
_SPACE = re.compile(r"\s+")
_BLANK_LINE = re.compile(r"\n[ \t]*\n")
_BARE = re.compile(r"[^\s>]+")
_STRING = re.compile(r"\s*(['\"])((?:\\.|(?!\1).)*)\1\s*", re.DOTALL)
_TEMPLATE = re.compile(r"\s*`((?:\\.|[^`\\])*)`\s*", re.DOTALL)
#: ``:name`` in a text, as remark-directive reads it before ids are made; the page shows it as it is written.
_DIRECTIVE = re.compile(r"(?<![:\\])(:[A-Za-z](?:[\w-]*[A-Za-z0-9])?)(?![\w:-])")
#: Characters without which a heading's text is slugged as it stands.
_MARKUP = re.compile(r"[\\`<{\[!:]")
_LABELS = re.compile(r"\{[^{}]*\}")
_PAIR = re.compile(r"(label|value)\s*:\s*(['\"])(.*?)\2")


@dataclass(slots=True)
class Tag:
    """One JSX or HTML tag; ``end`` is the offset behind it; attribute values are text, expressions as written."""

    name: str
    end: int
    closing: bool = False
    self_closing: bool = False
    attributes: dict[str, str] = field(default_factory=dict)


def read_tag(pairs: Pairs, start: int) -> Tag | None:
    """The tag that begins at ``text[start] == "<"``; None when it is only a less-than sign."""
    text = pairs.text
    match = _TAG_NAME.match(text, start)
    if not match:
        return None
    name = match.group(1) or ""
    position = match.end()
    closing = text.startswith("</", start)
    if not name:
        return Tag("", position + 1, closing) if text.startswith(">", position) else None
    if ":" in name and text.startswith("//", position):
        return None  # an autolink
    tag = Tag(name, 0, closing)
    while position < len(text):
        character = text[position]
        if character == ">":
            tag.end = position + 1
            return tag
        if text.startswith("/>", position):
            tag.end, tag.self_closing = position + 2, True
            return tag
        if space := _SPACE.match(text, position):
            if _BLANK_LINE.search(space.group(0)):
                return None
            position = space.end()
        elif character == "{":
            position = pairs.brace_end(position)
            if not position:
                return None
        elif attribute := _ATTRIBUTE.match(text, position):
            position = attribute.end()
            if attribute.group(2):
                value = _read_value(pairs, position)
                if value is None:
                    return None
                tag.attributes[attribute.group(1)], position = value
        else:
            return None
    return None


def _read_value(pairs: Pairs, position: int) -> tuple[str, int] | None:
    text = pairs.text
    if position >= len(text):
        return None
    quote = text[position]
    if quote in "'\"":
        end = text.find(quote, position + 1)
        return None if end < 0 else (text[position + 1 : end], end + 1)
    if quote == "{":
        end = pairs.brace_end(position)
        if not end:
            return None
        inside = text[position + 1 : end - 1]
        return (literal_text(inside) or inside), end
    bare = _BARE.match(text, position)
    return (bare.group(0), bare.end()) if bare else None


def literal_text(expression: str) -> str:
    """What ``{expression}`` shows when it is a plain string; nothing for everything else."""
    for pattern, group in ((_STRING, 2), (_TEMPLATE, 1)):
        match = pattern.fullmatch(expression)
        if match and "${" not in match.group(group):
            return re.sub(r"\\(.)", lambda m: "\n" if m.group(1) == "n" else m.group(1), match.group(group))
    return ""


def tab_labels(values: str) -> dict[str, str]:
    """``value -> label`` of ``<Tabs values={[{label, value}, …]}>``."""
    labels = {}
    for item in _LABELS.findall(values):
        pairs = {key: text for key, _, text in _PAIR.findall(item)}
        if "value" in pairs and "label" in pairs:
            labels[pairs["value"]] = pairs["label"]
    return labels


def strip_tags(text: str, definitions: frozenset[str] = frozenset()) -> str:
    """Heading text as Docusaurus slugs it: tags and directives gone, their contents and expression sources kept."""
    if not _MARKUP.search(text):
        return text
    pairs = Pairs(text)
    out: list[str] = []
    position = 0
    while position < len(text):
        character = text[position]
        if character == "\\":
            out.append(text[position : position + 2])
            position += 2
            continue
        if character == "`":
            end = code_end(text, position)
            out.append(text[position:end])
            position = end
            continue
        if character == "<":
            tag = read_tag(pairs, position)
            if tag:
                position = tag.end
                continue
        if character == "{":
            end = pairs.brace_end(position)
            if end:
                # a backslash keeps Markdown from reading the expression's symbols
                out.append(re.sub(r"([*_`\[\]<>])", r"\\\1", text[position + 1 : end - 1]))
                position = end
                continue
        if definitions and character in "![" and (link := read_link(pairs, position, definitions)):
            out.append(f"[{strip_tags(link.label)}](#)" if character == "[" else link.label)
            position = link.end
            continue
        if character == ":" and (directive := _DIRECTIVE.match(text, position)):
            position = directive.end(1)
            continue
        out.append(character)
        position += 1
    return "".join(out)

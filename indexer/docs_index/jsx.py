"""Reading JSX and Markdown constructs out of running text, one at a time, without judging the rest."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

_TAG_NAME = re.compile(r"</?([A-Za-z][\w.:-]*)?")
_ATTRIBUTE = re.compile(r"\s*([A-Za-z_:@][\w.:-]*)\s*(=)?\s*")
_STRING = re.compile(r"\s*(['\"])((?:\\.|(?!\1).)*)\1\s*", re.DOTALL)
_TEMPLATE = re.compile(r"\s*`((?:\\.|[^`\\])*)`\s*", re.DOTALL)
_LABELS = re.compile(r"\{[^{}]*\}")
_PAIR = re.compile(r"(label|value)\s*:\s*(['\"])(.*?)\2")
_OPEN, _CLOSE = "([{", ")]}"


@dataclass(slots=True)
class Tag:
    """One JSX or HTML tag; ``end`` is the offset behind it; attribute values are text, expressions as written."""

    name: str
    end: int
    closing: bool = False
    self_closing: bool = False
    attributes: dict[str, str] = field(default_factory=dict)


def read_tag(text: str, start: int) -> Tag | None:
    """The tag that begins at ``text[start] == "<"``; None when it is only a less-than sign."""
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
        if character.isspace():
            position += 1
        elif character == "{":
            end = expression_end(text, position)
            if not end:
                return None
            position = end
        elif attribute := _ATTRIBUTE.match(text, position):
            position = attribute.end()
            if attribute.group(2):
                value = _read_value(text, position)
                if value is None:
                    return None
                tag.attributes[attribute.group(1)], position = value
        else:
            return None
    return None


def _read_value(text: str, position: int) -> tuple[str, int] | None:
    if position >= len(text):
        return None
    quote = text[position]
    if quote in "'\"":
        end = text.find(quote, position + 1)
        return None if end < 0 else (text[position + 1 : end], end + 1)
    if quote == "{":
        end = expression_end(text, position)
        if not end:
            return None
        inside = text[position + 1 : end - 1]
        return (literal_text(inside) or inside), end
    bare = re.compile(r"[^\s>]+").match(text, position)
    return (bare.group(0), bare.end()) if bare else None


def expression_end(text: str, start: int) -> int:
    """The offset behind the expression that opens at ``text[start] == "{"``; 0 when it never closes."""
    depth = 0
    position = start
    while position < len(text):
        character = text[position]
        if character in "'\"":
            # an apostrophe in JSX text is no string: a string ends on its own line
            end = position + 1
            while end < len(text) and text[end] not in (character, "\n"):
                end += 2 if text[end] == "\\" else 1
            if end < len(text) and text[end] == character:
                position = end
        elif character == "`":
            template = _TEMPLATE.match(text, position)
            if template:
                position = template.end() - 1
        elif text.startswith("/*", position):
            end = text.find("*/", position + 2)
            if end < 0:
                return 0
            position = end + 1
        elif character == "{":
            depth += 1
        elif character == "}":
            depth -= 1
            if depth == 0:
                return position + 1
        position += 1
    return 0


def literal_text(expression: str) -> str:
    """What ``{expression}`` shows when it is a plain string; nothing for everything else."""
    for pattern, group in ((_STRING, 2), (_TEMPLATE, 1)):
        match = pattern.fullmatch(expression)
        if match and "${" not in match.group(group):
            return re.sub(r"\\(.)", lambda m: "\n" if m.group(1) == "n" else m.group(1), match.group(group))
    return ""


def bracket_balance(line: str) -> int:
    """Opening minus closing brackets of one line of JavaScript, strings left out."""
    bare = re.sub(r"'(?:\\.|[^'\\])*'|\"(?:\\.|[^\"\\])*\"|`(?:\\.|[^`\\])*`|//.*$", "", line)
    return sum(bare.count(character) for character in _OPEN) - sum(bare.count(character) for character in _CLOSE)


def code_end(text: str, start: int) -> int:
    """The offset behind the inline code that opens at ``start``, or behind its backticks when none closes it."""
    opened = start
    while text.startswith("`", opened):
        opened += 1
    ticks = text[start:opened]
    paragraph = text.find("\n\n", start)
    limit = len(text) if paragraph < 0 else paragraph
    for closing in re.compile(r"`+").finditer(text, opened, limit):
        if closing.group(0) == ticks:
            return closing.end()
    return opened


def read_link(text: str, start: int) -> tuple[str, int] | None:
    """Label and end of the Markdown link or image at ``start``; None when it is only a bracket."""
    position = start + 1 if text[start] == "!" else start
    if text[position : position + 1] != "[" or text.startswith("[^", position):
        return None
    depth = 0
    end = position
    while end < len(text):
        character = text[end]
        if character == "\\":
            end += 1
        elif character == "`":
            end = code_end(text, end) - 1
        elif text.startswith("\n\n", end):
            return None
        elif character == "[":
            depth += 1
        elif character == "]":
            depth -= 1
            if depth == 0:
                break
        end += 1
    else:
        return None
    label = text[position + 1 : end]
    after = end + 1
    if text.startswith("(", after):
        close = _destination_end(text, after)
        return (label, close) if close else None
    reference = re.compile(r"\[[^\]\n]*\]").match(text, after)
    if reference and label.strip():
        return label, reference.end()
    return None


def _destination_end(text: str, start: int) -> int:
    depth = 0
    quote = ""
    for position in range(start, min(len(text), start + 4000)):
        character = text[position]
        if text.startswith("\n\n", position):
            return 0
        if quote:
            quote = "" if character == quote and text[position - 1] != "\\" else quote
        elif character in "\"'" and text[position - 1].isspace():
            quote = character
        elif character == "(":
            depth += 1
        elif character == ")":
            depth -= 1
            if depth == 0:
                return position + 1
    return 0


def tab_labels(values: str) -> dict[str, str]:
    """``value -> label`` of ``<Tabs values={[{label, value}, …]}>``."""
    labels = {}
    for item in _LABELS.findall(values):
        pairs = {key: text for key, _, text in _PAIR.findall(item)}
        if "value" in pairs and "label" in pairs:
            labels[pairs["value"]] = pairs["label"]
    return labels


def strip_tags(text: str) -> str:
    """Heading text as Docusaurus slugs it: tags gone, their contents and expression sources kept."""
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
            tag = read_tag(text, position)
            if tag:
                position = tag.end
                continue
        if character == "{":
            end = expression_end(text, position)
            if end:
                # a backslash keeps Markdown from reading the expression's symbols
                out.append(re.sub(r"([*_`\[\]<>])", r"\\\1", text[position + 1 : end - 1]))
                position = end
                continue
        out.append(character)
        position += 1
    return "".join(out)

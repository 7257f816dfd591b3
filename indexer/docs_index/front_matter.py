"""The front matter of a page, read as Docusaurus reads it, and as far as it goes when it is broken."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

import yaml

from docs_index.source import SourceError, split_front_matter

_BLOCK = re.compile(r"\A---[ \t]*\n(.*?)(?:^|\n)---[ \t]*(?:\n|\Z)", re.DOTALL)
_LINE = re.compile(
    r"^(slug|id|title|description|draft|unlisted|parse_number_prefixes)[ \t]*:[ \t]+(\S.*?)[ \t]*$", re.MULTILINE
)
_BaseLoader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(frozen=True, slots=True)
class FrontMatter:
    """The values, the text below them, and what is wrong with them (then only simple lines were read)."""

    values: dict[str, Any]
    body: str
    error: SourceError | None = None


def read_front_matter(text: str) -> FrontMatter:
    """Separates front matter from the body; never fails."""
    match = _BLOCK.match(text)
    if not match:
        error = _find_error(text) if text.startswith("---") else None
        return (
            FrontMatter(_read_lines(text.removesuffix(error.rest)), error.rest, error)
            if error
            else FrontMatter({}, text)
        )
    body = text[match.end() :]
    try:
        values = yaml.load(match[1], Loader=_Loader)  # noqa: S506 (a SafeLoader)
        if isinstance(values, dict):
            return FrontMatter({str(key): value for key, value in values.items()}, body)
    except (yaml.YAMLError, ValueError, RecursionError):
        values = ""
    if values is None:
        return FrontMatter({}, body)
    return FrontMatter(_read_lines(match[1]), body, _find_error(text))


def _find_error(text: str) -> SourceError | None:
    try:
        split_front_matter(text)
    except SourceError as error:
        return error
    except (ValueError, RecursionError):
        return SourceError(
            "the front matter cannot be read", "Write it as 'title: My page', one key a line, without deep nesting.", 1
        )
    return None


def _read_lines(block: str) -> dict[str, Any]:
    """The settings that decide about a page, from lines that can be read on their own."""
    values: dict[str, Any] = {}
    for key, text in _LINE.findall(block):
        try:
            value = yaml.load(text, Loader=_Loader)  # noqa: S506 (a SafeLoader)
        except (yaml.YAMLError, ValueError):
            if text[0] in "[{&*!|>%@`":
                continue
            # such as an unquoted 'Setup: the first steps'
            value = text.strip("\"'")
        if isinstance(value, str | bool | int | float):
            values.setdefault(key, value)
        elif isinstance(value, dict):
            values.setdefault(key, text.strip("\"'"))
    return values


class _Loader(_BaseLoader):  # type: ignore[misc]
    """YAML 1.2 as Docusaurus reads it: ``yes`` and ``off`` are words, ``010`` is ten, a date stays text."""


def _construct_int(loader: Any, node: Any) -> int:
    text = str(loader.construct_scalar(node)).replace("_", "")
    sign = -1 if text.startswith("-") else 1
    digits = text.lstrip("+-")
    bases = {"0b": 2, "0o": 8, "0x": 16}
    return sign * int(digits, bases.get(digits[:2].lower(), 10))


_Loader.yaml_implicit_resolvers = {
    first: [
        (tag, pattern)
        for tag, pattern in resolvers
        if tag.rsplit(":", 1)[-1] not in {"bool", "int", "float", "timestamp", "value"}
    ]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}
_Loader.add_constructor("tag:yaml.org,2002:int", _construct_int)
for _tag, _pattern, _firsts in (
    ("bool", r"true|True|TRUE|false|False|FALSE", "tTfF"),
    ("int", r"[-+]?(?:0b[01_]+|0o[0-7_]+|0x[0-9a-fA-F_]+|[0-9](?:[0-9_]*[0-9])?)", "-+0123456789"),
    (
        "float",
        r"[-+]?(?:[0-9][0-9_]*)(?:\.[0-9_]*)?(?:[eE][-+]?[0-9]+)?|\.[0-9_]+(?:[eE][-+]?[0-9]+)?",
        "-+.0123456789",
    ),
):
    _Loader.add_implicit_resolver(f"tag:yaml.org,2002:{_tag}", re.compile(rf"^(?:{_pattern})$"), list(_firsts))

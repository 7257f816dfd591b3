"""Plain literals of ``docusaurus.config.*``, read without running it."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any, Final

from tree_sitter import Language, Node, Parser
from tree_sitter_typescript import language_tsx


class Unknown:
    """A value that only running the config could tell."""

    def __repr__(self) -> str:
        return "Unknown"


UNKNOWN: Final = Unknown()
#: A spread or computed key: other keys of the object may be overridden.
SPREAD: Final = "..."
_KNOWN_KEYS = frozenset({"title", "url", "baseUrl", "presets"})


def read_config(path: Path) -> dict[str, Any]:
    """The config object; values that are no plain literals are ``UNKNOWN``. Empty when none is found."""
    tree = Parser(Language(language_tsx())).parse(path.read_bytes())
    names = _constants(tree.root_node)
    best: Node | None = None
    for node in _walk(tree.root_node):
        if node.type == "object" and (best is None or _score(node) > _score(best)):
            best = node
    if best is None or _score(best) == 0:
        return {}
    config = _evaluate(best, names, 0)
    return config if isinstance(config, dict) else {}


def literal(value: Any, kind: type, default: Any) -> Any:
    """``value`` when it is a literal of ``kind``, else ``default``."""
    return value if isinstance(value, kind) else default


def _walk(node: Node) -> Any:
    yield node
    for child in node.named_children:
        yield from _walk(child)


def _score(node: Node) -> int:
    keys = {_key(pair) for pair in node.named_children if pair.type == "pair"}
    return len(keys & _KNOWN_KEYS)


def _constants(root: Node) -> dict[str, Node]:
    """Top-level ``const name = value``, for identifiers that stand for a literal."""
    found: dict[str, Node] = {}
    for node in _walk(root):
        if node.type == "variable_declarator":
            name, value = node.child_by_field_name("name"), node.child_by_field_name("value")
            if name and value and name.type == "identifier":
                found.setdefault(_text(name), value)
    return found


def _evaluate(node: Node, names: dict[str, Node], depth: int) -> Any:
    if depth > 40:
        return UNKNOWN
    kind = node.type
    if kind == "object":
        return _object(node, names, depth)
    if kind == "array":
        return [_evaluate(child, names, depth + 1) for child in node.named_children if child.type != "comment"]
    if kind == "string":
        return _unescape("".join(_text(child) for child in node.named_children))
    if kind == "template_string":
        substituted = any(child.type == "template_substitution" for child in node.named_children)
        return UNKNOWN if substituted else _unescape(_text(node)[1:-1])
    if kind in {"true", "false"}:
        return kind == "true"
    if kind in {"null", "undefined"}:
        return None
    if kind == "number":
        return float(_text(node)) if re.fullmatch(r"[\d.]+", _text(node)) else UNKNOWN
    if kind in {"as_expression", "satisfies_expression", "parenthesized_expression", "non_null_expression"}:
        return _evaluate(node.named_children[0], names, depth + 1)
    if kind == "identifier" and _text(node) in names:
        return _evaluate(names[_text(node)], names, depth + 1)
    if kind == "call_expression":
        return _resolve_call(node, names, depth)
    return UNKNOWN


def _resolve_call(node: Node, names: dict[str, Node], depth: int) -> Any:
    """``require.resolve('x')`` names a module; what other calls give cannot be known."""
    function, arguments = node.child_by_field_name("function"), node.child_by_field_name("arguments")
    if function and arguments and _text(function) in {"require.resolve", "require"} and arguments.named_children:
        return _evaluate(arguments.named_children[0], names, depth + 1)
    return UNKNOWN


def _object(node: Node, names: dict[str, Node], depth: int) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for child in node.named_children:
        if child.type == "pair":
            value = child.child_by_field_name("value")
            values[_key(child)] = _evaluate(value, names, depth + 1) if value else UNKNOWN
        elif child.type == "spread_element":
            inner = _evaluate(child.named_children[0], names, depth + 1)
            values.update(inner if isinstance(inner, dict) else {SPREAD: UNKNOWN})
        elif child.type == "shorthand_property_identifier":
            name = _text(child)
            values[name] = _evaluate(names[name], names, depth + 1) if name in names else UNKNOWN
        elif child.type == "method_definition":
            name_node = child.child_by_field_name("name")
            values[_text(name_node) if name_node else SPREAD] = UNKNOWN
    return values


def _key(pair: Node) -> str:
    key = pair.child_by_field_name("key")
    return _text(key).strip("'\"") if key else SPREAD


def _text(node: Node) -> str:
    return (node.text or b"").decode("utf-8", "replace")


def _unescape(text: str) -> str:
    return re.sub(r"\\(.)", lambda match: {"n": "\n", "t": "\t"}.get(match.group(1), match.group(1)), text)

"""Values that a JavaScript or TypeScript expression has, found without running it."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tree_sitter import Node

from docs_index.values import FUNCTION, SPREAD, UNKNOWN, Module, Unknown, Unset, assume, combine, lower, plain

_WRAPPERS = {
    "as_expression",
    "satisfies_expression",
    "parenthesized_expression",
    "non_null_expression",
    "await_expression",
    "type_assertion",
}
_FUNCTIONS = {
    "arrow_function",
    "function",
    "function_expression",
    "function_declaration",
    "generator_function",
    "class",
    "class_declaration",
}
_ENVIRONMENT = re.compile(r"""process\.env(?:\.(\w+)|\[\s*['"](\w+)['"]\s*\])$""")
_ESCAPE = re.compile(r"\\(?:u\{([0-9a-fA-F]+)\}|u([0-9a-fA-F]{4})|x([0-9a-fA-F]{2})|(\r?\n)|(.))", re.DOTALL)
_MAX_DEPTH = 60


def text_of(node: Node) -> str:
    """The node as it is written."""
    return (node.text or b"").decode("utf-8", "replace")


class Evaluator:
    """Evaluates the expressions of one file.

    :param resolve: the value of a name, or :data:`UNKNOWN`.
    :param load: what ``require('./name')`` gives.
    :param folder: the folder of the file, for ``__dirname``.
    """

    def __init__(self, resolve: Callable[[str], Any], load: Callable[[str], Any], folder: Path) -> None:
        self._resolve = resolve
        self._load = load
        self._folder = folder.as_posix()
        self._depth = 0

    def evaluate(self, node: Node) -> Any:
        """The value of an expression; parts of it that cannot be known are :data:`UNKNOWN`."""
        if self._depth > _MAX_DEPTH:
            return UNKNOWN
        self._depth += 1
        try:
            return self._evaluate(node)
        finally:
            self._depth -= 1

    def _evaluate(self, node: Node) -> Any:
        kind = node.type
        if kind in _WRAPPERS:
            inner = [child for child in node.named_children if child.type != "comment"]
            return self.evaluate(inner[0]) if inner else UNKNOWN
        if kind in _FUNCTIONS:
            return FUNCTION
        method: Callable[[Node], Any] | None = getattr(self, f"_on_{kind}", None)
        return method(node) if method else UNKNOWN

    def _on_string(self, node: Node) -> str:
        return _unescape("".join(text_of(child) for child in node.named_children))

    def _on_template_string(self, node: Node) -> Any:
        values: list[Any] = []
        for child in node.named_children:
            if child.type == "template_substitution":
                values.append(self.evaluate(child.named_children[0]) if child.named_children else UNKNOWN)
            else:
                values.append(_unescape(text_of(child)))
        return combine(values, _interpolate)

    def _on_true(self, node: Node) -> bool:
        return True

    def _on_false(self, node: Node) -> bool:
        return False

    def _on_null(self, node: Node) -> None:
        return None

    _on_undefined = _on_null

    def _on_number(self, node: Node) -> Any:
        return float(text_of(node)) if re.fullmatch(r"\d+\.?\d*|\.\d+", text_of(node)) else UNKNOWN

    def _on_identifier(self, node: Node) -> Any:
        name = text_of(node)
        if name == "__dirname":
            return self._folder
        return None if name == "undefined" else self._resolve(name)

    def _on_array(self, node: Node) -> list[Any]:
        values: list[Any] = []
        for child in node.named_children:
            if child.type == "comment":
                continue
            if child.type == "spread_element":
                inner = plain(self.evaluate(child.named_children[0]))
                values.extend(inner if isinstance(inner, list) else [UNKNOWN])
            else:
                values.append(self.evaluate(child))
        return values

    def _on_object(self, node: Node) -> dict[str, Any]:
        values: dict[str, Any] = {}
        for child in node.named_children:
            if child.type == "pair":
                value = child.child_by_field_name("value")
                values[self._key(child.child_by_field_name("key"))] = self.evaluate(value) if value else UNKNOWN
            elif child.type == "spread_element":
                inner = plain(self.evaluate(child.named_children[0]))
                if isinstance(inner, dict):
                    values.update(inner)
                elif inner not in (None, False):
                    values[SPREAD] = UNKNOWN
            elif child.type == "shorthand_property_identifier":
                values[text_of(child)] = self._on_identifier(child)
            elif child.type == "method_definition":
                values[self._key(child.child_by_field_name("name"))] = FUNCTION
        return values

    def _key(self, node: Node | None) -> str:
        if node is None:
            return SPREAD
        if node.type == "computed_property_name":
            value = plain(self.evaluate(node.named_children[0]))
            return value if isinstance(value, str) else SPREAD
        return self._on_string(node) if node.type == "string" else text_of(node)

    def _on_member_expression(self, node: Node) -> Any:
        found = _ENVIRONMENT.match(text_of(node))
        if found:
            return _environment(found[1] or found[2])
        if text_of(node) == "import.meta.dirname":
            return self._folder
        owner, key = node.child_by_field_name("object"), node.child_by_field_name("property")
        return _member(self.evaluate(owner), text_of(key)) if owner and key else UNKNOWN

    def _on_subscript_expression(self, node: Node) -> Any:
        found = _ENVIRONMENT.match(text_of(node))
        if found:
            return _environment(found[1] or found[2])
        owner, index = node.child_by_field_name("object"), node.child_by_field_name("index")
        return _member(self.evaluate(owner), self.evaluate(index)) if owner and index else UNKNOWN

    def _on_unary_expression(self, node: Node) -> Any:
        argument = node.child_by_field_name("argument")
        if argument is None or not text_of(node).startswith("!"):
            return UNKNOWN
        return combine([self.evaluate(argument)], lambda plain: not plain[0])

    def _on_binary_expression(self, node: Node) -> Any:
        left, right, sign = (node.child_by_field_name(name) for name in ("left", "right", "operator"))
        if left is None or right is None or sign is None:
            return UNKNOWN
        operator, first = text_of(sign), self.evaluate(left)
        if operator in {"||", "&&", "??"}:
            value, variables = lower(first)
            if isinstance(value, Unknown):
                return UNKNOWN
            takes_second = value is None if operator == "??" else bool(value) is (operator == "&&")
            return assume(self.evaluate(right) if takes_second else first, variables)
        operands = [first, self.evaluate(right)]
        if operator in {"===", "=="}:
            return combine(operands, lambda plain: plain[0] == plain[1])
        if operator in {"!==", "!="}:
            return combine(operands, lambda plain: plain[0] != plain[1])
        if operator == "+":
            return combine(
                operands, lambda plain: "".join(plain) if all(isinstance(part, str) for part in plain) else UNKNOWN
            )
        return UNKNOWN

    def _on_ternary_expression(self, node: Node) -> Any:
        test, then, other = (node.child_by_field_name(name) for name in ("condition", "consequence", "alternative"))
        if test is None or then is None or other is None:
            return UNKNOWN
        value, variables = lower(self.evaluate(test))
        if isinstance(value, Unknown):
            return _either(self.evaluate(then), self.evaluate(other))
        return assume(self.evaluate(then if value else other), variables)

    def _on_call_expression(self, node: Node) -> Any:
        function, arguments = node.child_by_field_name("function"), node.child_by_field_name("arguments")
        if function is None or arguments is None:
            return UNKNOWN
        name = text_of(function)
        given = [child for child in arguments.named_children if child.type != "comment"]
        if name in {"require.resolve", "require", "import"} and given:
            target = self.evaluate(given[0])
            if not isinstance(target, str):
                return UNKNOWN
            return target if name == "require.resolve" else self._load(target)
        if name == "process.cwd":
            return self._folder
        joined = re.fullmatch(r"(?:path\.(?:posix\.)?)?(join|resolve)", name)
        if joined:
            start = self._folder if joined[1] == "resolve" else ""
            return combine([self.evaluate(argument) for argument in given], lambda parts: _join_paths(start, parts))
        if name == "Object.keys" and len(given) == 1:
            return combine([self.evaluate(given[0])], _keys)
        owner, method = function.child_by_field_name("object"), function.child_by_field_name("property")
        if function.type == "member_expression" and owner and method:
            return self._call_method(self.evaluate(owner), text_of(method), given)
        return UNKNOWN

    def _call_method(self, owner: Any, method: str, given: list[Node]) -> Any:
        value, variables = lower(owner)
        if not isinstance(value, list):
            return UNKNOWN
        if method == "filter" and len(given) == 1 and text_of(given[0]) == "Boolean":
            return assume([item for item in value if isinstance(item, Unknown) or plain(item)], variables)
        arguments = [plain(self.evaluate(argument)) for argument in given]
        if method == "slice" and all(isinstance(argument, float) for argument in arguments):
            return assume(value[slice(*(int(argument) for argument in arguments or [0.0]))], variables)
        if method == "includes" and len(arguments) == 1 and not isinstance(arguments[0], Unknown):
            known = arguments[0] in value
            return assume(known, variables) if known or UNKNOWN not in value else UNKNOWN
        if method == "concat" and all(isinstance(argument, list) for argument in arguments):
            return assume([*value, *(item for argument in arguments for item in argument)], variables)
        return UNKNOWN


def _environment(variable: str) -> Any:
    # `docusaurus build` sets it itself
    return "production" if variable == "NODE_ENV" else Unset(variable)


def _member(owner: Any, key: Any) -> Any:
    value, variables = lower(owner)
    index = plain(key)
    if isinstance(value, Module) and index == "default":
        return value
    if isinstance(value, dict) and isinstance(index, str):
        return assume(value.get(index, UNKNOWN if SPREAD in value else None), variables)
    if isinstance(value, list) and isinstance(index, float):
        at = int(index)
        return assume(value[at] if at < len(value) else UNKNOWN if UNKNOWN in value else None, variables)
    if isinstance(value, list) and index == "length" and not any(isinstance(item, Unknown) for item in value):
        return assume(float(len(value)), variables)
    return UNKNOWN


def _either(first: Any, second: Any) -> Any:
    """What holds for both of two values: of two objects, the keys that agree."""
    one, other = plain(first), plain(second)
    if not isinstance(one, dict) or not isinstance(other, dict):
        return first if first == second else UNKNOWN
    return {key: _either(one.get(key), other.get(key)) for key in {**one, **other}}


def _join_paths(start: str, parts: list[Any]) -> Any:
    if not all(isinstance(part, str) for part in parts):
        return UNKNOWN
    return posixpath.normpath(posixpath.join(start, *parts) if start else "/".join(parts))


def _keys(values: list[Any]) -> Any:
    value = values[0]
    return list(value) if isinstance(value, dict) and SPREAD not in value else UNKNOWN


def _interpolate(values: list[Any]) -> Any:
    texts: list[str] = []
    for value in values:
        if isinstance(value, float) and value.is_integer():
            texts.append(str(int(value)))
        elif isinstance(value, str):
            texts.append(value)
        else:
            return UNKNOWN
    return "".join(texts)


def _unescape(text: str) -> str:
    def replace(match: re.Match[str]) -> str:
        code = match[1] or match[2] or match[3]
        if code:
            return chr(int(code, 16)) if int(code, 16) < 0x110000 else ""
        if match[4]:
            return ""
        return {"n": "\n", "t": "\t", "r": "\r", "b": "\b", "f": "\f", "v": "\v", "0": "\0"}.get(match[5], match[5])

    return _ESCAPE.sub(replace, text)

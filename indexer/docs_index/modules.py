"""JavaScript, TypeScript and JSON files as the plain data that they export."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tree_sitter import Language, Node, Parser
from tree_sitter_typescript import language_tsx

from docs_index.literals import Evaluator, text_of
from docs_index.values import FUNCTION, SPREAD, UNKNOWN, Function, Module, Unknown, plain

_SUFFIXES = ("", ".ts", ".js", ".mts", ".mjs", ".cts", ".cjs", ".json", "/index.ts", "/index.js")
_MUTATORS = frozenset({"push", "unshift", "splice", "pop", "shift", "sort", "reverse", "fill"})
_NESTED = frozenset(
    {"function_declaration", "function_expression", "arrow_function", "method_definition", "class_declaration"}
)
#: A file larger than this is no configuration.
_MAX_BYTES = 5_000_000
_MAX_NODES = 500_000


class SourceFile:
    """One file: its names, what it exports, and the local files that it takes values from."""

    def __init__(self, path: Path, loading: frozenset[Path] = frozenset()) -> None:
        """
        :param loading: the files that are being read because of each other; they are unknown to one another.
        :raises OSError: when the file cannot be read.
        """
        self.path = path
        self._loading = loading | {path}
        self._names: dict[str, Node] = {}
        self._imports: dict[str, tuple[str, str]] = {}
        self._changes: dict[str, list[tuple[tuple[str, ...], Node | None]]] = {}
        self._values: dict[str, Any] = {}
        self._evaluator = Evaluator(self._resolve, self._load, path.parent)
        data = path.read_bytes() if path.stat().st_size <= _MAX_BYTES else b""
        tree = Parser(Language(language_tsx())).parse(data)
        self.root = tree.root_node
        self._collect(self.root)

    def exported(self, name: str = "default") -> Any:
        """What ``export default``, ``module.exports`` or ``export const name`` is; a function's return value."""
        node = self._find_export() if name == "default" else self._names.get(name)
        if node is None:
            whole = self._find_export()
            found = plain(self.evaluate(whole)) if whole is not None else UNKNOWN
            return found.get(name, UNKNOWN) if isinstance(found, dict) else UNKNOWN
        return self.evaluate(node) if name == "default" else self._resolve(name)

    def exported_config(self) -> tuple[Any, str]:
        """The exported object, or what the exported function returns, and the function that it was passed through."""
        node, wrapper = self._find_export(), ""
        for _ in range(20):
            if node is None:
                break
            inner = _unwrap(node)
            if inner.type == "identifier" and not self._changes.get(text_of(inner)):
                following = self._names.get(text_of(inner))
                if following is None:
                    return self._resolve(text_of(inner)), wrapper
                node = following
            elif inner.type in _NESTED:
                self._collect(inner, inside=True)
                node = _returned(inner)
            elif inner.type == "call_expression":
                function, arguments = inner.child_by_field_name("function"), inner.child_by_field_name("arguments")
                wrapper = text_of(function) if function else "a call"
                given = arguments.named_children if arguments else []
                called = self._names.get(wrapper)
                node = called if not given and called is not None else next(iter(given), None)
                wrapper = "" if node is called else wrapper
            else:
                return self.evaluate(inner), wrapper
        return UNKNOWN, wrapper

    def evaluate(self, node: Node) -> Any:
        """The value of an expression in this file."""
        return self._evaluator.evaluate(node)

    def _find_export(self) -> Node | None:
        found: Node | None = None
        for node in self.root.named_children:
            if node.type == "export_statement" and any(child.type == "default" for child in node.children):
                found = node.child_by_field_name("value") or node.child_by_field_name("declaration")
            elif node.type == "expression_statement" and node.named_children:
                inner = node.named_children[0]
                left = inner.child_by_field_name("left") if inner.type == "assignment_expression" else None
                if left is not None and text_of(left) in {"module.exports", "exports.default"}:
                    found = inner.child_by_field_name("right")
        return found

    def _collect(self, start: Node, inside: bool = False) -> None:
        """The names that are declared in ``start``, functions inside it left out, and what is done to them."""
        for node in _walk(start, inside):
            if node.type == "variable_declarator":
                self._declare(node)
            elif node.type == "function_declaration" and node is not start:
                name = node.child_by_field_name("name")
                if name is not None:
                    self._names.setdefault(text_of(name), node)
            elif node.type == "import_statement":
                self._import(node)
            elif node.type in {"assignment_expression", "augmented_assignment_expression"}:
                self._change(node, node.child_by_field_name("left"), node.child_by_field_name("right"))
            elif node.type == "call_expression":
                function = node.child_by_field_name("function")
                method = function.child_by_field_name("property") if function else None
                if function is not None and method is not None and text_of(method) in _MUTATORS:
                    self._change(node, function.child_by_field_name("object"), None, mutated=True)

    def _declare(self, node: Node) -> None:
        name, value = node.child_by_field_name("name"), node.child_by_field_name("value")
        if name is None or value is None:
            return
        if name.type == "identifier":
            self._names.setdefault(text_of(name), value)
        elif name.type == "object_pattern":
            target = _required(value)
            for child in name.named_children:
                if target and child.type == "shorthand_property_identifier_pattern":
                    self._imports.setdefault(text_of(child), (target, text_of(child)))

    def _import(self, node: Node) -> None:
        source = node.child_by_field_name("source")
        if source is None:
            return
        target = text_of(source)[1:-1]
        for clause in (child for child in node.named_children if child.type == "import_clause"):
            for child in clause.named_children:
                if child.type in {"identifier", "namespace_import"}:
                    names = [child] if child.type == "identifier" else child.named_children
                    for name in names:
                        self._imports[text_of(name)] = (target, "default")
                for specifier in child.named_children if child.type == "named_imports" else ():
                    name_node, alias = specifier.child_by_field_name("name"), specifier.child_by_field_name("alias")
                    if name_node is not None:
                        self._imports[text_of(alias or name_node)] = (target, text_of(name_node))

    def _change(self, node: Node, target: Node | None, value: Node | None, mutated: bool = False) -> None:
        """Notes that ``config.plugins.push(…)`` or ``config.baseUrl = …`` changes what a name stands for."""
        steps: list[str] = []
        while target is not None and target.type in {"member_expression", "subscript_expression"}:
            key = target.child_by_field_name("property")
            steps.insert(0, text_of(key) if key is not None else SPREAD)
            target = target.child_by_field_name("object")
        if target is None or target.type != "identifier" or text_of(target) in {"module", "exports"}:
            return
        plainly = node.parent is not None and node.parent.parent in (self.root, None)
        known = value if plainly and node.type == "assignment_expression" else None
        self._changes.setdefault(text_of(target), []).append(((*steps, "[]") if mutated else tuple(steps), known))

    def _resolve(self, name: str) -> Any:
        if name not in self._values:
            self._values[name] = UNKNOWN  # a name that stands for itself
            self._values[name] = self._find_value(name)
        return self._values[name]

    def _find_value(self, name: str) -> Any:
        node = self._names.get(name)
        if node is not None:
            value = FUNCTION if node.type in _NESTED else self.evaluate(node)
            for steps, change in self._changes.get(name, ()):
                value = _apply(value, steps, self.evaluate(change) if change is not None else UNKNOWN)
            return value
        if name in self._imports:
            target, wanted = self._imports[name]
            return self._load(target, wanted)
        return UNKNOWN

    def _load(self, target: str, name: str = "default") -> Any:
        """What another local file exports as ``name``; a :class:`Module` when it is a package or no plain data."""
        path = self._find_file(target)
        if path is None or path in self._loading:
            return Module(target)
        try:
            value = _read_json(path, name) if path.suffix == ".json" else SourceFile(path, self._loading).exported(name)
        except (OSError, ValueError, RecursionError):
            return Module(target)
        return Module(target) if isinstance(value, Unknown) and not isinstance(value, Function) else value

    def _find_file(self, target: str) -> Path | None:
        if not target.startswith((".", "/")):
            return None
        base = self.path.parent / target
        return next((path for suffix in _SUFFIXES if (path := Path(f"{base}{suffix}")).is_file()), None)


def _walk(start: Node, inside: bool) -> Iterator[Node]:
    """The nodes below ``start``, in order, without those of functions; without recursion: a file may nest deeply."""
    stack = list(reversed(start.named_children)) if inside else [start]
    for _ in range(_MAX_NODES):
        if not stack:
            return
        node = stack.pop()
        yield node
        if node.type not in _NESTED:
            stack.extend(reversed(node.named_children))


def _unwrap(node: Node) -> Node:
    wrappers = {"as_expression", "satisfies_expression", "parenthesized_expression", "await_expression"}
    while node.type in wrappers:
        inner = [child for child in node.named_children if child.type != "comment"]
        if not inner:
            return node
        node = inner[0]
    return node


def _returned(function: Node) -> Node | None:
    """What a function returns: its expression, or the last ``return`` of its own body."""
    body = function.child_by_field_name("body")
    if body is None or body.type != "statement_block":
        return body
    found = [node for node in _walk(body, True) if node.type == "return_statement" and node.named_children]
    return found[-1].named_children[0] if found else None


def _required(node: Node) -> str:
    """``x`` of ``require('x')``, else ""."""
    function, arguments = node.child_by_field_name("function"), node.child_by_field_name("arguments")
    if node.type != "call_expression" or function is None or arguments is None or text_of(function) != "require":
        return ""
    return text_of(arguments.named_children[0])[1:-1] if arguments.named_children else ""


def _apply(value: Any, steps: tuple[str, ...], change: Any) -> Any:
    value = plain(value)
    if not steps:
        return change
    first, rest = steps[0], steps[1:]
    if first == "[]":
        return [*value, UNKNOWN] if isinstance(value, list) else UNKNOWN
    if isinstance(value, dict):
        return {**value, first: _apply(value.get(first, [] if rest == ("[]",) else UNKNOWN), rest, change)}
    return UNKNOWN


def _read_json(path: Path, name: str) -> Any:
    data = _numbers(json.loads(path.read_text("utf-8"))) if path.stat().st_size <= _MAX_BYTES else UNKNOWN
    if name == "default":
        return data
    return data.get(name) if isinstance(data, dict) else UNKNOWN


def _numbers(value: Any) -> Any:
    """JSON data with the one kind of number that JavaScript has."""
    if isinstance(value, dict):
        return {key: _numbers(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_numbers(item) for item in value]
    return float(value) if isinstance(value, int) and not isinstance(value, bool) else value

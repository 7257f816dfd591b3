"""A YAML file whose scalars are taken as they are written, and where in it each value stands."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from docs_index.errors import UserError

Step = str | int


@dataclass(frozen=True, slots=True)
class Document:
    """What a file holds, all of it text, lists and tables, and the nodes that it was read from."""

    data: Any
    root: yaml.Node | None

    def line(self, *path: Step) -> int:
        """The line, from 1, where the value at ``path`` begins; of the last on the way when the path ends before."""
        node, line = self.root, 1
        for step in path:
            found = next((entry for entry in _entries(node) if entry[0] == step), None)
            if found is None:
                break
            _, line, node = found
        return line

    def repeated_keys(self) -> Iterator[tuple[str, int]]:
        """Keys that one table has twice, with the line of the second: YAML would quietly take that one."""
        waiting, seen = [self.root], set()
        while waiting:
            node = waiting.pop()
            # an alias leads to a node again, perhaps to one that it lies in
            if node is None or id(node) in seen:
                continue
            seen.add(id(node))
            names: set[Step] = set()
            for name, line, child in _entries(node):
                if name in names:
                    yield str(name), line
                names.add(name)
                waiting.append(child)


def read_document(path: Path) -> Document:
    """Reads a YAML file.

    :raises UserError: when it cannot be read, or is not YAML, naming the line.
    """
    try:
        text = path.read_text("utf-8-sig")
    except FileNotFoundError:
        raise UserError(f"There is no file {path}.", "Give the file that holds your questions.") from None
    except UnicodeDecodeError as error:
        raise UserError(f"{path} is not valid UTF-8 (byte {error.start}).", "Save it as UTF-8.") from None
    except OSError as error:
        raise UserError(f"{path} cannot be read: {error.strerror}.", "Give a file that you may read.") from None
    try:
        # This loader leaves scalars as they are written: version 1.10 is no number, and the locale "no" no boolean.
        loader = yaml.BaseLoader(text)
        root = loader.get_single_node()
        return Document(loader.construct_document(root) if root else None, root)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        where = f"{path}:{mark.line + 1}" if mark else str(path)
        what = ", ".join(part for part in (error.context, error.problem) if part)
        raise UserError(
            f"{where} is not valid YAML: {what}.",
            "Put text that holds ': ' or ' #', or that begins with a sign, between quotes.",
        ) from None
    except yaml.YAMLError as error:
        raise UserError(f"{path} is not valid YAML: {' '.join(str(error).split())}.") from None
    except RecursionError:
        raise UserError(f"{path} is nested too deeply.", "Write a list of questions, each with its keys.") from None


def _entries(node: yaml.Node | None) -> Iterator[tuple[Step, int, yaml.Node]]:
    """The keys or positions of a node, the lines where they stand, and what they hold."""
    if isinstance(node, yaml.MappingNode):
        yield from ((str(key.value), key.start_mark.line + 1, value) for key, value in node.value)
    elif isinstance(node, yaml.SequenceNode):
        yield from ((at, child.start_mark.line + 1, child) for at, child in enumerate(node.value))

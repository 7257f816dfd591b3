"""The import and export blocks of an MDX file: where they end, and which files they bring in."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Literal

from docs_index.pairs import STRING_ENDS

#: How a module begins in MDX, at the start of a block.
BEGINS = re.compile(
    r"(?:import\s*(?:[\w$*{]|['\"])|export\s+(?:const|let|var|function|default|class|async|type|\{|\*))"
)
_SIGN = re.compile(r"(?<!\w)'|[\"`()\[\]{}]|//[^\n]*|/\*|\n[ \t]*\n")
_FROM = re.compile(r"\bfrom\s*(['\"])([^'\"\n]+)\1")
_DEFAULT = re.compile(r"([\w$]+)")
_NAMED = re.compile(r"\{([^}]*)\}")
_AS = re.compile(r"\s*([\w$]+)(?:\s+as\s+([\w$]+))?\s*$")
_SCRIPT_END = re.compile(r"(?:\.[jt]sx?|/[\w-]+|\\?_[\w-]+)$")

Kind = Literal["markdown", "text", "component"]


@dataclass(frozen=True, slots=True)
class Import:
    """A file that is imported, or one ``export`` of it; ``line`` is that of the import block (from 1)."""

    path: str
    kind: Kind
    line: int
    export: str = "default"


def module_end(text: str) -> int:
    """The offset at which the module block that begins ``text`` ends: the first blank line outside every bracket.

    0 when its brackets never close.
    """
    depth = position = 0
    while match := _SIGN.search(text, position):
        sign, position = match.group(0), match.end()
        if sign in "([{":
            depth += 1
        elif sign in ")]}":
            depth -= 1
        elif sign[0] == "\n":
            if depth <= 0:
                return match.start()
            position = match.start() + 1
        elif sign == "/*":
            end = text.find("*/", position)
            position = len(text) if end < 0 else end + 2
        elif sign in STRING_ENDS and (string := STRING_ENDS[sign].match(text, position)):
            position = string.end()
    return len(text) if depth <= 0 else 0


def read_imports(module: str, line: int) -> dict[str, Import]:
    """The files that are imported whole, by their local names; packages and theme components are left out."""
    found: dict[str, Import] = {}
    position = 0
    for match in _FROM.finditer(module):
        start = module.rfind("import", position, match.start())
        position = match.end()
        if start < 0:
            continue
        names = module[start + len("import") : match.start()].strip()
        path = match.group(2).replace("\\", "")
        if "raw-loader!" in path or path.endswith("?raw"):
            imported = Import(path.rsplit("!", 1)[-1].removesuffix("?raw"), "text", line)
        elif path.endswith((".md", ".mdx")):
            imported = Import(path, "markdown", line)
        elif path.startswith((".", "/", "@site/")) and _SCRIPT_END.search(path):
            imported = Import(path, "component", line)
        else:
            continue
        if default := _DEFAULT.match(names):
            found[default.group(1)] = imported
        if imported.kind == "component" and (named := _NAMED.search(names)):
            for part in named.group(1).split(","):
                if local := _AS.match(part):
                    found[local.group(2) or local.group(1)] = replace(imported, export=local.group(1))
    return found

"""Components that show Markdown files: which ones, found without running them."""

from __future__ import annotations

import os
import re
import stat
from dataclasses import replace
from functools import lru_cache
from pathlib import Path

from docs_index.imports import Import, read_imports

#: A component larger than this is generated code.
_MAX_BYTES = 200_000
_GLOBAL = tuple(f"MDXComponents{ending}" for ending in (".js", ".jsx", ".ts", ".tsx"))
_GLOBAL += tuple(f"MDXComponents/index{ending}" for ending in (".js", ".jsx", ".ts", ".tsx"))
_NEXT = re.compile(r"^(?:export|function|const|let|var|class)\b", re.MULTILINE)


def read_component(path: Path, export: str) -> tuple[Import, ...]:
    """The Markdown files and components that one export of a component's file shows, in the order of their use."""
    try:
        state = path.stat()
    except OSError:
        return ()
    readable = stat.S_ISREG(state.st_mode) and state.st_size <= _MAX_BYTES
    return _read(path, export, state.st_mtime_ns) if readable else ()


@lru_cache(maxsize=2048)
def _read(path: Path, export: str, changed: int) -> tuple[Import, ...]:
    try:
        text = path.read_text("utf-8", "replace")
    except OSError:
        return ()
    code = _definition(text, export)
    used = [
        (code.find(f"<{name}"), imported)
        for name, imported in read_imports(text, 0).items()
        if imported.kind != "text" and re.search(rf"<{re.escape(name)}\b", code)
    ]
    return tuple(imported for _, imported in sorted(used, key=lambda use: use[0]))


def read_global(folder: Path) -> dict[str, Import]:
    """What a site lets every page use without importing it: the imports of its own ``MDXComponents``."""
    for name in _GLOBAL:
        path = folder / "src" / "theme" / name
        if path.is_file():
            return _read_global(path, folder)
    return {}


def _read_global(path: Path, folder: Path) -> dict[str, Import]:
    try:
        text = path.read_text("utf-8", "replace")
    except OSError:
        return {}
    found: dict[str, Import] = {}
    for name, imported in read_imports(text, 0).items():
        # the pages that use it lie elsewhere
        if imported.path.startswith("."):
            file = Path(os.path.normpath(path.parent / imported.path))
            if not file.is_relative_to(folder):
                continue
            imported = replace(imported, path=f"@site/{file.relative_to(folder).as_posix()}")
        found[name] = imported
        for alias in re.findall(rf"[\s,{{]([A-Z]\w*)\s*:\s*{re.escape(name)}\s*[,}}\n]", text):
            found[alias] = imported
    return {name: imported for name, imported in found.items() if name[:1].isupper()}


def _definition(text: str, export: str) -> str:
    """The part of a file that defines an export; all of it for the default one."""
    if export == "default":
        return text
    start = re.search(rf"\b(?:function|const|let|var|class)\s+{re.escape(export)}\b", text)
    if not start:
        return ""
    end = _NEXT.search(text, start.end())
    return text[start.start() : end.start() if end else len(text)]

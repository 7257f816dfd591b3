"""Admonitions: their titles in the reader's language, and which of them nothing closes."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache
from importlib.resources import files

from docs_index.lines import Fault

_MARK = re.compile(r"([ \t>]*)(:{3,})[ \t]*([A-Za-z][\w-]*)?[ \t]*(.*)")
#: The kinds that Docusaurus knows.
KINDS = ("note", "tip", "info", "warning", "danger", "caution", "important", "secondary", "success")


@cache
def admonition_titles(locale: str) -> dict[str, str]:
    """``kind -> title`` in the language of ``locale``; kinds that the theme does not translate are left out."""
    data: dict[str, dict[str, dict[str, str]]] = json.loads(
        files("docs_index").joinpath("admonitions.json").read_text("utf-8")
    )
    titles = data["titles"]
    return titles.get(locale) or titles.get(locale.split("-")[0]) or {}


@dataclass(frozen=True, slots=True)
class _Open:
    kind: str
    colons: int
    line: int
    indent: str


class AdmonitionStack:
    """The admonitions that are open while a file is read line by line."""

    def __init__(self) -> None:
        self._open: list[_Open] = []

    def read(self, line: str, number: int) -> Fault | None:
        """Takes one line that is no code, and says when it misspells a kind."""
        match = _MARK.fullmatch(line)
        if not match:
            return None
        indent, colons, kind, rest = match.groups()
        if not kind:
            if not rest:
                self.close(len(colons))
            return None
        self._open.append(_Open(kind, len(colons), number, indent))
        near = [] if kind in KINDS else get_close_matches(kind.lower(), KINDS, 1, 0.8)
        if not near:
            return None
        return Fault(
            "admonition-unknown",
            number,
            f"there is no admonition ':::{kind}'",
            f"Write ':::{near[0]}', or declare the keyword in the admonitions option of the docs.",
        )

    def closes(self, line: str) -> bool:
        """Whether this line of a code block ends an admonition around it, and with it the code block."""
        match = _MARK.fullmatch(line)
        if not match or match.group(3) or match.group(4):
            return False
        return any(len(match.group(2)) >= admonition.colons for admonition in self._open)

    def close(self, colons: int) -> None:
        """Ends the outermost admonition that so many colons can end, and all that are in it."""
        for index, admonition in enumerate(self._open):
            if colons >= admonition.colons:
                del self._open[index:]
                return

    def faults(self) -> list[Fault]:
        """Those that the end of the file leaves open; one in a list ends with its item."""
        return [
            Fault(
                "admonition-unclosed",
                admonition.line,
                f"':::{admonition.kind}' is never closed: all that follows stands in it",
                f"Close it with a line of its own: {':' * admonition.colons}",
            )
            for admonition in self._open
            if not admonition.indent
        ]

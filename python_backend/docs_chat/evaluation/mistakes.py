"""What is wrong with a file of questions, gathered so that its author hears everything at once."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from pathlib import Path

from docs_index.errors import UserError

_SHOWN = 30


class Mistakes:
    """Mistakes of one file, each with its line and, where it is known, the number of the question."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._found: set[tuple[int, str]] = set()

    def add(self, line: int, message: str, number: int | None = None) -> None:
        """Notes a mistake; ``message`` continues "question 3: "."""
        self._found.add((line, f"question {number}: {message}" if number else message))

    def raise_any(self, hint: str = "") -> None:
        """:raises UserError: when there are any: one a line, in the order of the file."""
        if not self._found:
            return
        lines = [f"{self._path}:{line}: {message}" for line, message in sorted(self._found)]
        if len(lines) > _SHOWN:
            lines[_SHOWN:] = [f"… and {len(lines) - _SHOWN} more."]
        raise UserError("\n       ".join(lines), hint)


def suggest(name: str, choices: Iterable[str]) -> str:
    """The end of a sentence about an unknown name: the nearest that exists, or all that do."""
    known = list(choices)
    nearest = difflib.get_close_matches(name, known, n=1)
    return f"did you mean {nearest[0]}?" if nearest else f"it can be {', '.join(known)}."

"""A docs file on disk: its bytes, its front matter and its body."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

_FRONT_MATTER = re.compile(r"\A---[ \t]*\r?\n(.*?)(?:^|\n)---[ \t]*(?:\r?\n|\Z)", re.DOTALL)
#: The lines of front matter that nothing closes.
_UNCLOSED = re.compile(r"---[ \t]*\n(?=[\w-]+:)(?:(?:[\w-]+:|[ \t#-]).*\n|[\w-]+:.*\Z)*")
#: A page larger than this is not prose that somebody reads.
MAX_BYTES = 10_000_000


class SourceError(Exception):
    """A docs file that cannot be used as it is; ``hint`` says how to mend it, ``line`` where (from 1; 0: all of it).

    ``rest`` is what could be read all the same: the end of the file's text, "" when that is nothing.
    """

    def __init__(self, message: str, hint: str, line: int = 0, rest: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint
        self.line = line
        self.rest = rest


@dataclass(frozen=True, slots=True)
class Source:
    """Front matter and body of one file; ``first_line`` is the body's line number in the file (from 1)."""

    front_matter: dict[str, Any]
    body: str
    first_line: int


_SafeLoader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class _Loader(_SafeLoader):  # type: ignore[misc]
    """YAML without date objects: a date in front matter stays the text that the writer typed."""


_Loader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if tag != "tag:yaml.org,2002:timestamp"]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


def read_text(path: Path) -> str:
    """The file's text with ``\\n`` line ends and without a byte order mark.

    :raises SourceError: when it cannot be read, is too large, or is not UTF-8.
    """
    try:
        if path.exists() and not path.is_file():
            raise SourceError("is not a file that can be read", "Replace it by a plain file.")
        data = path.read_bytes()
    except OSError as error:
        raise SourceError(
            f"cannot read the file ({error.strerror})", "Check that it exists and is readable."
        ) from error
    if len(data) > MAX_BYTES:
        raise SourceError(
            f"the file is larger than {MAX_BYTES // 1_000_000} MB", "Split it, or exclude it from the docs."
        )
    try:
        return _tidy(data.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        raise SourceError(
            f"line {line} is not valid UTF-8 (byte 0x{data[error.start]:02x})",
            "Save the file as UTF-8.",
            line,
            _tidy(data.decode("utf-8-sig", "replace")),
        ) from error


def _tidy(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n").replace("\0", "")


def split_front_matter(text: str) -> Source:
    """Separates YAML front matter from the body.

    :raises SourceError: when the front matter is never closed, is not YAML, or not a mapping; the body is its rest.
    """
    match = _FRONT_MATTER.match(text)
    if not match:
        if opening := _UNCLOSED.match(text):
            hint = "Write a line '---' below the last 'key: value' line."
            raise SourceError("the front matter is never closed", hint, 1, text[opening.end() :])
        return Source({}, text, 1)
    first_line = text.count("\n", 0, match.end()) + 1
    body = text[match.end() :]
    try:
        values = yaml.load(match.group(1), Loader=_Loader)  # noqa: S506 (a SafeLoader)
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        mark = getattr(error, "problem_mark", None)
        problem = getattr(error, "problem", None) or "not valid YAML"
        raise SourceError(
            f"the front matter is broken: {problem}",
            "Mend the YAML between the two '---' lines; quote values that hold ': ' or start with a symbol.",
            mark.line + 2 if mark else 1,
            body,
        ) from error
    if values is None:
        values = {}
    if not isinstance(values, dict):
        raise SourceError(
            "the front matter is not a list of 'key: value' lines",
            "Write it as 'title: My page', one key a line.",
            1,
            body,
        )
    return Source({str(key): value for key, value in values.items()}, body, first_line)


def open_source(path: Path) -> tuple[Source, list[SourceError]]:
    """The file as far as it can be read, and what is wrong with it; its values are empty when they are broken.

    :raises SourceError: when nothing of it can be read.
    """
    errors: list[SourceError] = []
    try:
        text = read_text(path)
    except SourceError as error:
        if not error.rest:
            raise
        errors.append(error)
        text = error.rest
    try:
        return split_front_matter(text), errors
    except SourceError as error:
        first_line = text.count("\n", 0, len(text) - len(error.rest)) + 1
        return Source({}, error.rest, first_line), [*errors, error]

"""A docs file on disk: its bytes, its front matter and its body."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

_FRONT_MATTER = re.compile(r"\A---[ \t]*\r?\n(.*?)(?:^|\n)---[ \t]*(?:\r?\n|\Z)", re.DOTALL)
#: A page larger than this is not prose that somebody reads.
MAX_BYTES = 10_000_000


class SourceError(Exception):
    """A docs file that cannot be used as it is; ``hint`` says how to mend it."""

    def __init__(self, message: str, hint: str) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint


@dataclass(frozen=True, slots=True)
class Source:
    """Front matter and body of one file; ``first_line`` is the body's line number in the file (from 1)."""

    front_matter: dict[str, Any]
    body: str
    first_line: int


class _Loader(yaml.SafeLoader):
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
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        raise SourceError(
            f"line {line} is not valid UTF-8 (byte 0x{data[error.start]:02x})", "Save the file as UTF-8."
        ) from error
    return text.replace("\r\n", "\n").replace("\r", "\n").replace("\0", "")


def split_front_matter(text: str) -> Source:
    """Separates YAML front matter from the body.

    :raises SourceError: when the front matter is not YAML, or not a mapping.
    """
    match = _FRONT_MATTER.match(text)
    if not match:
        return Source({}, text, 1)
    first_line = text.count("\n", 0, match.end()) + 1
    try:
        values = yaml.load(match.group(1), Loader=_Loader)  # noqa: S506 (a SafeLoader)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        where = f" (line {mark.line + 2})" if mark else ""
        problem = getattr(error, "problem", None) or "not valid YAML"
        raise SourceError(
            f"the front matter is broken{where}: {problem}",
            "Mend the YAML between the two '---' lines; quote values that hold ': ' or start with a symbol.",
        ) from error
    if values is None:
        values = {}
    if not isinstance(values, dict):
        raise SourceError(
            "the front matter is not a list of 'key: value' lines",
            "Write it as 'title: My page', one key a line.",
        )
    return Source({str(key): value for key, value in values.items()}, text[match.end() :], first_line)

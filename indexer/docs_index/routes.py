"""How Docusaurus makes addresses: number prefixes, slugs, index files, versions, dates."""

from __future__ import annotations

import posixpath
import re
from typing import Any

_NUMBER = re.compile(r"^(\d+)\s*[-_.]+\s*([^-_.\s].*)$")
_NOT_A_PREFIX = re.compile(r"^\d+[-_.]\d+")
_BLOG_DATE = re.compile(r"^(?P<folder>.*)(?P<date>\d{4}[-/]\d{1,2}[-/]\d{1,2})[-/]?(?P<text>.*?)(?:/index)?$")


def join(*parts: str) -> str:
    """Joins URL parts with single slashes, always from the root; a trailing slash of the last part stays."""
    joined = "/".join(part for part in parts if part)
    return re.sub(r"/{2,}", "/", f"/{joined}")


def strip_number(name: str) -> str:
    """``01-intro`` -> ``intro``; dates and versions such as ``2024-01`` or ``7.0-x`` keep their numbers."""
    if _NOT_A_PREFIX.match(name):
        return name
    match = _NUMBER.match(name)
    return match.group(2) if match else name


def apply_trailing_slash(path: str, trailing_slash: bool | None) -> str:
    """The final address, as ``trailingSlash`` in the config makes it."""
    if trailing_slash is None or path == "/":
        return path
    if trailing_slash:
        return path if path.endswith("/") else f"{path}/"
    return path.rstrip("/") or "/"


def doc_path(relative: str, front_matter: dict[str, Any], strip: bool = True) -> str:
    """A doc's path below its version's root.

    :param relative: file below the docs folder, such as ``02-guide/index.md``.
    :param strip: whether number prefixes are removed (``numberPrefixParser``).
    """
    strip = strip and front_matter.get("parse_number_prefixes") is not False
    clean = strip_number if strip else str
    stem = re.sub(r"\.mdx?$", "", relative)
    *folders, name = stem.split("/")
    folders = [clean(folder) for folder in folders]
    directory = "/" + "".join(f"{folder}/" for folder in folders)
    slug = front_matter.get("slug")
    if slug is not None and str(slug) != "":
        return posixpath.normpath(posixpath.join(directory, str(slug))) + (
            "/" if str(slug).endswith("/") and str(slug) != "/" else ""
        )
    bare = clean(name)
    is_index = name.lower() in {"index", "readme"} or (folders and bare.lower() == folders[-1].lower())
    if is_index:
        return directory
    identifier = front_matter.get("id")
    return directory + str(identifier if identifier is not None else bare)


def blog_path(relative: str, front_matter: dict[str, Any]) -> str:
    """A post's path below the blog's root; a full date in its file name becomes ``/2024/05/06/``."""
    slug = front_matter.get("slug")
    if slug:
        return join(str(slug))
    stem = re.sub(r"\.mdx?$", "", relative)
    match = _BLOG_DATE.match(stem)
    if match:
        date = match["date"].replace("-", "/")
        return join(date, match["folder"], match["text"])
    return join(re.sub(r"(?:^|/)index$", "", stem))


def page_path(relative: str, front_matter: dict[str, Any]) -> str:
    """The path of a Markdown file in ``src/pages``."""
    slug = front_matter.get("slug")
    stem = re.sub(r"\.mdx?$", "", relative)
    if slug:
        folder = posixpath.dirname(stem)
        return posixpath.normpath(posixpath.join("/", folder, str(slug)))
    return join(re.sub(r"(?:^|/)index$", "/", stem)) if stem != "index" else "/"

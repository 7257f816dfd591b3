"""How Docusaurus makes addresses: number prefixes, slugs, index files, versions, dates."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import quote

_NUMBER = re.compile(r"^(\d+)\s*[-_.]+\s*([^-_.\s].*)$", re.ASCII)
_NOT_A_PREFIX = re.compile(r"^\d+[-_.]\d+", re.ASCII)
_BLOG_DATE = re.compile(
    r"^(?P<folder>.*)(?P<date>\d{4}[-/]\d{1,2}[-/]\d{1,2})[-/]?(?P<text>.*?)(?:/index)?.mdx?$", re.ASCII
)
_SUFFIX = re.compile(r"\.(?:mdx?|jsx?|tsx?)$")
#: What no address of a doc may hold: a browser reads it as the start of a query or an anchor.
_NO_PATH = re.compile(r"^//|[?#\\\t\n\r]")


def normalize_url(*parts: str) -> str:
    """Joins parts of a path with single slashes, as Docusaurus does: a trailing slash of the last part stays."""
    kept: list[str] = []
    has_start = has_end = False
    for at, part in enumerate(parts):
        last = at == len(parts) - 1
        if part == "":
            if last and has_end:
                kept.append("/")
            continue
        if part != "/":
            if at > 0:
                part = ("/" if part.startswith("/") and not has_start else "") + part.lstrip("/")
            has_end = part.endswith("/")
            part = re.sub(r"/+$", "/" if last else "", part)
        has_start = True
        kept.append(part)
    joined = re.sub(r"/(\?|&|#[^!/])", r"\1", "/".join(kept))
    head, *queries = joined.split("?")
    joined = head + ("?" if queries else "") + "&".join(queries)
    return re.sub(r"^/+", "/", re.sub(r"([^:/]/)/+", r"\1", joined))


def strip_number(name: str) -> str:
    """``01-intro`` -> ``intro``; dates and versions such as ``2024-01`` or ``7.0-x`` keep their numbers."""
    if _NOT_A_PREFIX.match(name):
        return name
    match = _NUMBER.match(name)
    return match.group(2) if match else name


def apply_trailing_slash(path: str, trailing_slash: bool | None, base_url: str = "/") -> str:
    """The final address, as ``trailingSlash`` in the config makes it; the home page keeps its own."""
    pathname = re.split(r"[#?]", path, maxsplit=1)[0]
    if trailing_slash is None or pathname in {"/", base_url}:
        return path
    ended = pathname.endswith("/")
    if trailing_slash:
        return path if ended else path.replace(pathname, f"{pathname}/", 1)
    return path.replace(pathname, pathname[:-1], 1) if ended else path


def doc_path(relative: str, front_matter: dict[str, Any], strip: bool = True) -> str:
    """A doc's path below its version's root.

    :param relative: file below the docs folder, such as ``02-guide/index.md``.
    :param strip: whether number prefixes are removed (``numberPrefixParser``).
    :raises ValueError: when Docusaurus refuses the address; the message says why.
    """
    slug, identifier = text_of(front_matter.get("slug")), text_of(front_matter.get("id"))
    strip = strip and front_matter.get("parse_number_prefixes") is not False
    clean = strip_number if strip else str
    *folders, file = relative.split("/")
    name = file.rsplit(".", 1)[0]
    if identifier is not None and "/" in identifier:
        raise ValueError(f"the id {identifier!r} holds a slash")
    directory = "/" + "".join(f"{clean(folder)}/" for folder in folders)
    if slug and slug.startswith("/"):
        path = slug
    elif not slug and name.lower() in {"index", "readme", folders[-1].lower() if folders else ""}:
        # compared as they are on disk: 01-guide/guide.md is no index, 01-guide/01-guide.md is
        path = directory
    else:
        path = _resolve(slug or (identifier if identifier is not None else clean(name)), directory)
    if _NO_PATH.search(path):
        raise ValueError(f"{path!r} is no valid path")
    return path


def blog_path(relative: str, front_matter: dict[str, Any]) -> str:
    """A post's path below the blog's root; a full date in its file name becomes ``/2024/05/06/``."""
    slug = text_of(front_matter.get("slug"))
    if slug is not None:
        return slug
    match = _BLOG_DATE.match(relative)
    if match:
        return f"/{match['date'].replace('-', '/')}/{match['folder']}{match['text']}"
    return "/" + re.sub(r"(?:/index)?\.mdx?$", "", relative)


def blog_name(relative: str) -> str:
    """What a post without a title is called: its file name without the date."""
    match = _BLOG_DATE.match(relative)
    return match["text"] if match else re.sub(r"(?:/index)?\.mdx?$", "", relative)


def page_path(relative: str, front_matter: dict[str, Any]) -> str:
    """The path of a file in ``src/pages``; unlike docs it is percent-encoded, and a slug is from the root."""
    slug = text_of(front_matter.get("slug"))
    if slug is not None:
        return slug
    index = re.match(r"(^|.*/)index\.(?:mdx?|jsx?|tsx?)$", relative, re.IGNORECASE)
    path = f"/{index[1]}" if index else f"/{_SUFFIX.sub('', relative)}"
    return "/".join(quote(part, safe="!'()*-._~") for part in path.split("/"))


def text_of(value: Any) -> str | None:
    """A front matter value as the text that Docusaurus takes it for; None when it is not set."""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return None
    text = str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)
    return text.encode("utf-8", "replace").decode("utf-8")


def _resolve(to: str, start: str) -> str:
    """A relative path as a browser resolves it against a folder."""
    parts = [*start.split("/")[:-1], *to.split("/")]
    ends = parts[-1] in {".", "..", ""}
    kept: list[str] = []
    for part in parts:
        if part == "..":
            if len(kept) > 1:
                kept.pop()
        elif part != ".":
            kept.append(part)
    path = "/".join(kept) or "/"
    return f"{path}/" if ends and not path.endswith("/") else path

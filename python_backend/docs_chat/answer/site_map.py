"""The pages of a scope in a few lines, so that a model knows what the docs have."""

from __future__ import annotations

from collections.abc import Sequence

from docs_index.index import PageInfo

MIN_TITLES = 3


def write_site_map(pages: Sequence[PageInfo], limit: int) -> str:
    """A line for each folder of addresses with the titles of its pages, at most `limit` characters.

    Where there are too many, each folder names its first pages and counts the rest. Blog posts are only counted.
    """
    folders: dict[str, list[str]] = {}
    posts = 0
    for page in pages:
        if page.kind == "blog":
            posts += 1
        else:
            folder = page.permalink.strip("/").rpartition("/")[0]
            folders.setdefault(folder, []).append(" ".join(page.title.split()))
    ending = [f"Blog posts: {posts}"] if posts else []
    most = max((len(titles) for titles in folders.values()), default=0)
    while True:
        lines = [write_folder(folder, titles, most) for folder, titles in folders.items()] + ending
        text = "\n".join(lines)
        if len(text) <= limit:
            return text
        if most <= MIN_TITLES:
            return cut_lines(lines, limit)
        most = max(MIN_TITLES, most * 2 // 3)


def write_folder(folder: str, titles: Sequence[str], most: int) -> str:
    shown = "; ".join(titles[:most])
    rest = f"; and {len(titles) - most} more" if len(titles) > most else ""
    return f"- {folder or 'top'}: {shown}{rest}"


def cut_lines(lines: Sequence[str], limit: int) -> str:
    """The first lines that fit."""
    kept: list[str] = []
    for line in lines:
        limit -= len(line) + 1
        if limit < 0:
            break
        kept.append(line)
    return "\n".join(kept)

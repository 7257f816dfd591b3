"""What has come and gone since a site was built."""

from __future__ import annotations

import os
from collections.abc import Collection, Iterator
from pathlib import Path, PurePosixPath

from docs_index.config import Settings, read_config
from docs_index.content import Content, find_contents
from docs_index.conventions import is_draft
from docs_index.errors import UserError
from docs_index.repository import Repository
from docs_index.site import Problem, find_config

#: File systems and copies round times; a page is new when it is clearly younger than the build.
_SLACK_SECONDS = 2.0
_SHOWN = 3


def warn_gone(sources: Collection[str], record: str) -> Iterator[Problem]:
    """The problem of pages whose source files are not there any more.

    :param record: what lists the pages, such as the path of a manifest.
    """
    if sources:
        yield _warn(record, f"{_count(sources)} of the build {_be(sources)} gone and left out: {_name(sources)}")


def warn_new(folder: Path, known: Collection[str], built: float, record: str) -> Iterator[Problem]:
    """The problem of Markdown files that are pages by the site's config, but came after the build.

    :param known: sources of the pages that were built, relative to the site folder.
    :param built: the time of the build, as a file time; no later file is looked for when it is 0.
    """
    sources = sorted(_find_new(folder.resolve(), frozenset(known), built)) if built else []
    if sources:
        yield _warn(record, f"{_count(sources)} came after the build, so {_be(sources)} missing: {_name(sources)}")


def _find_new(root: Path, known: frozenset[str], built: float) -> Iterator[str]:
    contents = _read_contents(root)
    # a translation stands for the file that it translates
    translated = {str(PurePosixPath(*PurePosixPath(source).parts[2:])) for source in known}
    repository = Repository(root, [content.folder for content in contents])
    for content in contents:
        for relative, file in content.files(repository.holds):
            source = Path(os.path.relpath(file, root)).as_posix()
            if source in known or f"{content.translated}/{relative}" in translated:
                continue
            if _changed_at(file) > built + _SLACK_SECONDS and repository.holds(file) and not is_draft(file):
                yield source


def _read_contents(root: Path) -> list[Content]:
    """The content folders that the config plainly names; none when functions decide which files are pages."""
    path = find_config(root)
    try:
        config = read_config(path) if path else None
    except UserError:
        return []
    if config is None:
        return []
    markdown = config.table("markdown")
    if not isinstance(markdown, Settings) or "parseFrontMatter" in markdown:
        return []
    return [content for content in find_contents(root, config, []) if not content.is_filtered]


def _changed_at(file: Path) -> float:
    try:
        return file.stat().st_mtime
    except OSError:
        return 0.0


def _warn(record: str, message: str) -> Problem:
    return Problem("manifest-stale", "warning", record, message, "Build the site again, then index it.")


def _count(sources: Collection[str]) -> str:
    return "1 page" if len(sources) == 1 else f"{len(sources)} pages"


def _be(sources: Collection[str]) -> str:
    return "is" if len(sources) == 1 else "are"


def _name(sources: Collection[str]) -> str:
    names = sorted(sources)
    return ", ".join(names[:_SHOWN]) + (" …" if len(names) > _SHOWN else "")

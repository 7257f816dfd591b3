"""Which pages a Docusaurus site has, under which addresses."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Literal

from docs_index.code import MAGIC_COMMENTS
from docs_index.imports import Import

#: The visibility of what everybody may see.
PUBLIC = ""
Origin = Literal["manifest", "metadata", "conventions"]
CONFIG_NAMES = tuple(f"docusaurus.config.{suffix}" for suffix in ("ts", "js", "mts", "mjs", "cts", "cjs"))


@dataclass(frozen=True, slots=True)
class Page:
    """One page that has a source file.

    ``source`` is relative to the site folder (``../`` when the docs lie outside it), ``permalink`` the final public
    path, ``html`` the built file or None without a build. ``version`` is "" for blog posts and pages, ``visibility``
    the group of readers that it is for, "" for everybody.
    """

    source: str
    permalink: str
    kind: str
    title: str
    locale: str
    description: str = ""
    version: str = ""
    version_label: str = ""
    is_latest: bool = True
    unlisted: bool = False
    plugin: str = ""
    breadcrumbs: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    html: Path | None = None
    visibility: str = PUBLIC


@dataclass(frozen=True, slots=True)
class Version:
    """A docs version: its name, what readers see, whether it is the one served by default."""

    name: str
    label: str
    is_latest: bool


@dataclass(frozen=True, slots=True)
class Problem:
    """Something that a site owner should know; ``error`` problems make every run fail, all of them ``--check``.

    ``source`` is the file to mend, relative to the site folder, and ``line`` the line in it (from 1; 0 when it is the
    whole file). ``page`` is the permalink where it shows, ``heading`` and ``component`` what shows it; "" when unknown.
    """

    code: str
    severity: Literal["error", "warning"]
    source: str
    message: str
    hint: str
    line: int = 0
    page: str = ""
    heading: str = ""
    component: str = ""

    def __str__(self) -> str:
        where = f"{self.source}:{self.line}" if self.line else self.source
        return f"{self.severity}: {where}: {self.message}. {self.hint}"

    def to_json(self) -> dict[str, Any]:
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Site:
    """The pages of the locales that were asked for, and what else decides how they read.

    ``components`` are the files that every page can use without importing them, by their names in MDX. ``builds`` are
    the ids of what was built, by locale; none where no build has one.
    """

    folder: Path
    site_url: str
    base_url: str
    locales: tuple[str, ...]
    default_locale: str
    pages: tuple[Page, ...]
    origin: Origin
    markdown_format: str = "mdx"
    magic_comments: tuple[str, ...] = MAGIC_COMMENTS
    components: Mapping[str, Import] = field(default_factory=dict)
    builds: Mapping[str, str] = field(default_factory=dict)
    problems: tuple[Problem, ...] = field(default=())

    @property
    def versions(self) -> tuple[Version, ...]:
        """Versions of the docs in the order of the pages, the latest first."""
        found: dict[str, Version] = {}
        for page in self.pages:
            if page.version and page.version not in found:
                found[page.version] = Version(page.version, page.version_label or page.version, page.is_latest)
        return tuple(sorted(found.values(), key=lambda version: (not version.is_latest, version.name)))


def is_markdown(source: str) -> bool:
    """False for pages that a component draws, whose text is only in the build."""
    return source.endswith((".md", ".mdx"))


def relative_source(file: Path, folder: Path) -> str:
    """``file`` as seen from the site folder, ``../`` when it lies outside."""
    return Path(os.path.relpath(file.resolve(), folder.resolve())).as_posix()


def find_config(folder: Path) -> Path | None:
    """The site's ``docusaurus.config.*``."""
    return next((folder / name for name in CONFIG_NAMES if (folder / name).is_file()), None)

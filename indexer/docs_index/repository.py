"""What belongs to a site, and what a symbolic link leads out of it."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path

from docs_index.site import Problem


class Repository:
    """The folders whose files may be read: the site's repository, and the docs folders that the site names.

    :param folder: the site folder.
    :param contents: the content folders, as the config names them; they may lie beside the site.
    """

    def __init__(self, folder: Path, contents: Iterable[Path] = ()) -> None:
        site = folder.resolve()
        self._site = site
        self._roots = {_find_root(site)}
        for content in contents:
            named = Path(os.path.normpath(site / content))
            # as it is named: a folder that only a link leads to is no more trusted than such a file
            if not self.holds(named):
                self._roots.add(named)

    def holds(self, file: Path) -> bool:
        """Whether ``file``, all links followed, lies in one of the folders."""
        real = Path(os.path.realpath(file))
        return any(real.is_relative_to(root) for root in self._roots)

    def admits(self, source: str) -> bool:
        """Whether a page's ``source``, relative to the site folder, may be read.

        A path that plainly leads to a folder beside the site is what its build has said; a link that does is not.
        """
        named = Path(os.path.normpath(self._site / source))
        return not Path(source).is_absolute() and (self.holds(named) or os.path.realpath(named) == str(named))


def warn_outside(source: str) -> Problem:
    """The problem of a file that a link or a path leads out of the site's repository to."""
    return Problem(
        "outside-site",
        "error",
        source,
        "leads out of the site's repository, so it is not read",
        "Copy the file into the site, or name its folder in the config.",
    )


def _find_root(site: Path) -> Path:
    return next((folder for folder in (site, *site.parents) if (folder / ".git").exists()), site)

"""What belongs to a site, and what a symbolic link leads out of it."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path

from docs_index.site import Problem


class RealPaths:
    """``os.path.realpath`` for many files of few folders, each of which is looked at once."""

    def __init__(self) -> None:
        self._folders: dict[str, str] = {}

    def find(self, file: str) -> str:
        """The path of ``file``, absolute, all links followed."""
        folder, name = os.path.split(file)
        if not name or name == ".." or not os.path.isabs(file) or os.path.islink(file):
            return os.path.realpath(file)
        return os.path.join(self._find_folder(folder), name)

    def _find_folder(self, folder: str) -> str:
        if folder not in self._folders:
            self._folders[folder] = self.find(folder) if folder != os.path.dirname(folder) else folder
        return self._folders[folder]


class Repository:
    """The folders whose files may be read: the site's repository, and the docs folders that the site names.

    :param folder: the site folder.
    :param contents: the content folders, as the config names them; they may lie beside the site.
    """

    def __init__(self, folder: Path, contents: Iterable[Path] = ()) -> None:
        site = folder.resolve()
        self._site = site
        self._paths = RealPaths()
        self._roots = {_find_root(site)}
        for content in contents:
            named = Path(os.path.normpath(site / content))
            # as it is named: a folder that only a link leads to is no more trusted than such a file
            if not self.holds(named):
                self._roots.add(named)

    def holds(self, file: Path) -> bool:
        """Whether ``file``, all links followed, lies in one of the folders."""
        return self._holds_real(self._paths.find(str(file.absolute())))

    def _holds_real(self, real: str) -> bool:
        return any(real == str(root) or real.startswith(os.path.join(root, "")) for root in self._roots)

    def admits(self, source: str) -> bool:
        """Whether a page's ``source``, relative to the site folder, may be read.

        A path that plainly leads to a folder beside the site is what its build has said; a link that does is not.
        """
        named = os.path.normpath(self._site / source)
        real = self._paths.find(named)
        return not os.path.isabs(source) and (self._holds_real(real) or real == named)


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

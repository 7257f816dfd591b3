"""The files of a folder that glob patterns name, as Docusaurus understands them."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

from wcmatch import glob

_FLAGS = glob.GLOBSTAR | glob.BRACE | glob.EXTGLOB | glob.CASE


def find_files(
    folder: Path,
    include: tuple[str, ...],
    exclude: tuple[str, ...],
    follow: Callable[[Path], bool],
    endings: tuple[str, ...],
) -> Iterator[str]:
    """Paths below ``folder``, in order; a pattern of ``include`` that starts with ``!`` excludes.

    :param follow: asked before a link to a folder is followed.
    :param endings: the ends of the names of files that can be pages.
    """
    wanted = _matcher(tuple(text for text in include if not text.startswith("!")), hidden=False)
    negated = tuple(text[1:] for text in include if text.startswith("!"))
    unwanted = _matcher((*exclude, *negated), hidden=True)
    for relative in _walk(folder, "", unwanted, follow, frozenset()):
        if relative.endswith(endings) and wanted(relative) and not unwanted(relative):
            yield relative


def _walk(
    folder: Path, below: str, unwanted: Any, follow: Callable[[Path], bool], above: frozenset[str]
) -> Iterator[str]:
    """Files below ``folder``, in order, into linked folders too, but never round in a circle."""
    try:
        with os.scandir(folder) as listing:
            entries = sorted(listing, key=lambda entry: entry.name)
    except OSError:
        return
    above |= {os.path.realpath(folder)}
    for entry in entries:
        relative = f"{below}{entry.name}"
        try:
            is_folder = entry.is_dir()
        except OSError:
            is_folder = False  # a link to itself
        if is_folder:
            # probes of two depths, so that a pattern for one depth alone does not shut the folder
            shut = unwanted(relative) or (unwanted(f"{relative}/\1") and unwanted(f"{relative}/\1/\1"))
            circle = entry.is_symlink() and os.path.realpath(entry.path) in above
            if not shut and not circle and (not entry.is_symlink() or follow(Path(entry.path))):
                yield from _walk(Path(entry.path), f"{relative}/", unwanted, follow, above)
        else:
            yield relative


@cache
def _matcher(patterns: tuple[str, ...], hidden: bool) -> Any:
    """Whether a path matches one of the patterns; hidden files and folders only where ``hidden`` says so."""
    if not patterns:
        return lambda path: False
    flags = _FLAGS | (glob.DOTGLOB if hidden else 0)
    cleaned = [pattern.removeprefix("./") for pattern in patterns]
    sources, _ = glob.translate(cleaned, flags=flags)
    return re.compile("|".join(f"(?:{source})" for source in sources)).match

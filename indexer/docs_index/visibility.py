"""Which pages are for everybody, and which for one group of readers: front matter first, then the owner's rules."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from wcmatch import glob

from docs_index.errors import UserError
from docs_index.site import PUBLIC, Page, Problem, Site, is_markdown
from docs_index.source import SourceError, open_source

KEY = "docs_chat_visibility"
_SAID = "public"
_MAX_NAME = 200
_FLAGS = glob.GLOBSTAR | glob.BRACE | glob.EXTGLOB | glob.DOTGLOB | glob.CASE


@dataclass(frozen=True, slots=True)
class Rule:
    """Pages whose source file or address a glob matches are for ``group``, ``public`` for everybody."""

    path: str
    group: str


def restrict(site: Site, rules: Sequence[Rule] = ()) -> Site:
    """The site with the group of each page. What a page says itself comes first, then the last rule that matches.

    A translation that says nothing is for whom its original is for. A page whose front matter has the key, but no
    group that can be read, is left out and reported: better missing than shown to all.

    :raises UserError: a rule without a path or a group.
    """
    patterns = [(_compile(rule), _name(rule.group)) for rule in rules]
    stated: dict[str, str | None] = {}
    broken: dict[str, Problem] = {}
    for page in site.pages:
        if page.source in stated or page.source in broken:
            continue
        try:
            stated[page.source] = _read_stated(site.folder / page.source) if is_markdown(page.source) else None
        except SourceError as error:
            broken[page.source] = Problem(
                "visibility-unknown", "error", page.source, error.message, error.hint, error.line
            )
    kept = [page for page in site.pages if page.source not in broken]
    groups: dict[str, str | None] = {}
    for page in kept:
        own = stated[page.source]
        ruled = [group for pattern, group in patterns if pattern.match(page.source) or pattern.match(page.permalink)]
        groups[page.permalink] = own if own is not None else ruled[-1] if ruled else None
    originals = {_name_original(site, page): groups[page.permalink] for page in kept if _is_original(site, page)}
    pages = []
    for page in kept:
        group = groups[page.permalink]
        if group is None:
            group = originals.get(_name_original(site, page))
        pages.append(replace(page, visibility=group) if group else page)
    return replace(site, pages=tuple(pages), problems=(*site.problems, *broken.values()))


def _compile(rule: Rule) -> re.Pattern[str]:
    if not rule.path.strip() or not rule.group.strip():
        raise UserError("A rule of `visibility` needs a `path` and a `group`.", 'Such as path = "**/internal/**".')
    sources, _ = glob.translate(rule.path, flags=_FLAGS)
    return re.compile("|".join(f"(?:{source})" for source in sources))


def _name(group: str) -> str:
    return PUBLIC if group.strip() == _SAID else group.strip()


def _read_stated(path: Path) -> str | None:
    """The group that the front matter names; None when it names none.

    :raises SourceError: it is meant to, but cannot be read.
    """
    try:
        data = path.read_bytes() if path.is_file() else b""
    except OSError:
        return None
    # most pages say nothing of it: their front matter need not be read here
    if KEY.encode() not in data.replace(b"\0", b""):
        return None
    source, errors = open_source(path)
    if KEY not in source.front_matter:
        if errors:
            raise SourceError(
                f"the front matter is broken, so that its {KEY} is not known", errors[0].hint, errors[0].line
            )
        return None
    value = source.front_matter[KEY]
    if not isinstance(value, str) or not 0 < len(value.strip()) <= _MAX_NAME:
        raise SourceError(f"{KEY} is not the name of a group", f"Write it as '{KEY}: staff', or '{KEY}: {_SAID}'.")
    return _name(value)


def _is_original(site: Site, page: Page) -> bool:
    return page.locale == site.default_locale


def _name_original(site: Site, page: Page) -> tuple[str, str, str]:
    """What a page and its translations have in common."""
    path = page.permalink.removeprefix(site.base_url.rstrip("/"))
    if not _is_original(site, page):
        path = path.removeprefix(f"/{page.locale}")
    return page.plugin, page.version, path.rstrip("/")

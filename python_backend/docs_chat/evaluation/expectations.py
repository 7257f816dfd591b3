"""What a question expects, looked up in the index: an address with a mistake in it would never be found."""

from __future__ import annotations

import difflib
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote, unquote, urlsplit

from docs_chat.evaluation.mistakes import Mistakes, suggest
from docs_chat.evaluation.questions import Question, QuestionFile

if TYPE_CHECKING:
    from docs_index.index import Index, PageInfo
    from docs_index.result import Result

#: As an anchor: any section of the page.
ANY = "*"


@dataclass(frozen=True, slots=True)
class Target:
    """A section that is right: ``anchor`` is "" for the page's top, ``*`` for any section of the page."""

    permalink: str
    anchor: str

    def __str__(self) -> str:
        return f"{self.permalink}#{self.anchor}" if self.anchor else self.permalink

    def holds(self, result: Result) -> bool:
        return self.permalink == result.permalink and self.anchor in (ANY, result.anchor)


@dataclass(frozen=True, slots=True)
class Case:
    """A question and the sections that answer it; none when it should be refused."""

    question: Question
    targets: tuple[Target, ...]


def find_targets(file: QuestionFile, index: Index, uri: Path) -> list[Case]:
    """The questions with the sections of the index that they name.

    :raises UserError: naming every section, version and locale that the index does not have, with the nearest.
    """
    mistakes = Mistakes(file.path)
    finder = _Finder(index, uri, mistakes)
    cases = [Case(question, tuple(finder.find_all(question))) for question in file.questions]
    mistakes.raise_any("Mend the questions, or index again if the docs are newer: docs-chat index.")
    return cases


class _Finder:
    def __init__(self, index: Index, uri: Path, mistakes: Mistakes) -> None:
        self._index = index
        self._uri = uri
        self._mistakes = mistakes

    def find_all(self, question: Question) -> Iterator[Target]:
        for message in self._check_scope(question):
            self._mistakes.add(question.line, message, question.number)
        for address in question.expect:
            found = self._find(address, question)
            if isinstance(found, Target):
                yield found
            else:
                self._mistakes.add(question.line, found, question.number)

    def _check_scope(self, question: Question) -> Iterator[str]:
        info = self._index.info
        versions = [version.name for version in info.versions]
        if question.version and question.version not in versions:
            labelled = [version.name for version in info.versions if version.label == question.version]
            known = suggest(labelled[0] if labelled else question.version, versions) if versions else "there are none."
            yield f"the index has no version {question.version!r}, {known}"
        if question.locale and question.locale not in info.locales:
            yield f"the index has no locale {question.locale!r}, {suggest(question.locale, info.locales)}"

    def _find(self, address: str, question: Question) -> Target | str:
        """The section at an address, or what is wrong with it."""
        path, _, anchor = address.partition("#")
        if "://" in path:
            # copied from a browser, where the site may be on another host
            path = urlsplit(path).path
        page = self._find_page(path)
        if page is None:
            return self._explain_page(address, path)
        if wrong := self._check_reach(page, address, question):
            return wrong
        if anchor == ANY:
            return Target(page.permalink, ANY)
        for name in dict.fromkeys((anchor, unquote(anchor))):
            if parts := self._index.section(page.permalink, name):
                target = Target(page.permalink, name)
                return target if _has_text(parts) else self._explain_empty(target)
        return self._explain_anchor(page.permalink, anchor)

    def _find_page(self, path: str) -> PageInfo | None:
        for spelling in dict.fromkeys((path, unquote(path), quote(unquote(path)))):
            if page := self._index.page(spelling):
                return page
        return None

    def _check_reach(self, page: PageInfo, address: str, question: Question) -> str | None:
        """Why no search in the question's version and language gives the page."""
        info = self._index.info
        if page.locale != (question.locale or info.default_locale):
            return f"{address} is a page in {page.locale!r}: add 'locale: {page.locale}'"
        latest = any(version.is_latest for version in info.versions if version.name == page.version)
        if page.version and not latest and page.version != question.version:
            return f"{address} belongs to version {page.version!r}: add 'version: \"{page.version}\"'"
        return None

    def _explain_page(self, address: str, path: str) -> str:
        if not path.startswith("/") and self._find_page(f"/{path}"):
            return f"{address!r} does not begin with '/': write /{address}"
        nearest = difflib.get_close_matches(f"/{path.strip('/')}", self._anchors, n=3)
        end = f"; the nearest: {', '.join(nearest)}" if nearest else ""
        rule = "" if path.startswith("/") else ", and an address begins with '/'"
        return f"the index has no page {path!r}{rule}{end}"

    def _explain_anchor(self, permalink: str, anchor: str) -> str:
        if not anchor:
            return self._explain_empty(Target(permalink, ""))
        names = [name for name in self._anchors[permalink] if name]
        nearest = difflib.get_close_matches(anchor, names, n=3, cutoff=0.5)
        places = ", ".join(f"#{name}" for name in nearest or names[:6])
        end = f"; {'the nearest' if nearest else 'it has'}: {places}" if places else ""
        return f"{permalink} has no section #{anchor}{end}"

    def _explain_empty(self, target: Target) -> str:
        what = "is a heading without text under it" if target.anchor else "has no text above its first heading"
        return f"{target} {what}, so no search gives it; write {target.permalink}#{ANY} for any section of the page"

    @cached_property
    def _anchors(self) -> dict[str, list[str]]:
        """The anchors of every page with text under them, in their order; read only when something is wrong."""
        from docs_index.parts import read_parts

        found: dict[str, dict[str, None]] = defaultdict(dict)
        for part in read_parts(self._uri):
            anchors = found[part.permalink]
            if _has_text([part]):
                anchors.setdefault(part.anchor)
        return {permalink: list(anchors) for permalink, anchors in found.items()}


def _has_text(parts: Iterable[Result]) -> bool:
    return any(character.isalnum() for part in parts for character in part.body)

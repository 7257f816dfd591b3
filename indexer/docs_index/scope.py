"""Which parts a reader may be answered from: their language, and one version of each docs instance."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from docs_index.errors import UserError
from docs_index.site import PUBLIC, Version

EVERYBODY = frozenset({PUBLIC})


@dataclass(frozen=True, slots=True)
class Scope:
    """``locale``, the ``plugin@version`` pairs that are in it, and whose pages: of everybody, and of some groups."""

    locale: str
    scopes: frozenset[str]
    visible: frozenset[str] = EVERYBODY

    def to_sql(self) -> str:
        """The filter of the query itself, so that nothing outside the scope is ever found."""
        return (
            f"locale = {_quote(self.locale)} AND scope IN {_list(self.scopes)} AND visibility IN {_list(self.visible)}"
        )


class Scopes:
    """The scopes of an index.

    :param rows: ``(scope, version, is_latest)`` of every part that can be seen; a scope is ``plugin@version``.
    """

    def __init__(
        self,
        rows: Sequence[tuple[str, str, bool]],
        locales: tuple[str, ...],
        default_locale: str,
        visible: frozenset[str] = EVERYBODY,
    ) -> None:
        self._found = sorted(set(rows))
        self._locales = locales
        self._default = default_locale
        self._visible = visible

    def choose(self, version: str | None, locale: str | None) -> Scope:
        """The scope of a reader; the latest versions and the default locale where nothing is said.

        :raises UserError: for a version or locale that the index does not have, naming those that it has.
        """
        chosen = locale or self._default
        if chosen not in self._locales:
            raise UserError(f"There is no locale {chosen!r} in the index.", f"It has: {', '.join(self._locales)}.")
        versions = {name for _, name, _ in self._found if name}
        if version and version not in versions:
            raise UserError(
                f"There is no version {version!r} in the index.",
                f"It has: {', '.join(sorted(versions))}." if versions else "These docs have no versions.",
            )
        # a version belongs to one docs instance; the others contribute their latest
        owners = {_plugin(scope) for scope, name, _ in self._found if version and name == version}
        scopes = frozenset(
            scope
            for scope, name, is_latest in self._found
            if (name == version if _plugin(scope) in owners else is_latest or not name)
        )
        return Scope(chosen, scopes, self._visible)

    def others(self, scope: Scope) -> Scope | None:
        """The versions that the scope leaves out, in the same language; None when it leaves out none."""
        rest = frozenset(name for name, _, _ in self._found) - scope.scopes
        return Scope(scope.locale, rest, self._visible) if rest else None


class StatedVersions:
    """Finds the docs version that a question itself names: "in 9.x", "for v2.0", "version 3"."""

    def __init__(self, versions: Iterable[Version]) -> None:
        self._names: dict[str, str] = {}
        for version in versions:
            for name in (version.name, version.label):
                if any(character.isdigit() for character in name):
                    self._names.setdefault(_plain(name), version.name)
        majors: dict[str, set[str]] = {}
        for plain, name in self._names.items():
            majors.setdefault(plain.partition(".")[0], set()).add(name)
        self._majors = {major: names.pop() for major, names in majors.items() if len(names) == 1}

    def find(self, question: str) -> tuple[str | None, str]:
        """The version's name, None when none is named, and the question without it."""
        for match in _STATED.finditer(question):
            name = self._resolve(match, question[match.end() :])
            if name is not None:
                rest = f"{question[: match.start()]} {question[match.end() :]}"
                return name, " ".join(rest.split()) if any(map(str.isalnum, rest)) else question
        return None, question

    def _resolve(self, match: re.Match[str], after: str) -> str | None:
        plain = _plain(match["number"])
        is_said = bool(match["noun"] or match["v"])
        # "in 5 minutes" and "opacity 5" name no version; "in 5?" and "v5 hooks" do
        if plain.isdigit() and not is_said and (not match["lead"] or _COUNTED.match(after)):
            return None
        exact = self._names.get(plain) or self._names.get(f"{plain}.x")
        if exact or not (is_said or match["lead"]) or _COUNTED.match(after):
            return exact
        # "version 3" may mean 3.x, and "in 3.4.1" be a release of it
        return self._majors.get(plain) or self._release(plain)

    def _release(self, plain: str) -> str | None:
        head = plain
        while "." in head:
            head = head.rpartition(".")[0]
            for name in (head, f"{head}.x"):
                if name in self._names:
                    return self._names[name]
        return self._majors.get(head) if head != plain else None


_STATED = re.compile(
    r"(?<![\w.])"
    r"(?P<lead>(?:in|for|on|with|using|of|under|since|dans|pour|en|sur|avec|für|mit|para|con)\s+(?:the\s+|la\s+)?)?"
    r"(?P<noun>(?:version|release|versión)\s+)?"
    r"(?P<v>v)?(?P<number>\d+(?:\.(?:\d+|x))*(?:-[0-9A-Za-z.]*[0-9A-Za-z])?)(?!\.?\w)",
    re.IGNORECASE,
)
#: What follows a number that counts something.
_COUNTED = re.compile(r"\s*%|\s+\w")


def _plain(name: str) -> str:
    """``v2.0`` and ``2.0`` are one version."""
    return name.lower().removeprefix("v")


def _plugin(scope: str) -> str:
    return scope.rsplit("@", 1)[0]


def _list(names: Iterable[str]) -> str:
    return f"({', '.join(_quote(name) for name in sorted(names))})"


def _quote(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"

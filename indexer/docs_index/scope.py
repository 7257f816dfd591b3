"""Which parts a reader may be answered from: their language, and one version of each docs instance."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from docs_index.errors import UserError


@dataclass(frozen=True, slots=True)
class Scope:
    """``locale`` and the ``plugin@version`` pairs that are in it."""

    locale: str
    scopes: frozenset[str]

    def to_sql(self) -> str:
        """The filter of the query itself, so that nothing outside the scope is ever found."""
        names = ", ".join(_quote(name) for name in sorted(self.scopes))
        return f"locale = {_quote(self.locale)} AND empty = false AND scope IN ({names})"


class Scopes:
    """The scopes of an index.

    :param rows: ``(scope, version, is_latest)`` of every part; a scope is ``plugin@version``.
    """

    def __init__(self, rows: Sequence[tuple[str, str, bool]], locales: tuple[str, ...], default_locale: str) -> None:
        self._found = sorted(set(rows))
        self._locales = locales
        self._default = default_locale

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
        return Scope(chosen, scopes)


def _plugin(scope: str) -> str:
    return scope.rsplit("@", 1)[0]


def _quote(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"

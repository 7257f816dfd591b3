"""``docusaurus.config.*`` as plain data, read without running it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from docs_index.errors import UserError
from docs_index.modules import SourceFile
from docs_index.values import FUNCTION, SPREAD, UNKNOWN, Assumed, Function, Module, Unknown, Unset

__all__ = ["FUNCTION", "UNKNOWN", "Function", "Module", "Settings", "Unknown", "read_config"]


@dataclass(slots=True)
class Notes:
    """Which settings could not be read, and which were read as if the environment were empty."""

    unread: list[str] = field(default_factory=list)
    assumed: dict[str, list[str]] = field(default_factory=dict)

    def skip(self, what: str) -> None:
        """Notes that ``what`` is no plain value."""
        if what not in self.unread:
            self.unread.append(what)

    def assume(self, what: str, variables: Iterable[str]) -> None:
        """Notes that ``what`` is read as it is without these environment variables."""
        self.assumed[what] = sorted({*self.assumed.get(what, ()), *variables})


class Settings:
    """An object of the config. What cannot be read is noted as it is asked for.

    :param where: what it is called in a message, "" for the config itself.
    """

    def __init__(self, values: dict[str, Any], notes: Notes, where: str = "") -> None:
        self._values = values
        self._where = where
        self.notes = notes

    def renamed(self, where: str) -> Settings:
        """The same settings, called otherwise in messages."""
        return Settings(self._values, self.notes, where)

    def __contains__(self, key: str) -> bool:
        return key in self._values

    def keys(self) -> list[str]:
        """The keys that are written out."""
        return [key for key in self._values if key != SPREAD]

    def name(self, key: str = "") -> str:
        """``key``, or the object itself, as messages call it."""
        return f"{self._where}.{key}" if self._where and key else self._where or key

    def get(self, key: str, default: Any = None, kind: type | None = None) -> Any:
        """The value; ``default`` when it is not set or no ``kind``, :data:`UNKNOWN` when it cannot be known."""
        value = self._values.get(key, UNKNOWN if SPREAD in self._values and self._where else None)
        if isinstance(value, Assumed):
            self.notes.assume(self.name(key), value.variables)
            value = value.value
        if isinstance(value, Unknown):
            self.notes.skip(self.name(key))
            return UNKNOWN if isinstance(value, Unset) else value
        return default if value is None or (kind is not None and not isinstance(value, kind)) else value

    def texts(self, key: str) -> list[str] | Unknown | None:
        """A list of strings; None when it is not set."""
        items = self.items(key)
        if not isinstance(items, list):
            return items
        if any(isinstance(item, Unknown) for item in items):
            self.notes.skip(self.name(key))
            return UNKNOWN
        return [item for item in items if isinstance(item, str)]

    def items(self, key: str) -> list[Any] | Unknown | None:
        """A list, of which some items may be unknown; None when it is not set."""
        value = self.get(key, None, list)
        return [self._settle(key, item) for item in value] if isinstance(value, list) else value

    def table(self, key: str, where: str = "") -> Settings | Unknown:
        """An object, empty when it is not set."""
        value = self.get(key, {}, dict)
        return Settings(value, self.notes, where or self.name(key)) if isinstance(value, dict) else value

    def _settle(self, key: str, item: Any) -> Any:
        if isinstance(item, Assumed):
            self.notes.assume(self.name(key), item.variables)
            return item.value
        return UNKNOWN if isinstance(item, Unset) else item


def read_config(path: Path) -> Settings:
    """The config object of a site.

    Values are those of a ``docusaurus build`` with no environment variables set; what is no plain value, nor made
    from plain values of the site's own files, is :data:`UNKNOWN`.

    :raises UserError: when the file cannot be read, or exports no object that can be found.
    """
    try:
        source = SourceFile(path)
    except OSError as error:
        raise UserError(f"{path.name} cannot be read ({error.strerror}).", "Check the file and its rights.") from error
    try:
        value, wrapper = source.exported_config()
    except RecursionError:
        value, wrapper = UNKNOWN, ""
    if isinstance(value, Assumed):
        value = value.value
    if not isinstance(value, dict):
        broken = source.root.has_error
        raise UserError(
            f"{path.name} is not valid JavaScript." if broken else f"{path.name} exports no object that can be read.",
            "Mend it until 'npx docusaurus build' runs."
            if broken
            else "Add docusaurus-plugin-docs-chat and build the site: then the config need not be read.",
        )
    notes = Notes()
    if wrapper:
        notes.skip(f"what {wrapper}() changes")
    return Settings(value, notes)

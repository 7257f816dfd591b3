"""What is known of a value in a config that is read without being run."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final


class Unknown:
    """A value that only running the code could tell."""

    def __repr__(self) -> str:
        return type(self).__name__


class Function(Unknown):
    """A function: known to be one, not what it gives."""


@dataclass(frozen=True, slots=True)
class Module(Unknown):
    """What ``name`` exports: a package, or a file that is no plain data."""

    name: str


@dataclass(frozen=True, slots=True)
class Unset(Unknown):
    """An environment variable, which a plain ``docusaurus build`` does not have."""

    variable: str


@dataclass(frozen=True, slots=True)
class Assumed:
    """What a value is while ``variables`` of the environment are not set."""

    value: Any
    variables: frozenset[str]


UNKNOWN: Final = Unknown()
FUNCTION: Final = Function()
#: A spread or computed key that cannot be read: keys that are not written out may be in it.
SPREAD: Final = "..."


def plain(value: Any) -> Any:
    """The value without what it assumes; an environment variable that is not set is :data:`UNKNOWN`."""
    if isinstance(value, Assumed):
        return value.value
    return UNKNOWN if isinstance(value, Unset) else value


def lower(value: Any) -> tuple[Any, frozenset[str]]:
    """A value as operators see it, and the variables that it assumes to be unset."""
    if isinstance(value, Unset):
        return None, frozenset({value.variable})
    if isinstance(value, Assumed):
        return value.value, value.variables
    return value, frozenset()


def assume(value: Any, variables: frozenset[str]) -> Any:
    """The value, with the variables that it depends on."""
    inner, more = (value, frozenset[str]()) if isinstance(value, Unset) else lower(value)
    every = variables | more
    return Assumed(inner, every) if every and not isinstance(inner, Unknown) else inner


def combine(values: list[Any], compute: Callable[[list[Any]], Any]) -> Any:
    """What ``compute`` makes of the values; unknown when one of them is."""
    lowered = [lower(value) for value in values]
    if any(isinstance(value, Unknown) for value, _ in lowered):
        return UNKNOWN
    variables = frozenset(name for _, names in lowered for name in names)
    return assume(compute([value for value, _ in lowered]), variables)

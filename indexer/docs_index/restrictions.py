"""What the live index holds for some readers only, and so no older or other snapshot may show to everybody."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from docs_index.result import Result
from docs_index.site import PUBLIC

#: The visibility of what nobody may see; no group has this name.
NOBODY = "\0"


@dataclass(frozen=True, slots=True)
class Restrictions:
    """The group of each page by its address and by its source, and of each text that no public page has."""

    permalinks: dict[str, str]
    sources: dict[str, str]
    texts: dict[str, str]

    @classmethod
    def of(cls, results: Iterable[Result]) -> Restrictions:
        """:param results: every part of the live index, whoever may see it."""
        results = list(results)
        private = [result for result in results if result.visibility != PUBLIC]
        public = {result.text for result in results if result.visibility == PUBLIC} if private else set()
        return cls(
            _join((result.permalink.rstrip("/"), result.visibility) for result in private),
            _join((result.source, result.visibility) for result in private),
            _join((result.text, result.visibility) for result in private if result.text not in public),
        )

    def apply(self, results: list[Result]) -> list[Result]:
        """The parts of another snapshot, none of them for more readers than these allow.

        What two say differently is for nobody: there is no telling who may see it.
        """
        if not self.permalinks:
            return results
        return [self._restrict(result) for result in results]

    def _restrict(self, result: Result) -> Result:
        said = {
            result.visibility,
            self.permalinks.get(result.permalink.rstrip("/"), PUBLIC),
            self.sources.get(result.source, PUBLIC),
            self.texts.get(result.text, PUBLIC),
        }
        groups = said - {PUBLIC}
        visibility = NOBODY if len(groups) > 1 else groups.pop() if groups else PUBLIC
        return result if visibility == result.visibility else replace(result, visibility=visibility)


def _join(pairs: Iterable[tuple[str, str]]) -> dict[str, str]:
    joined: dict[str, str] = {}
    for key, group in pairs:
        joined[key] = group if joined.setdefault(key, group) == group else NOBODY
    return joined

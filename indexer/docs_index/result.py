"""What a search gives back: ranked passages, each with the place in the docs that it came from."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal

from docs_index.plain import drop_heading

State = Literal["answer", "closest", "nothing"]


@dataclass(frozen=True, slots=True)
class Result:
    """One part of a section, as it was indexed.

    ``permalink`` is Docusaurus' public path (base URL, locale and trailing slash included), ``anchor`` the
    heading id or ``""`` for the page's top, ``url`` the absolute address of both, ``headings`` the path of
    headings from the page's title down, ``text`` Markdown, ``version`` the docs version's name or ``""`` for
    blog posts and pages. ``part`` counts from 0 inside one section. ``visibility`` is the group of readers that it is
    for, "" for everybody.
    """

    id: str
    permalink: str
    anchor: str
    url: str
    title: str
    headings: tuple[str, ...]
    text: str
    kind: str
    version: str
    version_label: str
    locale: str
    source: str
    part: int
    content_hash: str
    visibility: str = ""
    score: float = 0.0

    @property
    def place(self) -> tuple[str, str]:
        """The section: permalink and anchor."""
        return self.permalink, self.anchor

    @property
    def body(self) -> str:
        """The text without the heading line that opens a section's first part."""
        return drop_heading(self.text) if self.part == 0 else self.text

    def to_json(self) -> dict[str, Any]:
        """The ``Result`` object of the command line and of ``GET /api/search``."""
        return {
            "permalink": self.permalink,
            "anchor": self.anchor,
            "url": self.url,
            "title": self.title,
            "headings": list(self.headings),
            "text": self.text,
            "score": round(self.score, 6),
            "kind": self.kind,
            "version": self.version,
            "locale": self.locale,
            "source": self.source,
        }

    def to_export(self) -> dict[str, Any]:
        """One line of ``docs-chat export``: the result without its score, with part and content hash.

        ``visibility`` stands there when it is not for everybody.
        """
        line = self.to_json()
        del line["score"]
        return {**line, "part": self.part, "content_hash": self.content_hash} | (
            {"visibility": self.visibility} if self.visibility else {}
        )


@dataclass(frozen=True, slots=True)
class Outcome:
    """Ranked results, how sure we are that they answer (0..1), and what that allows.

    ``version`` is the one that the question named; ``elsewhere`` another one whose docs answer when these do not.
    """

    results: list[Result] = field(default_factory=list)
    confidence: float = 0.0
    state: State = "nothing"
    version: str | None = None
    elsewhere: str | None = None

    def to_json(self) -> dict[str, Any]:
        return {
            "results": [result.to_json() for result in self.results],
            "confidence": round(self.confidence, 4),
            "state": self.state,
            **({"version": self.version} if self.version else {}),
            **({"elsewhere": self.elsewhere} if self.elsewhere else {}),
        }

"""Heading ids exactly as Docusaurus makes them (github-slugger 1.5.0)."""

from __future__ import annotations

import json
from functools import cache
from importlib.resources import files


@cache
def _deletions() -> dict[int, None]:
    data = json.loads(files("docs_index").joinpath("slugger.json").read_text("utf-8"))
    return {point: None for first, last in data["removed"] for point in range(first, last + 1)}


def slugify(text: str, maintain_case: bool = False) -> str:
    """The slug of ``text`` before duplicates are numbered."""
    lowered = text if maintain_case else text.lower()
    return lowered.translate(_deletions()).replace(" ", "-")


class Slugger:
    """Numbers repeated slugs, for one compiled file: ``x``, ``x-1``, ``x-2``."""

    def __init__(self) -> None:
        self._seen: dict[str, int] = {}

    def slug(self, text: str) -> str:
        original = slug = slugify(text)
        while slug in self._seen:
            self._seen[original] += 1
            slug = f"{original}-{self._seen[original]}"
        self._seen[slug] = 0
        return slug

"""The words of a text that carry its meaning, for comparing a question with a passage."""

from __future__ import annotations

from docs_index.terms import index_terms


def split_words(text: str) -> set[str]:
    """The words as the search compares them; both sides are read by the same rules, whatever their language."""
    return set(index_terms(text))


def overlap(wanted: set[str], text: str) -> int:
    """How many of the wanted words a text has."""
    return len(wanted & split_words(text))

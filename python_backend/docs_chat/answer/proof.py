"""Marks the sentences of an answer whose numbers or code stand in nothing that they cite."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from docs_chat.answer.claims import Claim, split_claims
from docs_chat.answer.passages import Passage
from docs_chat.answer.support import judge
from docs_chat.citations import Citation, breadcrumb, count_units


def find_unsupported(
    text: str, citations: Sequence[Citation], passages: Sequence[Passage], question: str
) -> list[Claim]:
    """The claims, in order, that what they cite does not support.

    :param text: the answer without markers, :param citations: where they stood.
    """
    by_number = {citation.n: citation.result for citation in citations}
    texts = {passage.place: passage.text for passage in passages}
    cited = {n: texts.get(result.place, result.body) for n, result in by_number.items()}
    marks = [(count_characters(text, citation.index), citation.n) for citation in citations]
    found = []
    for claim in split_claims(text, marks):
        numbers = [n for n in claim.numbers if n in cited]
        titles = [question, *(title for n in numbers for title in breadcrumb(by_number[n]))]
        if numbers and not judge(claim.text, [cited[n] for n in numbers], titles, is_code=claim.is_code).supported:
            found.append(claim)
    return found


def mark(text: str, claims: Sequence[Claim], note: str) -> tuple[str, Callable[[int], int]]:
    """The text with a note behind each claim, and where an offset of the old text, in UTF-16 units, is in the new."""
    added: list[tuple[int, int]] = []
    marked = text
    for claim in reversed(claims):
        at = len(text[: claim.end].rstrip())
        if text[:at].endswith("|"):
            # inside the last cell of a table's row
            at -= 1
        words = f"\n\n*{note}*" if claim.is_code else f" *{note}*"
        marked = marked[:at] + words + marked[at:]
        added.append((count_units(text[:at]), count_units(words)))
    return marked, lambda offset: offset + sum(size for at, size in added if at < offset)


def count_characters(text: str, units: int) -> int:
    """How many characters so many UTF-16 units are."""
    return len(text.encode("utf-16-le")[: 2 * units].decode("utf-16-le", "ignore"))

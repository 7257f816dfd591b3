"""The words of a text that carry its meaning, for comparing a question with a passage."""

from __future__ import annotations

import re

WORD = re.compile(r"[^\W_]+(?:[._-][^\W_]+)*")
COMMON_ENGLISH = (
    "a an and are as at be but by can could do does for from had has have how i if in into is it its me my "
    "of on or our should so that the their them then there these they this to use used using was we what "
    "when where which who why will with would you your"
)
COMMON_FRENCH = (
    "au aux avec ce ces cette comment dans de des du elle en est et être faire il ils je la le les leur mais "
    "ne nous on ou où par pas pour quand que quel quelle quels quelles qui quoi sa se ses son sont sur "
    "un une vous"
)
COMMON = frozenset(f"{COMMON_ENGLISH} {COMMON_FRENCH}".split())


def split_words(text: str) -> set[str]:
    """Lower-case words without the common ones; `max-retries` gives its parts too."""
    found: set[str] = set()
    for word in WORD.findall(text.lower()):
        parts = re.split(r"[._-]", word)
        found.update(stem(part) for part in (word, *parts) if part and part not in COMMON)
    return found


def stem(word: str) -> str:
    """Enough for singular and plural to meet."""
    return word[:-1] if len(word) > 3 and word.endswith("s") and not word.endswith("ss") else word


def overlap(wanted: set[str], text: str) -> int:
    """How many of the wanted words a text has."""
    return len(wanted & split_words(text))

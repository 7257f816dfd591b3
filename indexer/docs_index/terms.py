"""Words of questions and passages, as the lexical side of the search compares them."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_WORD = re.compile(r"[^\W_]+")
_STOP = frozenset(
    "a about above after again all also am an and any are as at be because been before being below between both but by "
    "can could did do does doing down during each else few for from further get had has have having he her here hers "
    "him his how i if in into is it its itself just let like made make many may me might more most must my no nor not "
    "now of off on once only or other our ours out over own please same shall she should so some such than that the "
    "their them then there these they this those through to too under until up us use used using very want was way we "
    "were what when where which while who whom why will with would you your yours "
    "au aux avec ce ces cette comment dans de des du elle en est et eux il ils je la le les leur lui ma mais me "
    "mes moi mon ne nos notre nous on ou par pas pour qu que quel quelle quels quelles qui sa se ses son sur ta "
    "te tes toi ton tu un une vos votre vous y à".split()
)


def terms(text: str) -> list[str]:
    """Content words: accents folded, lower case, ``camelCase`` split, plural and verb endings off, stop words out."""
    words = _WORD.findall(_CAMEL.sub(" ", fold_accents(text)))
    return [stem(word) for raw in words if (word := raw.lower()) not in _STOP]


def fold_accents(text: str) -> str:
    """The text in compatible characters without their accents."""
    if text.isascii():
        return text
    decomposed = unicodedata.normalize("NFKD", text)
    return "".join(character for character in decomposed if not unicodedata.combining(character))


@lru_cache(100_000)
def stem(word: str) -> str:
    """A light stem: enough to meet ``indexes`` with ``index`` and ``indexing``."""
    if len(word) > 5 and word.endswith("ing"):
        word = word[:-3]
    elif len(word) > 4 and word.endswith(("ies", "ied")):
        word = word[:-3] + "y"
    elif len(word) > 4 and word.endswith(("es", "ed")):
        word = word[:-2]
    elif len(word) > 3 and word.endswith("s") and not word.endswith("ss"):
        word = word[:-1]
    return word[:-1] if len(word) > 4 and word.endswith("e") else word

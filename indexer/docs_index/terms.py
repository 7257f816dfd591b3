"""Words of questions and passages, as keyword search compares them: by the rules of their language."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from threading import Lock
from typing import Any

#: Algorithms of the Snowball stemmer by language; a language without one is stemmed as English where it is Latin.
_STEMMERS = {
    "ar": "arabic",
    "ca": "catalan",
    "cs": "czech",
    "da": "danish",
    "de": "german",
    "el": "greek",
    "en": "english",
    "es": "spanish",
    "et": "estonian",
    "eu": "basque",
    "fa": "persian",
    "fi": "finnish",
    "fr": "french",
    "ga": "irish",
    "hi": "hindi",
    "hu": "hungarian",
    "hy": "armenian",
    "id": "indonesian",
    "it": "italian",
    "lt": "lithuanian",
    "nb": "norwegian",
    "ne": "nepali",
    "nl": "dutch",
    "nn": "norwegian",
    "no": "norwegian",
    "pl": "polish",
    "pt": "portuguese",
    "ro": "romanian",
    "ru": "russian",
    "sr": "serbian",
    "sv": "swedish",
    "ta": "tamil",
    "tr": "turkish",
}
#: For English, a list made for questions: the library's holds a thousand words, "example" and "test" among them.
_ENGLISH = frozenset(
    "a about above after again all also am an and any are as at be because been before being below between both but by "
    "can could did do does doing down during each else few for from further get had has have having he her here hers "
    "him his how i if in into is it its itself just let like made make many may me might more most must my no nor not "
    "now of off on once only or other our ours out over own please same shall she should so some such than that the "
    "their them then there these they this those through to too under until up us use used using very want was way we "
    "were what when where which while who whom why will with would you your yours".split()
)
#: Scripts that write words without spaces between them: they are compared by pairs of characters.
_UNSPACED = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3005\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af"
_RUN = re.compile(f"[{_UNSPACED}]+")
#: A word, or an identifier: words joined by what joins them in flags, paths, settings and error codes.
_COMPOUND = re.compile(rf"[^\W{_UNSPACED}]+(?:[.:/@\-]+[^\W{_UNSPACED}]+)*")
_STEMMING = Lock()
_PIECE = re.compile(r"[^\W_]+")
_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_ACCENTED = re.compile("([A-Za-z\u0370-\u03ff])[\u0300-\u036f]+")


def terms(text: str, locale: str = "en") -> list[str]:
    """Content words: accents folded, lower case, identifiers in their parts, stems, no stop words."""
    return [term for term, is_whole in _read(text, _language(locale)) if not is_whole]


def index_terms(text: str, locale: str = "en") -> list[str]:
    """As :func:`terms`, and identifiers (``a.b.c``, ``--flag-name``, ``camelCase``, ``a_b``) whole as well."""
    return [term for term, _ in _read(text, _language(locale))]


def fold_accents(text: str) -> str:
    """The text in compatible characters; Latin and Greek letters without their accents."""
    if text.isascii():
        return text
    plain = unicodedata.normalize("NFD", unicodedata.normalize("NFKC", text))
    return unicodedata.normalize("NFC", _ACCENTED.sub(r"\1", plain))


def stem(word: str, locale: str = "en") -> str:
    """The stem of a lower-case word, by the Snowball rules of the language."""
    return _stem(word, _language(locale))


@lru_cache(256)
def _language(locale: str) -> str:
    return locale.replace("_", "-").partition("-")[0].lower()


def _read(text: str, language: str) -> list[tuple[str, bool]]:
    """Terms in order, each with whether it is an identifier as a whole."""
    found: list[tuple[str, bool]] = []
    text = text if text.isascii() else unicodedata.normalize("NFKC", text)
    for compound in _COMPOUND.findall(text):
        found += _split(compound, language)
    if not text.isascii():
        for run in _RUN.findall(text):
            pairs = [run[at : at + 2] for at in range(len(run) - 1)] or [run]
            found += [(pair, False) for pair in pairs]
    return found


@lru_cache(200_000)
def _split(compound: str, language: str) -> list[tuple[str, bool]]:
    pieces = [piece.lower() for part in _PIECE.findall(compound) for piece in _CAMEL.split(part)]
    stops = _stop_words(language)
    found = [(term, False) for piece in pieces for term in _stem_piece(piece, language, stops)]
    if len(pieces) > 1:
        found.append((fold_accents(compound).strip("_").lower(), True))
    return found


def _stem_piece(piece: str, language: str, stops: frozenset[str]) -> list[str]:
    """One stem, and for an accented word the one besides that it has for somebody who leaves accents out."""
    folded = fold_accents(piece)
    if folded in stops:
        return []
    return list(dict.fromkeys((fold_accents(_stem(piece, language)), _stem(folded, language))))


@lru_cache(200_000)
def _stem(word: str, language: str) -> str:
    # A stemmer keeps the word that it is at: two threads in one would get each other's letters.
    with _STEMMING:
        return str(_stemmer(language).stemWord(word))


@lru_cache(64)
def _stemmer(language: str) -> Any:
    import snowballstemmer

    return snowballstemmer.stemmer(_STEMMERS.get(language, "english"))


@lru_cache(64)
def _stop_words(language: str) -> frozenset[str]:
    if language == "en":
        return _ENGLISH
    from stop_words import StopWordError, get_stop_words

    try:
        own = frozenset(fold_accents(word) for word in get_stop_words(language))
    except StopWordError:
        own = frozenset()
    # pages of every language quote English, and readers ask in it
    return own | _ENGLISH

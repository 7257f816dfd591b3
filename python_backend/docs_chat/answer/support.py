"""Whether a sentence of an answer says more than what it cites: strings are compared, no model is asked.

Every number, and every option, command or name written as code, must stand in what the sentence cites, or in its
headings, the question or the site's title. A wrong accusation is worse than a missed one: where in it they stand
does not matter, and a number may be written in another way.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from docs_chat.answer.claims import CODE_SPAN

# 8000, 1.5, .98, 10,000, 10 000
DIGITS = r"\d{1,3}(?:[ '’]\d{3})+(?![.,]?\d)|\d+(?:[.,]\d+)*|\.\d+"
# In what is cited "h2" is a 2 as well; in a claim it is a name.
CITED_NUMBER = re.compile(rf"(?<![0-9.,])({DIGITS})")
CLAIMED_NUMBER = re.compile(rf"(?<![a-z0-9_.,])v?({DIGITS})")
THOUSANDS = re.compile(r"(?<=\d)[ '’,](?=\d{3}(?!\d))")
# Not a version, and not longer than anybody counts.
COUNT = re.compile(r"\d{1,9}|\d{0,9}\.\d{1,9}")
GERMAN_THOUSANDS = re.compile(r"\d{1,3}(?:\.\d{3})+")
SECONDS = {"second": 1, "minute": 60, "hour": 3600, "day": 86400, "week": 604800, "month": 2592000, "year": 31536000}
UNIT = re.compile(rf"[\s-]+({'|'.join(SECONDS)})s?\b")
NUMBER_WORDS = {word: str(n) for n, word in enumerate("one two three four five six seven eight nine ten".split(), 1)}
NUMBER_WORD = re.compile(rf"\b(?:{'|'.join(NUMBER_WORDS)}|an?(?={UNIT.pattern}))\b")

# Words that are code wherever they stand: --flag, camelCase, snake_case, ./a/path, a/file.ts, @scope/name.
IDENTIFIER = re.compile(
    r"(?<![\w-])--[a-zA-Z][\w-]*"
    r"|(?<![\w./@-])(?:[a-z]+[A-Z]\w*|\w+_\w+|[@~.]{1,2}/?[\w-]+/[\w./-]*\w|[\w-]+(?:/[\w-]+)+\.\w+)(?![\w/])"
)
LINK_TARGET = re.compile(r"(?<=\])\([^()\s]*\)")
TOKEN = re.compile(r"-{0,2}[\w@](?:[\w./@+-]*\w)?")
LITERALS = frozenset("true false null none undefined nil yes no on off".split())
PLACEHOLDER = re.compile(r"your.*|my|my[-_A-Z].*|path|example.*|x+|foo|bar|baz|name|value", re.I)
FENCE = re.compile(r"[ \t>]*(?:`{3}|~{3})")
EXAMPLE_URL = re.compile(r"https?://(?:[\w-]+\.)*(?:example\.\w+|localhost)[^\s'\"`]*")
COMMENT = re.compile(r"(?:^|\s)(?:#(?!!)|//).*|<!--.*?-->|/\*.*?\*/")


@dataclass(frozen=True, slots=True)
class Support:
    """`missing`: the numbers and the code of a claim that stand in nothing cited, as the claim writes them."""

    missing: tuple[str, ...] = ()

    @property
    def supported(self) -> bool:
        return not self.missing


def judge(claim: str, passages: Sequence[str], titles: Sequence[str] = (), *, is_code: bool = False) -> Support:
    """Whether the cited passages (Markdown) have the numbers and the code of a claim.

    :param titles: what counts as said as well: headings of the passages, the site's title, the question.
    :param is_code: the claim is a block of code: an example may have any number and any plain word.
    """
    said = squeeze("\n".join([*passages, *titles]))
    if is_code:
        return Support(tuple(find_missing_names(claim, said)))
    prose = LINK_TARGET.sub("", CODE_SPAN.sub(" ", claim))
    code = [*(found["code"] for found in CODE_SPAN.finditer(claim)), *IDENTIFIER.findall(prose)]
    missing = [piece for piece in code if not has_code(piece, said)]
    return Support((*dict.fromkeys(missing), *find_missing_numbers(squeeze(prose), said)))


def find_missing_numbers(claim: str, said: str) -> list[str]:
    cited = NUMBER_WORD.sub(lambda word: NUMBER_WORDS.get(word[0], "1"), said)
    known = set().union(*read_numbers(cited, CITED_NUMBER).values())
    return [number for number, forms in read_numbers(claim, CLAIMED_NUMBER).items() if not forms & known]


def read_numbers(text: str, pattern: re.Pattern[str]) -> dict[str, set[str]]:
    """The numbers of a text, each with the ways to write it: without signs, as a share, as a time in seconds."""
    numbers: dict[str, set[str]] = {}
    for found in pattern.finditer(text):
        plain = THOUSANDS.sub("", found[1]).replace(",", ".").lstrip("0") or "0"
        # "10 000" may be two numbers.
        forms = numbers.setdefault(found[1], {plain, *found[1].split(" ")})
        if GERMAN_THOUSANDS.fullmatch(plain):
            forms.add(plain.replace(".", ""))
        if COUNT.fullmatch(plain):
            unit = UNIT.match(text, found.end())
            if unit:
                forms.add(f"{float(plain) * SECONDS[unit[1]]:g}s")
            if text[found.end() : found.end() + 2].lstrip().startswith("%"):
                forms.add(f"{float(plain) / 100:g}".removeprefix("0"))
    return numbers


def find_missing_names(code: str, said: str) -> Iterator[str]:
    """The names in lines of code that do not stand there; a line may be put together of what does."""
    for line in code.splitlines():
        line = COMMENT.sub("", EXAMPLE_URL.sub("", line)).strip()
        if line and not FENCE.match(line) and squeeze(line) not in said:
            tokens = [part for token in TOKEN.findall(line) for part in token.split("/")]
            yield from (token for token in tokens if is_name(token) and not has_token(token, said))


def is_name(token: str) -> bool:
    """Whether a token of code is more than a number or a plain word."""
    return any(map(str.isalpha, token)) and not (token.isalpha() and token.islower())


def has_code(code: str, said: str) -> bool:
    """Whether code stands there as it is, or each of its parts does."""
    return has_text(code, said) or all(has_token(token, said) for token in TOKEN.findall(code))


def has_token(token: str, said: str) -> bool:
    if token.lower() in LITERALS or PLACEHOLDER.fullmatch(token) or has_text(token, said):
        return True
    # Keys are written as a path and as a nested block.
    parts = token.split(".")
    return len(parts) > 1 and all(part.isidentifier() and has_token(part, said) for part in parts)


def has_text(text: str, said: str) -> bool:
    """Whether a text stands there, not as a part of longer words."""
    text = re.escape(squeeze(text))
    return re.search(rf"(?:(?<!\w)|(?!\w)){text}(?:(?!\w)|(?<!\w))", said, re.A) is not None


def squeeze(text: str) -> str:
    """Lower case, one space between words, digits of every script as 0 to 9."""
    text = text if text.isascii() else re.sub(r"\d", lambda digit: str(int(digit[0])), text)
    return " ".join(text.lower().split())

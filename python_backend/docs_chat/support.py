"""Whether what a sentence of an answer cites supports it, and with which words: strings are compared, no model asked.

A wrong accusation is worse than a missed one: a sentence counts as supported until something speaks against it. That
is a number, an option or a name that stands in nothing cited; a cited sentence that says the same with a "not"; or
another passage that says it while the cited ones do not. A claim in another language than its passages is judged by
its numbers and its code alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from docs_index.terms import terms
from rapidfuzz import fuzz

from docs_chat.markdown.plain import cut, split_sentences

QUOTE_CHARS = 300
# Sentences side by side may support one claim together.
NEIGHBOURS = 3
# A claim with fewer content words says too little to be judged.
CLAIM_WORDS = 4
# What ends with a colon and has fewer only announces.
INTRO_WORDS = 6
# A claim with at most this share of its words in what it cites, and that share in what it does not cite, is misplaced.
COVERED = 0.25
COVERED_ELSEWHERE = 0.6
# The place that has a claim's number must have this share of the words that the best place has.
SAME_PLACE = 0.5
# A sentence that denies a claim has this share of its words.
DENIED = 0.5
# Words that differ in an ending which the stemmer leaves ("installation", "installed"), of 100.
SIMILAR = 80
# Less of a claim's little words in the passages: another language.
SAME_LANGUAGE = 0.4
ENGLISH = 0.2

Reason = Literal["", "number", "code", "name", "negation", "default", "passage"]

MARKER = re.compile(
    r"\s*(?:\[[ \t]*[1-9]\d{0,2}(?:[ \t]*[,;][ \t]*[1-9]\d{0,2})*[ \t]*\]|【[1-9]\d{0,2}[^】\n]{0,40}】)"
)
MARKERS = re.compile(f"(?:{MARKER.pattern})+")
FENCE = re.compile(r"[ \t>]*(?:(?:[-*+]|\d{1,9}[.)])[ \t]+)?(`{3,}|~{3,})")
LEAD = re.compile(r"[ \t>]*(?:(?:[-*+]|\d{1,9}[.)])[ \t]+(?:\[[ xX]\][ \t]+)?)?")
ITEM = re.compile(r"[ \t>]*(?:[-*+]|\d{1,9}[.)])[ \t]")
HEADING = re.compile(r"[ \t>]*#{1,6}[ \t]")
ROW = re.compile(r"[ \t>]*\|")
RULE = re.compile(r"[ \t|:*_>-]+")
SPAN = re.compile(r"(?<!`)(`+)(?!`)(.+?)(?<!`)\1(?!`)")
SENTENCE_END = re.compile(r"[.!?…]+[\"'”’)*_]*(?=\s)|[。！？]+")
ABBREVIATION = re.compile(
    r"(?:\b(?:e\.g|i\.e|etc|vs|cf|approx|bzw|ca|nr|z\. ?b|d\. ?h|p\. ?ex|p\. ?ej)|\b[a-z])\.$", re.I
)
# "The docs do not say …" is said of the docs, not from them.
ABOUT_DOCS = re.compile(
    r"\b(?:doc(?:umentation|umentación|s)|dokumentation|passag\w+|pasajes?)\s+(?:(?:do|does|did|has|have|is|are)"
    r"(?: not|n['’]t)|no|ne|n['’]\w+|say nothing|\w+ (?:dazu )?(?:nicht|nichts|kein\w*))\b",
    re.I,
)

# In what is cited "h2" is a 2 as well; in a claim it is a name.
ANY_NUMBER = re.compile(r"(?<![0-9.,])(?:\.\d+|\d+(?:[.,]\d+)*)")
NUMBER = re.compile(r"(?<![a-z0-9_.,])(?:\.\d+|v?\d+(?:[.,]\d+)*)", re.I)
THOUSANDS = re.compile(r",(?=\d{3}(?:\D|$))")
NUMBER_WORDS = {word: str(n) for n, word in enumerate("one two three four five six seven eight nine ten".split(), 1)}
DURATION = re.compile(r"\b(\d+|one|an?)[\s-]+(second|minute|hour|day|week|month|year)s?\b", re.I)
SECONDS = {"second": 1, "minute": 60, "hour": 3600, "day": 86400, "week": 604800, "month": 2592000, "year": 31536000}
LONG_TIME = re.compile(r"\b(?:one|an?) (day|week|month|year)\b", re.I)
# Words that are code wherever they stand: --flag, camelCase, snake_case, ./a/path, a/file.ts, @scope/name.
IDENTIFIER = re.compile(
    r"(?<![\w-])--[a-zA-Z][\w-]*"
    r"|(?<![\w./@-])(?:[a-z]+[A-Z]\w*|\w+_\w+|[@~.]{1,2}/?[\w-]+/[\w./-]*\w|[\w-]+(?:/[\w-]+)+\.\w+)(?![\w/])"
)
CODE_TOKEN = re.compile(r"-{0,2}[\w@](?:[\w./@+-]*\w)?")
JOINED = re.compile(r"\w\w|\.\d", re.A)
DEFAULT = re.compile(r"\bdefault", re.I)
LITERALS = frozenset("true false null none undefined nil yes no on off".split())
PLACEHOLDER = re.compile(r"your.*|my|my[-_A-Z].*|path|example.*|x+|foo|bar|baz|name|value", re.I)
EXAMPLE_URL = re.compile(r"https?://(?:[\w-]+\.)*(?:example\.\w+|localhost)[^\s'\"`]*")
COMMENT = re.compile(r"(?:^|\s)(?:#(?!!)|//).*|<!--.*?-->|/\*.*?\*/")
QUOTED = re.compile(r"[\"“]([^\"”\n]{2,60})[\"”]")
NAME = re.compile(r"(?<=[a-z0-9,] )[A-Z][a-z]\w+")
NEGATOR = re.compile(
    r"\b(?:not|never|no|cannot|without|neither|nor|none|nothing|nobody|instead|rather|unless|otherwise|only|except|against"
    r"|avoid\w*|prevent\w*|skip\w*|disabl\w*|lack\w*|fail\w*|miss\w*|rarely|seldom|hardly)\b|n['’]t\b",
    re.I,
)
CONDITION = re.compile(r"\b(?:if|when|where|whether|unless|until|in case)\b", re.I)
# What a "not" denies: the next few words, unless it denies a part only ("not always", "not for …").
DENIAL = re.compile(
    r"(?:\b(?:not|never|cannot)|n['’]t)\b"
    r"(?!\s+(?:all|always|any|as|at|by|every|for|from|in|just|necessarily|of|on|only|to|with|yet)\b)((?:\s+\w+){1,4})",
    re.I,
)
UNSPACED = re.compile("[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af]")
LITTLE = re.compile(r"\b[^\W\d_]{1,4}\b")
WORD = re.compile(r"[^\W\d_]+")


@dataclass(frozen=True, slots=True)
class Claim:
    """A sentence, an item of a list, a row of a table or a block of code of an answer.

    `start` and `end` are offsets in the answer's characters. `numbers` are the passages that it cites: by its own
    markers, else by the next ones in its paragraph, else by the last ones before it; code rests on all that
    the answer cites. `text` is without markers.
    """

    start: int
    end: int
    text: str
    numbers: tuple[int, ...]
    is_code: bool = False


@dataclass(frozen=True, slots=True)
class Support:
    """What speaks for a claim, and what against it.

    `quote`: words of one passage, as a reader sees them. `score`: the share of the claim's words in the quote's
    sentences, 0 to 1. `missing`: the words that stand nowhere, when they are the `reason`.
    """

    quote: str
    score: float
    supported: bool
    reason: Reason = ""
    missing: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Source:
    """A passage made ready: its sentences and lines in order, each with its words and numbers."""

    text: str
    sentences: tuple[str, ...]
    words: tuple[frozenset[str], ...]
    numbers: tuple[frozenset[str], ...]
    blocks: tuple[int, ...]
    all_words: frozenset[str]
    all_numbers: frozenset[str]
    is_english: bool

    def span(self, first: int, last: int) -> frozenset[str]:
        """The words of neighbouring sentences."""
        return self.words[first] if last == first + 1 else frozenset().union(*self.words[first:last])


def split_claims(markdown: str, marks: Sequence[tuple[int, int]] = ()) -> list[Claim]:
    """The claims of an answer that can be judged, in order.

    :param markdown: what the model wrote, with its markers, or the text that they were taken out of.
    :param marks: for such a text, where markers stood: offsets in characters, in order, with the passage's number.
    """
    claims: list[Claim] = []
    blocks = list(split_blocks(markdown))
    everything = read_markers(" ".join(markdown[start:end] for start, end, is_code in blocks if not is_code))
    everything = everything or tuple(dict.fromkeys(number for _, number in marks))
    for start, end, is_code in blocks:
        if is_code:
            claims.append(Claim(start, end, markdown[start:end].rstrip(), everything, True))
            continue
        pieces = list(split_block(markdown, start, end))
        own = [
            read_markers(markdown[first:last]) or tuple(number for at, number in marks if first < at <= last)
            for first, last in pieces
        ]
        for at, (first, last) in enumerate(pieces):
            following = next((numbers for numbers in own[at:] if numbers), ())
            before = next((numbers for numbers in own[at::-1] if numbers), claims[-1].numbers if claims else ())
            text = " ".join(MARKER.sub("", markdown[first:last]).split())
            claims.append(Claim(first, last, text, following or before))
    return [claim for claim in claims if claim.numbers and (claim.is_code or says_something(claim.text))]


def judge(
    claim: str,
    passages: Sequence[str],
    titles: Sequence[str] = (),
    others: Sequence[str] = (),
    *,
    is_code: bool = False,
) -> Support:
    """Whether the cited passages (Markdown) support a claim.

    :param titles: what counts as said and is never quoted: headings of the passages, the site's title, the question.
    :param others: the passages that the answer had and the claim does not cite.
    """
    sources = [read_source(passage) for passage in passages]
    said = Said(sources, titles)
    if is_code:
        return judge_code(claim, said)
    words = frozenset(terms(claim))
    quote, score = find_quote(words, read_digits(claim), sources)
    reason, missing = accuse(claim, words, said, [read_source(other) for other in others])
    return Support(quote, score, not reason, reason, missing)


class Said:
    """Everything that is said in what a claim cites."""

    def __init__(self, sources: Sequence[Source], titles: Sequence[str]) -> None:
        self.sources = sources
        heads = " ".join(titles)
        self.text = squeeze("\n".join([*(source.text for source in sources), heads]))
        self.heads = frozenset(terms(heads))
        self.words = self.heads.union(*(source.all_words for source in sources))
        self.head_numbers = read_numbers(heads)
        self.numbers = self.head_numbers.union(*(source.all_numbers for source in sources))

    def has_code(self, code: str) -> bool:
        """Whether code stands there as it is, or each of its parts does."""
        return self.has_text(squeeze(code)) or all(self.has_token(token) for token in CODE_TOKEN.findall(code))

    def has_text(self, text: str) -> bool:
        """Whether a text stands there, not as a part of longer words or numbers."""
        at = self.text.find(text)
        while at >= 0:
            before, after = self.text[at - 1 : at] or " ", self.text[at + len(text) : at + len(text) + 1] or " "
            if not (joins(before, text[:1]) or joins(text[-1:], after)):
                return True
            at = self.text.find(text, at + 1)
        return False

    def has_token(self, token: str) -> bool:
        if token.lower() in LITERALS or PLACEHOLDER.fullmatch(token):
            return True
        if self.has_text(token.lower()):
            return True
        # Keys are written as a path and as a nested block.
        parts = token.split(".")
        return len(parts) > 1 and all(part.isidentifier() and self.has_token(part) for part in parts)

    def has_time(self, time: str, unit: str) -> bool:
        """Whether "a day" stands there in any unit, or anything is said of days."""
        seconds = {seconds for _, seconds in read_durations(time)}
        return bool(seconds & self.numbers) or unit.lower() in self.text or "daily" in self.text

    def has_words(self, text: str) -> bool:
        return all(self.has_word(word) for word in terms(text))

    def has_word(self, word: str) -> bool:
        return word in self.words or any(is_similar(word, other) for other in self.words)


def accuse(claim: str, words: frozenset[str], said: Said, others: Sequence[Source]) -> tuple[Reason, tuple[str, ...]]:
    """What speaks against a claim, and the words that are missing."""
    prose = SPAN.sub(" ", claim)
    code = [*(found[2] for found in SPAN.finditer(claim)), *IDENTIFIER.findall(prose)]
    missing = [span for span in code if not said.has_code(span)]
    if missing:
        return "code", tuple(missing)
    same_language = speaks_same(prose, said)
    missing = []
    for number in sorted(read_digits(prose)):
        forms = read_forms(number, prose)
        if not forms & said.numbers or (same_language and not is_near(forms, words, said)):
            missing.append(number)
    if same_language:
        missing += [found[0] for found in LONG_TIME.finditer(prose) if not said.has_time(found[0], found[1])]
    if missing:
        return "number", tuple(missing)
    if not same_language:
        return "", ()
    names = [name for name in NAME.findall(prose) if name.lower() not in said.text and not said.has_words(name)]
    names += [quoted for quoted in QUOTED.findall(prose) if not said.has_words(quoted)]
    if names:
        return "name", tuple(names)
    if is_denied(claim, words, said):
        return "negation", ()
    default = other_default(claim, said)
    if default:
        return "default", (default,)
    if is_elsewhere(words - said.heads, said, others):
        return "passage", ()
    return "", ()


def is_elsewhere(words: frozenset[str], said: Said, others: Sequence[Source]) -> bool:
    """Whether a passage that is not cited has most of a claim's words, and those that are cited hardly any."""
    if len(words) < CLAIM_WORDS or sum(map(said.has_word, words)) > COVERED * len(words):
        return False
    return any(len(words & source.all_words) >= COVERED_ELSEWHERE * len(words) for source in others)


def judge_code(code: str, said: Said) -> Support:
    """Each line must stand there, or be put together of what does."""
    missing = []
    for line in read_code(code):
        if squeeze(line) not in said.text:
            tokens = [part for token in CODE_TOKEN.findall(line) for part in token.split("/")]
            missing += [token for token in tokens if is_name(token) and not said.has_token(token)]
    quote, score = find_quote(frozenset(terms(code)), frozenset(), said.sources)
    return Support(quote, score, not missing, "code" if missing else "", tuple(missing))


def read_forms(number: str, claim: str) -> set[str]:
    """How a claim's number may be written: as it is, as a word, as a share, in another unit of time."""
    forms = {number, *(word for word, digits in NUMBER_WORDS.items() if digits == number)}
    if re.search(rf"(?<![\d.]){re.escape(number)} ?%", claim):
        forms.add(f"{float(number) / 100:g}".removeprefix("0"))
    if re.fullmatch(r"\d{1,3}(?:\.\d{3})+", number):
        # 1.440 in German
        forms.add(number.replace(".", ""))
    return forms | {seconds for count, seconds in read_durations(claim) if count == number}


def is_near(forms: set[str], words: frozenset[str], said: Said) -> bool:
    """Whether a place with the number has a good part of the words that the best place has."""
    if forms & said.head_numbers or not any(forms & there for source in said.sources for there in source.numbers):
        # in a heading, of a section or of a column
        return True
    best = near = 0
    for source in said.sources:
        for first, last in windows(source, across=True):
            common = len(words & source.span(first, last))
            best = max(best, common)
            if common > near and any(forms & there for there in source.numbers[first:last]):
                near = common
    return near >= SAME_PLACE * best


def is_denied(claim: str, words: frozenset[str], said: Said) -> bool:
    """Whether the cited sentence that is most like a claim says "not" where the claim says nothing of the kind."""
    if NEGATOR.search(claim.replace("*", " ").replace("_", " ")):
        return False
    denying = other = 0
    for source in said.sources:
        for sentence, there in zip(source.sentences, source.words, strict=True):
            common = len(words & there)
            if common > denying and denies(sentence, words, common):
                denying = common
            else:
                other = max(other, common)
    return denying > other


def denies(sentence: str, words: frozenset[str], common: int) -> bool:
    """Whether a sentence that has so many of the words says "not" before one of them."""
    for found in DENIAL.finditer(sentence):
        denied = terms(found[1])[:2]
        if denied and denied[0] in words and not CONDITION.search(sentence[: found.start()]):
            return common >= DENIED * len(words) or (len(denied) > 1 and denied[1] in words)
    return False


def other_default(claim: str, said: Said) -> str:
    """The value that a claim calls the default of something whose row has another one, "" when there is none."""
    spans = [span.strip("'\"").lower() for _, span in SPAN.findall(claim)]
    values = [span for span in spans if span in LITERALS]
    if not DEFAULT.search(claim) or len(values) != 1 or len(spans) != 2:
        return ""
    name = next(span for span in spans if span not in LITERALS)
    rows = [row.lower() for source in said.sources for row in source.sentences if row.lower().startswith(f"{name} – ")]
    cells = {cell for row in rows for cell in row.split(" – ")}
    return values[0] if cells & LITERALS and values[0] not in cells else ""


def speaks_same(claim: str, said: Said) -> bool:
    """Whether a claim is in the language of what it cites, by its little words; never for what is written unspaced."""
    if UNSPACED.search(claim):
        return False
    english = any(source.is_english for source in said.sources)
    if english or is_english(claim):
        return english and is_english(claim)
    little = {word.lower() for word in LITTLE.findall(claim)}
    there = set(LITTLE.findall(said.text))
    return bool(little) and len(little & there) >= SAME_LANGUAGE * len(little)


def is_english(text: str) -> bool:
    """Whether as many words are English stop words as only English has."""
    count = len(WORD.findall(text))
    return count > 0 and sum(not terms(word) for word in WORD.findall(text)) >= ENGLISH * count


def find_quote(words: frozenset[str], numbers: frozenset[str], sources: Sequence[Source]) -> tuple[str, float]:
    """The fewest neighbouring sentences with the most of the words, and the share of the words that they have."""
    best: tuple[float, float, str] = (0.0, 0.0, "")
    for source in sources:
        for first, last in windows(source):
            share = len(words & source.span(first, last)) / max(1, len(words))
            weighed = (
                share
                + 0.1 * sum(n in there for n in numbers for there in source.numbers[first:last])
                - 0.08 * (last - first - 1)
            )
            if weighed > best[0]:
                best = (weighed, share, " ".join(source.sentences[first:last]))
    return cut(best[2], QUOTE_CHARS), best[1]


def windows(source: Source, across: bool = False) -> Iterator[tuple[int, int]]:
    """One to three neighbouring sentences, of one block or across them: their first and the one behind the last."""
    for first in range(len(source.sentences)):
        for last in range(first + 1, min(first + NEIGHBOURS, len(source.sentences)) + 1):
            if source.blocks[first] != source.blocks[last - 1] and not (across and last == first + 2):
                break
            yield first, last


@lru_cache(256)
def read_source(markdown: str) -> Source:
    rows = [(sentence, at) for at, (_, block) in enumerate(split_sentences(markdown)) for sentence in block if sentence]
    sentences = tuple(sentence for sentence, _ in rows)
    return Source(
        markdown,
        sentences,
        tuple(frozenset(terms(sentence)) for sentence in sentences),
        tuple(read_numbers(sentence) for sentence in sentences),
        tuple(at for _, at in rows),
        frozenset(terms(markdown)),
        read_numbers(markdown),
        is_english(" ".join(sentences)),
    )


@lru_cache(50_000)
def is_similar(word: str, other: str) -> bool:
    """Whether two stems are forms of one word: they begin alike and differ little."""
    return word[:3] == other[:3] and len(word) > 3 and fuzz.ratio(word, other) >= SIMILAR


def read_digits(text: str, pattern: re.Pattern[str] = NUMBER) -> frozenset[str]:
    """Numbers without `v`, thousands' commas and a leading zero."""
    found = (THOUSANDS.sub("", match.lower().removeprefix("v")).replace(",", ".") for match in pattern.findall(text))
    return frozenset(number.removeprefix("0") if number.startswith("0.") else number for number in found)


def read_numbers(text: str) -> frozenset[str]:
    """All numbers of what is cited, those written as words, and times in seconds (`3600s`)."""
    words = NUMBER_WORDS.keys() & text.lower().split()
    return read_digits(text, ANY_NUMBER).union(words, (seconds for _, seconds in read_durations(text)))


def read_durations(text: str) -> list[tuple[str, str]]:
    """Times: their number as written, and the whole in seconds."""
    return [
        (count, f"{int(count if count.isdigit() else 1) * SECONDS[unit.lower()]}s")
        for count, unit in DURATION.findall(text)
    ]


def read_code(code: str) -> list[str]:
    """The lines of a fenced block without its fence and its comments."""
    lines = [COMMENT.sub("", EXAMPLE_URL.sub("", line)).strip() for line in code.splitlines() if not FENCE.match(line)]
    return [line for line in lines if line]


def is_name(token: str) -> bool:
    """Whether a token of code is a name: an example may have any number and any plain word."""
    return any(map(str.isalpha, token)) and not (token.isalpha() and token.islower())


def joins(before: str, after: str) -> bool:
    """Whether two characters side by side are of one word or number."""
    return JOINED.fullmatch(before + after) is not None


def squeeze(text: str) -> str:
    return " ".join(text.lower().split())


def split_blocks(markdown: str) -> Iterator[tuple[int, int, bool]]:
    """Where the blocks of an answer are, and which are code: paragraphs, items, rows. Headings are left out."""
    start = at = 0
    fence = ""
    opened = 0
    for line in markdown.splitlines(keepends=True):
        end = at + len(line)
        mark = FENCE.match(line)
        if fence:
            if mark and mark[1].startswith(fence) and not line.strip(" \t>\n").strip(fence[0]):
                yield opened, end, True
                fence, start = "", end
        elif mark or not line.strip(" \t>\n") or ITEM.match(line) or HEADING.match(line) or ROW.match(line):
            is_rule = ROW.match(line) and RULE.fullmatch(line.rstrip("\n"))
            # What stands above a rule is the head of a table.
            if markdown[start:at].strip() and not is_rule:
                yield start, at, False
            start = end if is_rule or HEADING.match(line) else at
            if mark:
                fence, opened = mark[1], at
        at = end
    if fence:
        yield opened, at, True
    elif markdown[start:at].strip():
        yield start, at, False


def split_block(markdown: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Where the sentences of a block are. A marker behind a full stop belongs to the sentence before."""
    block = markdown[start:end]
    lead = LEAD.match(block)
    first = lead.end() if lead else 0
    covered = [found.span() for found in SPAN.finditer(block)]
    ends = [] if ROW.match(block) else list(SENTENCE_END.finditer(block))
    for found in ends:
        at = found.end()
        if any(begin < found.start() < last for begin, last in covered) or ABBREVIATION.search(
            block[max(0, at - 10) : at]
        ):
            continue
        marks = MARKERS.match(block, at)
        at = marks.end() if marks else at
        if block[first:at].strip():
            yield start + first, start + at
        first = at + len(block[at:]) - len(block[at:].lstrip())
    if block[first:].strip():
        yield start + first, start + len(block.rstrip())


def read_markers(text: str) -> tuple[int, ...]:
    text = SPAN.sub(" ", text)
    groups = (found[0].partition("†")[0] for found in MARKER.finditer(text))
    return tuple(dict.fromkeys(int(number) for group in groups for number in re.findall(r"\d+", group)))


def says_something(text: str) -> bool:
    """Whether a sentence states something about the product."""
    count = len(terms(text)) + len(SPAN.findall(text)) + len(read_digits(SPAN.sub(" ", text)))
    return count >= (INTRO_WORDS if text.endswith(":") else CLAIM_WORDS) and not ABOUT_DOCS.search(SPAN.sub("", text))

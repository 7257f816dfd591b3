"""The sentences of an answer, each with the passages that it cites."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from docs_chat.markdown.plain import parser

CODE_SPAN = re.compile(r"(?P<ticks>(?<!`)`+(?!`))(?P<code>[^\n]+?)(?<!`)(?P=ticks)(?!`)")
NUMBERS = r"\[[ \t]*[1-9]\d{0,2}(?:[ \t]*[,;][ \t]*[1-9]\d{0,2})*[ \t]*\]|【[1-9]\d{0,2}[^】\n]{0,40}】"
MARKER = re.compile(rf"(?P<span>{CODE_SPAN.pattern})|\s{{0,9}}(?P<numbers>{NUMBERS})")
ABBREVIATION = r"\b(?:e\.g|i\.e|etc|vs|cf|approx|bzw|ca|nr|z\. ?b|d\. ?h|p\. ?ex|p\. ?ej|[a-z])\."
# The atomic group takes code and abbreviations whole. A marker behind a full stop belongs to the sentence before.
SENTENCE = re.compile(
    rf"\s*(?P<sentence>(?>{CODE_SPAN.pattern}|{ABBREVIATION}|.)+?"
    rf"(?:(?:(?<![.!?…])[.!?…]+[\"'”’)*_]*(?=\s)|[。！？]+)(?:\s*(?:{NUMBERS}))*|\Z))",
    re.S | re.I,
)

# "The docs do not say …" is said of the docs, not from them.
ABOUT_DOCS = re.compile(
    r"\b(?:doc(?:umentation|umentación|s)|dokumentation|passag\w+|pasajes?)\s+(?:(?:do|does|did|has|have|is|are)"
    r"(?: not|n['’]t)|no|ne|n['’]\w+|say nothing|\w+ (?:dazu )?(?:nicht|nichts|kein\w*))\b",
    re.I,
)

# Where the sentences of a paragraph are, or a row, or code, and whether it is code.
Block = tuple[list[tuple[int, int]], bool]


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


def split_claims(markdown: str, marks: Sequence[tuple[int, int]] = ()) -> list[Claim]:
    """The claims of an answer that rest on something cited, in order. Headings are none, nor is the head of a table.

    :param markdown: what the model wrote, with its markers, or the text that they were taken out of.
    :param marks: for such a text, where markers stood: offsets in characters, in order, with the passage's number.
    """
    blocks = list(split_blocks(markdown))
    starts = [start for spans, is_code in blocks if not is_code for start, _ in spans]
    cited = assign(marks or find_marks(markdown, blocks), starts)
    claims: list[Claim] = []
    before: tuple[int, ...] = ()
    for spans, is_code in blocks:
        own = [tuple(cited[start]) for start, _ in spans]
        for at, (start, end) in enumerate(spans):
            before = own[at] or before
            text = markdown[start:end] if is_code else strip_markers(markdown[start:end])
            claims.append(Claim(start, end, text, next(filter(None, own[at:]), before), is_code))
    everything = tuple(dict.fromkeys(number for claim in claims for number in claim.numbers))
    claims = [replace(claim, numbers=everything) if claim.is_code else claim for claim in claims]
    return [claim for claim in claims if claim.numbers and not ABOUT_DOCS.search(claim.text)]


def split_blocks(markdown: str) -> Iterator[Block]:
    """The blocks in order; the head of a table and headings are left out."""
    lines = [0, *(found.end() for found in re.finditer(r"\r\n?|\n", markdown)), len(markdown)]
    tokens = parser().parse(markdown)
    for before, token in pairwise([*tokens[:1], *tokens]):
        if not token.map:
            continue
        start, end = lines[token.map[0]], lines[token.map[1]]
        end = start + len(markdown[start:end].rstrip())
        match before.type, token.type:
            case _, "fence" | "code_block":
                yield [(start, end)], True
            case "paragraph_open", "inline":
                # behind the signs of a list or a quotation
                start = max(start, markdown.find(token.content.partition("\n")[0], start))
                found = SENTENCE.finditer(markdown, start, end)
                yield [piece.span("sentence") for piece in found if strip_markers(piece[0])], False
            case "tbody_open" | "tr_close", "tr_open":
                yield [(start, end)], False


def find_marks(markdown: str, blocks: Sequence[Block]) -> list[tuple[int, int]]:
    """Where markers stand that are no code, and the passages that they name."""
    code = [span for spans, is_code in blocks for span in spans if is_code]
    return [
        (found.start(), int(number))
        for found in MARKER.finditer(markdown)
        if found["numbers"] and not any(start <= found.start() < end for start, end in code)
        for number in re.findall(r"\d+", found["numbers"].partition("†")[0])
    ]


def assign(marks: Sequence[tuple[int, int]], starts: Sequence[int]) -> dict[int, list[int]]:
    """The passages of each sentence, by its start: a mark belongs to the last sentence that begins before it."""
    cited: dict[int, list[int]] = defaultdict(list)
    for at, number in marks:
        place = bisect_left(starts, at) - 1
        if place >= 0 and number not in cited[starts[place]]:
            cited[starts[place]].append(number)
    return cited


def strip_markers(text: str) -> str:
    return " ".join(MARKER.sub(r"\g<span>", text).split())

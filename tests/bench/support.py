"""How often a sentence of an answer is rightly marked as unsupported, and how good the quotations are.

python -m tests.bench.support

Precision is the share of right marks. It depends on how often models are wrong: the fixture has far more mistakes than
a good model makes, so the share is also given for answers in which one sentence of eight or of twenty is wrong.
"""

from __future__ import annotations

import re
import time
from bisect import bisect_right
from dataclasses import dataclass, field
from functools import cache
from itertools import accumulate
from pathlib import Path
from typing import Any

import yaml
from docs_chat.answer.claims import split_claims
from docs_chat.answer.support import judge
from docs_chat.citations import pick_quote
from docs_chat.markdown.words import split_words

FIXTURE = Path(__file__).parents[1] / "fixtures/answers.yaml"


@dataclass
class Figures:
    """Counts of one half. `missed` and `accused` are the sentences that were judged wrongly."""

    right: int = 0
    accused: list[str] = field(default_factory=list)
    missed: list[str] = field(default_factory=list)
    judged: int = 0
    supported: int = 0
    quotes: int = 0
    good_quotes: int = 0
    seconds: float = 0

    @property
    def precision(self) -> float:
        return self.right / max(1, self.right + len(self.accused))

    @property
    def recall(self) -> float:
        return self.right / max(1, self.right + len(self.missed))

    def precision_at(self, rate: int) -> float:
        """Precision when one sentence of so many is wrong; one more wrong mark is assumed than there was."""
        right = self.recall / rate
        return right / (right + (len(self.accused) + 1) / max(1, self.supported) * (1 - 1 / rate))


@cache
def read_answers() -> dict[str, list[dict[str, Any]]]:
    """The answers of the fixture by half, see the head of the file."""
    return yaml.safe_load(FIXTURE.read_text("utf-8"))  # type: ignore[no-any-return]


def measure(half: str) -> Figures:
    figures = Figures()
    for answer in read_answers()[half]:
        measure_answer(answer, figures)
    return figures


def measure_answer(answer: dict[str, Any], figures: Figures) -> None:
    headings, texts = {}, {}
    for n, passage in answer["passages"].items():
        headings[n], _, texts[n] = passage.partition("\n")
    pieces = [next(iter(sentence.values())) for sentence in answer["sentences"]]
    pieces = [piece if piece.endswith("\n") else f"{piece} " for piece in pieces]
    ends = list(accumulate(map(len, pieces)))
    started = time.perf_counter()
    found: dict[int, tuple[str, tuple[int, ...], tuple[str, ...]]] = {}
    for claim in split_claims("".join(pieces)):
        titles = [answer["site"], answer["question"], *(headings[n] for n in claim.numbers)]
        support = judge(claim.text, [texts[n] for n in claim.numbers], titles, is_code=claim.is_code)
        found[bisect_right(ends, claim.start)] = claim.text, claim.numbers, support.missing
    figures.seconds += time.perf_counter() - started
    figures.judged += len(found)
    for at, sentence in enumerate(answer["sentences"]):
        figures.supported += "right" in sentence
        text, numbers, missing = found.get(at, ("", (), ()))
        if "wrong" in sentence:
            figures.right += bool(missing)
            figures.missed += [] if missing else [f"{sentence['mistake']}: {sentence['wrong'].strip()}"]
        elif missing:
            figures.accused.append(f"{', '.join(missing)}: {text}")
        if text and "quote" in sentence:
            words, question = split_words(text), split_words(answer["question"])
            quotes = [squeeze(pick_quote(texts[n], words, question)) for n in numbers]
            figures.quotes += 1
            figures.good_quotes += any(all(squeeze(part) in quote for part in sentence["quote"]) for quote in quotes)


def squeeze(text: str) -> str:
    """Letters and digits only: what a reader sees of Markdown and of its text is the same then."""
    return re.sub(r"[\W_]+", "", text).lower()


def main() -> None:
    for half in read_answers():
        found = measure(half)
        marked = found.right + len(found.accused)
        print(f"{half}: {found.judged} sentences, {1000 * found.seconds / found.judged:.2f} ms each")
        print(f"  unsupported: precision {found.precision:.3f} ({found.right} of {marked}), recall {found.recall:.3f}")
        print(f"  supported and marked all the same: {len(found.accused)} of {found.supported}")
        for rate in (8, 20):
            print(f"  precision for one wrong in {rate}, with one wrong mark more: {found.precision_at(rate):.2f}")
        print(f"  the quote on hover has the words that matter: {found.good_quotes} of {found.quotes}")
        for kind, texts in (("wrong mark", found.accused), ("missed", found.missed)):
            print("".join(f"    {kind}, {text}\n" for text in texts), end="")


if __name__ == "__main__":
    main()

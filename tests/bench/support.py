"""How often a sentence of an answer is rightly marked as unsupported, and how good the quotations are.

python -m tests.bench.support

Precision is the share of right marks. It depends on how often models are wrong: the fixture has far more mistakes than
a good model makes, so the share is also given for answers in which one sentence of eight or of twenty is wrong.
"""

from __future__ import annotations

import re
import time
from collections import Counter
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, Literal

import yaml
from docs_chat.citations import pick_quote
from docs_chat.markdown.words import split_words
from docs_chat.support import Claim, Support, judge, read_source, split_claims

FIXTURE = Path(__file__).parents[1] / "fixtures/answers.yaml"
RATES = (1 / 8, 1 / 20)

Half = Literal["tune", "test"]


@dataclass
class Figures:
    """Counts of one half. `missed` and `accused` name the sentences that were judged wrongly."""

    right: int = 0
    accused: list[str] = field(default_factory=list)
    missed: list[str] = field(default_factory=list)
    caught: Counter[str] = field(default_factory=Counter)
    unjudged: int = 0
    supported: int = 0
    verbatim: int = 0
    judged: int = 0
    quotes: int = 0
    good_quotes: int = 0
    good_picks: int = 0
    seconds: float = 0

    @property
    def precision(self) -> float:
        return self.right / max(1, self.right + len(self.accused))

    @property
    def recall(self) -> float:
        return self.right / max(1, self.right + len(self.missed))

    @property
    def wrongly(self) -> float:
        """The share of supported sentences that are marked all the same."""
        return len(self.accused) / max(1, self.supported)

    def precision_at(self, rate: float) -> float:
        """Precision when such a share of sentences is wrong; one more wrong mark is assumed than there was."""
        right = self.recall * rate
        return right / (right + (len(self.accused) + 1) / max(1, self.supported) * (1 - rate))


@cache
def read_answers() -> list[dict[str, Any]]:
    """The answers of the fixture, see the head of the file."""
    answers: list[dict[str, Any]] = yaml.safe_load(FIXTURE.read_text("utf-8"))
    return answers


def measure(half: Half) -> Figures:
    figures = Figures()
    read_source.cache_clear()
    for answer in read_answers():
        if answer["half"] == half:
            measure_answer(answer, figures)
    return figures


def measure_answer(answer: dict[str, Any], figures: Figures) -> None:
    texts = {passage["n"]: passage["text"] for passage in answer["passages"]}
    titles = {passage["n"]: " ".join(passage["headings"]) for passage in answer["passages"]}
    started = time.perf_counter()
    claims = split_claims(answer["answer"])
    judged: dict[Claim, Support] = {}
    for claim in claims:
        heads = [answer["site"], answer["question"], *(titles[n] for n in claim.numbers)]
        others = [text for n, text in texts.items() if n not in claim.numbers]
        cited = [texts[n] for n in claim.numbers]
        judged[claim] = judge(claim.text, cited, heads, others, is_code=claim.is_code)
    figures.seconds += time.perf_counter() - started
    figures.judged += len(claims)
    for claim, support in judged.items():
        figures.verbatim += any(squeeze(support.quote) in squeeze(texts[n]) for n in claim.numbers)
    end = 0
    for sentence in answer["sentences"]:
        start = answer["answer"].index(sentence["text"].strip(), end)
        end = start + len(sentence["text"].strip())
        found = next((claim for claim in claims if claim.start < end and claim.end > start), None)
        figures.supported += sentence["supported"] is True
        count(sentence, judged[found] if found else None, figures)
        if found and "quote_contains" in sentence:
            question, words = split_words(answer["question"]), split_words(found.text)
            picked = [pick_quote(texts[n], words, question) for n in found.numbers]
            figures.quotes += 1
            figures.good_quotes += has_all(judged[found].quote, sentence["quote_contains"])
            figures.good_picks += any(has_all(quote, sentence["quote_contains"]) for quote in picked)


def count(sentence: dict[str, Any], support: Support | None, figures: Figures) -> None:
    marked = support is not None and not support.supported
    figures.unjudged += support is None and sentence["supported"] is not None
    if sentence["supported"] is False:
        figures.right += marked
        if not marked:
            figures.missed.append(f"{sentence['mistake']}: {sentence['text'].strip()}")
        elif support:
            figures.caught[support.reason] += 1
    elif marked and support:
        figures.accused.append(f"{support.reason} {support.missing}: {sentence['text'].strip()}")


def squeeze(text: str) -> str:
    """Letters and digits only: what a reader sees of Markdown and of its text is the same then."""
    return re.sub(r"[\W_]+", "", text).lower()


def has_all(quote: str, wanted: list[str]) -> bool:
    return all(squeeze(part) in squeeze(quote) for part in wanted)


def main() -> None:
    halves: tuple[Half, ...] = ("tune", "test")
    for half in halves:
        found = measure(half)
        print(f"{half}: {found.judged} sentences judged, {found.unjudged} that state something are not")
        print(
            f"  marked as unsupported: precision {found.precision:.3f} ({found.right} of "
            f"{found.right + len(found.accused)}), recall {found.recall:.3f}"
        )
        print(f"  supported and marked all the same: {len(found.accused)} of {found.supported} ({found.wrongly:.1%})")
        rates = ", ".join(f"{found.precision_at(rate):.2f} for one wrong in {1 / rate:.0f}" for rate in RATES)
        print(f"  precision to count on, with one wrong mark more: {rates}")
        print(f"  by reason: {', '.join(f'{reason} {number}' for reason, number in found.caught.most_common())}")
        print(f"  quote stands in a cited passage, to the letter: {found.verbatim / found.judged:.3f}")
        print(
            f"  quote has the words that matter: {found.good_quotes / found.quotes:.3f}, "
            f"on hover (pick_quote) {found.good_picks / found.quotes:.3f}, of {found.quotes}"
        )
        print(f"  milliseconds a sentence, reading the passages included: {1000 * found.seconds / found.judged:.2f}")
        for line in [*(f"wrong mark, {text}" for text in found.accused), *(f"missed, {t}" for t in found.missed)]:
            print(f"    {line}")


if __name__ == "__main__":
    main()

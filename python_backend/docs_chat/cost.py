"""What an answer used, in tokens and in money."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

CHARS_PER_TOKEN = 4
MILLION = 1_000_000


@dataclass(frozen=True, slots=True)
class Price:
    """US dollars for a million tokens."""

    input: float
    cached_input: float
    output: float


#: OpenAI's list prices of 2026-11 for prompts under 272,000 tokens. An owner's own prices win over these.
PRICES: Mapping[str, Price] = {
    "gpt-6-luna": Price(0.10, 0.01, 0.50),
    "gpt-6-sol": Price(2.00, 0.20, 10.00),
    "gpt-6.1-sol": Price(2.00, 0.10, 10.00),
    "gpt-6.1-terra": Price(1.00, 0.05, 5.00),
    "gpt-5.6-luna": Price(0.20, 0.02, 1.20),
    "gpt-5.6-terra": Price(2.00, 0.20, 12.00),
}


@dataclass(frozen=True, slots=True)
class Usage:
    """Tokens. ``cached`` is the part of ``input`` that the provider had read before; ``estimated`` when it did not
    say how many there were, because its stream was cut."""

    input: int = 0
    cached: int = 0
    output: int = 0
    estimated: bool = False

    def __add__(self, other: Usage) -> Usage:
        return Usage(
            self.input + other.input,
            self.cached + other.cached,
            self.output + other.output,
            self.estimated or other.estimated,
        )


@dataclass(slots=True)
class Call:
    """One request that a provider accepted."""

    input_chars: int
    output_chars: int = 0
    usage: Usage | None = None

    def count(self) -> Usage:
        """What the provider said, else what its text and ours come to."""
        if self.usage is not None:
            return self.usage
        return Usage(self.input_chars // CHARS_PER_TOKEN, 0, self.output_chars // CHARS_PER_TOKEN, estimated=True)


@dataclass(slots=True)
class Meter:
    """Counts the requests of one answer, also of one that is cut."""

    calls: list[Call] = field(default_factory=list)

    def begin(self, input_chars: int) -> Call:
        call = Call(input_chars)
        self.calls.append(call)
        return call

    def total(self) -> Usage:
        return sum((call.count() for call in self.calls), Usage())


def price_of(model: str, own: Price | None = None) -> Price | None:
    """The owner's price, else the list price; a dated name (`gpt-6-luna-2026-09-22`) costs what the model does."""
    if own is not None:
        return own
    names = [name for name in PRICES if model == name or model.startswith(f"{name}-20")]
    return PRICES[max(names, key=len)] if names else None


def cost_of(usage: Usage, price: Price | None) -> float | None:
    """US dollars; None when the price is not known. A model of one's own costs nothing per token: set it to 0."""
    if price is None:
        return 0.0 if usage == Usage() else None
    fresh = usage.input - usage.cached
    return (fresh * price.input + usage.cached * price.cached_input + usage.output * price.output) / MILLION

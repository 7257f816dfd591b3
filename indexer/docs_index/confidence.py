"""How sure a search is that its best passages answer the question."""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass, fields

from docs_index.result import State


@dataclass(frozen=True, slots=True)
class Signals:
    """What tells an answered question from an unanswered one; each about 0..1, larger for an answered one.

    Of the vectors: ``cosine`` of the best part, its distance ``spread`` from the mean in tenths of a standard
    deviation, ``cosine_gap`` to the tenth part. Of words: ``known``, the share of the question's weight whose words the
    docs use at all, ``coverage`` of them by one of the best five sections, ``absolute``, the best keyword score as a
    share of what could be reached. Of single words in context: ``soft_one`` and ``soft_five``, how near they come in
    the best section and the best five, ``weakest``, the one that comes least near, ``token_gap`` to the tenth section.
    Of the ranking: ``gap`` to the tenth section, ``page_gap`` to the second page, ``overlap`` of the pages that
    vectors and keywords find first.
    """

    cosine: float = 0.0
    spread: float = 0.0
    cosine_gap: float = 0.0
    known: float = 0.0
    coverage: float = 0.0
    absolute: float = 0.0
    soft_one: float = 0.0
    soft_five: float = 0.0
    weakest: float = 0.0
    token_gap: float = 0.0
    gap: float = 0.0
    page_gap: float = 0.0
    overlap: float = 0.0


@dataclass(frozen=True, slots=True)
class Calibration:
    """A logistic model over signals by their names, and the confidences from which a state holds.

    It belongs to the embedder that it was fitted with, and goes into the snapshot with it.
    """

    bias: float
    weights: dict[str, float]
    answer: float
    closest: float

    def confidence(self, signals: Signals) -> float:
        """Probability that the docs answer, 0..1."""
        logit = self.bias + sum(weight * getattr(signals, name) for name, weight in self.weights.items())
        return 1 / (1 + math.exp(-max(-30.0, min(30.0, logit))))

    def state(self, confidence: float) -> State:
        """What the confidence allows to be shown."""
        if confidence >= self.answer:
            return "answer"
        return "closest" if confidence >= self.closest else "nothing"

    def to_json(self) -> dict[str, object]:
        return asdict(self)

    @classmethod
    def from_json(cls, data: dict[str, object]) -> Calibration:
        """:raises TypeError: for what is no calibration, or one with signals that this version does not know."""
        read = cls(**data)  # type: ignore[arg-type]
        if not read.weights.keys() <= {field.name for field in fields(Signals)}:
            raise TypeError("unknown signals")
        return read


#: Fitted on 244 questions over five public sites, 31 of them unanswerable, and on hard negatives made from them: each
#: answerable question with its pages hidden, and asked of another site. Signals were chosen by how well they carry over
#: to a site that was left out (AUC .963): of absolute cosines and gaps, each site has its own. One answerable question
#: in 15 falls below ``answer``, one in 50 below ``closest``.
HYBRID = Calibration(
    -11.33,
    {"spread": 6.59, "known": 2.91, "soft_one": 10.95, "soft_five": 9.16, "weakest": 5.47, "overlap": 0.22},
    answer=0.75,
    closest=0.4,
)
#: For vectors of whatever model, so only of signals that do not depend on its scale (AUC .930 with the bundled one).
VECTORS = Calibration(
    -6.43,
    {"spread": 7.01, "known": 3.91, "coverage": 2.97, "absolute": 2.56, "overlap": 1.21},
    answer=0.73,
    closest=0.43,
)
#: For keyword search alone (AUC .923).
KEYWORDS = Calibration(-4.47, {"known": 3.88, "coverage": 4.87, "absolute": 3.95}, answer=0.68, closest=0.43)


def choose_calibration(embedder: str, has_tokens: bool) -> Calibration:
    """The calibration for an index of this embedder."""
    if embedder == "none":
        return KEYWORDS
    return HYBRID if has_tokens else VECTORS

"""What happened, counted for Prometheus: how often, how long, how much.

Names and labels are documented in the operations page. Labels have few values: never a reader, a question or an
address. Nothing is counted for each delta of an answer.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from prometheus_client import CollectorRegistry, Counter, Histogram, disable_created_metrics

if TYPE_CHECKING:
    from docs_chat.records import AnswerRecord

# When a series began says nothing here, and doubles what is sent.
disable_created_metrics()  # type: ignore[no-untyped-call]

SOON = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30)
LONG = (0.1, 0.25, 0.5, 1, 2.5, 5, 10, 20, 30, 60, 120)

EVENTS = CollectorRegistry()
REQUESTS = Counter("docs_chat_requests", "Requests that were answered.", ["route", "status"], registry=EVENTS)
REFUSALS = Counter("docs_chat_refusals", "Error answers, by their code.", ["status", "code"], registry=EVENTS)
FIRST_EVENT = Histogram(
    "docs_chat_first_event_seconds", "From a question to the first event.", buckets=SOON, registry=EVENTS
)
FIRST_WORDS = Histogram(
    "docs_chat_first_words_seconds",
    "From what was found to the answer's first words.",
    ["engine"],
    buckets=LONG,
    registry=EVENTS,
)
ANSWERS = Counter(
    "docs_chat_answers", "Answers, as their records say.", ["engine", "state", "outcome"], registry=EVENTS
)
ANSWER_SECONDS = Histogram(
    "docs_chat_answer_seconds",
    "From what was found to the end of the answer.",
    ["engine"],
    buckets=LONG,
    registry=EVENTS,
)
TOKENS = Counter("docs_chat_tokens", "Tokens that the model read and wrote.", ["kind"], registry=EVENTS)
COST = Counter("docs_chat_cost_usd", "US dollars that the model cost, where its price is known.", registry=EVENTS)
MODEL_FAILURES = Counter("docs_chat_model_failures", "Answers that the model did not end.", ["reason"], registry=EVENTS)
FEEDBACK = Counter("docs_chat_feedback", "Readers' opinions of answers.", ["kind"], registry=EVENTS)
FAILURES = Counter("docs_chat_failures", "Errors that nobody expected, by their class.", ["kind"], registry=EVENTS)
DATABASE_FAILURES = Counter(
    "docs_chat_database_failures", "Requests that found the database unusable.", registry=EVENTS
)
REDIS_FAILURES = Counter("docs_chat_redis_failures", "Times that Redis could not be used.", registry=EVENTS)


def count_answer(record: AnswerRecord) -> None:
    usage = record.usage
    ANSWERS.labels(record.engine, record.state, record.outcome).inc()
    ANSWER_SECONDS.labels(record.engine).observe(record.seconds)
    for kind, amount in (("input", usage.input), ("cached", usage.cached), ("output", usage.output)):
        if amount:
            TOKENS.labels(kind).inc(amount)
    if record.cost_usd:
        COST.inc(record.cost_usd)

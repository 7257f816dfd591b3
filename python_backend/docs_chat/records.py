"""What each answer used and cost, for the operator, and what readers said of it. No question is in it."""

from __future__ import annotations

import json
import logging
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, Literal

from sqlalchemy import Boolean, Column, DateTime, Float, Integer, Table, Text, case, func, insert, select
from sqlalchemy.ext.asyncio import AsyncEngine

from docs_chat.answer.passages import Passage
from docs_chat.cost import Usage
from docs_chat.database_thread import whole
from docs_chat.logs import log
from docs_chat.threads import SEQUENCE, feedback, metadata

logger = logging.getLogger("docs_chat")

answers = Table(
    "answers",
    metadata,
    Column("seq", SEQUENCE, primary_key=True, autoincrement=True),
    Column("created_at", DateTime(timezone=True), nullable=False, index=True),
    Column("thread_id", Text, nullable=True, index=True),
    Column("item_id", Text, nullable=True),
    Column("engine", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("outcome", Text, nullable=False),
    Column("input_tokens", Integer, nullable=False),
    Column("cached_tokens", Integer, nullable=False),
    Column("output_tokens", Integer, nullable=False),
    Column("estimated", Boolean, nullable=False),
    Column("cost_usd", Float, nullable=True),
    Column("seconds", Float, nullable=False),
    Column("passages", Text, nullable=False),
    Column("kept_key", Text, nullable=True),
)

Outcome = Literal["complete", "fallback", "refused", "stopped", "failed"]


@dataclass(frozen=True, slots=True)
class AnswerRecord:
    """One answer.

    ``engine`` is `extractive`, `cache`, `moderation` or the model's name. ``outcome``: `fallback` when the docs were
    quoted because the model failed or could not be asked, `refused` when the question was flagged, `stopped` when the
    reader left or stopped it, `failed` when it broke off. ``cost_usd`` is None when the model's price is not known.
    ``cited`` are the numbers of the passages that the answer cites, ``kept_key`` is where the answer may be kept to be
    given again.
    """

    engine: str
    state: str
    outcome: Outcome
    usage: Usage
    cost_usd: float | None
    seconds: float
    thread_id: str | None = None
    item_id: str | None = None
    passages: Sequence[Passage] = ()
    cited: frozenset[tuple[str, str]] = field(default_factory=frozenset)
    kept_key: str = ""

    def list_passages(self) -> list[dict[str, Any]]:
        return [
            {
                "n": passage.n,
                "permalink": passage.result.permalink,
                "anchor": passage.result.anchor,
                "content_hash": passage.result.content_hash,
                "score": round(passage.result.score, 4),
                "cited": passage.place in self.cited,
            }
            for passage in self.passages
        ]


@dataclass(frozen=True, slots=True)
class Day:
    """The answers of one day (UTC) from one engine. ``unpriced`` are those whose cost is not known."""

    day: str
    engine: str
    answers: int
    refused: int
    failed: int
    input_tokens: int
    cached_tokens: int
    output_tokens: int
    cost_usd: float
    unpriced: int
    liked: int
    disliked: int


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a reader found an answer (not) helpful, in the panel's word, the reader's, or both: `wrong: It is 8766.`"""

    day: str
    kind: str
    reason: str


class Records:
    """The table of answers."""

    def __init__(self, engine: AsyncEngine) -> None:
        self.engine = engine

    @whole
    async def add(self, record: AnswerRecord) -> None:
        usage = record.usage
        row = {
            "created_at": datetime.now(UTC),
            "thread_id": record.thread_id,
            "item_id": record.item_id,
            "engine": record.engine,
            "state": record.state,
            "outcome": record.outcome,
            "input_tokens": usage.input,
            "cached_tokens": usage.cached,
            "output_tokens": usage.output,
            "estimated": usage.estimated,
            "cost_usd": record.cost_usd,
            "seconds": round(record.seconds, 3),
            "passages": json.dumps(record.list_passages()),
            "kept_key": record.kept_key or None,
        }
        async with self.engine.begin() as connection:
            await connection.execute(insert(answers).values(**row))

    async def sum_days(self, days: int) -> list[Day]:
        """The last days, the newest first."""
        since = datetime.now(UTC) - timedelta(days=days)
        day = func.date(answers.c.created_at)
        rated = feedback.c.kind
        query = (
            select(
                day.label("day"),
                answers.c.engine,
                func.count().label("answers"),
                count_where(answers.c.state == "nothing").label("refused"),
                count_where(answers.c.outcome.in_(["failed", "fallback"])).label("failed"),
                func.sum(answers.c.input_tokens).label("input_tokens"),
                func.sum(answers.c.cached_tokens).label("cached_tokens"),
                func.sum(answers.c.output_tokens).label("output_tokens"),
                func.coalesce(func.sum(answers.c.cost_usd), 0.0).label("cost_usd"),
                count_where(answers.c.cost_usd.is_(None)).label("unpriced"),
                count_where(rated == "positive").label("liked"),
                count_where(rated == "negative").label("disliked"),
            )
            .outerjoin(
                feedback,
                (feedback.c.thread_id == answers.c.thread_id) & (feedback.c.item_id == answers.c.item_id),
            )
            .where(answers.c.created_at >= since)
            .group_by(day, answers.c.engine)
            .order_by(day.desc(), answers.c.engine)
        )
        async with self.engine.connect() as connection:
            rows = (await connection.execute(query)).mappings().all()
        return [Day(**{**row, "day": str(row["day"])}) for row in rows]

    async def list_reasons(self, days: int, limit: int) -> list[Reason]:
        """What readers said of the answers of the last days, the newest first."""
        since = datetime.now(UTC) - timedelta(days=days)
        query = (
            select(func.date(feedback.c.created_at).label("day"), feedback.c.kind, feedback.c.reason)
            .where(feedback.c.created_at >= since, feedback.c.reason.is_not(None))
            .order_by(feedback.c.created_at.desc())
            .limit(limit)
        )
        async with self.engine.connect() as connection:
            rows = (await connection.execute(query)).mappings().all()
        return [Reason(**{**row, "day": str(row["day"])}) for row in rows]


def count_where(condition: Any) -> Any:
    return func.coalesce(func.sum(case((condition, 1), else_=0)), 0)


def log_answer(record: AnswerRecord) -> None:
    usage = record.usage
    log(
        logger,
        "Answered",
        engine=record.engine,
        state=record.state,
        outcome=record.outcome,
        input_tokens=usage.input,
        cached_tokens=usage.cached,
        output_tokens=usage.output,
        cost_usd=None if record.cost_usd is None else round(record.cost_usd, 6),
        seconds=round(record.seconds, 2),
    )

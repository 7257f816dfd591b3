"""A model's answers, given again to the same question for as long as the sections that they cite stand as they were."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from docs_index.result import Result
from sqlalchemy import Column, DateTime, Table, Text, delete, select
from sqlalchemy.ext.asyncio import AsyncEngine

from docs_chat.answer.passages import Passage, join_parts
from docs_chat.answer.prompt import RULES
from docs_chat.database import insert_into
from docs_chat.database_thread import whole
from docs_chat.settings import AnswerSettings
from docs_chat.threads import metadata

kept_answers = Table(
    "kept_answers",
    metadata,
    Column("key", Text, primary_key=True),
    Column("created_at", DateTime(timezone=True), nullable=False, index=True),
    Column("data", Text, nullable=False),
)

Section = Callable[[str, str], list[Result]]


@dataclass(frozen=True, slots=True)
class Cited:
    """A section that an answer cites, by the number that it had, and what it said then."""

    n: int
    permalink: str
    anchor: str
    hash: str


@dataclass(frozen=True, slots=True)
class KeptAnswer:
    """The model's text with its markers, and what they stand for."""

    text: str
    cited: tuple[Cited, ...]

    def restore(self, section: Section) -> tuple[Passage, ...] | None:
        """The passages as they are now; None when one of them was edited or is gone."""
        passages = []
        for cited in self.cited:
            parts = section(cited.permalink, cited.anchor)
            if not parts or hash_parts(parts) != cited.hash:
                return None
            passages.append(Passage(cited.n, parts[0], join_parts(parts)))
        return tuple(passages)


def keep(text: str, passages: Sequence[Passage], section: Section) -> KeptAnswer:
    """:param passages: those that the answer cites."""
    cited = [Cited(passage.n, *passage.place, hash_parts(section(*passage.place))) for passage in passages]
    return KeptAnswer(text, tuple(cited))


def hash_parts(parts: Sequence[Result]) -> str:
    return hashlib.sha256("\0".join(part.content_hash for part in parts).encode()).hexdigest()


def make_key(question: str, scope: tuple[str | None, ...], locale: str, settings: AnswerSettings) -> str:
    """What must be the same: the question but for spaces and capitals, the scope, the model and how it is asked."""
    asked = " ".join(question.split()).casefold()
    how = settings.model_dump(include={"model", "api", "effort", "temperature", "passages_tokens", "searches"})
    return hashlib.sha256(json.dumps([asked, scope, locale, how, RULES], sort_keys=True).encode()).hexdigest()


class AnswerCache:
    """The table of kept answers."""

    def __init__(self, engine: AsyncEngine, days: float) -> None:
        self.engine = engine
        self.age = timedelta(days=days)

    @whole
    async def get(self, key: str) -> KeptAnswer | None:
        query = select(kept_answers.c.data).where(
            kept_answers.c.key == key, kept_answers.c.created_at >= datetime.now(UTC) - self.age
        )
        async with self.engine.connect() as connection:
            data = (await connection.execute(query)).scalar_one_or_none()
        if data is None:
            return None
        known: dict[str, Any] = json.loads(data)
        return KeptAnswer(known["text"], tuple(Cited(**cited) for cited in known["cited"]))

    @whole
    async def put(self, key: str, answer: KeptAnswer) -> None:
        """Keep it, and drop what has grown too old."""
        now = datetime.now(UTC)
        row = {"created_at": now, "data": json.dumps(asdict(answer))}
        statement = insert_into(self.engine, kept_answers).values(key=key, **row)
        async with self.engine.begin() as connection:
            await connection.execute(delete(kept_answers).where(kept_answers.c.created_at < now - self.age))
            await connection.execute(statement.on_conflict_do_update(index_elements=["key"], set_=row))

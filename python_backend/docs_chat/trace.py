"""How an answer was found, as ChatKit shows it: a workflow with one task for each search."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Literal

from chatkit.types import (
    CustomSummary,
    SearchTask,
    ThreadItemAddedEvent,
    ThreadItemDoneEvent,
    ThreadItemUpdatedEvent,
    ThreadStreamEvent,
    URLSource,
    Workflow,
    WorkflowItem,
    WorkflowTaskAdded,
    WorkflowTaskUpdated,
)

from docs_chat.answer.passages import Passage
from docs_chat.citations import breadcrumb
from docs_chat.strings import say

TITLE_QUERY_CHARS = 80


class Trace:
    """Open from the first search until the answer's first word; what is searched after that is not shown any more."""

    def __init__(self, item_id: str, thread_id: str, locale: str) -> None:
        self.item_id = item_id
        self.thread_id = thread_id
        self.created_at = datetime.now(UTC)
        self.locale = locale
        self.tasks: list[SearchTask] = []
        self.places: set[tuple[str, str]] = set()
        self.is_open = False
        self.kept = False

    def begin(self, query: str) -> ThreadStreamEvent:
        """The first search."""
        self.is_open = True
        self.tasks.append(self.make_task(query, "loading", say("searching", self.locale)))
        return ThreadItemAddedEvent(item=self.make_item())

    def search(self, query: str) -> ThreadStreamEvent:
        """One more."""
        self.tasks.append(self.make_task(query, "loading", say("searching_again", self.locale)))
        update = WorkflowTaskAdded(task_index=len(self.tasks) - 1, task=self.tasks[-1])
        return ThreadItemUpdatedEvent(item_id=self.item_id, update=update)

    def found(self, query: str, passages: Sequence[Passage], *, kept: bool = False) -> ThreadStreamEvent:
        """What the last search found; ``kept`` when an earlier answer was found instead."""
        self.kept = kept
        self.places |= {passage.place for passage in passages}
        task = self.make_task(query, "complete", self.count(len(passages)))
        task.sources = [
            URLSource(title=" › ".join(breadcrumb(passage.result)), url=passage.result.url) for passage in passages
        ]
        self.tasks[-1] = task
        update = WorkflowTaskUpdated(task_index=len(self.tasks) - 1, task=task)
        return ThreadItemUpdatedEvent(item_id=self.item_id, update=update)

    def finish(self) -> ThreadStreamEvent:
        self.is_open = False
        return ThreadItemDoneEvent(item=self.make_item(self.count(len(self.places))))

    def count(self, found: int) -> str:
        if self.kept:
            return say("kept", self.locale)
        if not found:
            return say("searched_nothing", self.locale)
        return say("searched_one", self.locale) if found == 1 else say("searched", self.locale, count=found)

    def make_task(self, query: str, status: Literal["loading", "complete"], title: str) -> SearchTask:
        return SearchTask(title=title, title_query=query[:TITLE_QUERY_CHARS], queries=[query], status_indicator=status)

    def make_item(self, summary: str = "") -> WorkflowItem:
        return WorkflowItem(
            id=self.item_id,
            thread_id=self.thread_id,
            created_at=self.created_at,
            workflow=Workflow(
                type="custom",
                tasks=list(self.tasks),
                summary=CustomSummary(title=summary, icon="search") if summary else None,
            ),
        )

"""A reader's browser for the tests: mints a token, speaks ChatKit, collects events."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import httpx2

Event = dict[str, Any]


class Reader:
    def __init__(self, url: str, *, address: str | None = None, **headers: str) -> None:
        """:param address: where the requests come from, when it matters."""
        transport = httpx2.HTTPTransport(local_address=address) if address else None
        self.client = httpx2.Client(base_url=url, timeout=30, transport=transport)
        self.token = self.client.post("/identity").json()["token"]
        self.headers = {"Authorization": f"Bearer {self.token}", **headers}

    def post(self, kind: str, params: dict[str, Any], **headers: str) -> httpx2.Response:
        body = {"type": kind, "params": params}
        return self.client.post("/chatkit", json=body, headers={**self.headers, **headers})

    def ask(self, text: str, thread_id: str | None = None, **headers: str) -> list[Event]:
        """The events of an answer."""
        kind, params = question(text, thread_id)
        response = self.post(kind, params, **headers)
        assert response.status_code == 200, response.text
        return read_events(response.text)

    @contextmanager
    def stream(self, text: str, thread_id: str | None = None) -> Iterator[Iterator[Event]]:
        """The events as they come; leaving early closes the connection."""
        kind, params = question(text, thread_id)
        body = {"type": kind, "params": params}
        with self.client.stream("POST", "/chatkit", json=body, headers=self.headers) as response:
            lines = (line for line in response.iter_lines() if line.startswith("data: "))
            yield (json.loads(line[6:]) for line in lines)

    def items(self, thread_id: str) -> list[Event]:
        """All items of a thread, the oldest first."""
        response = self.post("items.list", {"thread_id": thread_id, "order": "asc", "limit": 100})
        assert response.status_code == 200, response.text
        found: list[Event] = response.json()["data"]
        return found

    def close(self) -> None:
        self.client.close()


def question(text: str, thread_id: str | None = None) -> tuple[str, dict[str, Any]]:
    content = {"content": [{"type": "input_text", "text": text}], "attachments": [], "inference_options": {}}
    if thread_id:
        return "threads.add_user_message", {"thread_id": thread_id, "input": content}
    return "threads.create", {"input": content}


def read_events(body: str) -> list[Event]:
    return [json.loads(line[6:]) for line in body.splitlines() if line.startswith("data: ")]


def thread_of(events: list[Event]) -> str:
    created = next(event for event in events if event["type"] == "thread.created")
    return str(created["thread"]["id"])


def answer_of(events: list[Event]) -> Event:
    """The content of the finished assistant message: text and annotations."""
    done = [event["item"] for event in events if event["type"] == "thread.item.done"]
    message = next(item for item in done if item["type"] == "assistant_message")
    content: Event = message["content"][0]
    return content


def kinds(events: list[Event]) -> list[str]:
    """The events' types, an update's own type instead of the wrapper's, repeats once."""
    names = [event["update"]["type"] if "update" in event else event["type"] for event in events]
    return [name for at, name in enumerate(names) if at == 0 or name != names[at - 1]]

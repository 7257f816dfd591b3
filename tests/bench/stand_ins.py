"""What the server is measured with, each in a process of its own: a model, and a bare Starlette app as its peer.

``uvicorn tests.bench.stand_ins:model`` speaks OpenAI's Responses API over HTTP and answers as its plan says.
``uvicorn tests.bench.stand_ins:peer`` streams the events that it was given, and does nothing else.
``POST /plan`` sets the plan of either.
``uvicorn --factory tests.bench.stand_ins:alone`` is the real server with an engine in its own process: what it costs
without reading a model's stream. It takes index and database from ``BENCH_INDEX`` and ``BENCH_DATABASE``.
"""

from __future__ import annotations

import asyncio
import json
import os
import time
from collections.abc import AsyncGenerator, Sequence
from typing import Any

from docs_chat.answer.engine import Question, Searched, Searching
from docs_chat.answer.passages import Passage
from docs_chat.app import create_app
from docs_chat.listen import tune_process
from docs_chat.settings import LimitSettings, Settings
from docs_index.result import State
from fastapi import FastAPI
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route

SENTENCE = "The server keeps what a reader asks and answers from the docs alone which is why it names every section"
#: A sentence in twenty deltas, as a model cuts it; the last one cites.
DELTAS = [f" {word}" for word in SENTENCE.split()][:19]
DELTA_TYPE = "assistant_message.content_part.text_delta"


def cpu_of(pid: int) -> float:
    """CPU seconds of all threads of a process, those that ended included."""
    return time.clock_gettime((~pid << 3) | 2)  # what clock_getcpuclockid(3) gives


class Model:
    """Sends ``deltas`` deltas, ``pause`` seconds apart; notes when it was asked and what the asker had used by then."""

    def __init__(self) -> None:
        self.deltas, self.pause, self.pid = 1, 0.0, 0
        self.seen: list[tuple[float, float]] = []

    async def plan(self, request: Request) -> Response:
        plan = await request.json()
        self.deltas, self.pause, self.pid = plan["deltas"], plan["pause"], plan["pid"]
        self.seen.clear()
        return JSONResponse({})

    async def list_seen(self, request: Request) -> Response:
        return JSONResponse(self.seen)

    async def respond(self, request: Request) -> Response:
        self.seen.append((time.monotonic(), cpu_of(self.pid)))
        await request.body()
        return StreamingResponse(self.stream(), media_type="text/event-stream")

    async def stream(self) -> AsyncGenerator[bytes]:
        yield write({"type": "response.created", "response": {"id": "resp_1", "status": "in_progress"}})
        text = ""
        started = time.monotonic()
        for number in range(self.deltas):
            delta = write_delta(number)
            text += delta
            facts = {
                "item_id": "msg_1",
                "output_index": 0,
                "content_index": 0,
                "sequence_number": number,
                "logprobs": [],
            }
            yield write({"type": "response.output_text.delta", "delta": delta, **facts})
            await asyncio.sleep(started + (number + 1) * self.pause - time.monotonic())
        item = {"id": "msg_1", "type": "message", "role": "assistant", "status": "completed"}
        item["content"] = [{"type": "output_text", "text": text, "annotations": []}]  # type: ignore[assignment]
        yield write({"type": "response.output_item.done", "output_index": 0, "item": item})
        usage = {"input_tokens": 4000, "output_tokens": self.deltas, "input_tokens_details": {"cached_tokens": 0}}
        yield write({"type": "response.completed", "response": {"id": "resp_1", "output": [item], "usage": usage}})


class Peer:
    """Sends the same events to everybody, ``pause`` seconds after each delta of text."""

    def __init__(self) -> None:
        self.events: list[tuple[bytes, bool]] = []
        self.pause = 0.0

    async def plan(self, request: Request) -> Response:
        plan = await request.json()
        self.events = [(event.encode(), DELTA_TYPE in event) for event in plan["events"]]
        self.pause = plan["pause"]
        return JSONResponse({})

    async def respond(self, request: Request) -> Response:
        await request.body()
        return StreamingResponse(self.stream(), media_type="text/event-stream")

    async def stream(self) -> AsyncGenerator[bytes]:
        started, number = time.monotonic(), 0
        for event, is_delta in self.events:
            yield event
            if is_delta:
                number += 1
                await asyncio.sleep(started + number * self.pause - time.monotonic())


class Words:
    """An engine that says ``deltas`` deltas, ``pause`` seconds apart, and cites."""

    name = "words"

    def __init__(self) -> None:
        self.deltas, self.pause = 1, 0.0

    async def plan(self, request: Request) -> Response:
        plan = await request.json()
        self.deltas, self.pause = plan["deltas"], plan["pause"]
        return JSONResponse({})

    def pick(self, passages: Sequence[Passage], state: State) -> tuple[Passage, ...]:
        return tuple(passages)

    async def answer(self, question: Question) -> AsyncGenerator[str | Searching | Searched]:
        started = time.monotonic()
        for number in range(self.deltas):
            yield write_delta(number)
            await asyncio.sleep(started + (number + 1) * self.pause - time.monotonic())

    async def close(self) -> None:
        pass


def write_delta(number: int) -> str:
    place = number % (len(DELTAS) + 1)
    return DELTAS[place] if place < len(DELTAS) else f" [{number // (len(DELTAS) + 1) % 3 + 1}]."


def alone() -> FastAPI:
    limits = LimitSettings(answers_at_once=1000, site_questions_per_minute=100_000)
    settings = Settings(index=os.environ["BENCH_INDEX"], database_url=os.environ["BENCH_DATABASE"], limits=limits)
    app = create_app(settings)
    words = Words()
    app.state.services.chat.answerer.model = words
    app.add_route("/plan", words.plan, methods=["POST"])
    tune_process()
    return app


def write(event: dict[str, Any]) -> bytes:
    return f"event: {event['type']}\ndata: {json.dumps(event)}\n\n".encode()


_model, _peer = Model(), Peer()
model = Starlette(
    routes=[
        Route("/plan", _model.plan, methods=["POST"]),
        Route("/seen", _model.list_seen),
        Route("/v1/responses", _model.respond, methods=["POST"]),
    ]
)
peer = Starlette(
    routes=[Route("/plan", _peer.plan, methods=["POST"]), Route("/chatkit", _peer.respond, methods=["POST"])]
)

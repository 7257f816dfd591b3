"""Chat Completions, as compatible servers speak it."""

from __future__ import annotations

from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import AbstractAsyncContextManager
from typing import Any

from openai import AsyncOpenAI

from docs_chat.answer.dialect import (
    SEARCH_DESCRIPTION,
    SEARCH_PARAMETERS,
    SEARCH_TOOL,
    Event,
    Message,
    Prompt,
    Round,
    ToolCall,
    write_messages,
    write_options,
)
from docs_chat.answer.engine import EngineError
from docs_chat.cost import Usage
from docs_chat.settings import AnswerSettings

FUNCTION = {"name": SEARCH_TOOL, "description": SEARCH_DESCRIPTION, "parameters": SEARCH_PARAMETERS}
TOOL = {"type": "function", "function": FUNCTION}


class Completions:
    """The usage comes in a chunk of its own, after the one that ends the answer."""

    def request(
        self, client: AsyncOpenAI, settings: AnswerSettings, prompt: Prompt
    ) -> AbstractAsyncContextManager[Any]:
        options = write_options(settings, prompt, TOOL)
        if settings.effort is not None:
            options["reasoning_effort"] = settings.effort
        system = {"role": "system", "content": prompt.instructions}
        messages: Any = [system, *write_messages(prompt, "text", write_image)]
        return client.chat.completions.with_streaming_response.create(
            model=settings.model,
            stream=True,
            stream_options={"include_usage": True},
            messages=messages,
            max_completion_tokens=prompt.max_output_tokens,
            **options,
        )

    async def read(self, events: AsyncIterator[Event]) -> AsyncGenerator[str | Round]:
        calls: dict[int, dict[str, str]] = {}
        usage: Usage | None = None
        ended = False
        async for event in events:
            if "error" in event:
                raise EngineError("failed")
            usage = read_usage(event.get("usage")) or usage
            for choice in event.get("choices") or []:
                delta = choice.get("delta") or {}
                text = delta.get("content") or delta.get("refusal")
                if text:
                    yield str(text)
                for part in delta.get("tool_calls") or []:
                    add_part(calls, part)
                reason = choice.get("finish_reason")
                if reason in ("stop", "tool_calls"):
                    ended = True
                elif reason:
                    raise EngineError("incomplete")
        if not ended:
            raise EngineError("cut")
        yield end_round(list(calls.values()), usage)

    def write_output(self, call: ToolCall, output: str) -> Message:
        return {"role": "tool", "tool_call_id": call.id, "content": output}


def write_image(url: str) -> Message:
    return {"type": "image_url", "image_url": {"url": url}}


def add_part(calls: dict[int, dict[str, str]], part: dict[str, Any]) -> None:
    """A call comes in pieces: its name first, its arguments bit by bit."""
    call = calls.setdefault(int(part.get("index") or 0), {"id": "", "name": "", "arguments": ""})
    function = part.get("function") or {}
    call["id"] = part.get("id") or call["id"]
    call["name"] = function.get("name") or call["name"]
    call["arguments"] += function.get("arguments") or ""


def end_round(calls: list[dict[str, str]], usage: Usage | None) -> Round:
    if not calls:
        return Round(usage=usage)
    parts = [
        {"id": call["id"], "type": "function", "function": {"name": call["name"], "arguments": call["arguments"]}}
        for call in calls
    ]
    message = {"role": "assistant", "content": None, "tool_calls": parts}
    return Round(tuple(ToolCall(**call) for call in calls), (message,), usage)


def read_usage(usage: dict[str, Any] | None) -> Usage | None:
    if not usage or not usage.get("prompt_tokens"):
        return None
    cached = (usage.get("prompt_tokens_details") or {}).get("cached_tokens") or 0
    return Usage(int(usage["prompt_tokens"]), int(cached), int(usage.get("completion_tokens") or 0))

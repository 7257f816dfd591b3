"""OpenAI's Responses API."""

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

TOOL = {
    "type": "function",
    "name": SEARCH_TOOL,
    "description": SEARCH_DESCRIPTION,
    "parameters": SEARCH_PARAMETERS,
    "strict": True,
}


class Responses:
    """Nothing is stored at the provider; what it thought comes back encrypted for the next round."""

    def request(
        self, client: AsyncOpenAI, settings: AnswerSettings, prompt: Prompt
    ) -> AbstractAsyncContextManager[Any]:
        options = write_options(settings, prompt, TOOL)
        if settings.effort is not None:
            options["reasoning"] = {"effort": settings.effort}
        if prompt.tools is not None and prompt.thoughts:
            options["include"] = ["reasoning.encrypted_content"]
        return client.responses.with_streaming_response.create(
            model=settings.model,
            stream=True,
            store=False,
            instructions=prompt.instructions,
            input=write_messages(prompt, "input_text", write_image),  # type: ignore[arg-type]
            max_output_tokens=prompt.max_output_tokens,
            **options,
        )

    async def read(self, events: AsyncIterator[Event]) -> AsyncGenerator[str | Round]:
        items: list[Message] = []
        async for event in events:
            match event.get("type"):
                case "response.output_text.delta" | "response.refusal.delta":
                    yield str(event["delta"])
                case "response.output_item.done":
                    items.append(event["item"])
                case "response.completed":
                    yield end_round(items, event["response"].get("usage"))
                    return
                case "response.incomplete":
                    raise EngineError("incomplete")
                case "response.failed" | "error":
                    raise EngineError("failed")
        raise EngineError("cut")

    def write_output(self, call: ToolCall, output: str) -> Message:
        return {"type": "function_call_output", "call_id": call.id, "output": output}


def write_image(url: str) -> Message:
    return {"type": "input_image", "image_url": url, "detail": "auto"}


def end_round(items: list[Message], usage: dict[str, Any] | None) -> Round:
    calls = tuple(
        ToolCall(item["call_id"], item["name"], item.get("arguments") or "")
        for item in items
        if item["type"] == "function_call"
    )
    # A thought that is not encrypted is stored nowhere, and could not be named.
    kept = [
        {key: value for key, value in item.items() if key not in ("id", "status")}
        for item in items
        if item["type"] == "function_call" or item.get("encrypted_content")
    ]
    return Round(calls, tuple(kept), read_usage(usage))


def read_usage(usage: dict[str, Any] | None) -> Usage | None:
    if not usage or not usage.get("input_tokens"):
        return None
    cached = (usage.get("input_tokens_details") or {}).get("cached_tokens") or 0
    return Usage(int(usage["input_tokens"]), int(cached), int(usage.get("output_tokens") or 0))

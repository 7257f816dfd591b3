"""Answers from a model behind OpenAI's Responses API, or Chat Completions on a compatible server.

The stream is read as raw lines: the SDK's typed events cost ten times the CPU. An answer counts as whole
only when the provider says so; a stream that merely ends was cut.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncGenerator, AsyncIterator, Sequence
from contextlib import AbstractAsyncContextManager, AsyncExitStack, aclosing
from typing import Any

import httpx2
import openai
from openai import APIConnectionError, APIStatusError, APITimeoutError, AsyncOpenAI

from docs_chat.answer.coalesce import coalesce
from docs_chat.answer.engine import EngineError, Question
from docs_chat.answer.passages import Passage
from docs_chat.answer.prompt import write_input, write_instructions
from docs_chat.settings import Settings

RETRY_STATUS = frozenset({408, 409, 429, 500, 502, 503, 504})
MAX_RETRY_WAIT = 2.0
# At most 20 deltas a second.
EVENT_SECONDS = 0.05


class OpenAIEngine:
    """Streams a model's answer. One retry before the first byte, none after it."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings.answer
        # A compatible server at a base URL may want no key; the client insists on one.
        key = settings.openai_api_key.get_secret_value() if settings.openai_api_key else "none"
        self.client = AsyncOpenAI(
            api_key=key,
            base_url=settings.openai_base_url,
            max_retries=0,
            timeout=httpx2.Timeout(self.settings.idle_seconds, connect=self.settings.connect_seconds),
        )

    def pick(self, passages: Sequence[Passage]) -> tuple[Passage, ...]:
        return tuple(passages)

    async def answer(self, question: Question) -> AsyncGenerator[str]:
        async with aclosing(coalesce(self.stream(question), EVENT_SECONDS)) as deltas:
            async for delta in deltas:
                yield delta

    async def stream(self, question: Question) -> AsyncGenerator[str]:
        """The deltas as they come."""
        deadline = asyncio.get_running_loop().time() + self.settings.total_seconds
        read = read_responses if self.settings.api == "responses" else read_chat
        try:
            async with AsyncExitStack() as stack:
                async with asyncio.timeout_at(deadline):
                    response = await self.connect(stack, question)
                deltas = read(read_events(response.iter_lines()))
                while True:
                    async with asyncio.timeout_at(deadline):
                        delta = await anext(deltas, None)
                    if delta is None:
                        return
                    yield delta
        except (TimeoutError, APITimeoutError, httpx2.TimeoutException) as error:
            raise EngineError("timeout") from error
        except APIStatusError as error:
            raise EngineError(describe(error)) from error
        except (APIConnectionError, httpx2.HTTPError) as error:
            raise EngineError("connection") from error
        except (openai.OpenAIError, ValueError, TypeError, KeyError, AttributeError) as error:
            # A provider's malformed data shows as any of these.
            raise EngineError("malformed") from error

    async def connect(self, stack: AsyncExitStack, question: Question) -> Any:
        """Open the stream; come again once when the provider asks for it."""
        try:
            return await stack.enter_async_context(self.request(question))
        except APITimeoutError:
            raise
        except (APIStatusError, APIConnectionError) as error:
            if isinstance(error, APIStatusError) and not worth_retrying(error):
                raise
            wait = retry_after(error)
        await asyncio.sleep(wait)
        return await stack.enter_async_context(self.request(question))

    def request(self, question: Question) -> AbstractAsyncContextManager[Any]:
        settings = self.settings
        messages: list[Any] = [*write_input(question, settings.history_tokens)]
        instructions = write_instructions(question)
        options: dict[str, Any] = {"model": settings.model, "stream": True}
        if settings.temperature is not None:
            options["temperature"] = settings.temperature
        if settings.api == "responses":
            if settings.effort is not None:
                options["reasoning"] = {"effort": settings.effort}
            return self.client.responses.with_streaming_response.create(
                instructions=instructions,
                input=messages,
                max_output_tokens=settings.max_output_tokens,
                store=False,
                **options,
            )
        if settings.effort is not None:
            options["reasoning_effort"] = settings.effort
        return self.client.chat.completions.with_streaming_response.create(
            messages=[{"role": "system", "content": instructions}, *messages],
            max_completion_tokens=settings.max_output_tokens,
            **options,
        )

    async def close(self) -> None:
        await self.client.close()


async def read_events(lines: AsyncIterator[str]) -> AsyncGenerator[dict[str, Any]]:
    """The JSON of each `data:` line."""
    async for line in lines:
        data = line.removeprefix("data:").strip() if line.startswith("data:") else ""
        if data and data != "[DONE]":
            yield json.loads(data)


async def read_responses(events: AsyncIterator[dict[str, Any]]) -> AsyncGenerator[str]:
    async for event in events:
        match event.get("type"):
            case "response.output_text.delta" | "response.refusal.delta":
                yield event["delta"]
            case "response.completed":
                return
            case "response.incomplete":
                raise EngineError("incomplete")
            case "response.failed" | "error":
                raise EngineError("failed")
    raise EngineError("cut")


async def read_chat(events: AsyncIterator[dict[str, Any]]) -> AsyncGenerator[str]:
    async for event in events:
        if "error" in event:
            raise EngineError("failed")
        for choice in event.get("choices") or []:
            delta = choice.get("delta") or {}
            text = delta.get("content") or delta.get("refusal")
            if text:
                yield text
            reason = choice.get("finish_reason")
            if reason == "stop":
                return
            if reason:
                raise EngineError("incomplete")
    raise EngineError("cut")


def describe(error: APIStatusError) -> str:
    return "quota" if is_quota(error) else f"status {error.status_code}"


def is_quota(error: APIStatusError) -> bool:
    return error.code == "insufficient_quota"


def worth_retrying(error: APIStatusError) -> bool:
    return error.status_code in RETRY_STATUS and not is_quota(error)


def retry_after(error: Exception) -> float:
    """Seconds to wait, as the provider asks, at most two."""
    header = error.response.headers.get("retry-after") if isinstance(error, APIStatusError) else None
    try:
        return min(max(float(header or 0.5), 0.0), MAX_RETRY_WAIT)
    except ValueError:
        return MAX_RETRY_WAIT

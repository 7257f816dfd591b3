"""A model's provider: one request in, its raw events out, and a pause when it will not answer anyway."""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Iterator, Sequence
from contextlib import (
    AbstractAsyncContextManager,
    AsyncExitStack,
    aclosing,
    asynccontextmanager,
    contextmanager,
    suppress,
)
from typing import Any

import httpx2
import openai
from openai import APIConnectionError, APIStatusError, APITimeoutError, AsyncOpenAI, BadRequestError

from docs_chat.answer.dialect import Event
from docs_chat.answer.engine import EngineError
from docs_chat.settings import Settings

logger = logging.getLogger("docs_chat")

RETRY_STATUS = frozenset({408, 409, 429, 500, 502, 503, 504})
MAX_RETRY_WAIT = 2.0
DRAIN_SECONDS = 0.5
MODERATION_MODEL = "omni-moderation-latest"
MODERATION_SECONDS = 5.0
TRANSCRIPTION_SECONDS = 30.0
#: https://platform.openai.com/docs/guides/realtime-costs: one for 100 ms of a person's speech.
AUDIO_TOKENS_A_SECOND = 10
#: A key that is refused, or a quota that is spent, is refused again: readers need not wait for it each time.
PAUSE_SECONDS = 60.0
PAUSE_STATUS = frozenset({401, 403})

Request = Callable[[AsyncOpenAI], AbstractAsyncContextManager[Any]]
Pace = Callable[[], float]


class OptionRefusedError(Exception):
    """The provider does not take something that it can do without: `tools`, or `thoughts` that come back encrypted."""

    def __init__(self, option: str) -> None:
        super().__init__(option)
        self.option = option


class Provider:
    """Opens streams at OpenAI or a compatible server. One retry before the first byte, none after it."""

    def __init__(self, settings: Settings) -> None:
        # A compatible server at a base URL may want no key; the client insists on one.
        key = settings.openai_api_key.get_secret_value() if settings.openai_api_key else "none"
        answer = settings.answer
        self.client = AsyncOpenAI(
            api_key=key,
            base_url=settings.openai_base_url,
            max_retries=0,
            timeout=httpx2.Timeout(answer.idle_seconds, connect=answer.connect_seconds),
        )
        self.paused_until = 0.0

    @asynccontextmanager
    async def stream(self, request: Request, deadline: float, pace: Pace) -> AsyncIterator[AsyncGenerator[Event]]:
        """The events of one answer, once the provider has accepted the request.

        The lines are read raw: the SDK's typed events cost ten times the CPU.

        :param deadline: when it must be over, by the event loop's clock. :param pace: see `read_events`.
        :raises EngineError: whatever goes wrong, also while the events are read.
        :raises OptionRefusedError: it was offered something that it does not take.
        """
        with self.faults():
            async with AsyncExitStack() as stack:
                async with asyncio.timeout_at(deadline):
                    response = await self.connect(stack, request)
                chunks = response.iter_bytes()
                async with aclosing(read_events(chunks, deadline, pace)) as events:
                    yield events
                await drain(chunks)

    async def moderate(self, text: str, images: Sequence[str] = ()) -> bool:
        """Whether the provider flags a text or one of some images, data URLs, as harmful.

        :raises EngineError: it does not say.
        """
        with self.faults():
            async with asyncio.timeout(MODERATION_SECONDS):
                client = self.client.with_options(max_retries=1)
                # It looks at one image at a time.
                inputs: list[Any] = [text, *([{"type": "image_url", "image_url": {"url": url}}] for url in images)]
                verdicts = [await client.moderations.create(model=MODERATION_MODEL, input=one) for one in inputs]
            if not all(verdict.results for verdict in verdicts):
                raise ValueError("no result")
            # The client does not check what it reads: what is neither yes nor no is no answer.
            flags = [result.flagged for verdict in verdicts for result in verdict.results]
            if not all(isinstance(flag, bool) for flag in flags):
                raise ValueError("no flag")
            return any(flags)

    async def transcribe(self, model: str, recording: tuple[str, bytes, str]) -> tuple[str, float | None]:
        """What a recording (name, content, MIME type) says, and how many seconds the provider counts for it.

        :raises EngineError: it does not say.
        """
        with self.faults():
            async with asyncio.timeout(TRANSCRIPTION_SECONDS):
                client = self.client.with_options(max_retries=1)
                found = await client.audio.transcriptions.create(model=model, file=recording, response_format="json")
            text: object = found.text
            if not isinstance(text, str):
                raise ValueError("no text")
            usage = found.usage.to_dict() if found.usage else {}
            # By the minute, or by tokens.
            for unit, in_a_second in (("seconds", 1), ("input_tokens", AUDIO_TOKENS_A_SECOND)):
                amount = usage.get(unit)
                if isinstance(amount, int | float) and amount >= 0:
                    return text, amount / in_a_second
            return text, None

    @contextmanager
    def faults(self) -> Iterator[None]:
        """What goes wrong at the provider, in our words.

        :raises EngineError: always then, and while there is a pause. :raises OptionRefusedError: see `stream`.
        """
        if asyncio.get_running_loop().time() < self.paused_until:
            raise EngineError("paused")
        try:
            yield
        except (TimeoutError, APITimeoutError, httpx2.TimeoutException) as error:
            raise EngineError("timeout") from error
        except APIStatusError as error:
            option = find_refused(error)
            if option:
                raise OptionRefusedError(option) from error
            self.consider_pause(error)
            raise EngineError(describe(error)) from error
        except (APIConnectionError, httpx2.HTTPError) as error:
            raise EngineError("connection") from error
        except (openai.OpenAIError, ValueError, TypeError, KeyError, AttributeError) as error:
            # A provider's malformed data shows as any of these.
            raise EngineError("malformed") from error

    async def connect(self, stack: AsyncExitStack, request: Request) -> Any:
        """Open the stream; come again once when the provider asks for it."""
        try:
            return await stack.enter_async_context(request(self.client))
        except APITimeoutError:
            raise
        except (APIStatusError, APIConnectionError) as error:
            if isinstance(error, APIStatusError) and not worth_retrying(error):
                raise
            wait = retry_after(error)
        await asyncio.sleep(wait)
        return await stack.enter_async_context(request(self.client))

    def consider_pause(self, error: APIStatusError) -> None:
        """Ask no more for a while where only the operator can mend what is wrong."""
        if is_quota(error) or error.status_code in PAUSE_STATUS:
            self.paused_until = asyncio.get_running_loop().time() + PAUSE_SECONDS
            what = "the quota is spent" if is_quota(error) else f"the key is refused (status {error.status_code})"
            logger.error("The model is not asked for %d s: %s. Check OPENAI_API_KEY.", PAUSE_SECONDS, what)

    async def close(self) -> None:
        await self.client.close()


async def read_events(chunks: AsyncIterator[bytes], deadline: float, pace: Pace) -> AsyncGenerator[Event]:
    """The JSON object of each `data:` line, until `[DONE]` or the end.

    :param pace: seconds between two looks at the network, which cost more than what is read there.
    :raises ValueError: for a line that holds something else. :raises TimeoutError: at the deadline.
    """
    loop = asyncio.get_running_loop()
    rest = b""
    while True:
        # The loop gets to this only where the chunk was not at hand already.
        waited: list[bool] = []
        probe = loop.call_soon(waited.append, True)
        async with asyncio.timeout_at(deadline):
            chunk = await anext(chunks, None)
        probe.cancel()
        *lines, rest = (rest + (chunk or b"\n")).split(b"\n")
        for line in lines:
            data = line[5:].strip() if line.startswith(b"data:") else b""
            if data == b"[DONE]":
                return
            if data:
                event = json.loads(data)
                if not isinstance(event, dict):
                    raise ValueError(type(event).__name__)
                yield event
        if chunk is None:
            return
        if waited:
            await asyncio.sleep(pace())


async def drain(chunks: AsyncIterator[bytes]) -> None:
    """Read what is left of a response that has ended, or its connection could not be used again."""
    with suppress(Exception):
        async with asyncio.timeout(DRAIN_SECONDS):
            async for _ in chunks:
                pass


def find_refused(error: APIStatusError) -> str:
    """The option that a provider names in its refusal, "" when it refuses something else."""
    said = str(error.body).lower() if isinstance(error, BadRequestError) else ""
    return "thoughts" if "encrypted" in said else "tools" if "tool" in said else ""


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

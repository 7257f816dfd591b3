"""Spoken words for a question, written down by the provider: bounded, counted and paid for like a question.

Nothing of it is stored: the text goes back to who spoke, who may change it before it is asked.
"""

from __future__ import annotations

import base64
import binascii
import logging
import re
from collections.abc import Mapping
from typing import TYPE_CHECKING

from docs_index.errors import UserError

from docs_chat.answer.engine import EngineError
from docs_chat.budget import Budget
from docs_chat.context import ReaderContext
from docs_chat.errors import HttpError, bad_request, unavailable
from docs_chat.limits import Limiter
from docs_chat.metrics import MODEL_FAILURES
from docs_chat.settings import Settings

if TYPE_CHECKING:
    from docs_chat.answer.provider import Provider

logger = logging.getLogger("docs_chat")

#: The first bytes of what browsers record, and the name of such a file: providers go by its ending.
RECORDINGS = (
    (re.compile(rb"\x1aE\xdf\xa3"), "audio/webm", "speech.webm"),
    (re.compile(rb"OggS"), "audio/ogg", "speech.ogg"),
    (re.compile(rb"....ftyp", re.DOTALL), "audio/mp4", "speech.mp4"),
)
#: OpenAI takes no longer ones. How long a recording is, only who decodes it knows: silence has next to no bytes.
MOST_SECONDS = 1500.0
#: Opus at its lowest bitrate: what counts where the provider does not say how long it was.
LEAST_BYTES_A_SECOND = 750
#: OpenAI's list prices of 2026-11, in US dollars for a minute.
PRICES: Mapping[str, float] = {"gpt-4o-mini-transcribe": 0.003, "gpt-4o-transcribe": 0.006, "whisper-1": 0.006}
#: After these nobody knows whether the provider has done its work.
DONE_PERHAPS = frozenset({"timeout", "malformed"})
RETRY_SECONDS = 10


class Dictation:
    """:raises UserError: there is no provider, or nobody knows what it costs."""

    def __init__(self, settings: Settings, limiter: Limiter, budget: Budget) -> None:
        self.settings = settings.dictation
        self.limiter = limiter
        self.budget = budget
        self.max_chars = settings.limits.max_question_chars
        self.price = find_price(settings)
        self.provider = load_provider(settings)

    @property
    def max_bytes(self) -> int:
        return self.settings.max_kb * 1024

    async def write_down(self, audio: str, context: ReaderContext) -> str:
        """What was said.

        :param audio: the recording in Base64. What it is, its bytes say, not the client.
        :raises HttpError: 400, 413, 415, 429, or 503 when the provider cannot, or today's budget is used up.
        """
        content = decode(audio)
        if len(content) > self.max_bytes:
            raise HttpError(413, "too_large", f"A recording has at most {self.settings.max_kb} KiB.")
        mime_type, name = recognize(content)
        with self.limiter.admit(context.owner, context.address):
            await self.limiter.spend_question(context.owner, context.address)
            try:
                text = await self.transcribe((name, content, mime_type))
            except EngineError as error:
                MODEL_FAILURES.labels(error.code).inc()
                logger.warning("A recording was not written down (%s)", error.code)
                what = "Speech cannot be written down right now. Please type your question."
                raise unavailable("dictation_unavailable", what, RETRY_SECONDS) from None
        return " ".join(text.split())[: self.max_chars]

    async def transcribe(self, recording: tuple[str, bytes, str]) -> str:
        """:raises EngineError: the provider does not say, or today's budget is used up."""
        reserved = await self.budget.reserve(self.cost(MOST_SECONDS))
        seconds = len(recording[1]) / LEAST_BYTES_A_SECOND
        try:
            text, counted = await self.provider.transcribe(self.settings.model, recording)
            seconds = seconds if counted is None else counted
            return text
        except EngineError as error:
            if error.code not in DONE_PERHAPS:
                seconds = 0.0
            raise
        finally:
            await self.budget.settle(reserved, self.cost(seconds))

    def cost(self, seconds: float) -> float:
        return seconds / 60 * self.price

    async def close(self) -> None:
        await self.provider.close()


def decode(audio: str) -> bytes:
    """:raises HttpError: 400 when it is no Base64."""
    try:
        return base64.b64decode(audio, validate=True)
    except (binascii.Error, ValueError):
        raise bad_request("`audio_base64` is no Base64.", "bad_audio") from None


def recognize(content: bytes) -> tuple[str, str]:
    """MIME type and file name. :raises HttpError: 415 for what no browser records."""
    for start, mime_type, name in RECORDINGS:
        if start.match(content):
            return mime_type, name
    raise HttpError(415, "unsupported_audio", "A recording is WebM, Ogg or MP4.")


def find_price(settings: Settings) -> float:
    """US dollars for a minute."""
    own = settings.dictation.usd_per_minute
    price = PRICES.get(settings.dictation.model) if own is None else own
    if price is None:
        raise UserError(
            f"Nobody knows what {settings.dictation.model} costs.",
            hint="Set dictation.usd_per_minute (0 for a model of your own).",
        )
    return price


def load_provider(settings: Settings) -> Provider:
    if not settings.has_provider:
        raise UserError("dictation.enabled needs a provider.", hint="Set OPENAI_API_KEY or OPENAI_BASE_URL.")
    # Its client takes a second to import: not for those who have none.
    from docs_chat.answer.provider import Provider

    return Provider(settings)

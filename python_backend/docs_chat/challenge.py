"""Whether a new reader is a person: asked of Cloudflare Turnstile or hCaptcha, where the owner wants it."""

from __future__ import annotations

import logging
from typing import Literal

import httpx2

from docs_chat.errors import HttpError, unavailable
from docs_chat.settings import Settings

logger = logging.getLogger("docs_chat")

CHECK_SECONDS = 5.0
MAX_PROOF_CHARS = 8000
URLS = {
    "turnstile": "https://challenges.cloudflare.com/turnstile/v0/siteverify",
    "hcaptcha": "https://api.hcaptcha.com/siteverify",
}


class Challenge:
    """Checks what the provider's widget gave the reader's browser.

    :param secret: the owner's secret at the provider.
    """

    def __init__(self, provider: Literal["turnstile", "hcaptcha"], secret: str) -> None:
        self.url = URLS[provider]
        self.secret = secret
        self.client: httpx2.AsyncClient | None = None

    async def check(self, proof: str) -> None:
        """The reader's address is not passed on.

        :raises HttpError: 403 without a proof that holds, 503 when the provider cannot be asked.
        """
        if not 0 < len(proof) <= MAX_PROOF_CHARS:
            raise HttpError(403, "challenge_required", "Show first that you are a person.")
        self.client = self.client or httpx2.AsyncClient(timeout=CHECK_SECONDS, follow_redirects=False)
        try:
            response = await self.client.post(self.url, data={"secret": self.secret, "response": proof})
            response.raise_for_status()
            verdict = response.json()
            passed = isinstance(verdict, dict) and verdict.get("success") is True
        except (httpx2.HTTPError, ValueError) as error:
            logger.error("The challenge's provider cannot be asked (%s)", type(error).__name__)
            said = "It cannot be checked right now that you are a person."
            raise unavailable("challenge_unavailable", said, 30) from None
        if not passed:
            raise HttpError(403, "challenge_required", "That proof does not hold. Try again.")

    async def close(self) -> None:
        if self.client:
            await self.client.aclose()


def make_challenge(settings: Settings) -> Challenge | None:
    """None where the owner wants none."""
    if not settings.identity.challenge or not settings.challenge_secret:
        return None
    return Challenge(settings.identity.challenge, settings.challenge_secret.get_secret_value())

"""Why an embeddings server did not give vectors: whether to ask again, and what a person can do about it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

if TYPE_CHECKING:
    import openai

_KEPT = "run the command again: what was embedded so far is kept."


class BadReplyError(Exception):
    """An answer with status 200 that holds no usable vectors; its text says what it holds instead."""


@dataclass(frozen=True, slots=True)
class Refusal:
    """``tries`` is how often to ask in all, ``after`` the seconds that the server asks to wait (0: it does not say)."""

    message: str
    hint: str
    tries: int
    after: float = 0.0


def explain_refusal(error: openai.OpenAIError | BadReplyError, address: str, key: str, model: str) -> Refusal:
    """What an error means. The key never shows, not even where the server repeats it."""
    import openai

    place = _public(address)
    server = f"The embeddings server at {place}"
    again = f"Wait a little and {_KEPT}"
    match error:
        case BadReplyError():
            return Refusal(f"{server} sent {error}.", f"Is it one for {model}? If so, {_KEPT}", 3)
        case openai.APITimeoutError():
            return Refusal(f"{server} did not answer in time.", again, 3)
        case openai.APIStatusError():
            if error.status_code == 429 and "insufficient_quota" in (error.code, error.type):
                return Refusal(f"The account at {place} has no quota left.", f"Add credit there, then {_KEPT}", 1)
            return _explain_status(error, server, again, _quote(error, key), model)
        case openai.APIResponseValidationError():
            return Refusal(f"{server} sent an answer that is no list of vectors.", again, 3)
        case _:
            reason = _hide(str(error.__cause__ or error), key)
            return Refusal(f"{server} cannot be reached: {reason}.", f"Is OPENAI_BASE_URL right? If so, {_KEPT}", 6)


def _explain_status(error: openai.APIStatusError, server: str, again: str, said: str, model: str) -> Refusal:
    status = error.status_code
    if status in (401, 403):
        return Refusal(f"{server} refused the key ({status}{said}).", "Set OPENAI_API_KEY to one that it knows.", 1)
    if status == 404:
        hint = "Check OPENAI_BASE_URL (most end in /v1) and the model's name."
        return Refusal(f"{server} has no {model!r} (404{said}).", hint, 1)
    if status == 429:
        return Refusal(f"{server} allows no more requests for now (429{said}).", again, 50, _retry_after(error))
    if status in (408, 409) or status >= 500:
        return Refusal(f"{server} failed ({status}{said}).", again, 6, _retry_after(error))
    return Refusal(f"{server} refused the request ({status}{said}).", f"Does it know {model}?", 1)


def _retry_after(error: openai.APIStatusError) -> float:
    headers = error.response.headers
    for name, unit in (("retry-after-ms", 1000), ("retry-after", 1)):
        try:
            return max(0.0, float(headers[name]) / unit)
        except (KeyError, ValueError):
            continue
    return 0.0


def _quote(error: openai.APIStatusError, key: str) -> str:
    body = error.body
    message = body.get("message") if isinstance(body, dict) else None
    return f": {_hide(message, key)}" if isinstance(message, str) and message else ""


def _hide(text: str, key: str) -> str:
    line = " ".join(text.replace(key, "***").split()) if key else " ".join(text.split())
    return line[:200].rstrip(".")


def _public(address: str) -> str:
    """An address without the user and password that it may hold."""
    parts = urlsplit(address)
    port = f":{parts.port}" if parts.port else ""
    return f"{parts.scheme}://{parts.hostname}{port}{parts.path}".rstrip("/")

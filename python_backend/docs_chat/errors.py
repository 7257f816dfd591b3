"""What a client hears when something is wrong: a status, a code and a sentence, always in the same JSON."""

from __future__ import annotations

import logging
import traceback
from collections.abc import Mapping

from starlette.responses import JSONResponse

from docs_chat.database import is_unavailable
from docs_chat.metrics import DATABASE_FAILURES, FAILURES, REFUSALS

logger = logging.getLogger("docs_chat")


class HttpError(Exception):
    """Ends a request with `status` and `{"error": {"code", "message", "request_id"}}`."""

    def __init__(self, status: int, code: str, message: str, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(message)
        self.status = status
        self.code = code
        self.message = message
        self.headers = dict(headers or {})


def not_found() -> HttpError:
    """The one answer for what does not exist and for what belongs to another reader."""
    return HttpError(404, "not_found", "There is no such thread or item.")


def bad_request(message: str, code: str = "bad_request") -> HttpError:
    return HttpError(400, code, message)


def unavailable(code: str, message: str, seconds: int) -> HttpError:
    """What cannot be done now, and when to try again."""
    return HttpError(503, code, message, {"Retry-After": str(seconds)})


def error_response(error: HttpError, request_id: str) -> JSONResponse:
    REFUSALS.labels(error.status, error.code).inc()
    body = {"error": {"code": error.code, "message": error.message, "request_id": request_id}}
    headers = {"Cache-Control": "no-store", **error.headers}
    return JSONResponse(body, status_code=error.status, headers=headers)


def log_failure(what: str, error: BaseException) -> None:
    """Log where an error came from, without its text: that may quote a reader's words or a key."""
    name = type(error).__name__
    FAILURES.labels(name).inc()
    if is_unavailable(error):
        DATABASE_FAILURES.inc()
    frames = "".join(traceback.format_tb(error.__traceback__))
    logger.error("%s: %s", what, name, extra={"facts": {"error": name}, "frames": frames})

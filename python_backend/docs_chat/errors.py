"""What a client hears when something is wrong: a status, a code and a sentence, always in the same JSON."""

from __future__ import annotations

import logging
import traceback
from collections.abc import Mapping

from starlette.responses import JSONResponse

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


def error_response(error: HttpError, request_id: str) -> JSONResponse:
    body = {"error": {"code": error.code, "message": error.message, "request_id": request_id}}
    headers = {"Cache-Control": "no-store", **error.headers}
    return JSONResponse(body, status_code=error.status, headers=headers)


def log_failure(what: str, error: BaseException, request_id: str) -> None:
    """Log where an error came from, without its text: that may quote a reader's words or a key."""
    frames = "".join(traceback.format_tb(error.__traceback__))
    logger.error("%s: %s request_id=%s\n%s", what, type(error).__name__, request_id, frames)

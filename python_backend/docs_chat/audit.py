"""Who asked what, and when: one JSON line each, in a file that the owner wants."""

from __future__ import annotations

import json
import logging
import os
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal

import anyio.to_thread
from docs_index.errors import UserError

from docs_chat.errors import HttpError
from docs_chat.redaction import redact
from docs_chat.settings import Settings

logger = logging.getLogger("docs_chat")

Kind = Literal["question", "retry", "search", "export", "erase"]


class Audit:
    """Appends to the file, or does nothing where there is none.

    The file is opened anew for each line, so that logrotate may move it away at any time.

    :raises UserError: the file cannot be written.
    """

    def __init__(self, settings: Settings) -> None:
        self.file = settings.audit.file
        self.redacts = settings.store.redact
        if self.file:
            try:
                append(self.file, b"")
            except OSError as error:
                raise UserError(
                    f"The audit log {self.file} cannot be written: {error.strerror}.", hint="Check audit.file."
                ) from None

    async def add(self, kind: Kind, request_id: str, text: str = "", **facts: Any) -> None:
        """Write a line before what it is about is done.

        :raises HttpError: 503 when it cannot be written: what the owner wants to know of is not done unknown.
        """
        if not self.file:
            return
        line = {
            "time": datetime.now(UTC).isoformat(timespec="milliseconds"),
            "kind": kind,
            "text": redact(text) if self.redacts else text,
            **facts,
            "request_id": request_id,
        }
        data = json.dumps({name: value for name, value in line.items() if value}, ensure_ascii=False) + "\n"
        try:
            await anyio.to_thread.run_sync(append, self.file, data.encode("utf-8", "replace"))
        except OSError as error:
            logger.error("The audit log cannot be written: %s", error.strerror)
            raise HttpError(503, "audit_unavailable", "The server cannot do this right now.") from None


def append(file: Path, data: bytes) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    handle = os.open(file, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    try:
        # In one call: lines of several processes do not mix.
        if os.write(handle, data) < len(data):
            raise OSError(28, "No space left on device")
    finally:
        os.close(handle)

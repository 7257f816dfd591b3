"""The log: one line an event, for people or as JSON, with the request that it belongs to.

What readers write is never in it, nor is a secret: errors are told by their class and the lines of code that they came
through, since their text may quote either; other people's libraries get one short sentence.
"""

from __future__ import annotations

import json
import logging
import re
import traceback
from collections.abc import Iterable, Mapping
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import Any, Literal

from pydantic import SecretStr
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

from docs_chat.redaction import redact
from docs_chat.settings import Settings
from docs_chat.tracing import find_trace_id

#: The request that is being answered, "" between requests.
request_id: ContextVar[str] = ContextVar("request_id", default="")

OURS = ("docs_chat", "docs_index")
MAX_FOREIGN = 200
#: A secret shorter than this would black out ordinary words.
MIN_SECRET = 6
CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")


def log(logger: logging.Logger, message: str, **facts: Any) -> None:
    """An event with its facts: `Answered engine=… state=…` for people, keys of their own in JSON."""
    logger.info(message, extra={"facts": facts})


class LogFormatter(logging.Formatter):
    """Writes a record on one line; the frames of an error follow on lines of their own where people read."""

    def __init__(self, form: Literal["text", "json"], secrets: Iterable[str] = ()) -> None:
        super().__init__()
        self.form = form
        self.secrets = sorted((secret for secret in secrets if len(secret) >= MIN_SECRET), key=len, reverse=True)

    def format(self, record: logging.LogRecord) -> str:
        facts = {**getattr(record, "facts", {})}
        if request_id.get():
            facts["request_id"] = request_id.get()
        trace_id = find_trace_id()
        if trace_id:
            facts["trace_id"] = trace_id
        message = record.getMessage()
        if record.name.partition(".")[0] not in OURS:
            message = message.partition("\n")[0][:MAX_FOREIGN]
        frames = getattr(record, "frames", "")
        error = record.exc_info[1] if record.exc_info else None
        if error:
            facts["error"] = type(error).__name__
            frames = "".join(traceback.format_tb(error.__traceback__))
        moment = datetime.fromtimestamp(record.created, UTC)
        line = self.write_json if self.form == "json" else self.write_text
        return self.hide(line(moment, record, message, facts, frames))

    def write_json(
        self, moment: datetime, record: logging.LogRecord, message: str, facts: Mapping[str, Any], frames: str
    ) -> str:
        head = {"time": moment.isoformat(timespec="milliseconds"), "level": record.levelname, "logger": record.name}
        fields = {**head, "message": message, **facts, **({"frames": frames} if frames else {})}
        return json.dumps(fields, ensure_ascii=True, default=str)

    def write_text(
        self, moment: datetime, record: logging.LogRecord, message: str, facts: Mapping[str, Any], frames: str
    ) -> str:
        told = "".join(f" {name}={value}" for name, value in facts.items())
        # A line break in a path must not begin a line that looks like one of ours.
        line = CONTROL.sub(" ", f"{message}{told}")
        shown = f"{moment.astimezone():%Y-%m-%d %H:%M:%S},{moment.microsecond // 1000:03d} {record.levelname} {line}"
        return f"{shown}\n{frames.rstrip()}" if frames else shown

    def hide(self, line: str) -> str:
        """The last net: what is known to be secret, and what looks like it."""
        for secret in self.secrets:
            line = line.replace(secret, "[secret]")
        return redact(line)


def list_secrets(settings: Settings) -> list[str]:
    """Everything in the settings that must never be written down."""
    found: list[str] = []
    for _, value in settings:
        if isinstance(value, SecretStr):
            found += [value.get_secret_value(), *value.get_secret_value().split(",")]
    for url in (settings.database_url, settings.openai_base_url, *found.copy()):
        try:
            password = make_url(url).password if url and "://" in url else None
        except (ArgumentError, ValueError):
            continue
        if password:
            found.append(str(password))
    return [secret.strip() for secret in found]


def configure_logging(settings: Settings, verbose: int, quiet: bool) -> None:
    """To stderr: warnings, what the server does, and with -v every request."""
    handler = logging.StreamHandler()
    handler.setFormatter(LogFormatter(settings.log_format, list_secrets(settings)))
    logging.basicConfig(handlers=[handler], level=logging.WARNING, force=True)
    logging.captureWarnings(True)
    logging.getLogger("docs_chat").setLevel(
        logging.DEBUG if verbose > 1 else logging.WARNING if quiet else logging.INFO
    )
    logging.getLogger("docs_chat.access").setLevel(logging.INFO if verbose else logging.WARNING)

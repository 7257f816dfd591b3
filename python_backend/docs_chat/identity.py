"""Anonymous readers: a signed token that the server mints, and the owner id that is in it."""

from __future__ import annotations

import hashlib
import logging
import os
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from itsdangerous import BadSignature, TimestampSigner

from docs_chat.settings import Settings

logger = logging.getLogger("docs_chat")

#: What our own tokens begin with.
MARK = "v1"
OWNER_BYTES = 16
MAX_TOKEN_CHARS = 200
#: How far into the future a token may have been made: another server's clock, or our own before it was set back.
MAX_SKEW = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Token:
    """What a reader's browser keeps."""

    token: str
    expires_at: datetime


class Identities:
    """Mints and checks tokens.

    :param keys: the newest first: it signs, all of them verify.
    :param days: how long a token is good for.
    """

    def __init__(self, keys: Sequence[str], days: int) -> None:
        self.lifetime = timedelta(days=days)
        # itsdangerous signs with the last key of its list.
        self.signer = TimestampSigner(
            list(reversed(keys)),
            salt="docs-chat.identity",
            key_derivation="hmac",
            digest_method=hashlib.sha256,
        )

    def mint(self, owner: str | None = None) -> Token:
        """A token for a new reader, or one with a new end for a reader whose token holds."""
        value = f"{MARK}.{owner or secrets.token_hex(OWNER_BYTES)}"
        token = self.signer.sign(value).decode()
        return Token(token, datetime.now(UTC).replace(microsecond=0) + self.lifetime)

    def verify(self, token: str) -> str | None:
        """The owner id in a token, None when it is forged, expired or nonsense."""
        if len(token) > MAX_TOKEN_CHARS or not token.isascii():
            return None
        try:
            signed, made = self.signer.unsign(token, return_timestamp=True)
        except BadSignature:
            return None
        age = datetime.now(UTC) - made
        if not -MAX_SKEW <= age <= self.lifetime:
            return None
        version, _, owner = signed.decode().partition(".")
        return owner if version == MARK and len(owner) == OWNER_BYTES * 2 else None


def load_keys(settings: Settings) -> list[str]:
    """The keys from the environment, or one that is generated and kept with mode 0600."""
    if settings.secret_key:
        keys = [key.strip() for key in settings.secret_key.get_secret_value().split(",")]
        return [key for key in keys if key]
    return [read_or_create(settings.secret_file)]


def read_or_create(path: Path) -> str:
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        # Exclusive: of two servers that start at once, one writes and the other reads.
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text("ascii").strip()
    key = secrets.token_hex(32)
    with os.fdopen(handle, "w") as file:
        file.write(key + "\n")
    logger.info("No DOCS_CHAT_SECRET_KEY is set: made a key and kept it in %s", path)
    return key

"""Who asks: an anonymous reader with a token of ours, or one who signed in elsewhere and brings a JSON Web Token."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import jwt
from jwt.exceptions import PyJWTError

from docs_chat.errors import HttpError, unavailable
from docs_chat.identity import MARK, Identities, Token
from docs_chat.keys import MALFORMED, Keys, KeysUnavailableError
from docs_chat.settings import AuthSettings

logger = logging.getLogger("docs_chat")

MAX_TOKEN_CHARS = 16 * 1024
MAX_GROUPS = 500
MAX_NAME_CHARS = 256
REQUIRED_CLAIMS = ["exp", "iss", "aud", "sub"]
CHALLENGE = {"WWW-Authenticate": "Bearer"}


@dataclass(frozen=True, slots=True)
class Identity:
    """Whose requests these are: `owner` is the id in the database; the rest is known of one who signed in."""

    owner: str
    subject: str = ""
    groups: frozenset[str] = frozenset()
    expires_at: datetime | None = None


NOBODY = Identity("")


class Authenticator:
    """Reads the `Authorization` header by the configured mode."""

    def __init__(self, settings: AuthSettings, identities: Identities) -> None:
        self.settings = settings
        self.identities = identities
        self.keys = Keys(settings.jwks_url, settings.keys_minutes * 60, settings.keys_grace_hours * 3600)

    async def require(self, header: str) -> Identity:
        """:raises HttpError: 401 without a valid token, 503 when the keys to tell cannot be had."""
        identity = await self.read(header)
        if identity is None:
            hint = "Sign in to ask." if self.is_required else "A token from POST /identity is needed."
            raise HttpError(401, "unauthorized", hint, CHALLENGE)
        return identity

    async def read(self, header: str) -> Identity | None:
        """Who the header names, None when there is none.

        :raises HttpError: 401 for a token that does not hold, 503 when the keys to tell cannot be had.
        """
        scheme, _, token = header.partition(" ")
        token = token.strip()
        if scheme.lower() != "bearer" or not token:
            return None
        if self.settings.mode == "anonymous" or token.startswith(f"{MARK}."):
            owner = None if self.is_required else self.identities.verify(token)
            if owner is None:
                raise invalid()
            return Identity(owner)
        return await self.read_jwt(token)

    @property
    def is_required(self) -> bool:
        """Whether only those who signed in may ask."""
        return self.settings.mode == "required"

    async def read_jwt(self, token: str) -> Identity:
        if len(token) > MAX_TOKEN_CHARS:
            raise invalid()
        try:
            header = jwt.get_unverified_header(token)
            algorithm, kid = header.get("alg"), header.get("kid")
            # Nothing else of the header counts: it is whatever the sender wrote, a `jku` included.
            if algorithm not in self.settings.algorithms:
                raise invalid()
            key = await self.keys.find(kid)
            if key is None or key.algorithm_name != algorithm:
                raise invalid()
            claims = jwt.decode(
                token,
                key,
                algorithms=[algorithm],
                audience=self.settings.audience,
                issuer=self.settings.issuer,
                leeway=self.settings.leeway_seconds,
                options={"require": REQUIRED_CLAIMS},
            )
            return self.make_identity(claims)
        except KeysUnavailableError:
            raise unavailable("sign_in_unavailable", "Sign-in cannot be checked right now.", 30) from None
        except (PyJWTError, *MALFORMED) as error:
            logger.info("A token was refused (%s)", type(error).__name__)
            raise invalid() from None

    def make_identity(self, claims: dict[str, Any]) -> Identity:
        """:raises ValueError: the claims name nobody."""
        subject = claims["sub"]
        if not isinstance(subject, str) or not 0 < len(subject) <= MAX_NAME_CHARS:
            raise ValueError("sub")
        return Identity(
            owner=name_owner(self.settings.issuer, subject),
            subject=subject,
            groups=read_groups(claims, self.settings.groups_claim),
            expires_at=datetime.fromtimestamp(int(claims["exp"]), UTC),
        )

    async def issue(self, header: str, admit: Callable[[], Awaitable[None]]) -> Token:
        """The token to ask with: a new one, the same reader's with a new end, or the one that a reader signed in with.

        :param admit: asked before there is a new reader; raises when there must not be.
        :raises HttpError: 401 when only those who signed in may ask; whatever ``admit`` raises.
        """
        try:
            identity = await self.require(header) if self.is_required else await self.read(header)
        except HttpError as error:
            if self.is_required or error.status != 401:
                raise
            # An old token is no reason against a new one.
            identity = None
        if identity and identity.expires_at:
            return Token(header.partition(" ")[2].strip(), identity.expires_at)
        if identity is None:
            await admit()
        return self.identities.mint(identity.owner if identity else None)

    async def close(self) -> None:
        await self.keys.close()


def name_owner(issuer: str, subject: str) -> str:
    """The id that a signed-in reader's rows have: it does not say who that is."""
    return "sub-" + hashlib.sha256(f"{issuer}\0{subject}".encode("utf-8", "surrogatepass")).hexdigest()[:32]


def read_groups(claims: dict[str, Any], name: str) -> frozenset[str]:
    """The names in a claim, a list of strings or one string with spaces or commas between; none when it is something
    else. The claim's own name first: some have dots in them."""
    found: Any = claims.get(name)
    if found is None:
        found = claims
        for part in name.split("."):
            found = found.get(part) if isinstance(found, dict) else None
    if isinstance(found, str):
        found = found.replace(",", " ").split()
    if not isinstance(found, list):
        return frozenset()
    return frozenset(
        group for group in found[:MAX_GROUPS] if isinstance(group, str) and 0 < len(group) <= MAX_NAME_CHARS
    )


def invalid() -> HttpError:
    return HttpError(401, "unauthorized", "The token is not valid.", CHALLENGE)

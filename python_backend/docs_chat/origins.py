"""Which sites may use this server: origins, and patterns for hosts that get a new name with each preview."""

from __future__ import annotations

import re
from collections.abc import Iterable
from urllib.parse import urlsplit

#: Labels that stay when a first label is anything: of fewer, strangers may have one.
OWN_LABELS = 3


def find_mistake(origin: str) -> str | None:
    """Why something is neither an origin nor a pattern for some; None when it is one."""
    parts = urlsplit(origin)
    if parts.scheme not in ("http", "https") or not parts.netloc or parts.path.strip("/") or parts.query:
        return "is no origin such as https://docs.example.com"
    if "*" not in origin:
        return None
    first, _, rest = parts.netloc.partition(".")
    if origin.count("*") > 1 or "*" not in first:
        return "has a * that is not in the first part of the host, or more than one"
    if rest.count(".") + 1 < (OWN_LABELS if first == "*" else 2):
        return "would let strangers in: write more of the host, as in https://*.previews.example.com"
    return None


def compile_origins(origins: Iterable[str]) -> re.Pattern[str]:
    """What all of an allowed origin matches. A * stands for letters, digits and hyphens, in one part of a host."""
    allowed = (re.escape(origin.rstrip("/").lower()).replace(r"\*", "[a-z0-9-]+") for origin in origins)
    return re.compile("|".join(allowed) or r"(?!)")

"""Secrets and e-mail addresses in what a reader writes: found before it is stored."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

#: What is looked for, by the name that stands in its place. Quantifiers are bounded or anchored: no text takes long.
PATTERNS = {
    "private key": r"-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY-----[\s\S]*?(?:-----END [A-Z0-9 ]{0,40}PRIVATE KEY-----|\Z)",
    "token": r"\beyJ[\w-]{8,}\.eyJ[\w-]{8,}(?:\.[\w-]*)?",
    "key": r"\b(?:"
    r"sk-[\w-]{16,}"  # OpenAI, Anthropic and others that follow them
    r"|(?:sk|rk|pk)_(?:live|test)_\w{16,}|whsec_\w{16,}"  # Stripe
    r"|(?:AKIA|ASIA)[0-9A-Z]{16}"  # AWS
    r"|gh[pousr]_\w{30,}|github_pat_\w{22,}"  # GitHub
    r"|glpat-[\w-]{20,}"  # GitLab
    r"|xox[abeoprs]-[\w-]{10,}"  # Slack
    r"|AIza[\w-]{35}|ya29\.[\w-]{20,}"  # Google
    r"|npm_\w{36}|pypi-[\w-]{40,}|hf_\w{30,}|dop_v1_[0-9a-f]{64}|SG\.[\w-]{16,}\.[\w-]{16,}"
    r")",
    "bearer token": r"(?i:\bbearer\s{1,4})[\w.~+/-]{16,}=*",
    "password": r"(?<=://)[^\s/:@]{1,64}:[^\s/@]{1,128}(?=@)",
    # `git@host` is an address of a repository
    "e-mail": r"\b(?!git@)[\w.%+-]{1,64}@(?:[\w-]{1,63}\.){1,8}[A-Za-z]{2,24}\b",
}
_FIND = re.compile("|".join(f"(?P<{name.replace(' ', '_').replace('-', '_')}>{p})" for name, p in PATTERNS.items()))
_NAMES = dict(zip(_FIND.groupindex, PATTERNS, strict=True))
#: A text that was cut may end in the beginning of a secret; less of it than this says nothing.
_LEAST = 6
MASK = "•"


def find_secrets(text: str) -> set[str]:
    return {match.group() for match in _FIND.finditer(text)}


def redact(text: str) -> str:
    """The text with what was found replaced by what it was: `[e-mail removed]`."""
    return _FIND.sub(lambda match: f"[{_NAMES[match.lastgroup or '']} removed]", text)


def mask(value: Any, secrets: Iterable[str]) -> Any:
    """Strings in a JSON value with these secrets blacked out, letter for letter: places in a text stay what they are.

    A secret's beginning counts at the end of a string: that is where a title was cut.
    """
    match value:
        case str():
            for secret in sorted(secrets, key=len, reverse=True):
                value = value.replace(secret, hide(secret))
                cut = next(
                    (n for n in range(min(len(secret) - 1, len(value)), _LEAST - 1, -1) if is_end(value, secret[:n])), 0
                )
                if cut:
                    end = len(value.rstrip("…"))
                    value = value[: end - cut] + hide(secret[:cut]) + value[end:]
            return value
        case dict():
            return {key: mask(inner, secrets) for key, inner in value.items()}
        case list():
            return [mask(inner, secrets) for inner in value]
    return value


def is_end(text: str, beginning: str) -> bool:
    return text.rstrip("…").endswith(beginning)


def hide(secret: str) -> str:
    return re.sub(r"\S", MASK, secret)

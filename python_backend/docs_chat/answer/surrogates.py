"""Halves of characters: a provider that cuts its text between two UTF-16 units sends one of them in each delta."""

from __future__ import annotations


class Mender:
    """Feed it deltas, get text that can be stored and sent; a first half waits for its second."""

    def __init__(self) -> None:
        self.held = ""

    def feed(self, delta: str) -> str:
        if delta.isascii() and not self.held:
            return delta
        text = self.held + delta
        self.held = text[-1] if "\ud800" <= text[-1:] <= "\udbff" else ""
        return mend(text.removesuffix(self.held))

    def finish(self) -> str:
        return mend(self.held)


def mend(text: str) -> str:
    """Two halves are one character; one without the other is no text."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return text

"""A file that a reader adds to a question. What it is, its bytes say: not its name, and not the client."""

from __future__ import annotations

import base64
import re
from dataclasses import dataclass
from typing import Literal

Kind = Literal["text", "image"]

TEXT = "text/plain"
#: The first bytes of the images that models take.
IMAGES = (
    (re.compile(rb"\x89PNG\r\n\x1a\n"), "image/png"),
    (re.compile(rb"\xff\xd8\xff"), "image/jpeg"),
    (re.compile(rb"GIF8[79]a"), "image/gif"),
    (re.compile(rb"RIFF....WEBP", re.DOTALL), "image/webp"),
)
# A log may be coloured; other control characters are in no text.
CONTROL = re.compile(r"[\x00-\x08\x0b\x0e-\x1a\x1c-\x1f\x7f]")


@dataclass(frozen=True, slots=True)
class AttachedFile:
    """``mime_type`` is that of `recognize`, ``content`` the file's bytes."""

    name: str
    mime_type: str
    content: bytes

    @property
    def kind(self) -> Kind:
        return kind_of(self.mime_type)

    @property
    def text(self) -> str:
        """What a file of text says."""
        return self.content.decode("utf-8-sig")

    @property
    def data_url(self) -> str:
        return f"data:{self.mime_type};base64,{base64.b64encode(self.content).decode()}"


def recognize(content: bytes) -> str | None:
    """The MIME type: `text/plain` for any text in UTF-8, one of four for images, None for anything else."""
    for start, mime_type in IMAGES:
        if start.match(content):
            return mime_type
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return None
    return TEXT if text.strip() and not CONTROL.search(text) else None


def kind_of(mime_type: str) -> Kind:
    return "text" if mime_type == TEXT else "image"

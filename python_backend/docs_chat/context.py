"""Who asks, from where: what one request carries through ChatKit to the store and the answer."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class ReaderContext:
    """`owner` is the id in the reader's token, `subject` and `groups` are those of one who signed in, `address` is the
    client's, `server_url` where it reached this server, `locale` the reader's, `build` the id of the build that the
    page is of. `incomplete` holds the ids of items that
    were cut before their end in this request, `secrets` what of the question is not to be stored.
    """

    owner: str
    request_id: str
    subject: str = ""
    groups: frozenset[str] = frozenset()
    address: str = ""
    server_url: str = ""
    locale: str = "en"
    page: str | None = None
    version: str | None = None
    build: str | None = None
    incomplete: set[str] = field(default_factory=set)
    secrets: set[str] = field(default_factory=set)

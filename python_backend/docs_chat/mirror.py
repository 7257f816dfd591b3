"""The index on this machine: the folder that was named, or a copy of what is on object storage."""

from __future__ import annotations

import hashlib
import logging
from pathlib import Path

from docs_index.errors import UserError
from docs_index.remote import is_remote, pull_index

from docs_chat.settings import STATE_FOLDER, Settings

logger = logging.getLogger("docs_chat")


class Mirror:
    """Where the index is read. :raises UserError: the address cannot be used."""

    def __init__(self, settings: Settings) -> None:
        self.uri = settings.index
        self.is_remote = is_remote(settings.index)
        self.folder = Path(self.uri)
        if self.is_remote:
            # Two indexes in one cache are two folders.
            name = hashlib.sha256(self.uri.encode()).hexdigest()[:16]
            self.folder = (settings.index_cache or Path(STATE_FOLDER) / "cache") / name

    def refresh(self) -> None:
        """Bring what was published last.

        :raises UserError: it cannot be had; the folder has what it had.
        """
        if self.is_remote:
            pull_index(self.uri, self.folder)

    def prepare(self) -> Path:
        """The folder, with an index in it: the published one, or the last that could be had.

        :raises UserError: there is none.
        """
        if self.is_remote:
            try:
                pull_index(self.uri, self.folder, again=True)
            except UserError as error:
                if not (self.folder / "CURRENT").is_file():
                    raise
                logger.warning("Using the copy of the index in %s: %s", self.folder, error.message)
        return self.folder

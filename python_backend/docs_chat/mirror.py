"""The index on this machine: the folder that was named, or a copy of what is on object storage."""

from __future__ import annotations

import hashlib
import logging
from pathlib import Path

from docs_index.bucket import is_remote
from docs_index.builds import Ref, list_refs
from docs_index.errors import UserError
from docs_index.remote import keep_refs, pull_index, pull_refs, pull_snapshot
from docs_index.snapshot import HeldSnapshot, hold_snapshot

from docs_chat.settings import STATE_FOLDER, Settings

logger = logging.getLogger("docs_chat")


class Mirror:
    """Where the index is read. :raises UserError: the address cannot be used."""

    def __init__(self, settings: Settings) -> None:
        self.uri = settings.index
        self.is_remote = is_remote(settings.index)
        self.folder = Path(self.uri)
        self.keep = settings.keep
        self.refs: dict[str, Ref] = {}
        if self.is_remote:
            # Two indexes in one cache are two folders.
            name = hashlib.sha256(self.uri.encode()).hexdigest()[:16]
            self.folder = (settings.index_cache or Path(STATE_FOLDER) / "cache") / name

    def refresh(self) -> None:
        """Bring what was published last.

        :raises UserError: it cannot be had; the folder has what it had.
        """
        if self.is_remote:
            pull_index(self.uri, self.folder, keep=self.keep)

    def read_builds(self) -> None:
        """Learn which snapshot each build is answered from.

        :raises UserError: nobody can tell; what was known before still is.
        """
        if self.is_remote:
            self.refs = pull_refs(self.uri, self.refs)
            keep_refs(self.folder, self.refs, keep=self.keep)
        else:
            self.refs = list_refs(self.folder)

    def find(self, build: str) -> str | None:
        """The snapshot that a build is answered from; None when none was published for it."""
        ref = self.refs.get(build)
        return ref.snapshot if ref else None

    def hold(self, name: str) -> HeldSnapshot:
        """A snapshot beside the live one, brought when it is not here yet.

        :raises UserError: it cannot be had.
        """
        if self.is_remote:
            builds = [build for build, ref in self.refs.items() if ref.snapshot == name]
            return pull_snapshot(self.uri, self.folder, name, builds, keep=self.keep)
        return hold_snapshot(self.folder, name)

    def prepare(self) -> Path:
        """The folder, with an index in it: the published one, or the last that could be had.

        :raises UserError: there is none.
        """
        self.refs = list_refs(self.folder)
        if self.is_remote:
            try:
                pull_index(self.uri, self.folder, again=True, keep=self.keep)
                self.read_builds()
            except UserError as error:
                if not (self.folder / "CURRENT").is_file():
                    raise
                logger.warning("Using the copy of the index in %s: %s", self.folder, error.message)
        return self.folder

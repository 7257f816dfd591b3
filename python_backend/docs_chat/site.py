"""Serves a built Docusaurus site the way its links expect."""

from __future__ import annotations

import mimetypes
import os
import stat
from pathlib import Path, PurePosixPath

import anyio.to_thread
from docs_index.errors import UserError
from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

# Docusaurus puts a hash of the content into the names of what lies here.
HASHED = "assets/"
IMMUTABLE = "public, max-age=31536000, immutable"
REVALIDATE = "no-cache"

# The system's table differs from machine to machine.
for extension, kind in {
    ".css": "text/css",
    ".html": "text/html",
    ".js": "text/javascript",
    ".json": "application/json",
    ".map": "application/json",
    ".mjs": "text/javascript",
    ".svg": "image/svg+xml",
    ".txt": "text/plain",
    ".wasm": "application/wasm",
    ".webmanifest": "application/manifest+json",
    ".webp": "image/webp",
    ".woff": "font/woff",
    ".woff2": "font/woff2",
    ".xml": "application/xml",
}.items():
    mimetypes.add_type(kind, extension)


def build_folder(site: Path) -> Path:
    """The built site in a site folder, or the folder itself when it is a build.

    :raises UserError: there is no build.
    """
    for folder in (site / "build", site):
        if (folder / "index.html").is_file() or (folder / "404.html").is_file():
            return folder.resolve()
    raise UserError(f"There is no built site in {site}.", hint="Build it first: npm run build.")


class BuiltSite(StaticFiles):
    """Folders with `index.html`, `page.html` for `page`, and the site's own 404 page."""

    def __init__(self, folder: Path) -> None:
        super().__init__(directory=folder)

    async def get_response(self, path: str, scope: Scope) -> Response:
        if scope["method"] not in ("GET", "HEAD"):
            raise HTTPException(405)
        path = "" if path == "." else path
        for candidate in (path, os.path.join(path, "index.html"), f"{path.rstrip('/')}.html"):  # noqa: PTH118
            response = await self.file(candidate, scope)
            if response:
                cache = IMMUTABLE if candidate.startswith(HASHED) or f"/{HASHED}" in candidate else REVALIDATE
                response.headers["Cache-Control"] = cache
                return response
        return await self.missing(path, scope)

    async def file(self, path: str, scope: Scope, status: int = 200) -> Response | None:
        try:
            full, found = await anyio.to_thread.run_sync(self.lookup_path, path)
        except (OSError, ValueError):
            # A name too long for the file system, or with a NUL in it.
            return None
        if not found or not stat.S_ISREG(found.st_mode):
            return None
        return self.file_response(full, found, scope, status)

    async def missing(self, path: str, scope: Scope) -> Response:
        """The 404 page of the nearest folder: each locale has its own."""
        for folder in (*PurePosixPath(path).parents, PurePosixPath()):
            if ".." in folder.parts:
                continue
            response = await self.file(str(folder / "404.html"), scope, 404)
            if response:
                response.status_code = 404
                response.headers["Cache-Control"] = REVALIDATE
                return response
        raise HTTPException(404)

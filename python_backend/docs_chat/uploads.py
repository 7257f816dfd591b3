"""The route that takes readers' files."""

from __future__ import annotations

from collections.abc import AsyncGenerator

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse
from starlette.datastructures import UploadFile
from starlette.formparsers import MultiPartException, MultiPartParser

from docs_chat.attachments import Attachments
from docs_chat.auth import Authenticator
from docs_chat.body import read_bytes
from docs_chat.errors import HttpError, bad_request
from docs_chat.protocol import clean

#: The lines around a file in a multipart body.
FRAME_BYTES = 8 * 1024
UPLOAD_SECONDS = 60


def make_upload_router(auth: Authenticator, attachments: Attachments) -> APIRouter:
    router = APIRouter()

    @router.post("/chatkit/attachments/{attachment_id}")
    async def upload(request: Request, attachment_id: str) -> JSONResponse:
        reader = await auth.require(request.headers.get("authorization", ""))
        attachment_id = clean(attachment_id)
        size = await attachments.expect(attachment_id, reader.owner)
        too_large = HttpError(413, "too_large", "The file is larger than was announced.")
        body = await read_bytes(request, size + FRAME_BYTES, UPLOAD_SECONDS, too_large)
        content = await read_file(request, body)
        if len(content) > size:
            raise too_large
        found = await attachments.fill(attachment_id, content, reader.owner)
        return JSONResponse(found.model_dump(mode="json", exclude_none=True), headers={"Cache-Control": "no-store"})

    return router


async def read_file(request: Request, body: bytes) -> bytes:
    """The field `file` of a form.

    :raises HttpError: 415 or 400 when there is none.
    """
    kind, _, _ = request.headers.get("content-type", "").partition(";")
    if kind.strip().lower() != "multipart/form-data":
        raise HttpError(415, "unsupported_media_type", "The body must be multipart/form-data.")

    async def chunks() -> AsyncGenerator[bytes]:
        yield body
        if not parser.items:
            # Said from in here, or the parser would leave open what it has of a file.
            raise MultiPartException("The part has no end.")

    parser = MultiPartParser(request.headers, chunks(), max_files=1, max_fields=0)
    # In memory as a whole: it is there already, and not to be left on a disk.
    parser.spool_max_size = len(body) + 1
    try:
        form = await parser.parse()
    except (MultiPartException, KeyError, ValueError):
        raise bad_request("The body is no form with one file.") from None
    try:
        file = form.get("file")
        if not isinstance(file, UploadFile):
            raise bad_request("The form has no file in the field `file`.")
        return await file.read()
    finally:
        await form.close()

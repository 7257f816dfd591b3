"""Object storage of the tests' own: moto's S3 server, in memory, a process that can be killed."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

import httpx2

from .conftest import free_port

BUCKET = "docs-bucket"
READY_SECONDS = 60
#: moto looks at who asks, and believes it.
SIGNED = {
    "Authorization": "AWS4-HMAC-SHA256 Credential=test/20260101/us-east-1/s3/aws4_request, "
    "SignedHeaders=host, Signature=0"
}


class S3:
    def __init__(self) -> None:
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.start()

    @property
    def environment(self) -> dict[str, str]:
        keys = {"AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test", "AWS_REGION": "us-east-1"}
        # The machine that this runs on is asked for no keys.
        return {**keys, "AWS_ENDPOINT_URL": self.url, "AWS_EC2_METADATA_DISABLED": "true"}

    def start(self) -> None:
        command = [str(Path(sys.executable).parent / "moto_server"), "-p", str(self.port)]
        self.process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        deadline = time.monotonic() + READY_SECONDS
        while True:
            try:
                self.request("PUT", "")
                return
            except httpx2.HTTPError:
                assert time.monotonic() < deadline, "moto does not answer"
                time.sleep(0.1)

    def wait_a_second(self) -> None:
        """Until what is written next is younger than what was: it tells whole seconds, as AWS does."""
        time.sleep(1 - time.time() % 1)

    def stop(self) -> None:
        self.process.kill()
        self.process.wait()

    def spoil(self, name: str) -> None:
        """Another bit in the middle of an object."""
        content = bytearray(self.read(name))
        content[len(content) // 2] ^= 1
        self.write(name, bytes(content))

    def request(self, method: str, name: str, data: bytes | None = None) -> httpx2.Response:
        response = httpx2.request(method, f"{self.url}/{BUCKET}{name}", content=data, headers=SIGNED)
        response.raise_for_status()
        return response

    def read(self, name: str) -> bytes:
        return self.request("GET", f"/{name}").content

    def write(self, name: str, data: bytes) -> None:
        self.request("PUT", f"/{name}", data)

    def delete(self, name: str) -> None:
        self.request("DELETE", f"/{name}")

    def list(self) -> list[str]:
        text = self.request("GET", "?list-type=2&max-keys=1000").text
        names = [part.partition("</Key>")[0] for part in text.split("<Key>")[1:]]
        # Folders are no objects; some clients leave empty ones where something was deleted.
        return [name for name in names if not name.endswith("/")]

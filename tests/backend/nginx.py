"""nginx of the tests' own, with the configuration that operators get: `deploy/nginx.conf`."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path

from .conftest import free_port, is_listening

CONFIG = Path(__file__).parents[2] / "deploy" / "nginx.conf"
#: What the package's own nginx.conf has around a site, for a folder of the tests.
AROUND = """
daemon off;
pid nginx.pid;
error_log error.log info;
worker_processes 2;
{user}
events {{ }}
http {{
  access_log off;
  # Some compress whatever there is.
  gzip on;
  gzip_proxied any;
  gzip_types *;
  client_body_temp_path body;
  proxy_temp_path proxy;
  fastcgi_temp_path fastcgi;
  uwsgi_temp_path uwsgi;
  scgi_temp_path scgi;
  include site.conf;
}}
"""


def find_nginx() -> str | None:
    # Debian keeps it off a user's PATH.
    return shutil.which("nginx", path=f"{os.environ.get('PATH', '')}:/usr/sbin:/usr/local/sbin")


class Nginx:
    """It passes on to these servers, on a port of its own.

    :param folder: its own, with `site.conf` in it and the built site in `build`.
    """

    def __init__(self, program: str, folder: Path, servers: Sequence[str]) -> None:
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.folder = folder
        addresses = {f"docs-chat-{number}:8000": server for number, server in enumerate(servers, 1)}
        places = {"listen 80;": f"listen 127.0.0.1:{self.port};", "/srv/docs/build": str(folder / "build")}
        text = CONFIG.read_text()
        for old, new in {**addresses, **places}.items():
            assert text.count(old) == 1, f"{old} is not once in {CONFIG.name}"
            text = text.replace(old, new)
        (folder / "site.conf").write_text(text)
        (folder / "build").mkdir()
        # Started by root its processes would be another user's, to whom the tests' folders are closed.
        (folder / "main.conf").write_text(AROUND.format(user="user root;" if os.geteuid() == 0 else ""))
        self.command = [program, "-p", str(folder), "-c", "main.conf", "-e", "error.log"]
        checked = subprocess.run([*self.command, "-t"], capture_output=True, text=True)
        assert checked.returncode == 0, checked.stderr
        self.start()

    def start(self) -> None:
        self.process = subprocess.Popen(self.command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        assert is_listening(self.port), f"nginx does not answer: {(self.folder / 'error.log').read_text()}"

    def stop(self) -> None:
        self.process.terminate()
        self.process.wait()

    def restart(self) -> None:
        self.stop()
        self.start()

"""Runs the application on a socket: says when it really listens, and ends cleanly when it is told to."""

from __future__ import annotations

import gc
import json
import signal
import socket
import sys
from collections.abc import Callable

import uvicorn
from docs_index.errors import UserError
from fastapi import FastAPI

from docs_chat.routes import Services
from docs_chat.stream import drain
from docs_chat.strings import say

#: For what is not an answer, once the answers have ended.
SHUTDOWN_SECONDS = 5
#: How long data may wait for a reader's machine to take it, before the system gives the connection up.
UNREAD_SECONDS = 60
#: New objects before the collector looks at them: a stream makes many, and none that it would have to find.
COLLECT_AFTER = (10_000, 20, 20)
#: The database has a thread of its own: while the loop has much to do, it waits so long for each of its turns.
SWITCH_SECONDS = 0.0005


class Server(uvicorn.Server):
    """uvicorn that calls back once it accepts connections, and ends open answers with a last event."""

    def __init__(self, app: FastAPI, announce: Callable[[], None]) -> None:
        self.services: Services = app.state.services
        super().__init__(
            uvicorn.Config(
                app,
                log_config=None,
                access_log=False,
                server_header=False,
                forwarded_allow_ips=self.services.settings.trusted_proxies,
                timeout_graceful_shutdown=SHUTDOWN_SECONDS,
            )
        )
        self.announce = announce

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets=sockets)
        if self.started:
            self.announce()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Answers end first, and meanwhile requests are still heard: a load balancer has to learn of it."""
        self.services.closing.set()
        message = {"type": "error", "code": "custom", "message": say("stopping", "en"), "allow_retry": True}
        farewell = f"data: {json.dumps(message)}\n\n".encode()
        seconds = self.services.settings.grace_seconds
        await drain(self.services.streams, seconds, farewell, lambda: self.force_exit)
        await super().shutdown(sockets=sockets)


def tune_process() -> None:
    """For a process that does nothing but serve, once all is loaded."""
    sys.setswitchinterval(SWITCH_SECONDS)
    # What is loaded now stays: the collector need not look at it again with every answer.
    gc.collect()
    gc.freeze()
    gc.set_threshold(*COLLECT_AFTER)


def listen(host: str, port: int) -> socket.socket:
    """A socket bound to the address.

    :raises UserError: the port is taken or the address is not this machine's.
    """
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        server = socket.socket(family, kind, protocol)
        server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if hasattr(socket, "TCP_USER_TIMEOUT"):
            server.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, UNREAD_SECONDS * 1000)
        server.bind(address)
        server.listen(2048)
    except OSError as error:
        taken = isinstance(error, OSError) and error.errno in (48, 98, 10048)
        reason = "is already in use" if taken else f"cannot be used: {error.strerror or error}"
        raise UserError(
            f"Port {port} on {host} {reason}.", hint="Take another one with --port, or stop what uses it."
        ) from None
    return server


def run_server(app: FastAPI, server_socket: socket.socket, announce: Callable[[], None]) -> None:
    """Serve until SIGINT or SIGTERM; open answers get `grace_seconds` to finish."""

    def begin() -> None:
        tune_process()
        announce()

    server = Server(app, begin)
    # Before uvicorn listens to them a signal counts too, and none is a failure: it raises them again when it is done.
    for name in (signal.SIGINT, signal.SIGTERM):
        signal.signal(name, server.handle_exit)
    server.run(sockets=[server_socket])

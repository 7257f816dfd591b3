"""A door in front of a model: its answer comes through up to a word, the rest when the test says so."""

from __future__ import annotations

import socket
import threading
from contextlib import suppress

from .conftest import free_port


class Gate:
    """Passes connections on to a local port."""

    def __init__(self, target: str) -> None:
        self.target = int(target.rpartition(":")[2])
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.word = b""
        self.moved = threading.Condition()
        self.listener = socket.create_server(("127.0.0.1", self.port))
        self.accepting = threading.Thread(target=self.accept, daemon=True)
        self.accepting.start()

    def close_after(self, word: str) -> None:
        """Of an answer nothing comes through after the piece with this word; what waits goes on up to there."""
        with self.moved:
            self.word = word.encode()
            self.moved.notify_all()

    def open(self) -> None:
        self.close_after("")

    def accept(self) -> None:
        with suppress(OSError):
            while True:
                client, _ = self.listener.accept()
                threading.Thread(target=self.serve, args=(client,), daemon=True).start()

    def serve(self, client: socket.socket) -> None:
        with client, socket.create_connection(("127.0.0.1", self.target)) as server:
            asking = threading.Thread(target=self.pass_on, args=(client, server, False), daemon=True)
            asking.start()
            self.pass_on(server, client, True)
            # Wakes who still waits for the client's next word.
            with suppress(OSError):
                client.shutdown(socket.SHUT_RDWR)
            asking.join()

    def pass_on(self, source: socket.socket, sink: socket.socket, held: bool) -> None:
        with suppress(OSError):
            while data := source.recv(65536):
                sink.sendall(data)
                word = self.word
                if held and word and word in data:
                    with self.moved:
                        self.moved.wait_for(lambda closed=word: self.word != closed)  # type: ignore[misc]
        with suppress(OSError):
            sink.shutdown(socket.SHUT_WR)

    def stop(self) -> None:
        self.open()
        # Closing it would not wake who waits for a connection.
        self.listener.shutdown(socket.SHUT_RDWR)
        self.accepting.join()
        self.listener.close()

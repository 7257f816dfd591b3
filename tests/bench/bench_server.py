"""What the server costs beyond what cannot be avoided, with a model that costs nothing.

Each part is a process of its own: `docs-chat serve` with SQLite and the engine `openai`, a model that speaks the
Responses API over HTTP (``stand_ins.model``), a bare Starlette app that streams the same bytes (``stand_ins.peer``),
both run by uvicorn as the server is, and the readers (this one, over plain sockets). CPU is that of the server's
process with all its threads, read from its clock: on a shared machine it holds still where wall time does not.

- Before the model is called: readers ask one after the other. CPU and wall time from the moment before the request is
  sent until the model has its request: identity, limits, storage, search, prompt, and the way there.
- First visible event: of the same requests, until the first event and until the trace of the search has come.
- Per event: readers whose answers come at 20 events a second, so fast does the server let them. The whole: the CPU of
  everything, search, storage and suggested questions included, over the events that came. One more event: the CPU
  while all of them do nothing but stream, over the events that came then. The peer does it in the same run, by turns;
  the best round of each counts. Models are faster than 20 deltas a second: what reading five deltas for each event
  costs is shown too. The peer reads no provider's HTTP stream: ``load`` shows the ratio without it.
- Many readers: they start over five seconds. The model takes no time of its own, so the time until the first event
  and until the first word is the server's, and the machine's: the peer's beside it shows how much of it is that.

`python -m tests.bench.bench_server`; Linux only.
"""

from __future__ import annotations

import asyncio
import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from itertools import islice, product
from math import isnan, nan
from pathlib import Path
from typing import Any

import httpx2
import numpy as np
from docs_index.build import build_index
from docs_index.index import Index
from docs_index.parts import read_parts

from tests.bench.stand_ins import DELTA_TYPE, cpu_of

ROOT = Path(__file__).parents[2]
BIN = Path(sys.executable).parent
PAUSE = 0.05
ROUNDS = 2
STREAMS, SECONDS, SPREAD = 50, 5.0, 1.5
FAST_STREAMS, FAST_PAUSE = 20, 0.01
MANY, MANY_DELTAS, MANY_SPREAD = 200, 40, 5.0
ASKED = 60
FORMS = (
    "How does {} work?",
    "What should I know about {}?",
    "Where do I set {}?",
    "Can I change {} and how?",
    "Is there anything to do for {}?",
    "When do I need {}?",
    "Explain {} to me",
    "Why is there {}?",
)


@dataclass(slots=True)
class Stream:
    """One answer as a reader got it, in seconds of the monotonic clock. ``chunks``: when, and how many events."""

    sent: float
    first: float = 0.0
    trace: float = 0.0
    word: float = 0.0
    chunks: list[tuple[float, int]] = field(default_factory=list)
    body: bytes = b""

    @property
    def events(self) -> int:
        return self.body.count(b"data: {")

    def note(self, now: float, chunk: bytes) -> None:
        self.body += chunk
        self.chunks.append((now, chunk.count(b"data: {")))
        if not self.first and b"data: " in self.body:
            self.first = now
        if not self.trace and b'"type":"workflow"' in self.body:
            self.trace = now
        if not self.word and DELTA_TYPE.encode() in self.body:
            self.word = now


@dataclass(frozen=True, slots=True)
class Target:
    """A server that readers ask."""

    url: str
    pid: int

    @property
    def port(self) -> int:
        return int(self.url.rpartition(":")[2])


@dataclass(frozen=True, slots=True)
class Cost:
    """CPU microseconds an event, and what else was seen meanwhile.

    ``more``, and the ``share`` of a core while all answers ran, are not numbers when the machine was too busy for the
    answers to overlap. ``events`` of an answer; ``peak`` of memory, in bytes.
    """

    whole: float
    more: float
    events: float
    streams: list[Stream]
    share: float
    peak: int


class Readers:
    """Never the same question twice, each from another reader: nothing is answered from what was kept. The docs have
    something on each, or no model would be asked."""

    def __init__(self, url: str, index: Path) -> None:
        headings = dict.fromkeys(part.headings[-1] for part in read_parts(index) if part.headings)
        forms = product(FORMS, [heading for heading in headings if heading.isascii()])
        docs = Index.open(str(index))
        questions = (form.format(heading) for form, heading in forms)
        self.questions = (question for question in questions if docs.search(question).state != "nothing")
        self.client = httpx2.Client(base_url=url)
        self.count = 0

    def requests(self, count: int) -> list[bytes]:
        """So many, or fewer when there are no more questions."""
        return [self.request(question) for question in islice(self.questions, count)]

    def request(self, question: str) -> bytes:
        self.count += 1
        message = {"content": [{"type": "input_text", "text": question}], "attachments": [], "inference_options": {}}
        body = json.dumps({"type": "threads.create", "params": {"input": message}})
        address = f"10.0.{self.count // 250}.{self.count % 250 + 1}"
        token = self.client.post("/identity", headers={"X-Forwarded-For": address}).json()["token"]
        head = (
            "POST /chatkit HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\nContent-Type: application/json\r\n"
            f"Authorization: Bearer {token}\r\nX-Forwarded-For: {address}\r\nContent-Length: {len(body)}\r\n\r\n"
        )
        return (head + body).encode()


def main() -> None:
    if not sys.platform.startswith("linux"):
        raise SystemExit("This reads the CPU clock of other processes, which only Linux has.")
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        index = prepare_index(folder)
        model = stack.enter_context(start("model"))
        peer = stack.enter_context(start("peer"))
        server = stack.enter_context(serve(index, folder, model.url))
        readers = Readers(server.url, index)
        plan_model(model, server, 3, 0.0)
        asyncio.run(ask_all(server, readers.requests(5), 1.0))  # warm
        print_before_model(model, server, readers)
        print_events(model, peer, server, readers)
        print_many(model, peer, server, readers)


def print_before_model(model: Target, server: Target, readers: Readers) -> None:
    plan_model(model, server, 3, 0.0)
    used: list[float] = []
    streams: list[Stream] = []
    before: list[tuple[float, float]] = []
    answered = 0
    for request in readers.requests(ASKED):
        time.sleep(0.02)  # what the last one left to do is not this one's
        cpu = cpu_of(server.pid)
        stream = asyncio.run(ask(server, request))
        seen = httpx2.get(f"{model.url}/seen").json()
        streams.append(stream)
        if len(seen) > answered:
            arrived, cpu_then = seen[answered]
            before.append(((cpu_then - cpu) * 1000, (arrived - stream.sent) * 1000))
            answered = len(seen)
        used.append((cpu_of(server.pid) - cpu) * 1000)
    if not before:
        raise SystemExit("The model was never asked.")
    print(f"one reader at a time, {len(streams)} questions, of which {len(before)} reached the model (milliseconds)")
    print_spread("before the model, CPU", [cpu for cpu, _ in before], "p95 60")
    print_spread("before the model, wall", [wall for _, wall in before])
    print_spread("whole request, CPU", used)
    print_spread("first event, wall", [(stream.first - stream.sent) * 1000 for stream in streams], "100")
    print_spread("trace of the search, wall", [(stream.trace - stream.sent) * 1000 for stream in streams], "100")


def print_events(model: Target, peer: Target, server: Target, readers: Readers) -> None:
    plan_model(model, server, round(SECONDS / PAUSE), PAUSE)
    example = asyncio.run(ask(server, readers.requests(1)[0]))
    plan_peer(peer, example, PAUSE)
    ours, theirs = [], []
    for _ in range(ROUNDS):
        requests = readers.requests(STREAMS)
        ours.append(asyncio.run(measure(server, requests)))
        theirs.append(asyncio.run(measure(peer, requests)))
    plan_model(model, server, round(SECONDS / FAST_PAUSE), FAST_PAUSE)
    fast = asyncio.run(measure(server, readers.requests(FAST_STREAMS))).more
    shape = f"{STREAMS} answers at a time of {ours[0].events:.0f} events"
    print(f"events, {shape}, {1 / PAUSE:.0f} a second each (CPU microseconds an event, best of {ROUNDS})")
    for name, at in (("one more event", "more"), ("whole request", "whole")):
        own, bare = (best(getattr(cost, at) for cost in costs) for costs in (ours, theirs))
        print_ratio(name, bare, own, "")
    bare = best(cost.more for cost in theirs)
    print_ratio("one more event, of 5 deltas", bare, fast, "")


def print_ratio(name: str, bare: float, own: float, bar: str) -> None:
    print(f"  {name:27} Starlette {bare:6.1f}   docs-chat {own:6.1f}   {own / bare:5.2f} x   {bar}".rstrip())


def best(values: Iterable[float]) -> float:
    return min((value for value in values if not isnan(value)), default=nan)


def print_many(model: Target, peer: Target, server: Target, readers: Readers) -> None:
    plan_model(model, server, MANY_DELTAS, PAUSE)
    plan_peer(peer, asyncio.run(ask(server, readers.requests(1)[0])), PAUSE)
    requests = readers.requests(MANY)
    bare = asyncio.run(ask_all(peer, requests, MANY_SPREAD))
    cpu, started = cpu_of(server.pid), time.monotonic()
    streams = asyncio.run(ask_all(server, requests, MANY_SPREAD))
    share = (cpu_of(server.pid) - cpu) / (time.monotonic() - started)
    print(f"{MANY} readers within {MANY_SPREAD:.0f} s, {1 / PAUSE:.0f} events a second each (wall milliseconds)")
    print_spread("first event, Starlette", [(stream.first - stream.sent) * 1000 for stream in bare])
    print_spread("first event", [(stream.first - stream.sent) * 1000 for stream in streams])
    print_spread("first word", [(stream.word - stream.sent) * 1000 for stream in streams if stream.word])
    late = [stream.chunks[-1][0] - stream.word - MANY_DELTAS * PAUSE for stream in streams if stream.word]
    print_spread("answer's end, late by", [seconds * 1000 for seconds in late])
    print(f"  the server used {share:.2f} of a core")


def print_spread(name: str, values: list[float], bar: str = "") -> None:
    p50, p95, p99 = np.percentile(values, [50, 95, 99])
    print(f"  {name:27} p50 {p50:7.1f}   p95 {p95:7.1f}   p99 {p99:7.1f}{f'   bar {bar}' if bar else ''}")


async def measure(target: Target, requests: list[bytes], spread: float = SPREAD) -> Cost:
    """Ask, and read CPU clock and memory all the while."""
    samples: list[tuple[float, float]] = []
    peak = 0

    async def sample() -> None:
        nonlocal peak
        while True:
            samples.append((time.monotonic(), cpu_of(target.pid)))
            peak = max(peak, memory_of(target.pid))
            await asyncio.sleep(0.02)

    sampling = asyncio.create_task(sample())
    started = cpu_of(target.pid)
    streams = await ask_all(target, requests, spread)
    used = cpu_of(target.pid) - started
    sampling.cancel()
    answered = [stream for stream in streams if stream.word]
    begin = max(stream.word for stream in answered)
    end = min(stream.chunks[-1][0] for stream in answered) - 2 * PAUSE
    within = [(moment, cpu) for moment, cpu in samples if begin <= moment <= end]
    events = sum(stream.events for stream in streams)
    more = share = nan
    if len(within) >= 20:
        (begin, first), (end, last) = within[0], within[-1]
        came = sum(count for stream in streams for moment, count in stream.chunks if begin < moment <= end)
        more, share = (last - first) / came * 1e6, (last - first) / (end - begin)
    return Cost(used / events * 1e6, more, events / len(streams), streams, share, peak)


def memory_of(pid: int) -> int:
    """What a process holds, in bytes."""
    return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")


async def ask_all(target: Target, requests: list[bytes], spread: float) -> list[Stream]:
    """All of them, started evenly over so many seconds."""

    async def later(number: int, request: bytes) -> Stream:
        await asyncio.sleep(number * spread / len(requests))
        return await ask(target, request)

    return await asyncio.gather(*(later(number, request) for number, request in enumerate(requests)))


async def ask(target: Target, request: bytes) -> Stream:
    reader, writer = await asyncio.open_connection("127.0.0.1", target.port)
    stream = Stream(time.monotonic())
    writer.write(request)
    while chunk := await reader.read(65536):
        stream.note(time.monotonic(), chunk)
    writer.close()
    if not stream.body.startswith(b"HTTP/1.1 200") or b'"type":"error"' in stream.body:
        raise SystemExit(f"No answer: {stream.body[:500].decode(errors='replace')}")
    return stream


def plan_model(model: Target, server: Target, deltas: int, pause: float) -> None:
    plan = {"deltas": deltas, "pause": pause, "pid": server.pid}
    httpx2.post(f"{model.url}/plan", json=plan).raise_for_status()


def plan_words(alone: Target, deltas: int, pause: float) -> None:
    httpx2.post(f"{alone.url}/plan", json={"deltas": deltas, "pause": pause}).raise_for_status()


def plan_peer(peer: Target, example: Stream, pause: float) -> None:
    lines = example.body.decode().splitlines()
    events = [f"{line}\n\n" for line in lines if line.startswith("data: ")]
    httpx2.post(f"{peer.url}/plan", json={"events": events, "pause": pause}).raise_for_status()


def prepare_index(folder: Path) -> Path:
    """A copy of the example site's index, which may be made anew meanwhile; without one the small test site's."""
    known = ROOT / "example-site/.docs-chat/index"
    if (known / "CURRENT").is_file():
        return Path(shutil.copytree(known, folder / "index"))
    site = shutil.copytree(ROOT / "tests/fixtures/mini-site", folder / "site")
    build_index(site, folder / "index", embedder="local")
    return folder / "index"


@contextmanager
def serve(index: Path, folder: Path, model: str) -> Iterator[Target]:
    """The real command, as an operator runs it, but for the limits, which are higher."""
    settings = {
        "OPENAI_BASE_URL": f"{model}/v1",
        "OPENAI_API_KEY": "none",
        "DOCS_CHAT_DATABASE_URL": f"sqlite:///{folder / 'chat.db'}",
        "DOCS_CHAT_LIMITS__ANSWERS_AT_ONCE": "1000",
        "DOCS_CHAT_LIMITS__SITE_QUESTIONS_PER_MINUTE": "100000",
        "DOCS_CHAT_BUDGET__USD_PER_DAY": "100000",
    }
    port = free_port()
    command = [str(BIN / "docs-chat"), "-q", "serve", "--index", str(index), "--port", str(port)]
    with run(command, port, "/healthz", folder, settings) as target:
        yield target


@contextmanager
def start(name: str, *options: str, settings: dict[str, str] | None = None) -> Iterator[Target]:
    port = free_port()
    options += ("--port", str(port), "--log-level", "warning", "--no-access-log", "--no-server-header")
    command = [sys.executable, "-m", "uvicorn", f"tests.bench.stand_ins:{name}", *options]
    with run(command, port, "/plan", ROOT, settings or {}) as target:
        yield target


@contextmanager
def run(command: list[str], port: int, path: str, folder: Path, settings: dict[str, str]) -> Iterator[Target]:
    """A process, once it answers."""
    own = {name: value for name, value in os.environ.items() if not name.startswith(("DOCS_CHAT_", "OPENAI_"))}
    options: dict[str, Any] = {"cwd": folder, "env": {**own, **settings}}
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, **options)
    target = Target(f"http://127.0.0.1:{port}", process.pid)
    try:
        for _ in range(600):
            if process.poll() is not None:
                raise SystemExit(f"It ended at once: {' '.join(command)}")
            try:
                httpx2.get(target.url + path)
                break
            except httpx2.HTTPError:
                time.sleep(0.05)
        yield target
    finally:
        process.terminate()
        process.wait()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


if __name__ == "__main__":
    main()

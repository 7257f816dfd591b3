"""Many readers at once on one server process, and the same server for a long time.

- ``python -m tests.bench.load [STREAMS]``: so many answers (200) at 20 events a second at the same time, with the
  SQLite store; first with an engine in the server's process, then with the real command and a model over HTTP. All
  must end well. Shows how long the first event took, the CPU of one more event beside a bare Starlette app in the same
  run, and the memory of one more answer. Above 100 answers, what a model says reaches its readers in fewer, larger
  events.
- ``python -m tests.bench.load soak MINUTES``: crowds of readers, one after the other, of whom some leave in the middle,
  on the real command with a model over HTTP. Memory, file descriptors and threads are those of the warm server, or it
  ends with 1.

Linux only.
"""

from __future__ import annotations

import asyncio
import sys
import tempfile
import time
from contextlib import ExitStack
from dataclasses import dataclass
from math import isnan
from pathlib import Path

import numpy as np

from tests.bench import bench_server as bench
from tests.bench.bench_server import PAUSE, Cost, Readers, Target

#: Readers begin at a pace at which the machine can search for them, and all read at the same time for a while.
STREAMS, STARTS_A_SECOND, TOGETHER = 200, 15, 10.0
CROWD, CROWD_SECONDS, DELTAS = 40, 4.0, 20
#: What a server that has been used for a third of the time may still grow by: caches that fill.
MORE_MEMORY, MORE_FILES, MORE_THREADS = 0.05, 8, 4


@dataclass(frozen=True, slots=True)
class Footprint:
    """What a process holds. ``memory`` in bytes."""

    memory: int
    files: int
    threads: int


def main(arguments: list[str]) -> None:
    match arguments:
        case []:
            load(STREAMS)
        case [streams] if streams.isdigit() and int(streams) > 0:
            load(int(streams))
        case ["soak", minutes] if minutes.isdigit() and int(minutes) > 0:
            soak(int(minutes))
        case _:
            raise SystemExit("Usage: python -m tests.bench.load [STREAMS] | soak MINUTES")


def load(count: int) -> None:
    spread = count / STARTS_A_SECOND
    deltas = round((spread + TOGETHER) / PAUSE)
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        index = bench.prepare_index(folder)
        own = {"BENCH_INDEX": str(index), "BENCH_DATABASE": f"sqlite:///{folder / 'alone.db'}"}
        # as the command has it: another thread of OpenBLAS would do nothing but wait, at the cost of a core
        own["OPENBLAS_NUM_THREADS"] = "1"
        alone = stack.enter_context(bench.start("alone", "--factory", settings=own))
        peer = stack.enter_context(bench.start("peer"))
        readers = Readers(alone.url, index)
        bench.plan_words(alone, DELTAS, 0.0)
        asyncio.run(bench.ask_all(alone, readers.requests(20), 2.0))  # warm
        bench.plan_words(alone, deltas, PAUSE)
        bench.plan_peer(peer, asyncio.run(bench.ask(alone, readers.requests(1)[0])), PAUSE)
        requests = readers.requests(count)
        theirs = asyncio.run(bench.measure(peer, requests, spread))
        print(f"{count} answers at a time, started over {spread:.0f} s, {1 / PAUSE:.0f} events a second each")
        bench.print_spread("first event, Starlette", first_events(theirs))
        print(f"  Starlette used              {theirs.share:.2f} of a core while all streamed")
        run_load("an engine in the server's process", alone, requests, spread, theirs, "bar 3 x")
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        index = bench.prepare_index(folder)
        model = stack.enter_context(bench.start("model"))
        server = stack.enter_context(bench.serve(index, folder, model.url))
        readers = Readers(server.url, index)
        bench.plan_model(model, server, DELTAS, 0.0)
        asyncio.run(bench.ask_all(server, readers.requests(20), 2.0))  # warm
        bench.plan_model(model, server, deltas, PAUSE)
        run_load("a model over HTTP, whose stream is read too", server, readers.requests(count), spread, theirs, "")


def run_load(what: str, server: Target, requests: list[bytes], spread: float, theirs: Cost, bar: str) -> None:
    before = bench.memory_of(server.pid)
    ours = asyncio.run(bench.measure(server, requests, spread))
    count = len(requests)
    print(f"{what}\n  ended well                  {len(ours.streams)} of {count}")
    bench.print_spread("first event", first_events(ours), "p99 50")
    print(f"  memory of an answer         {(ours.peak - before) / count / 1024:.0f} KiB")
    if isnan(ours.more):
        print("  not all answers ran at the same time: the machine is too slow for the rest")
        return
    seconds = [stream.chunks[-1][0] - stream.word for stream in ours.streams]
    print(f"  events of a reader          {ours.events / np.mean(seconds):.1f} a second")
    bench.print_ratio("one more event", theirs.more, ours.more, bar)
    print(f"  the server used             {ours.share:.2f} of a core while all streamed")


def first_events(cost: Cost) -> list[float]:
    """Milliseconds."""
    return [(stream.first - stream.sent) * 1000 for stream in cost.streams]


def soak(minutes: int) -> None:
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        index = bench.prepare_index(folder)
        model = stack.enter_context(bench.start("model"))
        server = stack.enter_context(bench.serve(index, folder, model.url))
        bench.plan_model(model, server, DELTAS, 0.0)
        readers = Readers(server.url, index)
        started, asked = time.monotonic(), 0
        footprints: list[tuple[float, Footprint]] = []
        while time.monotonic() - started < minutes * 60:
            requests = readers.requests(CROWD)
            if len(requests) < CROWD:
                readers = Readers(server.url, index)
                continue
            asyncio.run(crowd(server, requests))
            asked += CROWD
            footprints.append((time.monotonic() - started, read_footprint(server.pid)))
            if len(footprints) % 10 == 1:
                print_footprint(asked, *footprints[-1])
        print_footprint(asked, *footprints[-1])
    warm = [(found.memory, found.files, found.threads) for moment, found in footprints if moment > minutes * 20]
    third = max(1, len(warm) // 3)
    begin, end = np.median(warm[:third], axis=0), np.median(warm[-third:], axis=0)
    grown = (end[0] > begin[0] * (1 + MORE_MEMORY), end[1] > begin[1] + MORE_FILES, end[2] > begin[2] + MORE_THREADS)
    if any(grown):
        what = [name for name, more in zip(("memory", "file descriptors", "threads"), grown, strict=True) if more]
        raise SystemExit(f"It grew: {', '.join(what)}.")
    print(f"  memory {end[0] / begin[0] - 1:+.1%}, files {end[1] - begin[1]:+.0f}, threads {end[2] - begin[2]:+.0f}")


async def crowd(server: Target, requests: list[bytes]) -> None:
    """Every fourth reader leaves after the first word of the answer, or before it."""

    async def leave(number: int, request: bytes) -> None:
        await asyncio.sleep(number * CROWD_SECONDS / len(requests))
        reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
        writer.write(request)
        await reader.read(1 if number % 8 else 16384)
        writer.transport.abort()

    stay = [request for number, request in enumerate(requests) if number % 4]
    left = [leave(number, request) for number, request in enumerate(requests) if not number % 4]
    await asyncio.gather(bench.ask_all(server, stay, CROWD_SECONDS), *left)


def read_footprint(pid: int) -> Footprint:
    folder = Path(f"/proc/{pid}")
    files, threads = (len(list((folder / name).iterdir())) for name in ("fd", "task"))
    return Footprint(bench.memory_of(pid), files, threads)


def print_footprint(asked: int, seconds: float, found: Footprint) -> None:
    size = f"{found.memory / 2**20:6.0f} MiB   {found.files:4} files   {found.threads:3} threads"
    print(f"  {seconds:6.0f} s   {asked:6} questions   {size}", flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])

"""Several servers as operators run them: PostgreSQL, Redis, the index on object storage, and nginx in front of them."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from itertools import count
from pathlib import Path
from typing import Any

import httpx2
import pytest
from docs_chat.middleware import API_PATHS
from docs_index.remote import push_index

from tests.indexer.editions import publish_edition

from .conftest import BIN, MockModel, free_port, wait_until
from .gate import Gate
from .nginx import Nginx, find_nginx
from .postgres import Postgres
from .reader import Event, Reader, answer_of, question, thread_of
from .redis import Redis, find_redis
from .s3 import BUCKET, S3
from .test_index_swaps import Visitors, served

URI = f"s3://{BUCKET}/docs/index"
QUESTION = "Which edition is this?"
REPLY = {"type": "reply", "text": f"{' '.join(f'word{n}' for n in range(40))} [1].", "times": 1000}
SECRET = "0123456789abcdef0123456789abcdef"
READERS = 8
PER_MINUTE = 10
PER_HOUR = 5
MAX_BODY = 64 * 1024
# Each test may wait for two servers to start, for an index to be looked for, or for a lease to end.
pytestmark = pytest.mark.timeout(300)
addresses = (f"127.0.{number // 200 + 1}.{number % 200 + 1}" for number in count())


class Replica:
    """One server, which can be killed and started again at the same address."""

    def __init__(self, folder: Path, environment: dict[str, str]) -> None:
        self.folder = folder
        self.folder.mkdir()
        self.environment = {**os.environ, **environment}
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.start()

    def start(self) -> None:
        command = [str(BIN / "docs-chat"), "serve", "--index", URI, "--port", str(self.port)]
        with (self.folder / "log").open("ab") as log:
            self.process = subprocess.Popen(command, cwd=self.folder, env=self.environment, stdout=log, stderr=log)

    def wait(self) -> None:
        assert wait_until(lambda: self.process.poll() is not None or is_ready(self.url)), "it does not get ready"
        assert self.process.poll() is None, self.log()

    def log(self) -> str:
        return (self.folder / "log").read_text()

    def kill(self) -> None:
        self.process.kill()
        self.process.wait()


def is_ready(url: str) -> bool:
    try:
        return httpx2.get(f"{url}/readyz").status_code == 200
    except httpx2.HTTPError:
        return False


class Cluster:
    """Two replicas behind nginx."""

    def __init__(self, nginx: Nginx, replicas: list[Replica]) -> None:
        self.url = nginx.url
        self.nginx = nginx
        self.replicas = replicas
        self.readers: list[Reader] = []

    def make_reader(self) -> Reader:
        """Each at an address of its own, as the limits count."""
        reader = Reader(self.url, address=next(addresses))
        self.readers.append(reader)
        return reader

    def ready(self) -> Cluster:
        """Both are at work, and nginx asks both: started again it has forgotten who failed."""
        for replica in self.replicas:
            if replica.process.poll() is not None:
                replica.start()
        for replica in self.replicas:
            replica.wait()
        self.nginx.restart()
        return self

    def close(self) -> None:
        for reader in self.readers:
            reader.close()


@pytest.fixture(scope="module")
def nginx() -> str:
    return need("nginx", find_nginx())


@pytest.fixture(scope="module")
def redis() -> Iterator[Redis]:
    server = Redis(need("redis-server", find_redis()))
    yield server
    server.stop()


def need(package: str, program: str | None) -> str:
    """The program, which CI has; who works on something else may do without."""
    missing = f"{package} is not installed: on Debian, apt-get install {package}"
    if sys.platform != "linux":
        program, missing = None, "needs Linux, where every 127.x.x.x is an address of this machine"
    if program is None:
        if os.environ.get("CI"):
            pytest.fail(missing)
        pytest.skip(missing)
    return program


class Writer:
    """Publishes editions to object storage, as the job that builds the docs does."""

    def __init__(self, folder: Path, environment: dict[str, str]) -> None:
        self.folder = folder
        self.environment = environment

    def publish(self, edition: int) -> str:
        name = publish_edition(self.folder / "site", self.folder / "work", edition)
        with pytest.MonkeyPatch.context() as patch:
            for variable, value in self.environment.items():
                patch.setenv(variable, value)
            push_index(self.folder / "work", URI)
        return name


@pytest.fixture(scope="module")
def s3(nginx: str) -> Iterator[S3]:
    server = S3()
    yield server
    server.stop()


@pytest.fixture(scope="module")
def writer(s3: S3, tmp_path_factory: pytest.TempPathFactory) -> Writer:
    writer = Writer(tmp_path_factory.mktemp("writer"), s3.environment)
    writer.publish(0)
    return writer


@pytest.fixture(scope="module")
def gate(model: MockModel) -> Iterator[Gate]:
    gate = Gate(model.url)
    yield gate
    gate.stop()


@contextmanager
def run_cluster(program: str, folder: Path, environment: dict[str, str]) -> Iterator[Cluster]:
    with ExitStack() as stack:
        replicas = [Replica(folder / f"replica-{number}", environment) for number in (1, 2)]
        for replica in replicas:
            stack.callback(replica.kill)
        (folder / "nginx").mkdir()
        server = Nginx(program, folder / "nginx", [f"127.0.0.1:{replica.port}" for replica in replicas])
        stack.callback(server.stop)
        cluster = Cluster(server, replicas)
        stack.callback(cluster.close)
        for replica in replicas:
            replica.wait()
        yield cluster


@pytest.fixture(scope="module")
def environment(postgres: Postgres, redis: Redis, s3: S3, writer: Writer, gate: Gate) -> dict[str, str]:
    """What all replicas share."""
    return {
        **s3.environment,
        "OPENAI_BASE_URL": f"{gate.url}/v1",
        "DOCS_CHAT_DATABASE_URL": postgres.create_database(),
        "DOCS_CHAT_REDIS_URL": redis.url,
        "DOCS_CHAT_SECRET_KEY": SECRET,
        "DOCS_CHAT_TRUSTED_PROXIES": "127.0.0.1",
        "DOCS_CHAT_GRACE_SECONDS": "60",
        "DOCS_CHAT_LIMITS__QUESTIONS_PER_MINUTE": str(PER_MINUTE),
        "DOCS_CHAT_LIMITS__IDENTITIES_PER_HOUR": str(PER_HOUR),
        "DOCS_CHAT_ANSWER__CACHE_DAYS": "0",
        "DOCS_CHAT_ANSWER__REWRITE": "false",
        "DOCS_CHAT_ANSWER__IDLE_SECONDS": "60",
    }


@pytest.fixture(scope="module")
def running(nginx: str, environment: dict[str, str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    with run_cluster(nginx, tmp_path_factory.mktemp("cluster"), environment) as cluster:
        yield cluster


@pytest.fixture
def cluster(running: Cluster, model: MockModel, gate: Gate) -> Iterator[Cluster]:
    """Both replicas, also after a test that stopped one."""
    model.script(REPLY)
    gate.open()
    yield running.ready()
    gate.open()


class Conversation:
    """A reader who has had one answer and now gets a second one in the same thread."""

    def __init__(self, reader: Reader) -> None:
        self.reader = reader
        self.events = reader.ask(QUESTION)
        self.thread_id = thread_of(self.events)
        self.second: list[Event] = []
        self.error: Exception | None = None
        self.thread = threading.Thread(target=self.ask)

    def ask(self) -> None:
        try:
            with self.reader.stream(QUESTION, self.thread_id) as events:
                for event in events:
                    self.second.append(event)
        except httpx2.HTTPError as error:
            self.error = error

    @property
    def speaks(self) -> bool:
        return "word2" in "".join(words_of(event) for event in self.second)

    @property
    def acknowledged(self) -> list[Event]:
        """The items of which the reader was told that they are done."""
        return [event["item"] for event in self.events + self.second if event["type"] == "thread.item.done"]

    @property
    def is_complete(self) -> bool:
        return self.error is None and answer_of(self.second)["text"].endswith("word39.")

    def check(self) -> None:
        """:raises AssertionError: something that was acknowledged is not there any more."""
        stored = {item["id"]: item for item in self.reader.items(self.thread_id)}
        for item in self.acknowledged:
            assert stored[item["id"]] == item


def words_of(event: Event) -> str:
    return str(event.get("update", {}).get("delta", ""))


@pytest.fixture
def conversations(cluster: Cluster, gate: Gate) -> Iterator[list[Conversation]]:
    """On both replicas, in the middle of an answer that goes on when the gate opens."""
    talking = [Conversation(cluster.make_reader()) for _ in range(READERS)]
    gate.close_after("word20")
    for each in talking:
        each.thread.start()
    assert wait_until(lambda: all(each.speaks for each in talking), 30)
    yield talking
    gate.open()
    for each in talking:
        each.thread.join()


def test_a_replica_that_is_killed_takes_nothing_with_it_that_was_acknowledged(
    cluster: Cluster, conversations: list[Conversation], gate: Gate
) -> None:
    cluster.replicas[0].kill()
    # Who asks now is not told of it: not one question goes to the dead one.
    late = [cluster.make_reader() for _ in range(4)]
    for reader in late:
        with reader.stream(QUESTION) as events:
            assert next(events)["type"] == "thread.created"
    gate.open()
    for each in conversations:
        each.thread.join()
    broken = [each for each in conversations if each.error]
    assert 0 < len(broken) < READERS
    assert all(each.is_complete for each in conversations if not each.error)
    for each in conversations:
        # Both questions and the first answer at least.
        kinds = [item["type"] for item in each.acknowledged if item["type"].endswith("_message")]
        assert kinds[:3] == ["user_message", "assistant_message", "user_message"]
        each.check()

    def ask_again(each: Conversation) -> set[int]:
        kind, params = question(QUESTION, each.thread_id)
        statuses: set[int] = set()

        def is_answered() -> bool:
            statuses.add(each.reader.post(kind, params).status_code)
            return 200 in statuses

        assert wait_until(is_answered)
        return statuses

    # Their turn ends with the lease that the dead one held; until then they are told so, and nothing else.
    with ThreadPoolExecutor(READERS) as pool:
        assert set().union(*pool.map(ask_again, broken)) <= {200, 409}
    for each in conversations:
        each.check()


def test_a_replica_that_is_stopped_is_not_noticed(
    cluster: Cluster, conversations: list[Conversation], gate: Gate
) -> None:
    stopped = cluster.replicas[0]
    stopped.process.send_signal(signal.SIGTERM)
    assert wait_until(lambda: not is_ready(stopped.url))
    late = [cluster.make_reader() for _ in range(4)]
    for reader in late:
        with reader.stream(QUESTION) as events:
            assert next(events)["type"] == "thread.created"
    assert stopped.process.poll() is None, "its answers have not ended"
    gate.open()
    for each in conversations:
        each.thread.join()
    assert stopped.process.wait() == 0
    assert "Traceback" not in stopped.log()
    assert all(each.is_complete for each in conversations)
    for each in conversations:
        each.check()


def test_a_question_that_a_replica_may_have_stored_is_asked_of_no_other(cluster: Cluster) -> None:
    readers = [cluster.make_reader() for _ in cluster.replicas]
    for replica in cluster.replicas:
        replica.process.send_signal(signal.SIGSTOP)
    try:
        with ThreadPoolExecutor(len(readers)) as pool:
            asked = [pool.submit(reader.post, *question(QUESTION)) for reader in readers]
            assert wait_until(lambda: all(has_unread(replica.port) for replica in cluster.replicas), 20)
            cluster.replicas[0].kill()
            cluster.replicas[1].process.send_signal(signal.SIGCONT)
            statuses = [future.result().status_code for future in asked]
    finally:
        for replica in cluster.replicas:
            replica.process.send_signal(signal.SIGCONT)
    assert sorted(statuses) == [200, 502]
    for reader in readers:
        assert answer_of(reader.ask(QUESTION))


def has_unread(port: int) -> bool:
    """Whether a request waits for the process that listens there."""
    lines = [line.split() for line in Path("/proc/net/tcp").read_text().splitlines()[1:]]
    established = [line[4] for line in lines if line[1].endswith(f":{port:04X}") and line[3] == "01"]
    return any(int(queues.partition(":")[2], 16) > 0 for queues in established)


def test_a_published_index_reaches_all_replicas_and_no_answer_fails(
    cluster: Cluster, conversations: list[Conversation], gate: Gate, writer: Writer
) -> None:
    visitors = Visitors(cluster.url)
    try:
        new = writer.publish(1)
        assert wait_until(lambda: all(served(replica.url) == new for replica in cluster.replicas))
    finally:
        visitors.stop()
    gate.open()
    for each in conversations:
        each.thread.join()
    assert visitors.failures == []
    assert visitors.answers > 0
    assert all(each.is_complete for each in conversations)


def test_an_answer_is_shown_as_it_is_written(cluster: Cluster, gate: Gate) -> None:
    gate.close_after("word10")
    reader = cluster.make_reader()
    with reader.stream(QUESTION) as events:
        words = ""
        for number in range(10, 40, 5):
            # The model does not go on before the reader has what it wrote so far.
            gate.close_after(f"word{number}")
            while f"word{number - 2}" not in words:
                words += words_of(next(events))
        assert "word39" not in words
        gate.open()
        assert answer_of(list(events))["text"].endswith("word39.")


def test_what_one_replica_counted_the_other_one_refuses(cluster: Cluster) -> None:
    reader = cluster.make_reader()
    kind, params = question(QUESTION)
    statuses = [reader.post(kind, params).status_code for _ in range(PER_MINUTE + 2)]
    assert statuses == [200] * PER_MINUTE + [429] * 2
    for replica in cluster.replicas:
        refused = httpx2.post(f"{replica.url}/chatkit", json={"type": kind, "params": params}, headers=reader.headers)
        assert refused.json()["error"]["code"] == "rate_limited"


def test_readers_are_told_apart_by_the_address_that_nginx_sees(cluster: Cluster) -> None:
    def mint(client: httpx2.Client, number: int) -> int:
        return client.post("/identity", headers={"X-Forwarded-For": f"198.51.100.{number}"}).status_code

    statuses: list[list[int]] = []
    for _ in range(2):
        transport = httpx2.HTTPTransport(local_address=next(addresses))
        with httpx2.Client(base_url=cluster.url, transport=transport) as client:
            statuses.append([mint(client, number) for number in range(PER_HOUR + 2)])
    assert statuses == [[200] * PER_HOUR + [429] * 2] * 2


def test_the_budget_is_one_for_all_replicas(
    nginx: str, environment: dict[str, str], postgres: Postgres, model: MockModel, gate: Gate, tmp_path: Path
) -> None:
    model.script(REPLY)
    gate.open()
    own = {
        "DOCS_CHAT_DATABASE_URL": postgres.create_database(),
        "DOCS_CHAT_ANSWER__MAX_OUTPUT_TOKENS": "500",
        "DOCS_CHAT_BUDGET__TOKENS_PER_DAY": "3000",
    }
    with run_cluster(nginx, tmp_path, {**environment, **own}) as cluster:
        reader = cluster.make_reader()
        asked = [was_refused(reader.ask(QUESTION)) for _ in range(PER_MINUTE - 2)]
        assert asked == sorted(asked), "once it is spent it stays spent"
        assert (asked[0], asked[-1]) == (False, True)
        assert len(model.requests()) == asked.count(False)
        for replica in cluster.replicas:
            reader.client.base_url = replica.url
            assert was_refused(reader.ask(QUESTION))


def was_refused(events: list[Event]) -> bool:
    return any(event["type"] == "notice" and "budget" in event["message"] for event in events)


@pytest.mark.parametrize("path", sorted(API_PATHS))
def test_nginx_passes_on_what_readers_need(cluster: Cluster, path: str) -> None:
    response = httpx2.get(f"{cluster.url}{path}")
    assert response.headers["content-type"] == "application/json"
    assert response.headers["x-request-id"]


@pytest.mark.parametrize("path", ["/readyz", "/healthz", "/metrics", "/missing"])
def test_nginx_keeps_the_rest_to_itself(cluster: Cluster, path: str) -> None:
    response = httpx2.get(f"{cluster.url}{path}")
    assert response.status_code == 404
    assert "x-request-id" not in response.headers


def test_the_site_and_its_chat_have_one_origin(cluster: Cluster) -> None:
    page = cluster.nginx.folder / "build" / "docs" / "intro.html"
    page.parent.mkdir(exist_ok=True)
    page.write_text("<h1>Introduction</h1>")
    assert httpx2.get(f"{cluster.url}/docs/intro").text == "<h1>Introduction</h1>"
    assert httpx2.get(f"{cluster.url}/api/search?q=x", headers={"Origin": cluster.url}).status_code == 200
    assert httpx2.get(f"{cluster.url}/api/search?q=x", headers={"Origin": "http://127.0.0.1"}).status_code == 403


def test_nginx_takes_as_much_as_the_server_does(cluster: Cluster) -> None:
    def send(path: str, size: int) -> httpx2.Response:
        headers = {"Content-Type": "application/json", **cluster.readers[0].headers}
        return httpx2.post(f"{cluster.url}{path}", content=b" " * size, headers=headers)

    cluster.make_reader()
    # The server's own error: the body came through.
    assert send("/chatkit", MAX_BODY).json()["error"]["code"] == "invalid_request"
    refused: Any = send("/chatkit", MAX_BODY + 1)
    assert (refused.status_code, "x-request-id" in refused.headers) == (413, False)
    # The server refuses it without reading it: that must not look like a failure of the server.
    files = [send("/chatkit/attachments/atc_1", 5 * 1024 * 1024) for _ in range(20)]
    assert {response.status_code for response in files} == {404}

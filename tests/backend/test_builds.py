"""An old tab and a preview get answers for what they show: from the snapshot of their build, never more than the live
index allows, and from the live index when there is no such snapshot."""

from __future__ import annotations

import asyncio
import gc
import json
import shutil
import subprocess
import threading
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import MappingProxyType

import httpx2
import pytest
from docs_chat import builds
from docs_chat.search import Scope, Searcher
from docs_chat.settings import Settings
from docs_index.build import build_index
from docs_index.builds import read_refs
from docs_index.index import Index
from docs_index.lease import is_free

from tests.indexer.editions import write_manifest

from .conftest import BIN, MockModel, Serve, run_cli, serving, wait_until
from .issuer import Issuer, run_issuer
from .reader import Reader, answer_of
from .test_auth import make_settings
from .test_index_swaps import served
from .test_visibility import leaks, sign_in

CONFIG = "export default {url: 'https://example.com', baseUrl: '/', presets: [['classic', {docs: {}, blog: {}}]]};"
QUESTION = "How do I start the kettle?"
OLD, NEW, NEXT = "a" * 16, "b" * 16, "c" * 16
OTHER = "# Clean the kettle\n\nDescale the kettle with vinegar once a month, then rinse it.\n"
KNOB = "# Kettle\n\n## Turn the knob\n\nTo start the kettle, turn the knob to the right until it clicks.\n"
BUTTON = "# Kettle\n\n## Press the button\n\nTo start the kettle, press the green button until it glows.\n"
VOICE = "# Kettle\n\n## Say hello\n\nTo start the kettle, say hello to it in a friendly voice and wait.\n"
SERVICE = "# Service menu\n\nHold zebrafish and quokka together to open the service menu of the kettle.\n"


class Site:
    """A site that is built and indexed again and again."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder / "site"
        self.index = folder / "index"
        (self.folder / "docs").mkdir(parents=True)
        self.write({"docusaurus.config.js": CONFIG, "docs/clean.md": OTHER})

    def write(self, files: dict[str, str | None]) -> None:
        for name, text in files.items():
            path = self.folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.unlink(missing_ok=True) if text is None else path.write_text(text)

    def publish(
        self,
        start: str,
        build: str,
        *,
        preview: bool = False,
        keep: int = 5,
        files: Mapping[str, str | None] = MappingProxyType({}),
    ) -> str:
        """Gives the snapshot's id."""
        named = {f"docs/{name}.md": text for name, text in files.items()}
        self.write({"docs/start.md": start, **named})
        write_manifest(self.folder, build)
        return build_index(self.folder, self.index, embedder="none", preview=preview, keep=keep).snapshot


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("docs_chat.search.FOLLOW_SECONDS", 0.02)


@pytest.fixture
def docs(tmp_path: Path) -> Site:
    """Two generations: the old tabs show the first."""
    site = Site(tmp_path)
    site.publish(KNOB, OLD)
    site.publish(BUTTON, NEW)
    return site


def search(url: str, build: str | None = None, question: str = QUESTION, **params: str) -> list[str]:
    """The addresses that a search gives."""
    asked = {"q": question, "k": "20", **params} | ({"build": build} if build else {})
    response = httpx2.get(f"{url}/api/search", params=asked)
    assert response.status_code == 200, response.text
    return [result["url"].removeprefix("https://example.com") for result in response.json()["results"]]


def way(url: str, build: str | None = None) -> str:
    """The section that says how to start the kettle: another one in each generation."""
    return next(address.partition("#")[2] for address in search(url, build) if address.startswith("/docs/start#"))


def cited(url: str, build: str | None, question: str = QUESTION) -> tuple[str, list[str]]:
    """The text of an answer, and what it cites."""
    reader = Reader(url)
    answer = answer_of(reader.ask(question, None, **({"X-Docs-Chat-Build": build} if build else {})))
    reader.close()
    return answer["text"], [note["source"]["data"]["url"] for note in answer["annotations"]]


def open_snapshots(docs: Site) -> set[str]:
    """Those whose files somebody holds."""
    found = set()
    for folder in (docs.index / "snapshots").iterdir():
        with is_free(folder / "snapshot.json") as free:
            if not free:
                found.add(folder.name)
    return found


# --- what each is answered from -------------------------------------------------------------------------------------


def test_an_old_tab_is_answered_from_what_it_shows_and_a_new_one_from_what_is_live(serve: Serve, docs: Site) -> None:
    url = serve(index=str(docs.index))
    for build, words, anchor in ((OLD, "turn the knob", "turn-the-knob"), (NEW, "press the", "press-the-button")):
        text, links = cited(url, build)
        assert words in text
        assert f"https://example.com/docs/start#{anchor}" in links
        assert way(url, build) == anchor
    assert "press the green button" in cited(url, None)[0]
    assert served(url) == docs.publish(BUTTON, NEW)


def test_pages_and_their_names_are_those_of_the_build(serve: Serve, docs: Site) -> None:
    docs.publish(BUTTON, NEXT, files={"clean": None, "lamp": "# The lamp\n\nIt glows green while the kettle is on.\n"})
    url = serve(index=str(docs.index))

    def titles(build: str) -> set[str]:
        found = httpx2.get(f"{url}/api/pages", params={"build": build}).json()["pages"]
        return {page["title"] for page in found}

    assert titles(OLD) == {"start", "clean"}
    assert titles(NEXT) == {"start", "lamp"}
    # What the question names is a page of the build, or none.
    reader = Reader(url)
    tag = {"type": "input_tag", "id": "1", "text": "@Clean", "data": {"permalink": "/docs/clean"}}
    content = {"content": [{"type": "input_text", "text": "What does it say?"}, tag], "attachments": []}

    def ask(build: str) -> str:
        params = {"input": {**content, "inference_options": {}}}
        return reader.post("threads.create", params, **{"X-Docs-Chat-Build": build}).text

    assert "vinegar" in ask(OLD)
    assert "vinegar" not in ask(NEXT)
    reader.close()


def test_a_restarted_server_knows_the_builds(serve: Serve, docs: Site) -> None:
    assert [way(serve(index=str(docs.index)), OLD) for _ in range(2)] == ["turn-the-knob"] * 2


def test_a_preview_is_answered_from_itself_and_what_is_live_stays(serve: Serve, docs: Site) -> None:
    url = serve(index=str(docs.index))
    live = served(url)
    docs.publish(VOICE, NEXT, preview=True)
    assert wait_until(lambda: way(url, NEXT) == "say-hello")
    assert "friendly voice" in cited(url, NEXT)[0]
    assert (served(url), way(url)) == (live, "press-the-button")
    # It goes live: the same readers, another snapshot.
    docs.publish(VOICE, NEXT)
    assert wait_until(lambda: served(url) != live)
    assert way(url, NEXT) == way(url) == "say-hello"
    assert way(url, NEW) == "press-the-button"


@pytest.mark.parametrize("build", ["f" * 16, "", "x", "A" * 16, "../" * 5, "a" * 5000, "é" * 16, "\0"])
def test_a_build_that_nobody_knows_is_answered_from_the_live_index(serve: Serve, docs: Site, build: str) -> None:
    url = serve(index=str(docs.index))
    assert search(url, build) == search(url)
    if build.isascii() and build.isprintable():
        assert cited(url, build) == cited(url, None)


def test_a_build_whose_snapshot_is_gone_is_answered_from_the_live_index(
    serve: Serve, docs: Site, caplog: pytest.LogCaptureFixture
) -> None:
    url = serve(index=str(docs.index))
    for edition in range(6):
        docs.publish(BUTTON + f"\nIt glows {edition} times.\n", f"{edition:016x}")
    assert OLD not in read_refs(docs.index)
    assert wait_until(lambda: way(url, OLD) == "press-the-button")
    assert "Answering from the live index" not in caplog.text


def test_who_deletes_the_builds_withdraws_all_but_what_is_live(serve: Serve, docs: Site) -> None:
    url = serve(index=str(docs.index))
    assert way(url, OLD) == "turn-the-knob"
    shutil.rmtree(docs.index / "builds")
    assert wait_until(lambda: way(url, OLD) == "press-the-button")
    assert wait_until(lambda: open_snapshots(docs) == {served(url)})


@pytest.mark.parametrize("damage", ["byte", "missing", "embedder"])
def test_a_snapshot_that_cannot_be_used_is_said_once_and_the_live_index_answers(
    serve: Serve, docs: Site, damage: str, caplog: pytest.LogCaptureFixture
) -> None:
    folder = docs.index / "snapshots" / read_refs(docs.index)[OLD]
    match damage:
        case "byte":
            data = next((folder / "sections.lance" / "data").iterdir())
            content = bytearray(data.read_bytes())
            content[len(content) // 2] ^= 1
            data.write_bytes(content)
        case "missing":
            shutil.rmtree(folder)
        case "embedder":
            build_index(docs.folder, docs.index, embedder="local")
    url = serve(index=str(docs.index))
    assert way(url, OLD) == "press-the-button"
    assert "press the green button" in cited(url, OLD)[0]
    assert caplog.text.count("Answering from the live index, not from") == 1
    assert httpx2.get(f"{url}/readyz").status_code == 200


def test_an_answer_is_kept_for_those_of_the_same_build(docs: Site, tmp_path: Path, model: MockModel) -> None:
    settings = Settings(
        index=str(docs.index), database_url=f"sqlite:///{tmp_path / 'chat.db'}", openai_base_url=f"{model.url}/v1"
    )

    def ask(url: str, build: str | None) -> tuple[str, str]:
        model.script({"type": "reply", "text": "So it is [1]."})
        links = cited(url, build)[1]
        return links[0].rpartition("#")[2], json.dumps([request["body"] for request in model.requests()])

    with serving(settings) as url:
        assert ask(url, OLD)[0] == "turn-the-knob"
        link, asked = ask(url, None)
        assert link == "press-the-button"
        assert "green button" in asked
        assert "knob" not in asked
        for build, expected in ((OLD, "turn-the-knob"), (NEW, "press-the-button")):
            assert ask(url, build) == (expected, "[]")


def test_what_is_suggested_after_an_answer_is_in_the_build(serve: Serve, docs: Site) -> None:
    lamp = "# The lamp\n\nThe lamp of the kettle glows green while the kettle is on, and goes out when it boils.\n"
    docs.publish(BUTTON, NEXT, files={"clean": None, "lamp": lamp})
    url = serve(index=str(docs.index))
    for build, label in ((OLD, "clean"), (NEXT, "lamp")):
        reader = Reader(url)
        events = reader.ask(QUESTION, None, **{"X-Docs-Chat-Build": build})
        reader.close()
        (questions,) = [event["data"]["questions"] for event in events if event["type"] == "client_effect"]
        assert [question["label"] for question in questions] == [label]


@pytest.mark.parametrize("name", ["search", "ask"])
def test_the_command_line_reads_a_build(docs: Site, tmp_path: Path, name: str) -> None:
    def run(*more: str) -> str:
        return run_cli(name, QUESTION, "--index", str(docs.index), *more, cwd=tmp_path).stdout

    assert "#turn-the-knob" in run("--build", OLD)
    assert "#press-the-button" in run("--build", NEW)
    assert "#press-the-button" in run()
    command: list[str | Path] = [BIN / "docs-chat", name, QUESTION, "--index", docs.index, "--build", "x"]
    failed = subprocess.run(command, capture_output=True, text=True, cwd=tmp_path, check=False)
    assert failed.returncode == 2
    assert "No snapshot is kept for the build 'x'." in failed.stderr
    assert OLD in failed.stderr
    assert "Traceback" not in failed.stderr


# --- who may see it -------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def issuer() -> Iterator[Issuer]:
    with run_issuer() as issuer:
        yield issuer


def private(text: str, group: str = "staff") -> str:
    return f"---\ndocs_chat_visibility: {group}\n---\n{text}"


MADE_PRIVATE: dict[str, dict[str, str | None]] = {
    "the page": {"service": private(SERVICE)},
    "the page, with other words": {"service": private("# Service\n\nNothing to see.\n")},
    "the same source at another address": {
        "service": private("# Menu\n\nMoved.\n").replace("---\n", "---\nslug: /m\n", 1)
    },
    "the same text on another page": {"service": None, "menu": private(SERVICE)},
}


@pytest.mark.parametrize("change", MADE_PRIVATE)
def test_what_was_made_private_since_is_shown_to_its_group_only(tmp_path: Path, issuer: Issuer, change: str) -> None:
    docs = Site(tmp_path)
    docs.publish(KNOB, OLD, files={"service": SERVICE})
    docs.publish(BUTTON, NEW, files=MADE_PRIVATE[change])
    settings = make_settings(tmp_path, tmp_path, issuer, "both").model_copy(update={"index": str(docs.index)})
    with serving(settings) as url:
        asked = ("How do I open the service menu?", "zebrafsh and quoka")

        def see(reader: Reader) -> str:
            seen = ""
            for question in asked:
                header = {"X-Docs-Chat-Build": OLD, "X-Docs-Chat-Page": "/docs/service"}
                seen += json.dumps(reader.ask(question, None, **header))
                for path in ("search", "pages"):
                    params = {"q": question if path == "search" else "", "k": "20", "build": OLD}
                    seen += reader.client.get(f"/api/{path}", params=params, headers=reader.headers).text
            return seen

        staff, other = sign_in(url, issuer, "staff"), sign_in(url, issuer, "board", subject="bert")
        anonymous = Reader(url)
        assert "turn-the-knob" in json.dumps(anonymous.ask(QUESTION, None, **{"X-Docs-Chat-Build": OLD}))
        for reader in (anonymous, other):
            seen = see(reader)
            assert leaks(seen, *asked) == []
            assert "/docs/service" not in seen
        assert "quokka together" in see(staff)
        for reader in (staff, other, anonymous):
            reader.close()


def test_a_page_that_is_made_private_while_an_old_tab_is_served_is_so_at_once(tmp_path: Path, issuer: Issuer) -> None:
    docs = Site(tmp_path)
    docs.publish(KNOB, OLD, files={"service": SERVICE})
    docs.publish(BUTTON, NEW)
    settings = make_settings(tmp_path, tmp_path, issuer, "both").model_copy(update={"index": str(docs.index)})
    question = "open the service menu"
    with serving(settings) as url:
        assert "/docs/service" in search(url, OLD, question)
        live = docs.publish(BUTTON, NEW, files={"service": private(SERVICE)})
        assert wait_until(lambda: served(url) == live)
        assert "/docs/service" not in search(url, OLD, question)
        assert "/docs/start#turn-the-knob" in search(url, OLD)


def test_what_is_private_there_stays_so_when_it_is_public_now(tmp_path: Path, issuer: Issuer) -> None:
    docs = Site(tmp_path)
    docs.publish(KNOB, OLD, files={"service": private(SERVICE)})
    docs.publish(BUTTON, NEW, files={"service": SERVICE})
    docs.publish(VOICE, NEXT, files={"service": private(SERVICE, "board")}, preview=True)
    settings = make_settings(tmp_path, tmp_path, issuer, "both").model_copy(update={"index": str(docs.index)})
    question = "open the service menu"
    with serving(settings) as url:
        staff = sign_in(url, issuer, "staff")
        for build, seen in ((OLD, True), (NEXT, False), (NEW, True)):
            params = {"q": question, "build": build}
            assert ("zebrafish" in staff.client.get("/api/search", params=params, headers=staff.headers).text) is seen
        assert "/docs/service" not in search(url, OLD, question)
        # Two groups by two snapshots: for neither.
        live = docs.publish(BUTTON, NEW, files={"service": private(SERVICE, "board")})
        assert wait_until(lambda: served(url) == live)
        board = sign_in(url, issuer, "board", subject="bert")
        for reader in (staff, board):
            found = reader.client.get("/api/search", params={"q": question, "build": OLD}, headers=reader.headers)
            assert "zebrafish" not in found.text
            reader.close()


# --- how much work it may make --------------------------------------------------------------------------------------


def test_who_names_one_build_after_the_other_makes_little_work(
    serve: Serve, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    docs = Site(tmp_path)
    docs.publish(BUTTON, NEW, keep=20)
    names = [f"{number:016x}" for number in range(12)]
    for number, build in enumerate(names):
        docs.publish(VOICE + f"\nSay it {number} times.\n", build, preview=True, keep=20)
    url = serve(index=str(docs.index), keep=20)
    opened: list[str] = []
    read = builds.KeptIndexes.read

    def count(self: builds.KeptIndexes, name: str, live: Index) -> Index:
        opened.append(name)
        return read(self, name, live)

    monkeypatch.setattr(builds.KeptIndexes, "read", count)
    wrong: list[str] = []

    def visit() -> None:
        for _ in range(3):
            for build in names:
                found = way(url, build)
                if found not in ("say-hello", "press-the-button"):
                    wrong.append(found)

    visitors = [threading.Thread(target=visit) for _ in range(4)]
    for visitor in visitors:
        visitor.start()
    for visitor in visitors:
        visitor.join()
    assert wrong == []
    assert 1 <= len(opened) <= builds.OPENINGS
    assert len(open_snapshots(docs)) <= 1 + builds.MOST_OPEN


def test_many_readers_of_one_build_open_it_once(serve: Serve, docs: Site, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("INFO", "docs_chat")
    url = serve(index=str(docs.index))
    found: list[str] = []
    visitors = [threading.Thread(target=lambda: found.append(way(url, OLD))) for _ in range(8)]
    for visitor in visitors:
        visitor.start()
    for visitor in visitors:
        visitor.join()
    assert found == ["turn-the-knob"] * 8
    assert caplog.text.count("Also serving index") == 1


def test_a_snapshot_that_nobody_asks_for_is_closed(serve: Serve, docs: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    url = serve(index=str(docs.index), metrics_token="token")

    def count() -> str:
        text = httpx2.get(f"{url}/metrics", headers={"Authorization": "Bearer token"}).text
        return next(line for line in text.splitlines() if line.startswith("docs_chat_kept_indexes "))

    assert way(url, OLD) == "turn-the-knob"
    assert (len(open_snapshots(docs)), count()) == (2, "docs_chat_kept_indexes 1.0")
    monkeypatch.setattr(builds, "IDLE_SECONDS", 0.0)
    assert wait_until(lambda: open_snapshots(docs) == {served(url)})
    assert count() == "docs_chat_kept_indexes 0.0"


def test_a_snapshot_that_is_replaced_stays_open_for_the_answer_that_reads_it(docs: Site) -> None:
    name = read_refs(docs.index)[OLD]

    async def read() -> None:
        searcher = Searcher(Settings(index=str(docs.index)))
        kept = await searcher.find_build(OLD)
        assert kept is not None
        scope = Scope(kept=kept)
        del kept
        searcher.kept.opened.clear()
        found = await searcher.search(QUESTION, scope)
        assert "turn-the-knob" in [result.anchor for result in found.results]
        assert name in open_snapshots(docs)
        del scope
        gc.collect()
        assert wait_until(lambda: name not in open_snapshots(docs))
        searcher.close()

    asyncio.run(read())

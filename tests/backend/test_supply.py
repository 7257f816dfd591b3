"""What we install is locked, and what asks about it, lists it and judges its licences says what it finds."""

from __future__ import annotations

import gzip
import json
import os
import re
import subprocess
import sys
import threading
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from packaging.requirements import Requirement

from tests.supply.bills import check_bill
from tests.supply.licences import RULES, Rules, find_refused, is_allowed, read_package

ROOT = Path(__file__).parents[2]
#: With everything that the former has.
LOCKS = ("requirements.lock", "requirements-dev.lock")
RULED = Rules.read(RULES)


def read_lock(name: str) -> dict[str, str]:
    """Every package of a lock file, and its version with all that is written about it."""
    entries = re.split(r"^(?=[a-z0-9])", (ROOT / name).read_text(), flags=re.M)[1:]
    return dict(entry.split("==", 1) for entry in entries)


def read_version(entry: str) -> str:
    return re.split(r"[ ;]", entry)[0]


def read_project() -> dict[str, list[Requirement]]:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    served = [*project["dependencies"]]
    for extra in ("postgresql", "redis", "otel"):
        served += project["optional-dependencies"][extra]
    wanted = dict(zip(LOCKS, (served, served + project["optional-dependencies"]["dev"]), strict=True))
    return {lock: [Requirement(line) for line in lines] for lock, lines in wanted.items()}


@pytest.mark.parametrize("lock", LOCKS)
def test_the_lock_has_what_the_project_asks_for(lock: str) -> None:
    locked = {name: read_version(entry) for name, entry in read_lock(lock).items()}
    for wanted in read_project()[lock]:
        name = wanted.name.lower().replace("_", "-")
        assert name in locked, f"{lock} lacks {name}: run make lock"
        assert wanted.specifier.contains(locked[name]), f"{lock} has {name} {locked[name]}: run make lock"


def test_the_locks_agree_in_versions_and_hashes() -> None:
    def take(name: str) -> dict[str, tuple[str, tuple[str, ...]]]:
        return {
            package: (read_version(entry), tuple(re.findall(r"sha256:[0-9a-f]{64}", entry)))
            for package, entry in read_lock(name).items()
        }

    server, everything, build = take(LOCKS[0]), take(LOCKS[1]), take("requirements-build.lock")
    assert server.items() <= everything.items()
    assert all(everything.get(package, entry) == entry for package, entry in build.items())
    assert "pytest" in everything and "pytest" not in server
    assert all(hashes for _, hashes in (everything | build).values())


def test_no_lock_names_an_index() -> None:
    for name in (*LOCKS, "requirements-build.lock"):
        assert not re.search(r"https?:|^-", (ROOT / name).read_text(), re.M)
    lock = json.loads((ROOT / "package-lock.json").read_text())["packages"]
    assert not [path for path, entry in lock.items() if "://" in entry.get("resolved", "")]
    assert all(
        "integrity" in entry for path, entry in lock.items() if "node_modules/" in path and not entry.get("link")
    )


class Advisories(BaseHTTPRequestHandler):
    """OSV's query and the npm registry's bulk advisories, by the name of the package."""

    weak: dict[str, Any]

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        if self.headers.get("Content-Encoding") == "gzip":
            body = gzip.decompress(body)
        asked = json.loads(body)
        if self.path == "/v1/query":
            answer = {"vulns": [self.weak[asked["package"]["name"]]]} if asked["package"]["name"] in self.weak else {}
        else:
            answer = {name: [self.weak[name]] for name in asked if name in self.weak}
        sent = json.dumps(answer).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(sent)))
        self.end_headers()
        self.wfile.write(sent)

    def log_message(self, *_: object) -> None:
        pass


@contextmanager
def advise(weak: dict[str, Any]) -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), type("Known", (Advisories,), {"weak": weak}))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()


def audit(folder: Path, service: str) -> subprocess.CompletedProcess[str]:
    lock = folder / "some.lock"
    entries = read_lock(LOCKS[0])
    lock.write_text("".join(f"{name}=={entries[name]}" for name in ("click", "itsdangerous")))
    command = [
        sys.executable,
        "-m",
        "tests.supply.audit",
        str(lock),
        "docusaurus-plugin",
        "--osv-url",
        f"{service}/v1/query",
    ]
    environment = os.environ | {"npm_config_registry": f"{service}/", "npm_config_fetch_retries": "0"}
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)


def test_an_audit_without_findings_says_so(tmp_path: Path) -> None:
    with advise({}) as service:
        done = audit(tmp_path, service)
    assert done.stdout == ("Python: nothing known against any package\nnpm: nothing known against any package\n"), (
        done.stderr
    )
    assert done.returncode == 0


def test_an_audit_names_the_weak_package_and_fails(tmp_path: Path) -> None:
    version = read_version(read_lock(LOCKS[0])["click"])
    weak = {
        "click": {
            "id": "PYSEC-2026-1",
            "summary": "reads too much",
            "published": "2026-01-01T00:00:00Z",
            "modified": "2026-01-01T00:00:00Z",
            "affected": [
                {
                    "package": {"name": "click", "ecosystem": "PyPI"},
                    "ranges": [{"type": "ECOSYSTEM", "events": [{"introduced": "0"}, {"fixed": "99.0"}]}],
                    "versions": [version],
                }
            ],
        },
        "marked": {
            "id": 1,
            "url": "https://example.com/advisory",
            "title": "Slow on some texts",
            "severity": "high",
            "vulnerable_versions": "<99",
            "cwe": [],
            "cvss": {"score": 7.5, "vectorString": None},
        },
    }
    with advise(weak) as service:
        done = audit(tmp_path, service)
    assert f"Python: weaknesses found: 1\n  click {version}: PYSEC-2026-1, mended in 99.0\n" in done.stdout, done.stderr
    assert "  marked <99: Slow on some texts (high), https://example.com/advisory\n" in done.stdout
    assert done.returncode == 1


def test_an_audit_that_cannot_ask_fails_in_a_sentence(tmp_path: Path) -> None:
    with advise({}) as service:
        pass
    done = audit(tmp_path, service)
    assert done.returncode == 2
    assert [line[:19] for line in done.stdout.splitlines()[::2]] == ["Python: NOT CHECKED", "npm: NOT CHECKED, t"]
    assert "127.0.0.1 cannot be reached" in done.stdout
    assert "Traceback" not in done.stdout + done.stderr


@pytest.mark.parametrize(
    ("licence", "allowed"),
    [
        ("MIT", True),
        ("MIT AND PSF-2.0", True),
        ("(GPL-3.0-only OR MIT)", True),
        ("GPL-3.0-only AND MIT", False),
        ("AGPL-3.0-only", False),
        ("Apache-2.0 WITH LLVM-exception", False),
        ("SEE LICENSE IN LICENSE", False),
        ("", False),
    ],
)
def test_a_licence_is_allowed_when_the_list_is_enough(licence: str, allowed: bool) -> None:
    assert is_allowed(licence, RULED.allowed) is allowed


def test_an_exception_is_for_one_package() -> None:
    found = [("certifi", "MPL-2.0"), ("another", "MPL-2.0"), ("silent", "")]
    assert find_refused(found, RULED) == ["another: MPL-2.0", "silent: no licence"]


def test_the_licence_of_a_package_is_read_from_its_bill() -> None:
    apache = {"license": {"name": "License :: OSI Approved :: Apache Software License"}}
    both = {"name": "Some_Package", "licenses": [{"license": {"id": "MIT"}}, apache]}
    assert read_package(both, RULED) == ("some-package", "MIT AND Apache-2.0")
    assert read_package({"name": "protobuf"}, RULED) == ("protobuf", "BSD-3-Clause")
    assert read_package({"name": "silent"}, RULED) == ("silent", "")


def test_a_bill_with_a_mistake_or_a_path_of_this_machine_is_refused() -> None:
    bill = {"bomFormat": "CycloneDX", "specVersion": "1.5", "version": 1, "components": []}
    assert check_bill(json.dumps(bill)) is None
    assert "does not follow" in str(check_bill(json.dumps(bill | {"components": [{"type": "nonsense"}]})))
    local = {"type": "library", "name": "x", "description": f"{Path.cwd()}/x"}
    assert "names a folder" in str(check_bill(json.dumps(bill | {"components": [local]})))


def test_the_tests_that_the_security_policy_names_are_there() -> None:
    named = re.findall(r"`((?:tests|docusaurus-plugin)/[^`]+)`", (ROOT / "SECURITY.md").read_text())
    assert len(named) > 10
    assert not [name for name in named if not (ROOT / name).is_file()]

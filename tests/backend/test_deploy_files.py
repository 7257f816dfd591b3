"""The files in `deploy/` name settings, routes and times that the server has."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from docs_chat.config import SECRET_VARIABLES, read_environment
from docs_chat.listen import SHUTDOWN_SECONDS
from docs_chat.middleware import API_PATHS
from docs_chat.settings import Settings
from docs_chat.stream import STOP_SECONDS

DEPLOY = Path(__file__).parents[2] / "deploy"
FILES = sorted(path.name for path in DEPLOY.iterdir())
#: What a server needs after `grace_seconds` to end everything else.
END_SECONDS = STOP_SECONDS + SHUTDOWN_SECONDS


@pytest.mark.parametrize("name", FILES)
def test_every_variable_is_a_setting(name: str) -> None:
    variables = re.findall(r"DOCS_CHAT_[A-Z_]+[A-Z]", (DEPLOY / name).read_text())
    unknown = dict.fromkeys(set(variables) - set(SECRET_VARIABLES.values()), "1")
    assert len(read_environment(unknown)) == len(unknown)


def read_yaml(name: str) -> list[Any]:
    return list(yaml.safe_load_all((DEPLOY / name).read_text()))


def read_manifest(kind: str) -> Any:
    return next(document for document in read_yaml("kubernetes.yaml") if document["kind"] == kind)


def test_caddy_and_the_ingress_pass_on_what_readers_need() -> None:
    listed = re.search(r"@chat path (.+)", (DEPLOY / "Caddyfile").read_text())
    assert listed
    paths = set(listed[1].split())
    assert API_PATHS | {"/chatkit/attachments/*"} == paths
    rules = read_manifest("Ingress")["spec"]["rules"][0]["http"]["paths"]
    prefixes = {rule["path"] for rule in rules if rule["pathType"] == "Prefix"}
    exact = {rule["path"] for rule in rules} - prefixes
    for path in API_PATHS:
        assert path in exact or any(path == prefix or path.startswith(f"{prefix}/") for prefix in prefixes)
    assert not {"/readyz", "/healthz", "/metrics", "/", "/api"} & (exact | prefixes)


def test_who_stops_a_server_waits_until_its_answers_have_ended() -> None:
    unit = (DEPLOY / "docs-chat.service").read_text()
    waits = re.search(r"^TimeoutStopSec=(\d+)$", unit, re.M)
    assert waits
    assert int(waits[1]) >= Settings().grace_seconds + END_SECONDS

    server = read_yaml("compose.yaml")[0]["services"]["docs-chat-1"]
    grace = int(server["environment"]["DOCS_CHAT_GRACE_SECONDS"])
    assert int(server["stop_grace_period"].removesuffix("s")) >= grace + END_SECONDS

    pod = read_manifest("Deployment")["spec"]["template"]["spec"]
    before = int(pod["containers"][0]["lifecycle"]["preStop"]["exec"]["command"][1])
    grace = int(read_manifest("ConfigMap")["data"]["DOCS_CHAT_GRACE_SECONDS"])
    assert pod["terminationGracePeriodSeconds"] >= before + grace + END_SECONDS


def test_no_secret_is_written_in_a_manifest() -> None:
    assert not {document["kind"] for document in read_yaml("kubernetes.yaml")} & {"Secret"}
    written = set(read_manifest("ConfigMap")["data"])
    assert not written & {*SECRET_VARIABLES.values(), "DOCS_CHAT_DATABASE_URL", "AWS_SECRET_ACCESS_KEY"}

"""A version that the question itself names."""

from __future__ import annotations

import pytest
from docs_index.scope import StatedVersions
from docs_index.site import Version

VERSIONS = [
    Version("current", "Next", False),
    Version("9.x", "9.x", True),
    Version("8.0.0", "v8", False),
    Version("2.5", "2.5 (LTS)", False),
    Version("2.4", "2.4", False),
]


@pytest.mark.parametrize(
    ("question", "version", "rest"),
    [
        ("how do I migrate in 9.x?", "9.x", "how do I migrate ?"),
        ("is this in v9", "9.x", "is this"),
        ("version 9 hooks", "9.x", "hooks"),
        ("9.x hooks", "9.x", "hooks"),
        ("hooks for 8.0.0", "8.0.0", "hooks"),
        ("hooks v8", "8.0.0", "hooks"),
        ("what changed in 2.5?", "2.5", "what changed ?"),
        ("does it work in 2.5.3", "2.5", "does it work"),
        ("pour la version 9 ?", "9.x", "pour la version 9 ?"),
    ],
)
def test_is_found_and_taken_out(question: str, version: str, rest: str) -> None:
    found, left = StatedVersions(VERSIONS).find(question)
    assert found == version
    assert left == rest


@pytest.mark.parametrize(
    "question",
    [
        "wait 9 seconds",
        "retry in 9 minutes",
        "error 8.0.1.5 something",
        "in 3.x",
        "version 7",
        "version 2",  # two versions begin with it
        "port 8000",
        "opacity 0.9",
        "the next page",
        "h9x",
        "",
    ],
)
def test_other_numbers_name_none(question: str) -> None:
    assert StatedVersions(VERSIONS).find(question) == (None, question)

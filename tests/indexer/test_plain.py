"""Markdown as the words that it shows."""

from __future__ import annotations

import pytest
from docs_index.plain import drop_heading, to_plain


@pytest.mark.parametrize(
    ("markdown", "plain"),
    [
        ("## Set the `port`", "Set the port"),
        ("| Name | Does |\n|---|:--|\n| **a** | b |", "Name Does\na b"),
        ('```js title="app.js"\nconst a = b;\n```', "app.js\nconst a = b;"),
        ("one\n\n---\n\ntwo", "one\ntwo"),
        ("run `tool --no-cache -- x`", "run tool --no-cache -- x"),
        ("  - a\n    - b", "- a\n- b"),
        ("", ""),
    ],
)
def test_only_what_is_read_is_left(markdown: str, plain: str) -> None:
    assert to_plain(markdown) == plain


def test_the_heading_of_a_first_part_is_dropped() -> None:
    assert drop_heading("## Title\n\nText") == "Text"
    assert drop_heading("Text") == "Text"

"""Emoji shortcodes, which Docusaurus shows as the emoji themselves."""

from __future__ import annotations

import json
import re
from functools import cache
from importlib.resources import files

_SHORTCODE = re.compile(r":(\+1|-1|[\w-]+):")


@cache
def _emoji() -> dict[str, str]:
    # the names of emojilib 2, which remark-emoji knows
    data: dict[str, str] = json.loads(files("docs_index").joinpath("emoji.json").read_text("utf-8"))
    return data


def show_emoji(text: str) -> str:
    """``text`` with ``:tada:`` and the like as emoji; names that are none stay."""
    return _SHORTCODE.sub(lambda match: _emoji().get(match.group(1), match.group(0)), text)

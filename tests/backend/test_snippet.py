"""The lines of a passage that have the question's words."""

from __future__ import annotations

import pytest
from docs_chat.snippet import make_snippet
from rich.cells import cell_len

LONG = (
    "Nothing of interest here. " * 30 + "The server listens on port 8000 unless you say otherwise. " + "And more. " * 40
)


def lines(markdown: str, question: str, width: int = 80) -> list[str]:
    return ["".join(piece for piece, _ in line) for line in make_snippet(markdown, question, width=width)]


def marked(markdown: str, question: str, locale: str = "en") -> list[str]:
    return [piece for line in make_snippet(markdown, question, locale) for piece, is_match in line if is_match]


def test_words_are_marked_by_their_stem() -> None:
    assert marked("Deploying the containers, then deploy again.", "deployed container") == [
        "Deploying",
        "containers",
        "deploy",
    ]
    assert marked("Supprimez la conversation entière.", "supprimer les conversations", "fr") == [
        "Supprimez",
        "conversation",
    ]


def test_a_word_is_marked_whole_when_half_of_it_was_asked_for() -> None:
    assert marked("Set `serverUrl`, not docs-chat-server.", "which server") == ["serverUrl"]


def test_a_long_passage_is_shown_from_the_sentence_with_the_words() -> None:
    shown = lines(LONG, "which port does the server listen on")
    assert shown[0].startswith("The server listens on port 8000 unless")
    assert len(shown) == 3
    assert all(word in LONG.split() for line in shown for word in line.split())


def test_of_a_long_sentence_the_part_with_the_words_is_shown_cut_between_words() -> None:
    sentence = "before " * 100 + "the port " + "after " * 100
    shown = lines(sentence, "port")
    assert " port " in " ".join(shown)
    assert shown[0].startswith("… ")
    assert shown[-1].endswith(" …")
    assert {word for line in shown for word in line.split()} <= {*sentence.split(), "…"}


def test_rows_and_lines_of_code_stand_on_lines_of_their_own_without_marks() -> None:
    table = "| Flag | Does |\n|---|---|\n| `--port` | **where** it [listens](/x) |\n| `--host` | who may connect |"
    assert lines(table, "port") == ["--port – where it listens", "--host – who may connect"]
    code = "Run it:\n\n```bash\npip install kettle\nkettle --version\n```\n\n- It prints the *version*."
    assert lines(code, "install") == ["Run it:", "pip install kettle", "kettle --version"]


def test_a_passage_without_the_words_is_shown_from_its_beginning() -> None:
    assert lines("First sentence. Second one.", "unrelated") == ["First sentence. Second one."]


@pytest.mark.parametrize("width", [20, 40, 96])
@pytest.mark.parametrize(
    "markdown", ["", "   \n", "x" * 500, "数据库连接" * 200, "🙂 " * 300, "| a |\n|---|", LONG, "```"]
)
def test_no_text_is_wider_or_longer_than_there_is_room(markdown: str, width: int) -> None:
    shown = lines(markdown, "数据库 port", width)
    assert len(shown) <= 3
    assert all(cell_len(line) <= width for line in shown)

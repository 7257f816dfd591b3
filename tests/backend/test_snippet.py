"""The lines of a passage that have the question's words."""

from __future__ import annotations

from docs_chat.snippet import make_snippet

LONG = (
    "Nothing of interest here. " * 30 + "The server listens on port 8000 unless you say otherwise. " + "And more. " * 40
)


def text(markdown: str, question: str) -> str:
    return "".join(piece for piece, _ in make_snippet(markdown, question))


def marked(markdown: str, question: str) -> list[str]:
    return [piece for piece, is_match in make_snippet(markdown, question) if is_match]


def test_words_are_marked_by_their_stem() -> None:
    assert marked("Deploying the containers, then deploy again.", "deployed container") == [
        "Deploying",
        "containers",
        "deploy",
    ]


def test_a_long_passage_is_cut_around_the_words_between_words() -> None:
    snippet = text(LONG, "which port does the server listen on")
    assert "server listens on port 8000" in snippet
    assert snippet.startswith("… ")
    assert snippet.endswith(" …")
    assert len(snippet) < 260
    assert all(word in LONG.split() for word in snippet.strip("… ").split())


def test_markdown_is_no_soup() -> None:
    assert text("| Key | Does |\n|---|---|\n| `port` | **listens** |", "port") == "Key Does port listens"


def test_strange_texts_are_harmless() -> None:
    for markdown in ("", "x" * 5000, "数据库连接" * 200, "🙂 " * 300):
        assert isinstance(text(markdown, "数据库 x"), str)

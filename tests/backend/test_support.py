"""What of an answer is marked as unsupported."""

from __future__ import annotations

import pytest
from docs_chat.answer.claims import Claim, split_claims
from docs_chat.answer.support import judge
from docs_chat.markdown.markers import Marker, MarkerParser

from tests.bench.support import measure, read_answers

SERVE = """\
| Flag | Default | Does |
|---|---|---|
| `--host` | `127.0.0.1` | the address to listen on |
| `--port` | `8000` | the port; `0` takes a free one |
| `--watch` | `false` | follow every edit |

The server prints its address when it is ready. It does not write IP addresses into its log.

Conversations are kept for 7 days, then the server removes them. Set `history.days` to keep them longer.

```bash
docs-chat serve --port 8010
```
"""


def texts(claims: list[Claim]) -> list[str]:
    return [claim.text for claim in claims]


def missing(claim: str, *passages: str, is_code: bool = False) -> list[str]:
    found = judge(claim, passages or (SERVE,), ["docs-chat serve"], is_code=is_code)
    assert found.supported == (not found.missing)
    return list(found.missing)


@pytest.mark.parametrize(
    "claim",
    [
        "By default the server listens on port 8000 of `127.0.0.1`.",
        "Pass `--port 0` and it picks a port that nobody uses.",
        "Once it has started, it says under which address it can be reached.",
        "IP addresses do not end up in the log of the server.",
        "After a week the server deletes conversations.",
        "Old conversations go after seven days.",
        "Keep conversations longer with the key `history.days`.",
        'Set `"history": {"days": 7}` to keep conversations for a longer time.',
        "Die Option heißt [`--port`](/docs/2.1/the_options.md), und `--host` gibt es auch.",
        "The server writes IP addresses into its log.",
        "Run `docs-chat serve --port 8010` to take another port and/or address.",
    ],
)
def test_only_numbers_and_code_are_accused(claim: str) -> None:
    assert missing(claim) == []


@pytest.mark.parametrize(
    ("claim", "words"),
    [
        ("By default the server listens on port 8080 of the machine.", ["8080"]),
        ("Conversations are kept by the server for 7 hours, then removed, since v2.1.", ["2.1"]),
        ("Take a free port with `--port auto-detect` on the server.", ["--port auto-detect"]),
        ("Write the address into `server.json`, and the server listens there.", ["server.json"]),
        ("The server listens on another address with --bind-address.", ["--bind-address"]),
        ("The server keeps conversations longer when historyDays is set.", ["historyDays"]),
        ("Set `--prot` and `--port` of the server to 9999.", ["--prot", "9999"]),
        ("Of 1.2.3% and 99999999999999999999 hours it knows nothing.", ["1.2.3", "99999999999999999999"]),
    ],
)
def test_what_is_missing_is_named(claim: str, words: list[str]) -> None:
    assert missing(claim) == words


def test_headings_the_question_and_the_title_count() -> None:
    assert not judge("Set `s3_bucket` to 5.", ["Set the bucket."]).supported
    assert judge("Set `s3_bucket` to 5.", ["Set the bucket."], ["What is s3_bucket?", "Version 5"]).supported
    assert judge("", []).supported


@pytest.mark.parametrize(
    ("claim", "passage"),
    [
        ("The release has to be one day old before it is installed.", "The age of a release: 1440 minutes to install."),
        ("In 98% of the cases the right page is found.", "The right page is found in .98 of the cases."),
        ("There are three ways to show an image here.", "You can display images in 3 different ways."),
        ("There are 3 ways to show an image here.", "You can display images in three different ways."),
        ("Up to 10,000 sections are indexed at a time.", "At most 10000 sections are indexed at a time."),
        ("Jusqu'à 10\u202f000 sections, en 5 parties.", "At most 10,000 sections, in 5 parts."),
        ("Bis zu 1.440 Abschnitte.", "At most 1440 sections."),
        ("Half of them, .5 of all.", "50 % of all."),
        ("It runs every 90 minutes.", "It runs every 1.5 hours."),
        ("Listens on 8000.", "监听８０００端口。"),
        ("يحتفظ بها لمدة ٧ أيام", "They are kept for 7 days."),
        ("It lists the headings of level 2 and 3 only.", "The list shows h2 and h3 headings."),
        ("Set `themeConfig.colorMode` to change the color mode.", "```js\nthemeConfig: {\n  colorMode: {},\n}\n```"),
    ],
)
def test_other_ways_to_write_it_are_known(claim: str, passage: str) -> None:
    assert missing(claim, passage) == []


def test_code_is_put_together_of_what_the_passages_have() -> None:
    assert missing("```bash\ndocs-chat serve --port 8010\n```", is_code=True) == []
    assert missing("```bash\n# another Port\ndocs-chat serve --host 0.0.0.0 --port 9000\n```", is_code=True) == []
    assert missing("```bash\ndocs-chat serve --tls-cert my-file.pem\n```", is_code=True) == ["--tls-cert"]


@pytest.mark.parametrize(
    ("claim", "words"),
    [
        ("Der Server lauscht ohne weitere Angaben auf Port 8000 an der Adresse 127.0.0.1.", []),
        ("Der Server lauscht ohne weitere Angaben auf Port 8080 an der Adresse 127.0.0.1.", ["8080"]),
        ("Le serveur garde les conversations pendant 7 jours, puis il les supprime.", []),
        ("服务器默认监听8000端口，地址是 `127.0.0.1`。", []),
        ("使用 `--bind` 可以更改服务器监听的地址。", ["--bind"]),
        ("サーバーは会話を7日間保存し、その後削除します。", []),
        ("서버는 대화를 7일 동안 보관한 뒤 삭제합니다.", []),
        ("يحتفظ الخادم بالمحادثات لمدة 7 أيام ثم يحذفها.", []),
    ],
)
def test_every_language_is_judged_alike(claim: str, words: list[str]) -> None:
    assert missing(claim) == words


def test_an_answer_is_split_into_claims() -> None:
    answer = (
        "## Port\n\nThe server listens on port 8000 by default [1]. Use e.g. `a. b` for another port and address. "
        "[2][3] Then it prints the address where the server listens."
        "\n\n- Stop the server with Ctrl+C [1]\n- Start it with `serve` again\n"
    )
    claims = split_claims(answer)
    assert [(claim.text, claim.numbers) for claim in claims] == [
        ("The server listens on port 8000 by default.", (1,)),
        ("Use e.g. `a. b` for another port and address.", (2, 3)),
        ("Then it prints the address where the server listens.", (2, 3)),
        ("Stop the server with Ctrl+C", (1,)),
        ("Start it with `serve` again", (1,)),
    ]
    assert [answer[claim.start : claim.end] for claim in claims][1:3] == [
        "Use e.g. `a. b` for another port and address. [2][3]",
        "Then it prints the address where the server listens.",
    ]


def test_what_is_not_taken_from_passages_is_no_claim() -> None:
    assert split_claims("The docs do not say how to use `s3` [1].\n\nDie Dokumentation nennt kein `s3` [1].") == []
    assert split_claims("Here is how:\n\n## Port\n\nNothing here cites a passage of the docs.") == []


def test_sentences_share_the_next_marker_of_their_paragraph() -> None:
    claims = split_claims(
        "The server removes old conversations daily. It prints the address where it listens when ready [2]."
    )
    assert [claim.numbers for claim in claims] == [(2,), (2,)]


def test_code_rests_on_all_that_the_answer_cites() -> None:
    claims = split_claims(
        "Start the server on another port [2]:\n\n```bash\nserve [1]\n```\n\nThe port is free then [3]."
    )
    code = next(claim for claim in claims if claim.is_code)
    assert (code.text, code.numbers) == ("```bash\nserve [1]\n```", (2, 3))


def test_rows_are_claims_and_the_head_of_a_table_is_none() -> None:
    table = "| Flag of the server | Default value | Meaning |\n|---|---|---|\n| `--port` | 8000 | the port [1] |\n"
    assert texts(split_claims(table)) == ["| `--port` | 8000 | the port |"]


def test_markers_belong_to_what_stands_before_them() -> None:
    claims = split_claims("Use `a[1]` for 8000.\n[1] Port\n\n```js\nb[4]\n```\n\n[2]\n\n> 1. Item\n\n[3]\n")
    assert [(claim.text, claim.numbers) for claim in claims] == [
        ("Use `a[1]` for 8000.", (1,)),
        ("Port", (2,)),
        ("```js\nb[4]\n```", (1, 2, 3)),
        ("Item", (3,)),
    ]


def test_a_text_without_markers_takes_them_as_offsets() -> None:
    """What is sent has no markers; it has the same claims."""
    for answer in (answer for half in read_answers().values() for answer in half):
        markdown = "\n".join(next(iter(sentence.values())) for sentence in answer["sentences"])
        parser = MarkerParser(lambda url: True, lambda url: True)
        text, marks = "", []
        for piece in [*parser.feed(markdown), *parser.finish()]:
            if isinstance(piece, Marker):
                marks += [(len(text), number) for number in piece.numbers]
            else:
                text += piece
        assert [c.numbers for c in split_claims(text, marks)] == [c.numbers for c in split_claims(markdown)]


def test_an_open_fence_and_other_languages_do_not_break_the_split() -> None:
    assert texts(split_claims("服务器默认监听8000端口 [1]。会话保存七天然后删除 [2]。")) == [
        "服务器默认监听8000端口。",
        "会话保存七天然后删除。",
    ]
    assert split_claims("The port is free [1].\n\n```bash\nserve")[-1].is_code


@pytest.mark.parametrize("text", ["!" * 20_000, "a. " * 9000, "`a " * 9000, ".[1]" * 9000, "a" + " " * 20_000 + "[1]"])
def test_a_strange_answer_is_split_soon(text: str) -> None:
    split_claims(text)


def test_marks_are_right_on_answers_that_the_rules_were_not_made_with() -> None:
    figures = measure("test")
    assert figures.precision >= 0.94, figures.accused
    assert figures.recall >= 0.5, figures.missed


def test_most_quotes_have_the_words_that_matter() -> None:
    figures = measure("test")
    assert figures.good_quotes >= 0.77 * figures.quotes

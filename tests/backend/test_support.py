"""What of an answer is marked as unsupported, and with which words the rest is proved."""

from __future__ import annotations

import re

import pytest
from docs_chat.support import Claim, judge, split_claims

from tests.bench.support import measure

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
PRIVACY = "A reader deletes a conversation in the history. It is removed from the database at once."


def texts(claims: list[Claim]) -> list[str]:
    return [claim.text for claim in claims]


def marked(claim: str, *passages: str, others: tuple[str, ...] = (), is_code: bool = False) -> str:
    """The reason, "" for what is supported."""
    found = judge(claim, passages or (SERVE,), ["docs-chat serve"], others, is_code=is_code)
    assert found.supported == (not found.reason)
    return found.reason


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
        'Set `"history": {"days": 30}` to keep conversations for a longer time.'.replace("30", "7"),
        "Run `docs-chat serve --port 8010` to take another port and/or address.",
    ],
)
def test_a_paraphrase_is_not_accused(claim: str) -> None:
    assert marked(claim) == ""


@pytest.mark.parametrize(
    ("claim", "reason"),
    [
        ("By default the server listens on port 8080 of the machine.", "number"),
        ("Conversations are kept by the server for a month.", "number"),
        ("Conversations are kept by the server for 7 hours, then removed, since v2.1.", "number"),
        ("Take a free port with `--port auto-detect` on the server.", "code"),
        ("Write the address into `server.json`, and the server listens there.", "code"),
        ("The server listens on another address with --bind-address.", "code"),
        ("The server keeps conversations longer when historyDays is set.", "code"),
        ("On Windows the server prints its address when it is ready.", "name"),
        ("The server prints its address when it is ready, on Windows too.", "name"),
        ('The server prints "Listening for connections" when it is ready.', "name"),
        ("The server writes IP addresses into its log.", "negation"),
        ("The `--watch` flag is `true` by default.", "default"),
    ],
)
def test_a_mistake_is_marked(claim: str, reason: str) -> None:
    assert marked(claim) == reason


def test_what_is_missing_is_named() -> None:
    found = judge("Set `--prot` and `--port` of the server to 9999.", [SERVE])
    assert (found.reason, found.missing) == ("code", ("--prot",))
    assert judge("The server listens on port 9999 of the address.", [SERVE]).missing == ("9999",)


def test_a_statement_from_another_passage_is_marked() -> None:
    claim = "A deleted conversation is removed from the database at once."
    assert marked(claim, "The index has vectors. Search reads it.", others=(PRIVACY,)) == "passage"
    assert marked(claim, PRIVACY, others=(SERVE,)) == ""
    assert marked(claim, "The index has vectors. Search reads it.") == ""


def test_a_number_counts_where_it_is_said() -> None:
    passage = "The exit code is 1 under a threshold.\n\nUse port 443 for TLS.\n\nRetry after 3 seconds of silence."
    assert marked("Under a threshold the exit code is 3 then.", passage) == "number"
    assert marked("Under a threshold the exit code is 1 then.", passage) == ""


@pytest.mark.parametrize(
    ("claim", "passage"),
    [
        ("The release has to be one day old before it is installed.", "The age of a release: 1440 minutes to install."),
        ("In 98% of the cases the right page is found.", "The right page is found in .98 of the cases."),
        ("There are three ways to show an image here.", "You can display images in 3 different ways."),
        ("There are 3 ways to show an image here.", "You can display images in three different ways."),
        ("Up to 10,000 sections are indexed at a time.", "At most 10000 sections are indexed at a time."),
        ("It lists the headings of level 2 and 3 only.", "The list shows h2 and h3 headings."),
        ("Set `themeConfig.colorMode` to change the color mode.", "```js\nthemeConfig: {\n  colorMode: {},\n}\n```"),
    ],
)
def test_other_ways_to_write_it_are_known(claim: str, passage: str) -> None:
    assert marked(claim, passage) == ""


def test_a_condition_in_the_docs_denies_nothing() -> None:
    assert marked("The server makes a key and keeps it.", "If you do not keep a key, the server makes one.") == ""


def test_code_is_put_together_of_what_the_passages_have() -> None:
    assert marked("```bash\ndocs-chat serve --port 8010\n```", is_code=True) == ""
    assert marked("```bash\n# another port\ndocs-chat serve --host 0.0.0.0 --port 9000\n```", is_code=True) == ""
    assert marked("```bash\ndocs-chat serve --tls-cert cert.pem\n```", is_code=True) == "code"


@pytest.mark.parametrize(
    ("claim", "reason"),
    [
        ("Der Server lauscht ohne weitere Angaben auf Port 8000 an der Adresse 127.0.0.1.", ""),
        ("Der Server lauscht ohne weitere Angaben auf Port 8080 an der Adresse 127.0.0.1.", "number"),
        ("Le serveur garde les conversations pendant 7 jours, puis il les supprime.", ""),
        ("服务器默认监听8000端口，地址是 `127.0.0.1`。", ""),
        ("使用 `--bind` 可以更改服务器监听的地址。", "code"),
        ("サーバーは会話を7日間保存し、その後削除します。", ""),
        ("서버는 대화를 7일 동안 보관한 뒤 삭제합니다.", ""),
        ("يحتفظ الخادم بالمحادثات لمدة 7 أيام ثم يحذفها.", ""),
    ],
)
def test_another_language_is_judged_by_numbers_and_code(claim: str, reason: str) -> None:
    assert marked(claim) == reason


@pytest.mark.parametrize(
    "passage", ["服务器默认监听8000端口。对话保存7天，然后删除。", "Der Server lauscht auf Port 8000."]
)
def test_passages_of_other_languages_can_be_cited(passage: str) -> None:
    claim = "服务器监听的默认端口是 8000。" if "端口" in passage else "Standardmäßig lauscht der Server auf Port 8000."
    found = judge(claim, [passage])
    assert found.supported
    assert "8000" in found.quote


@pytest.mark.parametrize(
    "claim", ["It takes the port 8000 unless told otherwise.", "The server removes conversations.", "Nothing in common"]
)
def test_the_quote_stands_in_a_cited_passage(claim: str) -> None:
    quote = judge(claim, [PRIVACY, SERVE]).quote
    assert any(squeeze(quote) in squeeze(passage) for passage in (PRIVACY, SERVE))


def squeeze(text: str) -> str:
    return re.sub(r"[\W_]+", "", text)


def test_the_quote_is_the_sentence_with_the_claims_words() -> None:
    assert judge("IP addresses are not logged.", [PRIVACY, SERVE]).quote == (
        "It does not write IP addresses into its log."
    )


def test_nothing_is_quoted_of_nothing() -> None:
    assert judge("The server listens on a port.", []).quote == ""
    assert judge("", [SERVE]).supported


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
    ]
    assert [answer[claim.start : claim.end] for claim in claims][1:3] == [
        "Use e.g. `a. b` for another port and address. [2][3]",
        "Then it prints the address where the server listens.",
    ]


def test_what_introduces_or_says_little_is_no_claim() -> None:
    assert (
        texts(split_claims("Here is how:\n\nThat works [1].\n\nThe docs do not say how to use S3 storage [1].")) == []
    )
    assert texts(split_claims("Nothing here cites a passage of the documentation.")) == []


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


def test_a_text_without_markers_takes_them_as_offsets() -> None:
    text = "The server listens on port 8000. It prints its own address as soon as it is ready to listen."
    claims = split_claims(text, [(text.index(". It"), 1), (len(text), 2)])
    assert [claim.numbers for claim in claims] == [(1,), (2,)]


def test_an_open_fence_and_other_languages_do_not_break_the_split() -> None:
    assert texts(split_claims("服务器默认监听8000端口 [1]。会话保存七天然后删除 [2]。")) == [
        "服务器默认监听8000端口。",
        "会话保存七天然后删除。",
    ]
    assert split_claims("The port is free [1].\n\n```bash\nserve")[-1].is_code


def test_marks_are_right_on_answers_that_the_rules_were_not_made_with() -> None:
    """The first run on that half had one wrong mark among seventeen."""
    figures = measure("test")
    assert figures.precision >= 0.92, figures.accused
    assert figures.wrongly <= 0.025, figures.accused
    assert figures.recall >= 0.45, figures.missed
    assert figures.verbatim == figures.judged


def test_most_quotes_have_the_words_that_matter() -> None:
    figures = measure("test")
    assert figures.good_quotes >= 0.79 * figures.quotes
    assert figures.good_picks >= 0.77 * figures.quotes

"""How much may be asked: by one reader, from one address, at once, in a day, on several servers."""

from __future__ import annotations

import logging
import os
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from typing import Any

import httpx2
import pytest
from docs_chat.limits import group_address

from .conftest import MockModel, Serve
from .reader import Reader, answer_of, question
from .redis import Redis, find_redis

QUESTION = "How do I install Kettle with pip?"
SLOW = {"type": "reply", "text": " ".join(["word"] * 200) + " [1].", "times": 20}


@pytest.fixture
def redis() -> Iterator[Redis]:
    program = find_redis()
    if program is None:
        missing = "Redis is not installed: on Debian, apt-get install redis-server"
        if os.environ.get("CI"):
            pytest.fail(missing)
        pytest.skip(missing)
    server = Redis(program)
    yield server
    server.stop()


def mint(url: str, address: str) -> httpx2.Response:
    return httpx2.post(f"{url}/identity", headers={"X-Forwarded-For": address})


def ask_with(url: str, token: str, address: str = "") -> httpx2.Response:
    kind, params = question(QUESTION)
    headers = {"Authorization": f"Bearer {token}", **({"X-Forwarded-For": address} if address else {})}
    return httpx2.post(f"{url}/chatkit", json={"type": kind, "params": params}, headers=headers, timeout=30)


def token_from(url: str, address: str = "192.0.2.1") -> str:
    return str(mint(url, address).json()["token"])


def test_an_address_gets_so_many_identities_however_it_is_written(serve: Serve) -> None:
    url = serve(limits={"identities_per_hour": 3})
    assert [mint(url, f"2001:db8::{number}").status_code for number in range(1, 6)] == [200] * 3 + [429] * 2
    refused = mint(url, "2001:db8::99")
    assert int(refused.headers["retry-after"]) > 0
    assert refused.json()["error"]["code"] == "rate_limited"
    assert mint(url, "2001:db8:0:1::1").status_code == 200


def test_an_address_that_a_reader_invents_is_not_believed(serve: Serve) -> None:
    url = serve(limits={"identities_per_hour": 2}, trusted_proxies=["10.0.0.0/8"])
    assert [mint(url, f"198.51.100.{number}").status_code for number in range(4)] == [200, 200, 429, 429]


def test_of_a_chain_of_proxies_the_first_that_is_not_ours_is_the_reader(serve: Serve) -> None:
    url = serve(limits={"identities_per_hour": 2}, trusted_proxies=["127.0.0.1", "10.0.0.0/8"])
    invented = [mint(url, f"6.6.6.{number}, 203.0.113.7, 10.1.2.3").status_code for number in range(4)]
    assert invented == [200, 200, 429, 429]


def test_a_day_has_so_many_questions_and_a_restart_does_not_begin_a_new_one(serve: Serve) -> None:
    limits = {"questions_per_day": 2}
    url = serve(limits=limits)
    token = token_from(url)
    assert [ask_with(url, token).status_code for _ in range(3)] == [200, 200, 429]
    refused = ask_with(serve(limits=limits), token)
    assert refused.status_code == 429
    assert 0 < int(refused.headers["retry-after"]) <= 24 * 3600


def test_the_whole_site_has_a_limit_too(serve: Serve) -> None:
    url = serve(limits={"site_questions_per_minute": 3})
    readers = [token_from(url, f"192.0.2.{number}") for number in range(5)]
    statuses = [ask_with(url, token, f"192.0.2.{at}").status_code for at, token in enumerate(readers)]
    assert statuses == [200] * 3 + [429] * 2


def test_a_reader_has_so_many_answers_at_once(serve: Serve, model: MockModel) -> None:
    url = serve(openai_base_url=f"{model.url}/v1", limits={"answers_at_once_per_reader": 2})
    model.script(SLOW)
    reader = Reader(url)
    with ExitStack() as stack:
        for _ in range(2):
            next(stack.enter_context(reader.stream(QUESTION)))
        refused = ask_with(url, reader.token)
        assert refused.status_code == 429
        assert refused.headers["retry-after"] == "5"
    assert wait_for_room(url, reader.token)
    reader.close()


def test_a_server_with_too_much_to_do_says_so_before_it_does_anything(serve: Serve, model: MockModel) -> None:
    url = serve(openai_base_url=f"{model.url}/v1", limits={"answers_at_once": 1})
    model.script(SLOW)
    reader, other = Reader(url), Reader(url)
    with reader.stream(QUESTION) as events:
        next(events)
        refused = ask_with(url, other.token)
        assert refused.status_code == 503
        assert refused.json()["error"]["code"] == "overloaded"
        assert refused.headers["retry-after"] == "5"
        assert other.post("threads.list", {}).json()["data"] == []
    assert wait_for_room(url, other.token)
    reader.close()
    other.close()


def wait_for_room(url: str, token: str) -> bool:
    """Whether a place that was held is free again."""
    return any(ask_with(url, token).status_code == 200 for _ in range(50))


def test_servers_that_share_redis_count_together(serve: Serve, redis: Redis) -> None:
    settings: dict[str, Any] = {"redis_url": redis.url, "limits": {"questions_per_minute": 10}}
    urls = [serve(**settings), serve(**settings)]
    token = token_from(urls[0])
    with ThreadPoolExecutor(10) as pool:
        statuses = list(pool.map(lambda at: ask_with(urls[at % 2], token).status_code, range(4)))
    assert statuses == [200] * 4
    statuses = [ask_with(urls[at % 2], token).status_code for at in range(10)]
    assert statuses == [200] * 6 + [429] * 4


def test_without_redis_each_server_counts_for_itself(
    serve: Serve, redis: Redis, caplog: pytest.LogCaptureFixture
) -> None:
    url = serve(redis_url=redis.url, limits={"questions_per_minute": 2})
    token = token_from(url)
    assert ask_with(url, token).status_code == 200
    redis.stop()
    with caplog.at_level(logging.ERROR):
        assert [ask_with(url, token).status_code for _ in range(3)] == [200, 200, 429]
    assert "Redis cannot be used" in caplog.text


def test_addresses_are_written_down_for_a_day_only(serve: Serve, tmp_path: Any) -> None:
    url = serve()
    assert ask_with(url, token_from(url), "192.0.2.77").status_code == 200
    kept = b"".join(path.read_bytes() for path in tmp_path.glob("chat.db*"))
    assert b"192.0.2.77" not in kept
    assert b"address:" in kept


@pytest.mark.parametrize(
    ("address", "group"),
    [
        ("192.0.2.1", "192.0.2.1"),
        ("::ffff:192.0.2.1", "192.0.2.1"),
        ("2001:db8::1", "2001:db8::/64"),
        ("2001:db8::ffff:1", "2001:db8::/64"),
        ("testclient", "testclient"),
    ],
)
def test_an_ipv6_customer_is_one_reader(address: str, group: str) -> None:
    assert group_address(address) == group


def test_an_answer_is_the_same_with_and_without_limits(serve: Serve) -> None:
    texts = set()
    for limits in ({"enabled": False}, {"enabled": True}):
        reader = Reader(serve(limits=limits))
        texts.add(answer_of(reader.ask(QUESTION))["text"])
        reader.close()
    assert len(texts) == 1

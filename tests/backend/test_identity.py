"""Anonymous tokens: minted by the server, signed, expiring."""

from __future__ import annotations

import logging
import stat
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx2
import pytest
from docs_chat.identity import Identities, load_keys
from docs_chat.settings import Settings

from .reader import Reader, thread_of


def test_a_minted_token_names_its_owner() -> None:
    identities = Identities(["key"], 30)
    first, second = identities.mint(), identities.mint()
    owner = identities.verify(first.token)
    assert owner is not None
    assert len(owner) == 32
    assert owner != identities.verify(second.token)


@pytest.mark.parametrize("token", ["", "x", "v1.a.b.c", "ü", "v1." + "a" * 400])
def test_nonsense_is_nobody(token: str) -> None:
    assert Identities(["key"], 30).verify(token) is None


def test_a_changed_owner_is_refused() -> None:
    identities = Identities(["key"], 30)
    version, owner, rest = identities.mint().token.split(".", 2)
    swapped = ("0" if owner[0] != "0" else "1") + owner[1:]
    assert identities.verify(f"{version}.{swapped}.{rest}") is None


def test_rotation_keeps_old_tokens() -> None:
    old = Identities(["old"], 30).mint().token
    both = Identities(["new", "old"], 30)
    assert both.verify(old)
    assert Identities(["new"], 30).verify(both.mint().token)
    assert Identities(["new"], 30).verify(old) is None


def test_tokens_expire(monkeypatch: pytest.MonkeyPatch) -> None:
    identities = Identities(["key"], 1)
    monkeypatch.setattr(identities.signer, "get_timestamp", lambda: 1_000_000)
    token = identities.mint().token
    monkeypatch.undo()
    assert identities.verify(token) is None


@pytest.mark.parametrize("jump", [timedelta(hours=1), -timedelta(hours=1)])
def test_a_clock_that_jumps_an_hour_costs_nobody_a_token(monkeypatch: pytest.MonkeyPatch, jump: timedelta) -> None:
    identities = Identities(["key"], 30)
    made = int((datetime.now(UTC) + jump).timestamp())
    monkeypatch.setattr(identities.signer, "get_timestamp", lambda: made)
    token = identities.mint().token
    monkeypatch.undo()
    assert identities.verify(token)


def test_a_token_from_next_year_is_not_good_until_then(monkeypatch: pytest.MonkeyPatch) -> None:
    identities = Identities(["key"], 30)
    made = int((datetime.now(UTC) + timedelta(days=365)).timestamp())
    monkeypatch.setattr(identities.signer, "get_timestamp", lambda: made)
    token = identities.mint().token
    monkeypatch.undo()
    assert identities.verify(token) is None


def test_a_reader_who_comes_back_in_time_keeps_their_threads(url: str) -> None:
    reader = Reader(url)
    thread_id = thread_of(reader.ask("How do I install Kettle?"))
    old = reader.token
    renewed = httpx2.post(f"{url}/identity", headers={"Authorization": f"Bearer {old}"}).json()
    assert datetime.fromisoformat(renewed["expires_at"]) > datetime.now(UTC) + timedelta(days=29)
    reader.headers["Authorization"] = f"Bearer {renewed['token']}"
    assert reader.items(thread_id)
    reader.close()


def test_a_new_token_after_a_rotation_is_the_same_readers() -> None:
    old = Identities(["old"], 30).mint().token
    both = Identities(["new", "old"], 30)
    owner = both.verify(old)
    renewed = both.mint(owner).token
    assert Identities(["new"], 30).verify(renewed) == owner


@pytest.mark.parametrize("token", ["x", "v1." + "0" * 32 + ".aaaaaa.bbbb"])
def test_a_token_that_does_not_hold_is_replaced_by_a_new_readers(url: str, token: str) -> None:
    response = httpx2.post(f"{url}/identity", headers={"Authorization": f"Bearer {token}"})
    assert response.status_code == 200
    assert "0" * 32 not in response.json()["token"]


def test_a_generated_key_is_kept_for_the_owner_only(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    settings = Settings(database_url=f"sqlite:///{tmp_path / 'chat.db'}")
    with caplog.at_level(logging.INFO, "docs_chat"):
        keys = load_keys(settings)
        assert load_keys(settings) == keys
    assert stat.S_IMODE((tmp_path / "secret.key").stat().st_mode) == 0o600
    assert len(caplog.records) == 1
    assert keys[0] not in caplog.text


def test_keys_in_the_environment_are_taken() -> None:
    assert load_keys(Settings.model_validate({"secret_key": "new, old"})) == ["new", "old"]

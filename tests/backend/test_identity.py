"""Anonymous tokens: minted by the server, signed, expiring."""

from __future__ import annotations

import logging
import stat
from pathlib import Path

import pytest
from docs_chat.identity import Identities, load_keys
from docs_chat.settings import Settings


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

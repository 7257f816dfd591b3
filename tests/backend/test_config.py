"""Configuration: file, environment, flags, and mistakes that are explained."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from docs_chat.config import load_config
from docs_index.errors import UserError

from .conftest import run_cli


def write(folder: Path, text: str) -> None:
    (folder / "docs-chat.toml").write_text(text)


def test_defaults_lie_in_the_site_folder(tmp_path: Path) -> None:
    settings = load_config(tmp_path).settings
    assert settings.index == str(tmp_path / ".docs-chat" / "index")
    assert settings.database_url == f"sqlite:///{tmp_path / '.docs-chat' / 'chat.db'}"
    assert settings.engine == "extractive"


def test_environment_beats_file_and_flags_beat_both(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path, 'port = 1\nhost = "a"\nlocales = ["en"]\n[answer]\nmodel = "m"\n[limits]\nenabled = true\n')
    monkeypatch.setenv("DOCS_CHAT_PORT", "2")
    monkeypatch.setenv("DOCS_CHAT_HOST", "b")
    monkeypatch.setenv("DOCS_CHAT_LIMITS__ENABLED", "false")
    found = load_config(tmp_path, flags={"port": 3, "host": None})
    assert (found.settings.port, found.settings.host) == (3, "b")
    assert not found.settings.limits.enabled
    assert found.settings.answer.model == "m"
    assert found.sources["port"] == "command line"
    assert found.sources["limits.enabled"] == "environment"
    assert found.sources["answer.model"] == str(tmp_path / "docs-chat.toml")


def test_paths_in_the_file_are_relative_to_it(tmp_path: Path) -> None:
    write(tmp_path, 'index = "idx"\n')
    settings = load_config(tmp_path).settings
    assert settings.index == str(tmp_path / "idx")
    assert settings.sqlite_file == tmp_path / "chat.db"


def test_a_build_folder_belongs_to_its_site(tmp_path: Path) -> None:
    (tmp_path / "build").mkdir()
    (tmp_path / "build" / "index.html").write_text("x")
    assert load_config(tmp_path / "build").folder == tmp_path


def test_lists_in_the_environment_have_commas(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DOCS_CHAT_ALLOWED_ORIGINS", "https://a.test, https://b.test")
    assert load_config(tmp_path).settings.allowed_origins == ["https://a.test", "https://b.test"]


@pytest.mark.parametrize(
    ("text", "message", "hint"),
    [
        ("prot = 1", "Unknown key `prot`", "Did you mean `port`?"),
        ("[limits]\nenabld = true", "Unknown key `limits.enabld`", "Did you mean `limits.enabled`?"),
        ('openai_api_key = "sk"', "is a secret", "Set OPENAI_API_KEY in the environment."),
        ('port = "x"', "`port` (", "docs-chat config"),
        ("port = ", "is not valid TOML", ""),
        ('[answer]\nengine = "openai"', "there is no provider", "OPENAI_API_KEY"),
    ],
)
def test_mistakes_in_the_file_are_explained(tmp_path: Path, text: str, message: str, hint: str) -> None:
    write(tmp_path, text)
    with pytest.raises(UserError) as caught:
        load_config(tmp_path)
    assert message in caught.value.message
    assert hint in caught.value.hint


def test_unknown_variable_names_the_nearest_key(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DOCS_CHAT_LIMITS__QUESTION_PER_MINUTE", "3")
    with pytest.raises(UserError) as caught:
        load_config(tmp_path)
    assert "DOCS_CHAT_LIMITS__QUESTION_PER_MINUTE" in caught.value.message
    assert "limits.questions_per_minute" in caught.value.hint


@pytest.mark.parametrize("name", ["OPENAI_API_KEY", "OPENAI_BASE_URL"])
def test_a_provider_in_the_environment_chooses_the_model(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setenv(name, "http://x.test")
    assert load_config(tmp_path).settings.engine == "openai"
    write(tmp_path, '[answer]\nengine = "extractive"\n')
    assert load_config(tmp_path).settings.engine == "extractive"


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ('allowed_origins = ["*"]', "is no origin"),
        ('allowed_origins = ["https://docs.example.com/docs"]', "no origin"),
        ('trusted_proxies = ["*"]', "neither an address nor a network"),
    ],
)
def test_settings_that_would_let_everybody_in_are_refused(tmp_path: Path, line: str, said: str) -> None:
    write(tmp_path, line + "\n")
    with pytest.raises(UserError, match=re.escape(said)):
        load_config(tmp_path)


def test_config_command_shows_lists_of_tables(tmp_path: Path) -> None:
    write(tmp_path, '[[visibility]]\npath = "**/internal/**"\ngroup = "staff"\n')
    document = json.loads(run_cli("--json", "config", str(tmp_path)).stdout)
    assert document["visibility"]["value"] == [{"path": "**/internal/**", "group": "staff"}]
    assert '{"path": "**/internal/**", "group": "staff"}' in run_cli("config", str(tmp_path)).stdout


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('[[visibility]]\npath = "docs/**"', "`visibility.0.group`"),
        ('[[visibility]]\npath = "docs/**"\ngroups = "staff"', "`visibility.0.groups`"),
        ('[visibility]\npath = "docs/**"\ngroup = "staff"', "`visibility`"),
    ],
)
def test_a_rule_that_would_show_everything_is_refused(tmp_path: Path, text: str, message: str) -> None:
    write(tmp_path, text)
    with pytest.raises(UserError) as caught:
        load_config(tmp_path)
    assert message in caught.value.message


def test_config_command_masks_secrets(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "sk-very-secret")
    monkeypatch.setenv("DOCS_CHAT_SECRET_KEY", "hush-hush")
    monkeypatch.setenv("DOCS_CHAT_DATABASE_URL", "postgresql://user:pass-word@db/chat")
    write(tmp_path, "port = 9000\n")
    shown = run_cli("--json", "config", str(tmp_path)).stdout
    assert "very-secret" not in shown
    assert "hush" not in shown
    assert "pass-word" not in shown
    document = json.loads(shown)
    assert document["port"] == {"value": 9000, "source": str(tmp_path / "docs-chat.toml")}
    assert document["openai_api_key"]["source"] == "environment"
    assert document["host"]["source"] == "default"

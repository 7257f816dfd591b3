"""Reads the configuration's sources, merges them, and remembers where each value came from."""

from __future__ import annotations

import difflib
import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from docs_index.errors import UserError
from pydantic import ValidationError

from docs_chat.settings import (
    CONFIG_NAME,
    ENV_PREFIX,
    SECRETS,
    STATE_FOLDER,
    Settings,
    describe_choices,
)

SECRET_VARIABLES = {
    "secret_key": f"{ENV_PREFIX}SECRET_KEY",
    "openai_api_key": "OPENAI_API_KEY",
    "openai_base_url": "OPENAI_BASE_URL",
    "challenge_secret": f"{ENV_PREFIX}CHALLENGE_SECRET",
    "redis_url": f"{ENV_PREFIX}REDIS_URL",
    "metrics_token": f"{ENV_PREFIX}METRICS_TOKEN",
}
Flat = dict[tuple[str, ...], Any]


@dataclass(frozen=True, slots=True)
class Configuration:
    """The settings in force, the source of each value by its dotted key, and the folder they belong to."""

    settings: Settings
    sources: Mapping[str, str]
    folder: Path


def load_config(
    site: Path | None = None, config: Path | None = None, flags: Mapping[str, Any] | None = None
) -> Configuration:
    """Merge file, environment and flags.

    :param site: the site folder, or a build folder in it; its `docs-chat.toml` is read when there is one.
    :param config: read this file instead.
    :param flags: values from the command line by dotted key (`{"port": 8001}`); None means not given.
    :raises UserError: an unknown key, a value of the wrong kind, a file that cannot be read.
    """
    folder = config.resolve().parent if config else site_folder(site or Path.cwd())
    path = config or folder / CONFIG_NAME
    values: Flat = {}
    sources: dict[str, str] = {}
    given = {tuple(key.split(".")): value for key, value in (flags or {}).items() if value is not None}
    for name, layer in (
        (str(path), read_file(path, required=config is not None)),
        ("environment", read_environment(os.environ)),
        ("command line", given),
    ):
        for key, value in layer.items():
            values[key] = anchor_path(key, value, folder) if name == str(path) else value
            sources[".".join(key)] = name
    try:
        settings = Settings(**nest(values))
    except ValidationError as error:
        raise UserError(explain(error, sources), hint="See `docs-chat config` for every key.") from None
    if settings.engine == "openai" and not settings.has_provider:
        raise UserError(
            "`answer.engine` is `openai`, but there is no provider.",
            hint="Set OPENAI_API_KEY or OPENAI_BASE_URL in the environment, or take `auto`.",
        )
    if settings.identity.challenge and not settings.challenge_secret:
        raise UserError(
            f"`identity.challenge` is `{settings.identity.challenge}`, but there is no secret for it.",
            hint=f"Set {SECRET_VARIABLES['challenge_secret']} in the environment.",
        )
    if settings.attachments.enabled and settings.engine != "openai":
        raise UserError(
            "`attachments.enabled` is on, and there is no model to read the files.",
            hint="Set OPENAI_API_KEY or OPENAI_BASE_URL in the environment, or take it away.",
        )
    return Configuration(complete(settings, folder), sources, folder)


def site_folder(path: Path) -> Path:
    """The site folder that `path` is or, for a build folder, lies in."""
    path = path.resolve()
    is_build = (path / "index.html").is_file() and not (path / CONFIG_NAME).is_file()
    return path.parent if is_build else path


def complete(settings: Settings, folder: Path) -> Settings:
    """Fill in the defaults that depend on the folder."""
    index = settings.index or str(folder / STATE_FOLDER / "index")
    state = folder / STATE_FOLDER if "://" in index else Path(index).resolve().parent
    database = settings.database_url or f"sqlite:///{state / 'chat.db'}"
    # The fields that were set stay those that the owner set: `embedder` is only enforced when it is his.
    cache = settings.index_cache or folder / STATE_FOLDER / "cache"
    update = {"index": index, "index_cache": cache, "database_url": database}
    return settings.model_copy(update=update)


def read_file(path: Path, *, required: bool) -> Flat:
    if not path.is_file():
        if required:
            raise UserError(f"There is no configuration file {path}.", hint="Check --config.")
        return {}
    try:
        data = tomllib.loads(path.read_text("utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise UserError(f"{path} is not valid TOML: {error}.") from None
    flat = flatten(data)
    for key in flat:
        name = ".".join(key)
        if key[0].lower() in SECRETS:
            variable = SECRET_VARIABLES[key[0].lower()]
            raise UserError(f"`{name}` in {path} is a secret.", hint=f"Set {variable} in the environment.")
        check_key(key, f"`{name}` in {path}")
    return flat


def read_environment(environment: Mapping[str, str]) -> Flat:
    flat: Flat = {}
    for secret, variable in SECRET_VARIABLES.items():
        if environment.get(variable):
            flat[(secret,)] = environment[variable]
    for variable, value in environment.items():
        if value and variable.upper().startswith(ENV_PREFIX) and variable not in SECRET_VARIABLES.values():
            path = tuple(variable[len(ENV_PREFIX) :].lower().split("__"))
            check_key(path, f"in the environment: {variable}")
            flat[path] = value
    return flat


def check_key(key: tuple[str, ...], where: str) -> None:
    """Refuse a key that does not exist, with the nearest one that does."""
    for depth, part in enumerate(key):
        choices = describe_choices(Settings, key[:depth])
        if part not in choices:
            nearest = difflib.get_close_matches(part, choices, n=1)
            path = ".".join([*key[:depth], nearest[0]]) if nearest else ""
            hint = f"Did you mean `{path}`?" if nearest else f"The keys here: {', '.join(choices)}."
            raise UserError(f"Unknown key {where}.", hint=hint)


def flatten(table: Mapping[str, Any], path: tuple[str, ...] = ()) -> Flat:
    flat: Flat = {}
    for key, value in table.items():
        flat |= flatten(value, (*path, key)) if isinstance(value, dict) else {(*path, key): value}
    return flat


def nest(flat: Flat) -> dict[str, Any]:
    table: dict[str, Any] = {}
    for key, value in flat.items():
        here = table
        for part in key[:-1]:
            here = here.setdefault(part, {})
        here[key[-1]] = value
    return table


def anchor_path(key: tuple[str, ...], value: Any, folder: Path) -> Any:
    """Paths in the file are relative to the file."""
    if (
        key in (("index",), ("index_cache",), ("site",), ("audit", "file"))
        and isinstance(value, str)
        and "://" not in value
    ):
        return str(folder / value)
    return value


def explain(error: ValidationError, sources: Mapping[str, str]) -> str:
    problems = []
    for problem in error.errors(include_url=False, include_input=False):
        key = ".".join(str(part) for part in problem["loc"])
        top = next((name for name in sources if key.startswith(name)), key)
        problems.append(f"`{key}` ({sources.get(top, 'default')}): {problem['msg']}")
    return "The configuration is wrong: " + "; ".join(problems) + "."

"""The languages of a site, and where each is served and translated."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from docs_index.config import UNKNOWN, Settings, Unknown
from docs_index.routes import normalize_url


@dataclass(frozen=True, slots=True)
class Locale:
    """One language: its base URL with both slashes, and the folder of its translations (None: not translated)."""

    name: str
    base_url: str
    folder: Path | None


def find_locales(folder: Path, config: Settings, base_url: str) -> tuple[list[Locale], str]:
    """The locales whose address is known, in the config's order, and the name of the default one."""
    i18n = config.table("i18n")
    if not isinstance(i18n, Settings):
        return [Locale("en", base_url, None)], "en"
    default = i18n.get("defaultLocale", "en", str)
    if isinstance(default, Unknown):
        return [Locale("en", base_url, None)], "en"
    names = i18n.texts("locales")
    if not isinstance(names, list) or not names:
        names = [default]
    root = i18n.get("path", "i18n", str)
    settings = i18n.table("localeConfigs")
    found = [_find(folder, name, default, base_url, root, settings) for name in dict.fromkeys(names)]
    kept = [locale for locale in found if locale is not None]
    return kept, default if any(locale.name == default for locale in kept) or not kept else kept[0].name


def _find(
    folder: Path, name: str, default: str, base_url: str, root: Any, settings: Settings | Unknown
) -> Locale | None:
    own: Any = {}
    if isinstance(settings, Settings):
        own = settings.table(name) if name in settings else settings.get(name, {}, dict)
    if isinstance(settings, Unknown) or isinstance(own, Unknown):
        # an address of its own is what other locales are given, the default one hardly ever
        return Locale(name, base_url, _translations(folder, root, name, None)) if name == default else None
    read = own.get if isinstance(own, Settings) else lambda key, fallback, kind: fallback
    address = read("baseUrl", None, str)
    if address is UNKNOWN:
        return None
    if address is None:
        address = normalize_url("/", base_url, "" if name == default else name, "/")
    else:
        address = normalize_url("/", address, "/")
    return Locale(name, address, _translations(folder, root, read("path", name, str), read("translate", None, bool)))


def _translations(folder: Path, root: Any, path: Any, translate: Any) -> Path | None:
    """The folder of a locale's translations; by itself Docusaurus translates what has such a folder."""
    if isinstance(root, Unknown) or isinstance(path, Unknown) or translate is False:
        return None
    translations = folder / root / path
    return translations if translations.is_dir() else None

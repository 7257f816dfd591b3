"""Opening LanceDB, on use and no sooner: its import takes longer than most commands."""

from __future__ import annotations

import sys
from importlib.machinery import ModuleSpec
from importlib.util import find_spec, module_from_spec
from pathlib import Path
from types import ModuleType
from typing import Any

#: The client of a REST service that LanceDB imports for the shapes of its requests: more than half of its import.
_CLIENT = "lance_namespace_urllib3_client"


def connect(folder: Path) -> Any:
    """The LanceDB database in ``folder``."""
    _defer_client()
    import lancedb

    return lancedb.connect(folder)


def _defer_client() -> None:
    """Lets the client's package be there without its contents, which come when something asks for one of them."""
    spec = None if _CLIENT in sys.modules else find_spec(_CLIENT)
    if spec is not None:
        module = module_from_spec(spec)
        module.__getattr__ = lambda name: _load(module, spec, name)  # type: ignore[method-assign]
        sys.modules[_CLIENT] = module


def _load(module: ModuleType, spec: ModuleSpec, name: str) -> Any:
    del module.__getattr__
    if spec.loader is not None:
        spec.loader.exec_module(module)
    return getattr(module, name)

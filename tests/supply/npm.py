"""The npm packages that come with the plugin, without those that only its tests need."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any


def write_shipped(package: Path, parent: Path) -> Path:
    """A folder in `parent` with a package.json and a package-lock.json of what an install of `package` brings.

    The versions are those of the workspace's lock file. A copy, because npm's own ``--omit=dev`` leaves out of a bill
    of materials whatever a development dependency needs as well. npm names the package in the bill after its folder.
    """
    manifest: dict[str, Any] = json.loads((package / "package.json").read_text())
    manifest.pop("devDependencies", None)
    folder = parent / str(manifest["name"])
    folder.mkdir()
    (folder / "package.json").write_text(json.dumps(manifest))
    shutil.copy(package.resolve().parent / "package-lock.json", folder)
    run("install", "--package-lock-only", "--ignore-scripts", "--prefer-offline", "--no-audit", "--no-fund", at=folder)
    return folder


def run(*arguments: str, at: Path) -> str:
    """What npm prints; raises SystemExit with npm's own words when it fails."""
    done = call(*arguments, at=at)
    if done.returncode:
        raise SystemExit(f"npm {arguments[0]} failed:\n{done.stderr.strip()}")
    return done.stdout


def call(*arguments: str, at: Path) -> subprocess.CompletedProcess[str]:
    npm = shutil.which("npm")
    if npm is None:
        raise SystemExit("npm is not installed: install Node.js 20 or newer from https://nodejs.org")
    return subprocess.run([npm, *arguments], cwd=at, capture_output=True, text=True, check=False)


def read_json(text: str) -> dict[str, Any]:
    """The object that npm printed with ``--json``; an empty one where it printed none."""
    try:
        found = json.loads(text)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}

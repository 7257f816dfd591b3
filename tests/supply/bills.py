"""Bills of materials of what is installed at run time, as CycloneDX JSON.

python -m tests.supply.bills FOLDER NPM_PACKAGE_FOLDER

Writes FOLDER/python.cdx.json (of the environment in .runtime) and FOLDER/npm.cdx.json. Exits with 1, and leaves no
bill, when one does not follow CycloneDX's schema or names a folder of this machine.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from pathlib import Path

from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator

from tests.supply.npm import run, write_shipped


def make_python_bill() -> str:
    command = [
        sys.executable,
        "-m",
        "cyclonedx_py",
        "environment",
        ".runtime/bin/python",
        "--pyproject",
        "pyproject.toml",
    ]
    return subprocess.run([*command, "--output-reproducible"], stdout=subprocess.PIPE, text=True, check=True).stdout


def make_npm_bill(package: Path) -> str:
    with tempfile.TemporaryDirectory() as folder:
        shipped = write_shipped(package, Path(folder))
        return run("sbom", "--sbom-format", "cyclonedx", "--package-lock-only", at=shipped)


def check_bill(bill: str) -> str | None:
    """What is wrong with a bill of materials, or nothing."""
    version = SchemaVersion.from_version(json.loads(bill)["specVersion"])
    wrong = JsonStrictValidator(version).validate_str(bill)
    if wrong is not None:
        return f"does not follow CycloneDX {version.to_version()}: {wrong}"
    for folder in (Path.cwd(), Path.home(), Path(tempfile.gettempdir())):
        if f"{folder}/" in bill:
            return f"names a folder of this machine: {folder}"
    return None


def main() -> int:
    if len(sys.argv) != 3:
        raise SystemExit(__doc__)
    folder, package = map(Path, sys.argv[1:])
    bills = {"python.cdx.json": make_python_bill(), "npm.cdx.json": make_npm_bill(package)}
    for name, bill in bills.items():
        if wrong := check_bill(bill):
            print(f"{name}: {wrong}")
            return 1
    folder.mkdir(exist_ok=True)
    for name, bill in bills.items():
        (folder / name).write_text(bill)
        print(f"{folder / name}: {len(json.loads(bill)['components'])} packages")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())

"""Whether a package that is installed at run time has a published weakness.

python -m tests.supply.audit REQUIREMENTS.lock NPM_PACKAGE_FOLDER

Asks OSV about the Python packages (pip-audit) and the npm registry about the plugin's (npm audit). Exits with 0 when
nothing is known against any of them, with 1 when something is, and with 2 when a service could not be asked.
"""

from __future__ import annotations

import argparse
import re
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

from tests.supply.npm import call, read_json, write_shipped


class UnansweredError(Exception):
    """A service could not be asked; says why."""


def audit_python(lock: Path, osv_url: str | None) -> Iterator[str]:
    """What OSV knows against the packages of a lock file, a line for each; raises UnansweredError."""
    command = [sys.executable, "-m", "pip_audit", "--requirement", str(lock), "--require-hashes", "--disable-pip"]
    command += ["--strict", "--vulnerability-service", "osv", "--format", "json", "--progress-spinner", "off"]
    command += ["--osv-url", osv_url] if osv_url else []
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    packages = read_json(done.stdout).get("dependencies")
    if packages is None:
        raise UnansweredError(explain(done.stderr) or f"pip-audit ended with {done.returncode}")
    for package in packages:
        for weakness in package["vulns"]:
            mended = ", ".join(weakness["fix_versions"]) or "no version yet"
            yield f"{package['name']} {package['version']}: {weakness['id']}, mended in {mended}"


def audit_npm(package: Path) -> Iterator[str]:
    """What the npm registry knows against the packages that the plugin brings, a line each; raises UnansweredError."""
    with tempfile.TemporaryDirectory() as folder:
        shipped = write_shipped(package, Path(folder))
        done = call("audit", "--json", "--package-lock-only", at=shipped)
    report = read_json(done.stdout)
    if "vulnerabilities" not in report:
        raise UnansweredError(
            report.get("message") or explain(done.stderr) or f"npm audit ended with {done.returncode}"
        )
    for name, found in report["vulnerabilities"].items():
        # A package that only depends on a weak one names that instead of an advisory.
        for via in found["via"]:
            if isinstance(via, dict):
                yield f"{name} {via['range']}: {via['title']} ({via['severity']}), {via['url']}"


def explain(errors: str) -> str:
    """Why a command failed, from what it printed: its last line, or the host that it could not reach."""
    said = next((line.strip() for line in reversed(errors.splitlines()) if line.strip()), "")
    host = re.search(r"host='([^']+)', port=\d+\): Max retries", said)
    return f"{host[1]} cannot be reached" if host else said


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("lock", type=Path)
    parser.add_argument("package", type=Path)
    parser.add_argument("--osv-url", help="another server with OSV's API")
    given = parser.parse_args()
    audits: dict[str, Callable[[], Iterator[str]]] = {
        "Python": lambda: audit_python(given.lock, given.osv_url),
        "npm": lambda: audit_npm(given.package),
    }
    codes = []
    for kind, audit in audits.items():
        try:
            found = list(audit())
        except UnansweredError as why:
            print(f"{kind}: NOT CHECKED, the advisory service gave no answer: {why}")
            print("  Try again later, or from a machine that may reach it.")
            codes.append(2)
            continue
        print(f"{kind}: weaknesses found: {len(found)}" if found else f"{kind}: nothing known against any package")
        print("".join(f"  {line}\n" for line in found), end="")
        codes.append(1 if found else 0)
    return 1 if 1 in codes else max(codes)


if __name__ == "__main__":
    raise SystemExit(main())

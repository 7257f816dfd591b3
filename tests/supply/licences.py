"""Whether everything that is installed at run time has a licence that we allow, and the list of it all.

python -m tests.supply.licences FOLDER THIRD-PARTY.md

Reads the bills of materials in FOLDER and the rules in licences.toml beside this file. Exits with 1 and names the
packages when one has another licence, or none; otherwise writes the list.
"""

from __future__ import annotations

import json
import sys
import tomllib
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from math import inf
from pathlib import Path
from typing import Any

from license_expression import AND, OR, LicenseSymbol, get_spdx_licensing

RULES = Path(__file__).with_name("licences.toml")
SPDX = get_spdx_licensing()


@dataclass(frozen=True)
class Rules:
    """Licences by SPDX identifier: `allowed` for all, `exceptions` and `stated` by package, `names` by another name."""

    allowed: frozenset[str]
    exceptions: Mapping[str, str]
    stated: Mapping[str, str]
    names: Mapping[str, str]

    @classmethod
    def read(cls, file: Path) -> Rules:
        rules: dict[str, Any] = tomllib.loads(file.read_text())
        return cls(frozenset(rules["allowed"]), rules["exceptions"], rules["stated"], rules["names"])


def read_package(component: Mapping[str, Any], rules: Rules) -> tuple[str, str]:
    """The name and the licence of one component of a bill: an SPDX expression, empty where nothing is said."""
    name = component["name"].lower().replace("_", "-")
    if name in rules.stated:
        return name, rules.stated[name]
    said = []
    for entry in component.get("licenses", []):
        text = entry.get("expression") or entry["license"].get("id") or entry["license"]["name"]
        said.append(rules.names.get(text, text))
    return name, " AND ".join(f"({text})" if " " in text else text for text in dict.fromkeys(said))


def is_allowed(licence: str, allowed: frozenset[str]) -> bool:
    """Whether one who keeps to `allowed` alone may use what has this licence: all parts of an AND, one of an OR."""
    try:
        return fits(SPDX.parse(licence, validate=True), allowed)
    except Exception:
        return False


def fits(term: object, allowed: frozenset[str]) -> bool:
    match term:
        case AND():
            return all(fits(part, allowed) for part in term.args)
        case OR():
            return any(fits(part, allowed) for part in term.args)
        case LicenseSymbol():
            return term.key in allowed
    return False


def find_refused(packages: Iterable[tuple[str, str]], rules: Rules) -> list[str]:
    return [
        f"{name}: {licence or 'no licence'}"
        for name, licence in packages
        if not is_allowed(
            licence, rules.allowed | {rules.exceptions[name]} if name in rules.exceptions else rules.allowed
        )
    ]


def list_by_licence(packages: Iterable[tuple[str, str]], most: float = inf) -> str:
    """A Markdown table, a row for each licence; where more than `most` packages have it, it says how many."""
    found: dict[str, set[str]] = defaultdict(set)
    for name, licence in packages:
        found[str(SPDX.parse(licence))].add(name)
    rows = [
        f"| {licence} | {', '.join(sorted(names)) if len(names) <= most else f'{len(names)} packages'} |"
        for licence, names in sorted(found.items())
    ]
    return "\n".join(["| Licence | Packages |", "| --- | --- |", *rows])


def find_direct(bill: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """The components that the package of a bill depends on itself."""
    root = bill["metadata"]["component"]["bom-ref"]
    refs = next(set(entry.get("dependsOn", [])) for entry in bill["dependencies"] if entry["ref"] == root)
    return [component for component in bill["components"] if component["bom-ref"] in refs]


PAGE = """\
# What docs-chat brings along

docs-chat is MIT. These are the licences of what is installed with it; none of it is part of our own packages but the
model. `make licences` wrote this list and checks it; the versions are in `requirements.lock` and `package-lock.json`,
and in the bills of materials that `make sbom` writes.

## The embedding model

all-MiniLM-L6-v2, Apache-2.0, inside the Python package: see [its notice](indexer/docs_index/model/NOTICE.md).

## Python packages of the server

With PostgreSQL, Redis and OpenTelemetry, on Linux.

{python}

numpy's wheels for Linux contain libgfortran (GPL-3.0 with the GCC Runtime Library Exception) and libquadmath
(LGPL-2.1): compiled libraries that are given on as they are.

## npm packages of the plugin

What the plugin depends on itself:

{direct}

All, with what these depend on. Most belong to Docusaurus, which the site has already.

{npm}
"""


def main() -> int:
    if len(sys.argv) != 3:
        raise SystemExit(__doc__)
    folder, page = map(Path, sys.argv[1:])
    rules = Rules.read(RULES)
    bills = {kind: json.loads((folder / f"{kind}.cdx.json").read_text()) for kind in ("python", "npm")}
    packages = {kind: [read_package(one, rules) for one in bill["components"]] for kind, bill in bills.items()}
    refused = [f"{kind}: {line}" for kind, found in packages.items() for line in find_refused(found, rules)]
    if refused:
        print("\n".join(refused))
        print(f"{RULES.name} does not allow this. Read what the licence asks for, then allow it there or do without.")
        return 1
    direct = [read_package(component, rules) for component in find_direct(bills["npm"])]
    page.write_text(
        PAGE.format(
            python=list_by_licence(packages["python"]),
            direct=list_by_licence(direct),
            npm=list_by_licence(packages["npm"], most=20),
        )
    )
    print(f"{sum(map(len, packages.values()))} packages, all with licences that are allowed: {page}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())

"""How a project runs its tests, its linter, its build: taken from what its manifests say."""

import re

from workbench.providers.rehearsal.mind.evidence.manifest import manifest
from workbench.providers.rehearsal.mind.evidence.tree import Tree


def detect(job: str, tree: Tree, texts: dict[str, str]) -> tuple[str, str]:
    """The command for `job` and why; empty where nothing points to one."""
    for path in ("Makefile", "package.json"):
        known = manifest(path, texts.get(path, ""))
        if known and job in known.scripts:
            return (
                f"make {job}" if path == "Makefile" else f"npm run {job}" if job != "test" else "npm test"
            ), f"{path} defines {job}."
    if "Cargo.toml" in texts:
        return {"test": "cargo test", "lint": "cargo clippy", "build": "cargo build"}[job], "There is a Cargo.toml."
    if "go.mod" in texts:
        return {"test": "go test ./...", "lint": "go vet ./...", "build": "go build ./..."}[job], "There is a go.mod."
    python = texts.get("pyproject.toml", "") + texts.get("setup.cfg", "")
    if job == "test" and (
        "pytest" in python or any(re.search(r"(^|/)(test_\w+|\w+_test)\.py$", p) for p in tree.files)
    ):
        return (
            "python3 -m pytest -q",
            "pyproject.toml speaks of pytest." if "pytest" in python else "There are test files in Python.",
        )
    if job == "lint" and "ruff" in python:
        return "python3 -m ruff check .", "pyproject.toml speaks of ruff."
    return "", ""

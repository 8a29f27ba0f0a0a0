"""Facts in a unified diff: how much changed where, and plain signs of risk."""

import re
from typing import NamedTuple

_SIGNS = (
    ("a secret, by its name", r"(?i)\b(password|passwd|secret|api_?key|token|private_key)\b\s*[:=]\s*['\"]?\w"),
    ("runs a shell or evaluates text", r"\b(eval|exec)\(|os\.system|subprocess|shell=True|child_process|rm -rf"),
    ("swallows errors", r"except\s*(Exception)?\s*:|catch\s*(\(\w*\))?\s*\{\s*\}"),
    ("turns a check off", r"verify=False|--no-verify|noqa|type: ignore|eslint-disable|@skip|\.skip\(|xfail"),
    ("changes stored data", r"(?i)\b(DROP|TRUNCATE|DELETE FROM|ALTER TABLE)\b|migrat"),
    ("left unfinished", r"\b(TODO|FIXME|XXX|HACK)\b"),
)
KNOWN = "secrets, shells, swallowed errors, checks turned off, data changes, open marks"
"""What the signs look for, in words."""
DELICATE = re.compile(
    r"(^|/)(\.github/|Dockerfile|.*\.lock$|package-lock\.json|migrations?/|\.env|settings|config|auth|"
    r"security|payment|billing)",
    re.I,
)
"""Paths where a small change matters."""
Changed = dict[str, tuple[int, int]]
"""Lines added and removed, by path."""


class Sign(NamedTuple):
    """An added line that shows a sign of risk."""

    what: str
    path: str
    line: int
    text: str
    """Without the value of what looks like a secret."""


def files_of(diff: str) -> Changed:
    """Lines added and removed in each file of a diff."""
    found: Changed = {}
    path = ""
    for line in diff.splitlines():
        if head := re.match(r"diff --git a/(.+) b/(.+)$", line):
            path = head[2]
            found[path] = (0, 0)
        elif path and line[:1] in "+-" and line and not line.startswith(("+++", "---")):
            added, removed = found[path]
            found[path] = (added + (line[0] == "+"), removed + (line[0] == "-"))
    return found


def signs_of(diff: str) -> list[Sign]:
    """Added lines that show a sign of risk."""
    found: list[Sign] = []
    path, number = "", 0
    for line in diff.splitlines():
        if line.startswith("+++ "):
            path = line[4:].removeprefix("b/")
        elif hunk := re.match(r"@@ -\S+ \+(\d+)", line):
            number = int(hunk[1]) - 1
        elif not line.startswith("-"):
            number += 1
            found += [
                Sign(what, path, number, _masked(what, line[1:].strip()))
                for what, sign in _SIGNS
                if line.startswith("+") and re.search(sign, line)
            ][:1]
    return found


def _masked(what: str, line: str) -> str:
    """`line` without the value that looks like a secret."""
    return re.sub(r"([:=]\s*).*", r"\1…", line) if "secret" in what else line

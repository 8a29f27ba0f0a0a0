"""Which files there are, from what glob said."""

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from pathlib import PurePosixPath

from workbench.providers.rehearsal.mind.conversation import Conversation, Outcome

CAP = 200
"""Paths that one glob gives at most."""
VENDORED = re.compile(
    r"(^|/)(\.git|\.hg|\.svn|\.?venv|env|node_modules|__pycache__|dist|build|target|vendor|site-packages|\.tox|\.idea|"
    r"\.vscode|\.[\w-]*_cache|\.hypothesis|\.next|coverage|htmlcov|[\w.-]+\.egg-info|\.DS_Store)(/|$)"
)
_ENTRY = re.compile(
    r"(^|/)(__main__|main|app|cli|index|server|lib|mod|program|manage)\.(py|js|mjs|ts|tsx|jsx|rs|go|java|"
    r"rb|c|cpp|cs|php|swift|kt|sh)$",
    re.I,
)
_MANIFEST = re.compile(
    r"^(pyproject\.toml|package\.json|Cargo\.toml|go\.mod|setup\.cfg|composer\.json|requirements\.txt|"
    r"Makefile|pom\.xml|"
    r"Gemfile|CMakeLists\.txt|Dockerfile|setup\.py|build\.gradle)$"
)


@dataclass(frozen=True)
class Tree:
    """The files of a folder, relative to the workspace, without vendored and generated ones."""

    paths: tuple[str, ...]
    """Files and folders, newest first."""
    capped: bool = False
    """True when a listing was cut, so that there may be more."""

    @cached_property
    def folders(self) -> tuple[str, ...]:
        """Every folder that something lies in or that was listed as one, sorted."""
        named = {path.rstrip("/") for path in self.paths if path.endswith("/")}
        holding = {str(parent) for path in self.paths for parent in PurePosixPath(path).parents}
        return tuple(sorted((named | holding) - {".", "/", ""}))

    @cached_property
    def files(self) -> tuple[str, ...]:
        """What is not known to be a folder, sorted."""
        folders = set(self.folders)
        return tuple(sorted(path for path in self.paths if path.rstrip("/") not in folders))

    @property
    def top(self) -> tuple[str, ...]:
        """Names directly in the workspace, folders with a slash."""
        folders = {folder for folder in self.folders if "/" not in folder}
        return tuple(f"{name}/" for name in sorted(folders)) + tuple(f for f in self.files if "/" not in f)

    @property
    def extensions(self) -> Counter[str]:
        """How many files of each extension."""
        return Counter(PurePosixPath(path).suffix.lower() for path in self.files if PurePosixPath(path).suffix)

    @property
    def readmes(self) -> tuple[str, ...]:
        """README files, the outermost first."""
        return _outermost(p for p in self.files if PurePosixPath(p).name.lower().startswith("readme"))

    @property
    def manifests(self) -> tuple[str, ...]:
        """Project manifests, the outermost first."""
        return _outermost(p for p in self.files if _MANIFEST.match(PurePosixPath(p).name))

    @property
    def entries(self) -> tuple[str, ...]:
        """Likely entry points, the outermost first; tests are none."""
        found = [p for p in self.files if _ENTRY.search(p) and not re.search(r"(^|/)tests?/", p)]
        return _outermost(found)

    def find(self, name: str) -> tuple[str, ...]:
        """Paths that `name` may mean: itself, else those that end with it, case ignored."""
        wanted = name.strip("/").lower()
        exact = [p for p in self.paths if p.lower() == wanted]
        return tuple(exact) or tuple(
            p for p in self.paths if p.lower().endswith("/" + wanted) or PurePosixPath(p).stem.lower() == wanted
        )


def tree_of(outcomes: Iterable[Outcome], talk: Conversation, generated: bool = False) -> Tree:
    """The tree that globs with these outcomes found; what looks generated is left out unless it is asked for."""
    globs = [outcome for outcome in outcomes if outcome.name == "glob" and outcome.ok]
    found: dict[str, None] = {}
    for outcome in globs:
        for path in listed(outcome, talk):
            if generated or not VENDORED.search(path):
                found.setdefault(path)
    return Tree(tuple(found), any(cut(outcome) for outcome in globs))


def cut(outcome: Outcome) -> bool:
    """True when there were more names than were listed."""
    return len(lines_of(outcome)) >= CAP or re.search(r"^\[\d+ more\b", outcome.text, re.M) is not None


def listed(outcome: Outcome, talk: Conversation) -> list[str]:
    """The paths of one glob, relative to the workspace; none of one that failed."""
    if not outcome.ok:
        return []
    base = str(outcome.arguments.get("path") or "")
    return [relative(line, talk, base) for line in lines_of(outcome)]


def lines_of(outcome: Outcome) -> list[str]:
    """The lines of a listing that name something."""
    silent = re.compile(r"no (matches|files)$|\[.*(truncated|more)\b.*\]|\(.*(truncated|more)\b.*\)$|…", re.I)
    return [line.strip() for line in outcome.text.splitlines() if line.strip() and not silent.match(line.strip())]


def root_of(talk: Conversation) -> str:
    """The workspace's absolute path, as the system prompt tells it; empty when it does not."""
    told = re.search(
        r"(?:workspace|working directory|work(?:ing)? ?folder|cwd)\b[^\n/]{0,30}?(/[^\n`'\"]+)", talk.system, re.I
    )
    return re.sub(r"(\. .*|[.,;:])$", "", told[1]).rstrip("/ ") if told else ""


def relative(path: str, talk: Conversation, base: str = "") -> str:
    """`path` relative to the workspace, where that is known."""
    root = root_of(talk)
    path = path.removeprefix("./") or "."
    if root and (path == root or path.startswith(root + "/")):
        return path[len(root) :].lstrip("/") or "."
    if path.startswith("/") or not base or base in (".", "/"):
        return path
    base = relative(base, talk).rstrip("/")
    return path if path.startswith(base + "/") or path == base else f"{base}/{path}"


def _outermost(paths: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted(paths, key=lambda path: (path.count("/"), path)))

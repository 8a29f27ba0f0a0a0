"""What is in this project? Names first, then README, manifests, entry points and packages, then what they say."""

from workbench.providers.rehearsal.mind.evidence.manifest import manifest
from workbench.providers.rehearsal.mind.evidence.tree import Tree, tree_of
from workbench.providers.rehearsal.mind.markdown import count
from workbench.providers.rehearsal.mind.request import Request
from workbench.providers.rehearsal.mind.skills.calls import glob, read
from workbench.providers.rehearsal.mind.skills.overview import Overview
from workbench.providers.rehearsal.mind.skills.scratchpad import closing, finding, opening
from workbench.providers.rehearsal.mind.steps import Answer, Call, Plan, Step

_SUBJECT = (
    r"\b(project|repo|repository|code ?base|workspace|folder|directory|app|application|package|library|program|code|"
    r"structure|architecture|here|this place|all this)\b"
)
_READS = 8
"""Files opened at most."""


class Explain:
    """The project as a whole, or one folder of it."""

    def matches(self, request: Request) -> bool:
        if any("." in path.rstrip("/").rsplit("/", 1)[-1].strip(".") for path in request.paths):
            return False
        if request.paths and all("/" in path for path in request.paths):
            return bool(
                request.match(
                    r"^(what|explain|describe|summari[sz]e|show|tell|read|look|open|give|"
                    r"walk|review|analy[sz]e|inspect)\b"
                )
            )
        if request.match(
            r"^(what(?:'s| is) (this|here|in here|all this)|overview|explore|look around|explain)[\s?.!]*$"
        ):
            return True
        asks = request.match(
            r"^(what|explain|describe|summari[sz]e|introduce|give|show|tell|walk|tour|overview|understand|"
            r"explore|study|"
            r"look (at|around|into)|have a look|analy[sz]e|read|get|inspect|examine|review|how (is|does) (this|the))\b"
        )
        return bool(
            asks and request.match(_SUBJECT) and not request.match(r"\b(function|method|class|variable|where)\b")
        )

    def plan(self, request: Request) -> Plan:
        base = request.paths[0].rstrip("/") if request.paths else ""
        looks = tuple(glob(pattern, base) for pattern in ("*", "*/*", "**/*"))
        found = yield opening(request, "I will look at what is here before I say anything.", *looks)
        tree = tree_of(found, request.talk)
        if not tree.files:
            return (yield from _nothing(base))
        more = _large_folders(tree, base) if tree.capped else ()
        texts = yield Step(
            (finding(tree_fact(tree)), *(glob("**/*", folder) for folder in more), *(read(p) for p in chosen(tree)))
        )
        tree = tree_of((*found, *texts), request.talk)
        overview = Overview(tree, {str(o.arguments["file_path"]): o for o in texts if o.name == "read"}, base)
        yield closing(*overview.findings, files=overview.texts)
        return overview.answer()


def tree_fact(tree: Tree) -> str:
    """One line on how many files of which kinds there are."""
    kinds = ", ".join(f"{number} {suffix}" for suffix, number in tree.extensions.most_common(4))
    at_least = "at least " if tree.capped else ""
    return (
        f"{at_least}{count(len(tree.files), 'file')}{f' ({kinds})' if kinds else ''}; at the top: "
        f"{', '.join(tree.top[:12])}"
    )


def chosen(tree: Tree) -> tuple[str, ...]:
    """The files that tell most about a project."""
    known = [
        path for path in tree.manifests if manifest(path, "") is not None or path.endswith((".toml", ".json", ".mod"))
    ]
    packages = [p for p in tree.files if p.endswith("/__init__.py") and p.count("/") <= 2 and not p.startswith("test")]
    picked = [*tree.readmes[:1], *known[:3], *tree.entries[:2], *sorted(packages, key=lambda p: p.count("/"))[:2]]
    if len(picked) < 4:
        picked += [p for p in sorted(tree.files, key=_telling) if p.endswith(_TELLING) and p not in picked][:3]
    return tuple(dict.fromkeys(picked))[:_READS]


_TELLING = (".py", ".js", ".ts", ".rs", ".go", ".java", ".rb", ".c", ".php", ".sh", ".md", ".rst", ".txt")


def _telling(path: str) -> tuple[bool, bool, int, str]:
    """Order of what tells most: no plain data, no tests, the outermost first."""
    return path.endswith(".txt"), path.startswith(("test", "spec")), path.count("/"), path


def _large_folders(tree: Tree, base: str) -> tuple[str, ...]:
    """Folders to list on their own where the whole listing was cut."""
    depth = base.count("/") + 1 if base else 0
    return tuple(folder for folder in tree.folders if folder.count("/") == depth)[:5]


def _nothing(base: str) -> Plan:
    where = f"`{base}`" if base else "The workspace"
    yield Step((finding(f"{where} holds no files"), Call("set_status", {"status": "done"})))
    text = f"{where} is empty: I looked for names at the top and in every folder below and found none."
    reason = "Three listings came back empty; version control and build folders are left out."
    return Answer(text, 0.88, reason, ("Create a first file here", "Open another folder with --workspace"))

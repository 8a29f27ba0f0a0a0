"""Questions that a manifest or README answers: version, licence, dependencies, how to install and run."""

import re

from workbench.providers.rehearsal.mind.evidence import prose
from workbench.providers.rehearsal.mind.evidence.manifest import Manifest, manifest
from workbench.providers.rehearsal.mind.evidence.tree import tree_of
from workbench.providers.rehearsal.mind.markdown import bullets, clip, code, names
from workbench.providers.rehearsal.mind.request import Request
from workbench.providers.rehearsal.mind.skills.calls import glob, read
from workbench.providers.rehearsal.mind.skills.explaining import chosen
from workbench.providers.rehearsal.mind.skills.scratchpad import closing, opening
from workbench.providers.rehearsal.mind.skills.trouble import failures, lowered
from workbench.providers.rehearsal.mind.steps import Answer, Plan, Step

_TOPICS = {
    "version": r"\bversion\b|\brelease\b",
    "licence": r"\blicen[cs]ed?\b",
    "dependencies": r"\b(dependenc\w+|depends? on|requirements?|libraries)\b",
    "name": r"\b(?:name|called)\b",
    "scripts": r"\b(scripts?|commands?|targets?|entry points?)\b",
    "usage": r"\b(install|set ?up|run|start|use|build|test|launch|deploy)\b",
}
_ABOUT = r"\b(project|it|this|package|repo\w*|app\w*|library|program|tests?|code ?base|tool)\b"


class Facts:
    """One fact about the project, with the file that states it."""

    def matches(self, request: Request) -> bool:
        if request.paths and not re.search(r"pyproject|package\.json|Cargo|go\.mod", request.paths[0]):
            return False
        asks = request.match(r"^(what|which|how (?:do|can|should|to)|does|is|tell|show|list|under)\b")
        return bool(
            (asks and _topic(request) and request.match(_ABOUT))
            or request.match(r"^(?:list|show|what are) (?:the |all )*(dependencies|scripts|commands)\b")
        )

    def plan(self, request: Request) -> Plan:
        topic = _topic(request)
        looks = [glob("*")] + ([glob("LICEN*")] if topic == "licence" else [])
        found = yield opening(request, "I will look in the manifest and the README.", *looks)
        tree = tree_of(found, request.talk)
        licences = [path for path in tree.files if path.lower().startswith(("licen", "copying"))]
        wanted = [
            *(p for p in chosen(tree) if p in tree.manifests or p in tree.readmes),
            *(licences[:1] if topic == "licence" else []),
        ]
        texts = yield Step(tuple(read(path) for path in wanted)) if wanted else closing()
        read_ = {str(o.arguments["file_path"]): o.text for o in texts if o.name == "read" and o.ok}
        told = {path: _told(topic, path, text) for path, text in read_.items()}
        lines, stating = [line for ls in told.values() for line in ls], [path for path, ls in told.items() if ls]
        yield closing(*lines[:2])
        if lines:
            return Answer(
                "\n\n".join((bullets(lines), failures(texts))).strip(),
                lowered(0.9, texts),
                f"Stated in {', '.join(stating)}.",
            )
        where = names(read_) if read_ else "No manifest or README is here; nothing"
        text = (
            f"{where} {'do' if len(read_) > 1 else 'does'} not state the {topic}."
            if read_
            else f"{where} states the {topic}."
        )
        others = ("Search every file for it", "Explain the project", "Read a file you name")
        return Answer(text, 0.55, "I read what usually states it, and it does not.", others)


def _topic(request: Request) -> str:
    return next((topic for topic, sign in _TOPICS.items() if request.match(sign)), "")


def _told(topic: str, path: str, text: str) -> list[str]:
    known = manifest(path, text)
    if known is not None:
        return _stated(topic, path, known, text)
    if topic == "licence" and path.lower().startswith(("licen", "copying")):
        return [f"{code(path)} begins: “{clip(text.strip(), 120)}”"] if text.strip() else []
    sign = {
        "usage": r"install|set ?up|usage|use|run|start|quick|develop|build|test",
        "scripts": r"command|usage|script",
    }.get(topic, topic[:6])
    heads = [h for h in prose.headings(text) if re.search(rf"\b(?:{sign})", h.title, re.I)]
    return [
        f"{code(path)}, “{clip(h.title, 60)}” (line {h.line}):\n\n{_indented(prose.section(text, h))}"
        for h in heads[:2]
    ]


def _stated(topic: str, path: str, known: Manifest, text: str) -> list[str]:
    match topic:
        case "version" if known.version:
            return [f"{known.name or 'The project'} is at version **{known.version}** ({code(path)})"]
        case "version" if known.requires:
            return [f"{code(path)} states no version of its own; it needs {known.kind} {code(known.requires)}"]
        case "name" if known.name:
            return [f"It is named **{known.name}** ({code(path)})"]
        case "dependencies" if known.dependencies:
            return [f"{code(path)} names {len(known.dependencies)}: {names(known.dependencies, 30)}"]
        case "scripts" | "usage" if known.scripts:
            return [
                f"{code(name)} runs {code(clip(cmd, 90))} ({code(path)})"
                for name, cmd in list(known.scripts.items())[:8]
            ]
        case "licence" if stated := re.search(r"^\s*\"?licen[cs]e\"?\s*[:=]\s*(.+?),?$", text, re.M | re.I):
            return [f"{code(path)} says {code(stated[0].strip().rstrip(','))}"]
    return []


def _indented(text: str) -> str:
    return "\n".join(f"  {line}" if line.strip() else "" for line in text.splitlines()[:14])

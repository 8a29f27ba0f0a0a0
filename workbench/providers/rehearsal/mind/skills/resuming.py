"""Go on: with what a handoff left open, or with what stopped before its end."""

import re

from workbench.providers.rehearsal.mind.evidence import prose
from workbench.providers.rehearsal.mind.evidence.kept import demoted, handoff_of, memory_of
from workbench.providers.rehearsal.mind.markdown import bullets, clip, code, numbered
from workbench.providers.rehearsal.mind.request import Request
from workbench.providers.rehearsal.mind.skills.scratchpad import closing
from workbench.providers.rehearsal.mind.steps import Answer, Call, Plan, Step


class Resume:
    """Where things stand and what is open."""

    def matches(self, request: Request) -> bool:
        return bool(request.match(
            r"^(continue|go on|resume|carry on|proceed|keep going|next|pick up|where (?:were|are|did) we|"
            r"what(?:'s| is) (?:next|left|open|still open)"
            r"|what (?:remains|should (?:i|we) do next))\b.{0,80}$"
        ))  # fmt: skip

    def plan(self, request: Request) -> Plan:
        if handoff := handoff_of(request.talk):
            return (yield from _from_handoff(request, handoff))
        summary, memory = request.talk.summary, memory_of(request.talk)
        open_ = section(summary, "Open") or questions(memory)
        yield from ()
        if request.talk.before:
            last = request.talk.before[-1]
            text = f"Your last prompt was “{clip(last.prompt, 160)}”"
            text += " and it was answered." if last.answer else "; it has no answer yet."
            text += f"\n\nStill open:\n\n{bullets(open_)}" if open_ else " I have nothing else noted as open."
            others = (clip(last.prompt, 100), "Explain the project", *(() if not open_ else (clip(open_[0], 100),)))
            return Answer(
                text, 0.62 if open_ else 0.55, "I know what was said; which way to go on is yours to say.", others
            )
        if open_ or summary:
            text = f"Still open:\n\n{bullets(open_)}" if open_ else demoted(summary)
            return Answer(
                text, 0.7, "From the summary and the scratchpad.", tuple(clip(item, 100) for item in open_[:3])
            )
        others = ("Explain the project", "List the files here", "Run the tests")
        return Answer(
            "There is nothing to go on with: no handoff, no summary and no earlier prompt.",
            0.5,
            "I see none of them.",
            others,
        )


def section(text: str, name: str) -> list[str]:
    """The entries below a heading whose title holds `name`."""
    for heading in prose.headings(text):
        if name.lower() in heading.title.lower():
            lines = prose.section(text, heading).splitlines()
            entries = [re.sub(r"^\s*(?:[-*+]|\d+[.)])\s+", "", line).strip() for line in lines if line.strip()]
            return [e for e in entries if not re.match(r"(none|nothing)\b", e.strip("*_ "), re.I)]
    return []


def questions(memory: str) -> list[str]:
    """Open questions of a working memory notice."""
    found = re.search(r"open questions:?\s*\n((?:\s*-.+\n?)+)", memory, re.I)
    return [line.strip("- ").strip() for line in found[1].splitlines() if line.strip()] if found else []


def _from_handoff(request: Request, handoff: str) -> Plan:
    status, open_ = section(handoff, "TASK STATUS"), section(handoff, "OPEN ITEMS")
    files = re.findall(r"`([^`\s]+\.\w+)`", "\n".join(section(handoff, "FILES CHANGED")))
    task = clip(status[0] if status else request.talk.turn.prompt, 200)
    reads = (Call("read", {"file_path": path}) for path in list(dict.fromkeys(files))[:3])
    found = yield Step((Call("set_task", {"task": task}), *reads),
                       "I take up the handoff and look at the files that it names.")  # fmt: skip
    there = [o for o in found if o.name == "read"]
    yield closing(f"resumed from a handoff with {len(open_)} open items", status="in_progress")
    pieces = ["I take up where the last session left off."]
    pieces += ["**Status**\n\n" + bullets(status[:4])] if status else []
    pieces += ["**Open**\n\n" + numbered(open_[:8])] if open_ else ["The handoff lists nothing as open."]
    if decided := section(handoff, "DECISIONS"):
        pieces.append("**Decided, and kept to**\n\n" + bullets(decided[:6]))
    if there:
        state = (
            f"{code(str(o.arguments['file_path']))}: "
            f"{f'there, {prose.lines(o.text)} lines' if o.ok else 'could not be read'}"
            for o in there
        )
        pieces.append("**The files that it names**\n\n" + bullets(state))
    sure, others = (0.8, tuple(clip(item, 120) for item in open_[:3])) if open_ else (0.7, ())
    return Answer(
        "\n\n".join(pieces), sure, "Quoted from the handoff document; the files I looked at just now.", others
    )

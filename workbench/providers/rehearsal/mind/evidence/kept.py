"""What is kept outside the messages or written down in them: working memory, handoff, notes."""

import re

from workbench.providers.rehearsal.mind.conversation import Conversation
from workbench.providers.rehearsal.mind.markdown import clip


def memory_of(talk: Conversation) -> str:
    """The newest working memory notice; empty where there was none."""
    found = re.findall(
        r"\[(?:WORKING MEMORY|SCRATCHPAD)[^\]]*\]\s*(.+?)(?=\n\s*\[[A-Z][A-Z ]+\]|\Z)", talk.notices, re.S
    )
    return found[-1].strip() if found else ""


def written_down(talk: Conversation) -> str:
    """What was put on the scratchpad in the messages that are still here."""
    lines = []
    for outcome in (o for turn in talk.turns for o in turn.calls if o.ok):
        arguments = outcome.arguments
        match outcome.name:
            case "add_finding":
                lines.append(f"- {clip(str(arguments.get('text')), 240)}")
            case "record_decision":
                lines.append(
                    f"- Decided: {clip(str(arguments.get('decision')), 200)} (because: "
                    f"{clip(str(arguments.get('reasoning')), 200)})"
                )
            case "ask_question":
                lines.append(f"- Open question: {clip(str(arguments.get('question')), 240)}")
    return "\n".join(dict.fromkeys(lines))


def handoff_of(talk: Conversation) -> str:
    """The handoff document in the system prompt; empty where there is none."""
    framed = re.search(r"<handoff[^>]*>\s*(.+?)\s*</handoff>", talk.system, re.S)
    if framed:
        return framed[1]
    headed = re.search(r"(?:#+ )?1\. TASK STATUS.*?(?=\n\nResume work|\Z)", talk.system, re.S)
    return headed[0].strip() if headed else ""


def demoted(text: str) -> str:
    """`text` with its headings as bold lines, so that it fits inside an answer."""
    return re.sub(r"^#+\s+(.+)$", r"**\1**", text, flags=re.M)


def clip_lines(text: str, limit: int) -> str:
    """The first lines of `text`."""
    lines = text.splitlines()
    return "\n".join(lines[:limit]) + (f"\n… and {len(lines) - limit} lines more" if len(lines) > limit else "")

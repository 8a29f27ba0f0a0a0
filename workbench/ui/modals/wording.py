"""How a request for a yes reads: its title, its labels, its four choices."""

import json
from typing import Literal

from workbench.core.decisions import EscalationRequest, Preview, Proposal
from workbench.ui.modals.choices import DigitChoice

Kind = Literal["command", "write", "delete", "other"]

VERBS = {"command": "Run", "write": "Write", "delete": "Delete", "other": "Allow"}
LABELS = {"command": "if run", "write": "if written", "delete": "if deleted", "other": "if allowed"}
EDITS = {"command": "Edit the command…", "write": "Edit the change…", "delete": "Edit the arguments…"}


def choose_kind(request: EscalationRequest) -> Kind:
    """What sort of thing is asked."""
    proposal = request.proposal
    if proposal is None:
        return "other"
    preview = proposal.preview
    if preview and preview.kind == "command":
        return "command"
    if any(effect.kind == "delete" for effect in proposal.effects) and not (preview and preview.added):
        return "delete"
    return "write" if preview and preview.kind == "diff" else "other"


def write_title(request: EscalationRequest) -> str:
    """The question."""
    match choose_kind(request):
        case "command":
            return "Run this command?"
        case "write":
            return "Write these changes?"
        case "delete":
            return f"Delete {_write_target(request.proposal)}?"
        case _:
            return f"Use {request.proposal.tool}?" if request.proposal else request.message


def choose_preview(request: EscalationRequest) -> Preview:
    """What is shown of a call: its preview, else its arguments."""
    proposal = request.proposal
    if proposal is None:
        return Preview("text", request.message)
    if proposal.preview and (proposal.preview.text or proposal.preview.path):
        return proposal.preview
    return Preview("text", json.dumps(proposal.arguments, indent=2, ensure_ascii=False))


def offer_answers(request: EscalationRequest) -> tuple[DigitChoice, ...]:
    """The four, in their fixed order; what is not offered says why."""
    kind = choose_kind(request)
    verb = VERBS[kind]
    editable = request.editable and request.proposal is not None
    edit = EDITS.get(kind, "Edit the arguments…")
    aside = "not offered" if not editable else "opens the new text here" if kind == "write" else ""
    return (
        DigitChoice("1", f"{verb} once"),
        _offer_session(request, verb),
        DigitChoice("3", edit, aside, offered=editable),
        DigitChoice("4", "Reject and say why…", "the agent reads your note and goes on", short="it goes on"),
    )


def _offer_session(request: EscalationRequest, verb: str) -> DigitChoice:
    label = f"{verb}, and stop asking in this session"
    if scope := request.session_scope.removeprefix("for "):
        return DigitChoice("2", label, f"for {scope}", short=scope)
    reason = request.not_offered.removeprefix("not offered: ")
    return DigitChoice("2", label, f"not offered: {reason}" if reason else "not offered", short=reason, offered=False)


def offer_revision(kind: Kind) -> tuple[DigitChoice, ...]:
    """What can be done with an edited call."""
    return (
        DigitChoice("1", f"{VERBS[kind]} it as edited"),
        DigitChoice("2", "Go back to the question", "your text is kept"),
    )


def preselect(request: EscalationRequest) -> int:
    """Index of the choice that enter takes: once where it can be undone, else reject."""
    return 0 if request.reversible else 3


def _write_target(proposal: Proposal | None) -> str:
    if proposal is None:
        return "this"
    if proposal.preview and proposal.preview.path:
        return proposal.preview.path
    targets = proposal.targets
    if not targets:
        return "this"
    return targets[0] if len(targets) == 1 else f"{targets[0]} and {len(targets) - 1} more"

"""The words of an approval: what is asked, what is shown of it, and the four answers in their fixed order (seed §5)."""

import json
from dataclasses import replace
from typing import Literal

from workbench.core import figures
from workbench.core.decisions import EscalationRequest, Preview, Proposal
from workbench.ui.draw.text import flatten
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
    if (proposal := request.proposal) is None:
        return request.message
    titles = {"command": "Run this command?", "write": "Write these changes?"}
    doing = f"{proposal.verb.capitalize()} {flatten(proposal.subject)}".rstrip() if proposal.verb else ""
    titles |= {"delete": f"Delete {_write_target(proposal)}?", "other": f"{doing or f'Use {proposal.tool}'}?"}
    return titles[choose_kind(request)]


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
        least = ("This session: ", scope.removeprefix("edits under "))
        return DigitChoice("2", label, f"for {scope}", short=scope, brief=f"{verb}, this session", least=least)
    reason = request.not_offered.removeprefix("not offered: ")
    return DigitChoice("2", label, f"not offered: {reason}" if reason else "not offered", offered=False)


def hold_back(choice: DigitChoice, key: str) -> DigitChoice:
    """A yes that is not offered before the end of what is asked was seen; `key` reads on."""
    if not choice.offered:
        return choice
    first = f"read to the end first · {key}"
    return replace(choice, aside=f"not offered yet: {first}", short=first, offered=False)


def _write_target(proposal: Proposal) -> str:
    if proposal.preview and proposal.preview.path:
        return figures.name(proposal.preview.path)
    targets = proposal.targets
    if not targets:
        return "this"
    return figures.names(targets, 1)

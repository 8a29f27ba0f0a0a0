"""What the screen shows: a pure fold of events. No Textual, no engine, no I/O."""

from dataclasses import dataclass, field
from enum import Flag, auto

from workbench.core import events as e
from workbench.core import figures
from workbench.core.decisions import Confidence, EscalationRequest, Route
from workbench.core.notes import Scratchpad
from workbench.core.plans import CompactionPlan, HandoffPlan
from workbench.core.spend import Spend
from workbench.core.window import Window
from workbench.memory.scratchpad import noted
from workbench.ui.entries import AnyEntry, Answer, Asked, Marker, Prompt, Tool, TurnEnd


class Change(Flag):
    """What an event touched, so that only that is drawn again."""

    NOTHING = 0
    ADDED = auto()
    """Entries were appended to the transcript."""
    TAIL = auto()
    """The streaming answer at the end grew."""
    ENTRIES = auto()
    """Entries other than the tail changed: see `Model.touched`."""
    STATUS = auto()
    WINDOW = auto()
    SCRATCHPAD = auto()
    SPEND = auto()
    CONFIDENCE = auto()
    CACHE = auto()
    ESCALATION = auto()
    PLAN = auto()
    HANDOFF = auto()
    NOTICE = auto()


@dataclass
class Model:
    """The state behind the screen. Mutated only by `update`."""

    title: str = "new session"
    provider: str = ""
    model: str = ""
    as_if: bool = False
    entries: list[AnyEntry] = field(default_factory=list)
    touched: set[int] = field(default_factory=set)
    """Indexes of entries that changed since they were last drawn; the view clears it."""
    window: Window | None = None
    spend: Spend = Spend()
    scratchpad: Scratchpad = Scratchpad()
    confidence: Confidence | None = None
    route: Route | None = None
    """None before the first answer."""
    turn: int = 0
    step: int = 0
    running: bool = False
    started_at: float = 0.0
    activity: str = ""
    """`answering`, `thinking`, `running pytest -q`, `waiting for you`, or empty."""
    escalations: list[EscalationRequest] = field(default_factory=list)
    """Those that wait, oldest first."""
    expires: dict[str, float] = field(default_factory=dict)
    plan: CompactionPlan | None = None
    handoff: HandoffPlan | None = None
    notice: e.Noticed | None = None
    handed_off_to: str = ""
    calls: dict[str, int] = field(default_factory=dict)
    asked: dict[str, int] = field(default_factory=dict)
    cache_read: int = 0
    cache_prompt: int = 0


def update(model: Model, stamped: e.Stamped) -> Change:
    """Fold one event into `model` and say what it touched."""
    match stamped.event:
        case e.TextArrived() | e.ThinkingArrived() | e.MessageAdded():
            return _said(model, stamped)
        case e.ToolProposed() | e.ToolStarted() | e.ToolOutputArrived() | e.ToolFinished() | e.ToolFailed():
            return _did(model, stamped)
        case e.EscalationRaised() | e.EscalationResolved() | e.EscalationExpired():
            return _asked(model, stamped)
        case e.TurnStarted() | e.RequestSent() | e.TurnFinished() | e.TurnFailed():
            return _turned(model, stamped)
        case e.EpochOpened() | e.CompactionUndone() | e.SessionHandedOff() | e.TierChanged():
            return _marked(model, stamped)
        case e.RetryScheduled() | e.TurnLimitReached() | e.BudgetRaised():
            return _marked(model, stamped)
        case _:
            return _measured(model, stamped)


def add(model: Model, entry: AnyEntry) -> Change:
    """Append one entry."""
    model.entries.append(entry)
    return Change.ADDED


def _measured(model: Model, stamped: e.Stamped) -> Change:
    match stamped.event:
        case e.SessionOpened() as event:
            model.title, model.provider, model.model = event.title, event.provider, event.model
            model.as_if = event.as_if
            return Change.STATUS
        case e.SessionRenamed() as event:
            model.title = event.title
            return Change.STATUS
        case e.WindowMeasured() as event:
            model.window = event.window
            return Change.WINDOW
        case e.SpendMeasured() as event:
            model.spend = event.spend
            return Change.SPEND
        case e.ScratchpadChanged() as event:
            model.scratchpad = noted(model.scratchpad, event.note)
            return Change.SCRATCHPAD
        case e.ConfidenceScored() as event:
            model.confidence = event.confidence
            return Change.CONFIDENCE
        case e.AnswerRouted() as event:
            model.route = event.route
            if event.route == "unrated":
                model.confidence = None
            return Change.CONFIDENCE
        case e.CacheReported() as event:
            model.cache_read += event.read
            model.cache_prompt += event.read + event.written + event.uncached
            return Change.CACHE
        case e.CompactionPlanned() as event:
            model.plan = event.plan
            return Change.PLAN
        case e.HandoffDrafted() as event:
            model.handoff = event.plan
            return Change.HANDOFF
        case e.Noticed() as event:
            model.notice = event
            return Change.NOTICE
    return Change.NOTHING


def _said(model: Model, stamped: e.Stamped) -> Change:
    last = model.entries[-1] if model.entries else None
    match stamped.event:
        case e.TextArrived() as event:
            status = Change.STATUS if model.activity != "answering" else Change.NOTHING
            model.activity = "answering"
            if isinstance(last, Answer) and last.streaming:
                last.text += event.text
                return Change.TAIL | status
            return status | add(model, Answer(turn=event.turn, text=event.text, streaming=True))
        case e.ThinkingArrived():
            changed = model.activity != "thinking"
            model.activity = "thinking"
            return Change.STATUS if changed else Change.NOTHING
        case e.MessageAdded() as event:
            return _settle_answer(model, event, stamped.seq or 0)
    return Change.NOTHING


def _settle_answer(model: Model, event: e.MessageAdded, seq: int) -> Change:
    """The complete message takes the place of what was streamed."""
    text = shown_text(event)
    last = model.entries[-1] if model.entries else None
    if isinstance(last, Answer) and last.streaming:
        last.streaming, last.draft, last.seq = False, event.draft, seq
        if text:
            last.text = text
        model.touched.add(len(model.entries) - 1)
        return Change.TAIL | Change.ENTRIES
    if not text:
        return Change.NOTHING
    return add(model, Answer(seq=seq, turn=event.turn, text=text, draft=event.draft))


def shown_text(event: e.MessageAdded) -> str:
    """The message's text without its assessment trailer."""
    from workbench.confidence.score import without_trailer
    from workbench.core.messages import Text

    whole = "".join(part.text for part in event.parts if isinstance(part, Text))
    return without_trailer(whole).strip("\n")


def _did(model: Model, stamped: e.Stamped) -> Change:
    event = stamped.event
    if isinstance(event, e.ToolProposed):
        proposal = event.proposal
        reads = bool(proposal.effects) and all(effect.kind in ("read", "memory") for effect in proposal.effects)
        model.calls[proposal.call_id] = len(model.entries)
        return add(
            model,
            Tool(
                seq=stamped.seq or 0,
                section="results",
                turn=event.turn,
                call_id=proposal.call_id,
                name=proposal.tool,
                summary=event.summary,
                reads_only=reads,
            ),
        )
    if not isinstance(event, e.ToolStarted | e.ToolOutputArrived | e.ToolFinished | e.ToolFailed):
        return Change.NOTHING
    index = model.calls.get(event.call_id)
    if index is None or not isinstance(tool := model.entries[index], Tool):
        return Change.NOTHING
    model.touched.add(index)
    return Change.ENTRIES | _advance(model, tool, event, stamped.at)


FAILED_STATES = {"rejected": "rejected", "unanswered": "unanswered", "interrupted": "stopped"}


def _advance(
    model: Model, tool: Tool, event: e.ToolStarted | e.ToolOutputArrived | e.ToolFinished | e.ToolFailed, at: float
) -> Change:
    match event:
        case e.ToolStarted():
            tool.state, tool.started_at = "running", at
            model.activity = f"running {tool.name}"
            return Change.STATUS
        case e.ToolOutputArrived():
            tool.output += event.text
        case e.ToolFinished():
            tool.state = "failed" if event.error else "done"
            tool.tokens, tool.seconds, tool.headline = event.tokens, event.seconds, event.headline
            tool.output, tool.changes = event.text, event.changes
        case e.ToolFailed():
            tool.state = FAILED_STATES.get(event.cause, "failed")  # type: ignore[assignment]
            tool.tokens, tool.seconds, tool.output = event.tokens, event.seconds, event.text
    return Change.NOTHING


def _asked(model: Model, stamped: e.Stamped) -> Change:
    match stamped.event:
        case e.EscalationRaised() as event:
            request = event.request
            model.escalations.append(request)
            if event.expires_at is not None:
                model.expires[request.id] = event.expires_at
            model.asked[request.id] = len(model.entries)
            model.activity = "waiting for you"
            if request.proposal and request.proposal.call_id in model.calls:
                _set_tool_state(model, request.proposal.call_id)
            return Change.ESCALATION | Change.STATUS | Change.ENTRIES | add(
                model, Asked(seq=stamped.seq or 0, section="results", id=request.id, reason=request.reason, message=asked_words(request))
            )
        case e.EscalationResolved() as event:
            verdict = event.verdict
            words = {"once": "once", "session": "this session", "edit": "edited", "reject": "rejected", "reply": "answered", "leave": "left it"}
            note = f": “{verdict.note}”" if verdict.note else ""
            answer = f"{verdict.by}: {words[verdict.answer]}{note}"
            return _answer(model, event.id, "answered", answer, verdict.allows, event.waited)
        case e.EscalationExpired() as event:
            return _answer(model, event.id, "unanswered", "nobody answered; this is not a no", False, event.waited)
    return Change.NOTHING


def asked_words(request: EscalationRequest) -> str:
    """What the transcript says was asked: the command, the file, or the message."""
    preview = request.proposal.preview if request.proposal else None
    if preview is None:
        return request.message
    return preview.text if preview.kind == "command" else preview.path or request.message


def _set_tool_state(model: Model, call_id: str) -> None:
    index = model.calls[call_id]
    tool = model.entries[index]
    if isinstance(tool, Tool):
        tool.state = "waiting"
        model.touched.add(index)


def _answer(model: Model, id: str, state: str, answer: str, allowed: bool, waited: float) -> Change:
    model.escalations = [request for request in model.escalations if request.id != id]
    model.expires.pop(id, None)
    index = model.asked.get(id)
    if index is not None and isinstance(entry := model.entries[index], Asked):
        entry.state = "answered" if state == "answered" else "unanswered"
        entry.answer, entry.allowed, entry.waited = answer, allowed, waited
        model.touched.add(index)
    if not model.escalations:
        model.activity = "working" if model.running else ""
    return Change.ESCALATION | Change.STATUS | Change.ENTRIES


def _turned(model: Model, stamped: e.Stamped) -> Change:
    match stamped.event:
        case e.TurnStarted() as event:
            _age_prompts(model)
            model.turn, model.step, model.running, model.started_at = event.turn, 0, True, stamped.at
            model.activity = "asking"
            prompt = Prompt(seq=stamped.seq or 0, section="current", turn=event.turn, text=event.prompt, at=stamped.at)
            return Change.STATUS | Change.ENTRIES | add(model, prompt)
        case e.RequestSent() as event:
            model.step, model.model, model.activity = event.step, event.model, "asking"
            return Change.STATUS
        case e.TurnFinished() as event:
            model.running, model.activity = False, ""
            end = TurnEnd(
                seq=stamped.seq or 0,
                turn=event.turn,
                steps=event.steps,
                seconds=event.seconds,
                cost=event.cost,
                as_if=model.as_if,
                cached=event.usage.cache_read_input_tokens / event.usage.prompt if event.usage.prompt else 0.0,
                stop_reason=event.stop_reason,
                confidence=event.confidence,
                route=event.route,
            )
            return Change.STATUS | add(model, end)
        case e.TurnFailed() as event:
            model.running, model.activity = False, ""
            failed = Marker(seq=stamped.seq or 0, kind="failed", title=event.message, detail=event.hint, level="error")
            return Change.STATUS | add(model, failed)
    return Change.NOTHING


def _age_prompts(model: Model) -> None:
    """A prompt is `current` only while its turn runs."""
    for index in range(len(model.entries) - 1, -1, -1):
        entry = model.entries[index]
        if isinstance(entry, Prompt):
            entry.section = "history"
            model.touched.add(index)
            return


def _marked(model: Model, stamped: e.Stamped) -> Change:
    seq = stamped.seq or 0
    match stamped.event:
        case e.EpochOpened(reason="compacted") as event:
            kept = {int(id[1:].partition(".")[0]) for id in event.kept}
            _mark_window(model, kept)
            title = f"compacted {figures.tokens(event.before)} → {figures.tokens(event.after)}"
            marker = Marker(seq=seq, kind="compacted", title=title, detail=event.remark, key="u", action="undo")
            return Change.STATUS | Change.ENTRIES | add(model, marker)
        case e.EpochOpened(reason="model") as event:
            return add(model, Marker(seq=seq, kind="model", title=f"model {event.epoch.model}", detail="a new epoch: the cache starts cold"))
        case e.CompactionUndone():
            _mark_window(model, None)
            marker = Marker(seq=seq, kind="undone", title="compaction undone", detail="the window before it is back")
            return Change.ENTRIES | add(model, marker)
        case e.SessionHandedOff() as event:
            model.handed_off_to = event.to
            title = f"handed off to {event.to}" if event.to else "handoff saved"
            return add(model, Marker(seq=seq, kind="handed off", title=title, detail=event.path or figures.tokens(event.tokens)))
        case e.TierChanged() as event:
            names = {1: "full", 2: "thrifty", 3: "direct", 4: "spent"}
            level = "warning" if event.tier < 4 else "error"
            marker = Marker(seq=seq, kind="tier", title=f"tier {names[event.tier]}", detail=event.reason, key="F9", action="hand off", level="info" if event.tier == 1 else level)  # type: ignore[arg-type]
            return add(model, marker)
        case e.RetryScheduled() as event:
            detail = f"again in {event.delay:.0f} s, try {event.attempt} of {event.of}"
            model.activity = "waiting to try again"
            return Change.STATUS | add(model, Marker(seq=seq, kind="retry", title=event.message, detail=detail, key="esc", action="stop", level="error"))
        case e.TurnLimitReached() as event:
            title = f"step limit {event.limit} of {event.limit}"
            return add(model, Marker(seq=seq, kind="limit", title=title, detail="answers with what there is", level="warning"))
        case e.BudgetRaised() as event:
            words = [f"${event.usd:g}" if event.usd else "", f"{event.tokens} tokens" if event.tokens else "", f"{event.steps} steps" if event.steps else ""]
            return add(model, Marker(seq=seq, kind="budget", title="budget raised", detail=" · ".join(w for w in words if w)))
    return Change.NOTHING


def _mark_window(model: Model, kept: set[int] | None) -> None:
    """Mark which entries the model still sees; None means all of them."""
    for index, entry in enumerate(model.entries):
        inside = kept is None or entry.seq in kept
        if isinstance(entry, TurnEnd | Marker | Asked):
            continue
        if entry.in_window != inside:
            entry.in_window = inside
            model.touched.add(index)

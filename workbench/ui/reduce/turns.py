"""Turns: how one begins and ends; what is said in it, streamed and then settled; one entry for each call."""

from workbench.core import events as e
from workbench.core.messages import Text, without_trailer
from workbench.ui.reduce.retries import STOPPED, begin_again, discard_streamed, end_retries, fail_turn, note_answer
from workbench.ui.reduce.thoughts import settle_thought, stop_thinking, think
from workbench.ui.state import Answer, Change, Prompt, Tool, ToolState, TurnEnd, UiState

Step = e.ToolProposed | e.ToolStarted | e.ToolOutputArrived | e.ToolFinished | e.ToolFailed
LIVE = 200_000
"""Characters of a running call that are kept: the end of what it writes. What it gave back comes whole."""
FAILED_STATES: dict[str, ToolState] = {"rejected": "rejected", "unanswered": "unanswered", "interrupted": "stopped"}


def reduce_turn(state: UiState, stamped: e.Stamped) -> Change:
    """Fold the beginning or the end of a turn, a request of it, or what is said in it; nothing for other events."""
    seq = stamped.seq or 0
    match stamped.event:
        case e.TextArrived() as event:
            return _stream(state, event, stamped.at)
        case e.ThinkingArrived() as event:
            return think(state, event, stamped.at)
        case e.MessageAdded() as event:
            return settle_thought(state, event, stamped.at) | _settle_answer(state, event, seq)
        case e.TurnStarted() as event:
            begin_again(state)
            state.turn, state.step, state.running, state.started_at = event.turn, 0, True, stamped.at
            state.activity = "asking"
            prompt = Prompt(seq, section="current", turn=event.turn, text=event.prompt, at=stamped.at)
            return Change.STATUS | _begin(state, prompt)
        case e.RequestSent() as event:
            state.step, state.model, state.activity = event.step, event.model, "asking"
            return Change.STATUS
        case e.TurnFinished() as event:
            stopped = event.stop_reason == "interrupted"
            return _end(state, stamped.at, STOPPED if stopped else "went through") | state.add(
                TurnEnd(
                    seq,
                    turn=event.turn,
                    steps=event.steps,
                    seconds=event.seconds,
                    cost=event.cost,
                    as_if=state.as_if,
                    cached=event.usage.cached_share,
                    stop_reason=event.stop_reason,
                    confidence=event.confidence,
                    route=event.route,
                )
            )
        case e.TurnFailed() as event:
            return _end(state, stamped.at) | fail_turn(state, event, seq)
    return Change.NOTHING


def _begin(state: UiState, prompt: Prompt) -> Change:
    """The turn of `prompt` began: it takes the place of the one that was shown as starting."""
    at, state.starting_at = state.starting_at, None
    if at is None:
        state.prompt_at = len(state.entries)
        return state.add(prompt)
    state.entries[at], state.prompt_at = prompt, at
    state.touched.add(at)
    return Change.ENTRIES


def _end(state: UiState, at: float, outcome: str = "") -> Change:
    """Nothing runs; what was still streaming broke off, and the prompt is `current` no longer."""
    state.running, state.activity = False, ""
    if state.prompt_at is not None:
        state.entries[state.prompt_at].section = "history"
        state.touched.add(state.prompt_at)
    change = stop_thinking(state, at) | discard_streamed(state)
    change |= end_retries(state, outcome) if outcome else Change.NOTHING
    return Change.STATUS | Change.ENTRIES | change


def _stream(state: UiState, event: e.TextArrived, at: float) -> Change:
    status = Change.STATUS if state.activity != "answering" else Change.NOTHING
    status |= note_answer(state) | stop_thinking(state, at)
    state.activity = "answering"
    if answer := state.streaming:
        answer.text += event.text
        return Change.TAIL | status
    return status | state.add(Answer(turn=event.turn, text=event.text, streaming=True))


def _settle_answer(state: UiState, event: e.MessageAdded, seq: int) -> Change:
    """The complete message, without its assessment trailer, takes the place of what was streamed."""
    text = without_trailer("".join(part.text for part in event.parts if isinstance(part, Text))).strip("\n")
    text = text if text.strip() else ""
    broken = event.stop_reason == "cut"
    ended = Change.NOTHING if event.draft else end_retries(state, "went through")
    at, answer = state.streaming_at, state.streaming
    if at is not None and answer:
        answer.streaming, answer.draft, answer.broken = False, event.draft, broken
        state.renumber(at, seq)
        answer.text = text or answer.text
        state.touched.add(at)
        return ended | Change.TAIL | Change.ENTRIES
    if not text:
        return ended
    return ended | state.add(Answer(seq, turn=event.turn, text=text, draft=event.draft, broken=broken))


def reduce_tool(state: UiState, event: Step, seq: int, at: float) -> Change:
    """Fold a call, from proposal to result."""
    if isinstance(event, e.ToolProposed):
        call = event.proposal
        state.calls[call.call_id] = len(state.entries)
        name, only_reads = call.verb or call.tool, call.reads_only
        return state.add(
            Tool(
                seq,
                "results",
                turn=event.turn,
                name=name,
                summary=call.subject,
                reads_only=only_reads,
                quiet=call.kind == "note",
            )
        )
    index = state.calls.get(event.call_id)
    if index is None or not isinstance(tool := state.entries[index], Tool):
        return Change.NOTHING
    state.touched.add(index)
    match event:
        case e.ToolStarted():
            tool.state, tool.started_at = "running", at
            if event.proposal is not None:
                tool.summary = event.proposal.subject
            state.activity = f"{tool.name} {tool.summary}".strip()
            return Change.ENTRIES | Change.STATUS
        case e.ToolOutputArrived():
            tool.output = (tool.output + event.text)[-LIVE:]
        case e.ToolFinished():
            state.renumber(index, seq or tool.seq)  # the result is what stands in the window
            tool.state = "failed" if event.error else "done"
            tool.seconds, tool.headline = event.seconds, event.headline
            tool.output = event.text
            tool.changes = tuple(change for change in event.changes if change.diff)
        case e.ToolFailed():
            state.renumber(index, seq or tool.seq)
            tool.state = FAILED_STATES.get(event.cause, "failed")
            tool.seconds, tool.output = event.seconds, event.text
    return Change.ENTRIES

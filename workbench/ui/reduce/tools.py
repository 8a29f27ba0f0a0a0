"""What it does: one entry a call, from proposal to result."""

from workbench.core import events as e
from workbench.ui.state import Change, Tool, ToolState, UiState

Progress = e.ToolStarted | e.ToolOutputArrived | e.ToolFinished | e.ToolFailed
FAILED_STATES: dict[str, ToolState] = {"rejected": "rejected", "unanswered": "unanswered", "interrupted": "stopped"}


def reduce_tool(state: UiState, stamped: e.Stamped) -> Change:
    """Fold a call, from proposal to result."""
    event = stamped.event
    if isinstance(event, e.ToolProposed):
        proposal = event.proposal
        state.calls[proposal.call_id] = len(state.entries)
        return state.add(
            Tool(
                seq=stamped.seq or 0,
                section="results",
                turn=event.turn,
                call_id=proposal.call_id,
                name=proposal.verb or proposal.tool,
                summary=proposal.subject,
                reads_only=proposal.reads_only,
            ),
        )
    if not isinstance(event, Progress):
        return Change.NOTHING
    index = state.calls.get(event.call_id)
    if index is None or not isinstance(tool := state.entries[index], Tool):
        return Change.NOTHING
    state.touched.add(index)
    return Change.ENTRIES | _advance(state, tool, event, stamped)


def _advance(
    state: UiState,
    tool: Tool,
    event: e.ToolStarted | e.ToolOutputArrived | e.ToolFinished | e.ToolFailed,
    stamped: e.Stamped,
) -> Change:
    match event:
        case e.ToolStarted():
            tool.state, tool.started_at = "running", stamped.at
            if event.proposal is not None:
                tool.summary = event.proposal.subject
            state.activity = f"{tool.name} {tool.summary}".strip()
            return Change.STATUS
        case e.ToolOutputArrived():
            tool.output += event.text
        case e.ToolFinished():
            tool.seq = stamped.seq or tool.seq  # the result is what stands in the window
            tool.state = "failed" if event.error else "done"
            tool.tokens, tool.seconds, tool.headline = event.tokens, event.seconds, event.headline
            tool.output, tool.changes = event.text, event.changes
        case e.ToolFailed():
            tool.seq = stamped.seq or tool.seq
            tool.state = FAILED_STATES.get(event.cause, "failed")
            tool.tokens, tool.seconds, tool.output = event.tokens, event.seconds, event.text
    return Change.NOTHING

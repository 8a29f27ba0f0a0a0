"""A session as a sentence, for somebody who has the screen read aloud: beside `session_list`."""

from workbench.core import figures
from workbench.core.summary import SessionSummary
from workbench.ui.draw.text import count, flatten
from workbench.ui.draw.told import tell_chosen, tell_pieces
from workbench.ui.screens.session_list import STATES, describe_state, name_folder, name_session
from workbench.ui.screens.session_times import name_group
from workbench.ui.state import UiState


def tell_session(session: SessionSummary, place: tuple[int, int], chosen: bool, state: UiState, open_id: str) -> str:
    """`chosen: 3 of 12: retry-ladder, in acme-api, waits for you, 2 hours ago, $0.12`; `place` counts from 0."""
    now = state.clock.now()
    known = session.id == open_id or session.state in STATES
    folder = flatten(name_folder(session, state))
    told = tell_pieces(
        [
            f"{place[0] + 1} of {place[1]}: {name_session(session)}",
            f"in {folder}" if folder else "",
            describe_state(session, open_id, now)[2] if known else "",
            tell_time(session.updated_at or session.opened_at, now),
            figures.money(session.usd, session.as_if_usd),
        ]
    )
    return tell_chosen(told, chosen)


def tell_time(at: float, now: float) -> str:
    """`2 hours ago`, `yesterday at 16:20`, `on Monday`, `on 12 October 2025`."""
    moment = figures.find_moment(at)
    if moment is None:
        return "at a time that is not known"
    match name_group(at, now):
        case "TODAY":
            minutes = int(max(0.0, now - at)) // 60
            if not minutes:
                return "just now"
            return f"{count(minutes, 'minute')} ago" if minutes < 60 else f"{count(minutes // 60, 'hour')} ago"
        case "YESTERDAY":
            return moment.strftime("yesterday at %H:%M")
        case "LAST WEEK":
            return moment.strftime("on %A")
    return f"on {moment.day} {moment.strftime('%B %Y')}"


def tell_preview(session: SessionSummary, parent: str) -> list[str]:
    """What the list does not say of the chosen one."""
    sure = "unrated" if session.confidence is None else figures.score(session.confidence)
    said = [
        f"window: {figures.tokens(session.window)} tokens, turns: {session.turns}, confidence: {sure}",
        f"task: {' '.join(session.task.split())}" if session.task.strip() else "",
        f"folder: {session.workspace}, id: {session.id}",
        f"came from: {parent or session.parent}" if session.parent else "",
    ]
    return [figures.visible(sentence) for sentence in said if sentence]

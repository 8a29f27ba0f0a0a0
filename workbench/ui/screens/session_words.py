"""A session as a sentence, for somebody who has the screen read aloud: beside `session_list`."""

from rich.cells import cell_len
from textual.content import Content

from workbench.core import figures
from workbench.core.summary import SessionSummary
from workbench.ui.draw.text import count, flatten
from workbench.ui.draw.told import tell_chosen, tell_pieces
from workbench.ui.screens.session_list import STATES, describe_state, name_folder, name_session
from workbench.ui.screens.session_times import name_group
from workbench.ui.state import UiState


def tell_session(
    session: SessionSummary, place: tuple[int, int], chosen: bool, state: UiState, open_id: str, width: int
) -> str:
    """`chosen: 3 of 12: retry-ladder, in acme-api, waits for you, 2 hours ago, $0.12`; `place` counts from 0.

    In few cells of `width` cost, folder and time are left out, in this order, and then the title is cut.
    """
    now = state.clock.now()
    known = session.id == open_id or session.state in STATES
    folder = flatten(name_folder(session, state))
    number, title = f"{place[0] + 1} of {place[1]}: ", figures.visible(name_session(session))
    state_word = describe_state(session, open_id, now)[2] if known else ""
    time = tell_time(session.updated_at or session.opened_at, now)
    pieces = {
        "title": f"{number}{title}",
        "folder": f"in {folder}" if folder else "",
        "state": state_word,
        "time": time,
        "cost": figures.money(session.usd, session.as_if_usd),
    }
    for spare in ("", "cost", "folder", "time"):
        pieces.pop(spare, "")
        told = tell_chosen(tell_pieces(pieces.values()), chosen)
        if cell_len(told) <= width:
            return told
    room = max(8, width - cell_len(told) + cell_len(title))
    pieces["title"] = number + Content(title).truncate(room, ellipsis=True).plain
    return tell_chosen(tell_pieces(pieces.values()), chosen)


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

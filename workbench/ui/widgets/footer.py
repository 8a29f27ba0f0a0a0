"""The lines at the edges: who answers and what it does, what happened just now and what waits, the keys of now."""

from collections.abc import Callable, Sequence
from pathlib import PurePath

from textual import events
from textual.content import Content

from workbench.core import figures
from workbench.ui.answering import find_answering
from workbench.ui.commands import ScreenCommand
from workbench.ui.draw.bar import MARK
from workbench.ui.draw.text import fit, flatten, join, muted, name_key, spread
from workbench.ui.draw.told import is_told
from workbench.ui.keymap.chosen import find_keymap
from workbench.ui.refusing import name_esc
from workbench.ui.state import UiState
from workbench.ui.widgets.drawn import Drawn
from workbench.ui.widgets.panel import CommandButton

BADGE = "bold $on-accent on $accent"
SIGNS = {"info": ("●", "$info"), "success": ("✓", "$success"), "warning": ("▲", "$warning"), "error": ("✗", "$error")}


def draw_status(state: UiState, width: int) -> Content:
    """One row of exactly `width` cells; what matters least is left out first."""
    if state.options.linear:
        from workbench.ui.widgets.spoken_lines import draw_spoken_status

        return draw_spoken_status(state, width)
    right = _draw_doing(state, short=width < 100)
    room = width - right.cell_length - 3
    parts = next((parts for parts in _list_levels(state) if join(parts).cell_length <= room), _list_levels(state)[-1])
    return spread(Content(" ") + join(parts), right + " ", width)


def _list_levels(state: UiState) -> list[list[Content]]:
    """The left side, from all of it to the least."""
    facts = state.facts
    mark = Content.assemble((MARK, "$accent"), "  ", (figures.readable(state.title), "bold $foreground"))
    folder = PurePath(facts.workspace).name or facts.workspace
    place = muted(f"{folder} on {facts.branch}" if facts.branch else folder)
    short = muted(folder)
    name, provider = map(flatten, find_answering(state))
    badge = Content.styled(" rehearsal ", BADGE)
    if state.as_if:
        return [[mark, place, badge], [mark, short, badge], [mark, badge], [mark]]
    who = Content.assemble((name, "$foreground"), "  ", (provider, "$muted"))
    brief = Content.styled(name.removeprefix("claude-"), "$foreground")
    return [[mark, place, who], [mark, short, who], [mark, short, brief], [mark, brief], [mark]]


def _draw_doing(state: UiState, short: bool) -> Content:
    if state.read_only:
        return Content.styled("read only", "$warning")
    if not state.running:
        if state.escalations:
            return Content.assemble(("◆ ", "$accent"), ("waiting for you", "$foreground"))
        alone = (state.as_if or state.facts.as_if) and not state.entries
        return Content.styled("no key, no network, no cost" if alone and not short else "", "$muted")
    mark = "◆ " if state.escalations else "● "
    steps = f"step {state.step} of {max(state.steps_budget, state.step)}" if state.step else ""
    activity = flatten(state.activity or "working")
    doing = Content.assemble((mark, "$accent"), (activity[:40], "$foreground"))
    told = [steps, figures.clock(max(0.0, state.clock.now() - state.started_at))]
    words = "".join(f"  {word}" for word in told if word)
    if short:
        return Content.assemble(doing, (words, "$muted"))
    esc = name_esc(state)
    does = f" {esc.does}" if esc else ""
    return Content.assemble(doing, (words, "$muted"), "  ", ("esc", "bold $accent"), (does, "$muted"))


def draw_notice(state: UiState, new_below: int, width: int) -> Content:
    """One row: the notice, else the queued prompts; at the right how much arrived below what is seen."""
    if state.options.linear:
        from workbench.ui.widgets.spoken_lines import draw_spoken_notice

        return draw_spoken_notice(state, new_below, width)
    below = Content.styled(f"↓ {new_below} new" if new_below else "", "bold $accent")
    notice = state.notice
    if notice is None:
        return spread(_draw_queued(state, width - below.cell_length - 2), below, width)
    mark, style = SIGNS[notice.level]
    message = Content.styled(flatten(notice.message), "$foreground")
    hint = Content.styled(f"  {hint}" if (hint := flatten(notice.hint)) else "", "$muted")
    # What happened comes first; what to do has a third of the row where both are long.
    room = width - 2 - (below.cell_length + 1 if below else 0)
    message = message.truncate(max(room * 2 // 3, room - hint.cell_length), ellipsis=True)
    return spread(Content.styled(f"{mark} ", style) + message + hint, below, width)


def _draw_queued(state: UiState, width: int) -> Content:
    """The last that waits, which ↑ takes back, and how many wait before it."""
    if not state.queued:
        return Content("")
    more = f"  after {len(state.queued) - 1} more" if len(state.queued) > 1 else ""
    mark, end = Content.styled("○ queued  ", "$muted"), Content.styled(f"{more}   ", "$muted") + name_key("↑", "change")
    room = max(8, width - mark.cell_length - end.cell_length)
    return mark + Content.styled(flatten(state.queued[-1]), "$foreground").truncate(room, ellipsis=True) + end


GAP = "   "
"""Between two keys."""


class NoticeLine(Drawn):
    """One row; `new_below` counts the lines of the transcript that arrived below what is seen."""

    def __init__(self, state: UiState, *, id: str | None = None) -> None:
        super().__init__(lambda width, _: [draw_notice(state, self.new_below, width)], id=id)
        self.new_below = 0

    def count_below(self, count: int) -> None:
        """Show another count."""
        self.new_below = count
        self.refresh()


class Footer(Drawn):
    """One row; a click on a key tells the same as a button."""

    def __init__(self, moment: Callable[[], Sequence[ScreenCommand]]) -> None:
        """`moment` gives the commands that matter now, the most needed first."""
        super().__init__(lambda width, _: [draw_footer(self._list(), width)], id="footer")
        self._moment = moment

    def on_mount(self) -> None:
        self.app.screen_change_signal.subscribe(self, lambda _: self.refresh())

    def _list(self) -> Sequence[ScreenCommand]:
        """None of them below a dialog, which has the keys and names its own."""
        if not self.screen.is_active:
            return ()
        return find_keymap(self.app).rebind_all(self._moment())

    def _draw_rows(self, width: int, height: int) -> Sequence[Content]:
        return [draw_footer(self._list(), width, self._between)]

    @property
    def _between(self) -> str:
        return ", " if is_told(self) else GAP

    def on_click(self, event: events.Click) -> None:
        if command := find_command(self._list(), self.size.width, event.x, self._between):
            self.post_message(CommandButton.Pressed(command))


def draw_footer(commands: Sequence[ScreenCommand], width: int, between: str = GAP) -> Content:
    """One row of exactly `width` cells."""
    return fit(Content("  ") + Content(between).join(piece for _, _, piece in _pieces(commands, width, between)), width)


def find_command(
    commands: Sequence[ScreenCommand], width: int, column: int, between: str = GAP
) -> ScreenCommand | None:
    """The command whose key or word stands at `column`; None between them."""
    spots = _pieces(commands, width, between)
    return next((command for command, at, piece in spots if at <= column < at + piece.cell_length), None)


def _pieces(commands: Sequence[ScreenCommand], width: int, between: str) -> list[tuple[ScreenCommand, int, Content]]:
    """Command, column, and key and word, for the keys that fit whole into `width` cells."""
    found: list[tuple[ScreenCommand, int, Content]] = []
    column = 2
    for command in commands:
        if not command.shown:  # a person took its key away: there is nothing to name
            continue
        piece = name_key(command.shown, command.word)
        if column + piece.cell_length > width - 1:
            break
        found.append((command, column, piece))
        column += piece.cell_length + len(between)
    return found

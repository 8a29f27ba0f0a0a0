"""A question about a call that can be written anew before it runs: what of it is edited, its editor, the dialog."""

import json
from dataclasses import dataclass
from typing import Any, ClassVar

from textual import events, on
from textual.binding import Binding, BindingType

from workbench.core.decisions import Preview, Proposal, Verdict
from workbench.ui.commands import UNDO_KEYS, ScreenCommand, leave_to_part
from workbench.ui.draw.text import plain
from workbench.ui.modals.choices import Choices, DigitChoice
from workbench.ui.modals.dialog import CLOSE
from workbench.ui.modals.parts import KeyLine
from workbench.ui.modals.question import LOW, QuestionModal
from workbench.ui.widgets.seen_text import SeenTextArea

RUN_EDITED = leave_to_part("finish", "enter", "run as edited", action="screen.finish")
NEW_LINE = leave_to_part("new_line", "ctrl+j", "new line")
TO_CHOICES = leave_to_part("to_choices", "tab", "to the choices", action="screen.focus_next")


class InvalidRevision(ValueError):
    """What was written cannot be run; the message says why."""


@dataclass(frozen=True)
class Revision:
    """One argument, or all of them as JSON."""

    arguments: dict[str, Any]
    argument: str
    """The argument under edit; empty for all."""
    text: str
    single: bool
    """True where enter runs it: a command line."""

    def apply(self, text: str) -> dict[str, Any]:
        """The arguments with `text` in place. Raises InvalidRevision."""
        if self.argument:
            if self.single and not text.strip():
                raise InvalidRevision("An empty command runs nothing. Write one, or esc and reject.")
            return {**self.arguments, self.argument: text}
        try:
            value = json.loads(text)
        except json.JSONDecodeError as fault:
            raise InvalidRevision(f"Not JSON: {fault.msg} in line {fault.lineno}, column {fault.colno}.") from fault
        if not isinstance(value, dict):
            raise InvalidRevision("The arguments are one JSON object: begin with { and end with }.")
        return value


def plan_revision(proposal: Proposal) -> Revision:
    """The command of a shell call, the new text of a change, or all arguments as JSON."""
    preview, arguments = proposal.preview, proposal.arguments
    texts = {name: value for name, value in arguments.items() if isinstance(value, str)}
    found = _find_edited(preview, texts) if preview else ""
    if preview and found:
        return Revision(arguments, found, texts[found], single=preview.kind == "command" and "\n" not in texts[found])
    return Revision(arguments, "", json.dumps(arguments, indent=2, ensure_ascii=False), single=False)


def _find_edited(preview: Preview, texts: dict[str, str]) -> str:
    """The argument that holds what the preview shows: the command itself, or the text that the change brings in."""
    if preview.kind == "command":
        return next((name for name, value in texts.items() if value == preview.text), "")
    if preview.kind != "diff":
        return ""
    before, after = _unify(preview.before), _unify(preview.after)
    for name, value in texts.items():
        if _unify(value) == after or any(_leads(before, after, old, value) for old in texts.values()):
            return name
    brought = [name for name, value in texts.items() if value and after.count(value) > before.count(value)]
    return max(brought, key=lambda name: len(texts[name]), default="") or next(
        (name for name, value in texts.items() if not value), ""
    )


def _leads(before: str, after: str, old: str, new: str) -> bool:
    """True where `new` in the place of `old`, once or everywhere, makes `after` of `before`."""
    old, new = _unify(old), _unify(new)
    return bool(old) and old != new and after in (before.replace(old, new, 1), before.replace(old, new))


def _unify(text: str) -> str:
    return text.replace("\r\n", "\n").removeprefix("\ufeff")


class CallEditor(SeenTextArea):
    """A text area. A command line runs at enter and takes a new line at ctrl+j; longer text keeps enter for itself."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("ctrl+j", "new_line", "new line", show=False), *UNDO_KEYS]

    def __init__(self, text: str, *, single: bool, id: str | None = None) -> None:
        super().__init__(
            text, id=id, compact=True, soft_wrap=True, show_line_numbers=False, highlight_cursor_line=False
        )
        self.single = single
        self.cursor_blink = False
        self.move_cursor(self.document.end)

    async def _on_key(self, event: events.Key) -> None:
        if self.single and event.key == "enter":
            event.stop()
            event.prevent_default()
            await self.run_action("screen.finish")

    def action_new_line(self) -> None:
        self.insert("\n")


class EditingModal(QuestionModal):
    """Opens the command, the new text or the arguments in the place of the question."""

    revision: Revision | None = None
    """What is being edited; None while choosing."""

    def edit(self, choices: tuple[DigitChoice, ...]) -> None:
        """Open what would run, with `choices` for what comes of it: `1` takes it, the rest goes back."""
        if not self.request.proposal:
            return
        self.revision = plan_revision(self.request.proposal)
        editors = list(self.query(CallEditor))
        if not editors:
            editors = [CallEditor(self.revision.text, single=self.revision.single, id="call")]
            self.mount(editors[0], after=self.query_one("#title"))
        self._turn_to(choices, 0, self._editing_keys())
        editors[0].focus()

    def leave(self) -> bool:
        """Out of the editor to the choices; what was written is there when it opens again."""
        if not self.revision:
            return super().leave()
        kept = self.edited_text
        self.revision = None
        self._turn_to(self.choices(), self.preselected(), self.keys())
        self.focus_choices()
        if kept:
            self.query_one("#keys", KeyLine).complain(plain("your text is kept: 3 opens it again", "$success"))
        return True

    @property
    def is_choosing(self) -> bool:
        return super().is_choosing and self.revision is None

    @property
    def edited_text(self) -> str:
        """What was written in the editor; empty where it is what was asked."""
        if not self.request.proposal:
            return ""
        asked = plan_revision(self.request.proposal).text
        return next((editor.text for editor in self.query(CallEditor) if editor.text != asked), "")

    def action_finish(self) -> None:
        """Run what was written, or say what is wrong with it and stay. Text that was not changed runs as it was."""
        if not self.revision:
            return
        written = self.query_one(CallEditor).text
        if written == self.revision.text:
            self.close(Verdict("once"))
            return
        try:
            self.close(Verdict("edit", arguments=self.revision.apply(written)))
        except InvalidRevision as fault:
            self.complain(str(fault))

    def fit(self, width: int, height: int) -> None:
        """The editor takes what its text needs of the room of question and facts."""
        super().fit(width, height)
        for editor in self.query(CallEditor):
            lines = editor.document.line_count + len(editor.document.text) // max(1, self.inner)
            low = height < LOW
            editor.styles.height = max(1 if low else 4, min(lines + 3, height - self.edges - (2 if low else 3)))

    def _turn_to(self, choices: tuple[DigitChoice, ...], chosen: int, keys: tuple[ScreenCommand, ...]) -> None:
        self.query_one(".dialog").set_class(self.revision is not None, "-editing")
        self.query_one("#choices", Choices).show(choices, chosen)
        self.show_keys(keys)
        self.fit(self.size.width, self.size.height)

    def _editing_keys(self) -> tuple[ScreenCommand, ...]:
        if self.revision and self.revision.single:
            return (RUN_EDITED, NEW_LINE, CLOSE)
        return (TO_CHOICES, CLOSE)

    @on(CallEditor.Changed, "#call")
    def _changed(self) -> None:
        if self.revision:
            self.show_keys(self._editing_keys())

    @on(Choices.Taken)
    def _decided(self, event: Choices.Taken) -> None:
        if self.revision:
            event.stop()
            event.prevent_default()
            self.action_finish() if event.choice.digit == "1" else self.leave()

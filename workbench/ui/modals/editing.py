"""A question about a call that can be written anew before it runs."""

from textual import on

from workbench.core.decisions import Verdict
from workbench.ui.modals.choices import Choice, Choices
from workbench.ui.modals.editor import CallEditor
from workbench.ui.modals.lines import Key, KeyLine
from workbench.ui.modals.question import EDGES, QuestionModal
from workbench.ui.modals.revision import InvalidRevision, Revision, revision


class EditingModal(QuestionModal):
    """Opens the command, the new text or the arguments in the place of the question."""

    revision: Revision | None = None
    """What is being edited; None while choosing."""

    def edit(self, choices: tuple[Choice, ...]) -> None:
        """Open what would run, with `choices` for what comes of it: `1` takes it, the rest goes back."""
        if not self.request.proposal:
            return
        self.revision = revision(self.request.proposal)
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
        self.revision = None
        self._turn_to(self.choices(), self.preselected(), self.keys())
        self.query_one("#choices").focus()
        return True

    def action_finish(self) -> None:
        """Run what was written, or say what is wrong with it and stay. Text that was not changed runs as it was."""
        if not self.revision:
            return
        written = self.query_one(CallEditor).text
        if written == self.revision.text:
            self.close(Verdict("once"))
            return
        try:
            self.close(Verdict("edit", arguments=self.revision.applied(written)))
        except InvalidRevision as fault:
            self.complain(str(fault))

    def fit(self, width: int, height: int) -> None:
        """The editor takes what its text needs of the room of question and facts."""
        super().fit(width, height)
        for editor in self.query(CallEditor):
            lines = editor.document.line_count + len(editor.text) // max(1, self.inner)
            editor.styles.height = max(4, min(lines + 3, height - EDGES - 3))

    def _turn_to(self, choices: tuple[Choice, ...], chosen: int, keys: tuple[Key, ...]) -> None:
        self.query_one(".dialog").set_class(self.revision is not None, "-editing")
        self.query_one("#choices", Choices).show(choices, chosen)
        self.query_one("#keys", KeyLine).show(keys)
        self.fit(self.size.width, self.size.height)

    def _editing_keys(self) -> tuple[Key, ...]:
        back = Key("esc", "back", "screen.back")
        if self.revision and self.revision.single:
            return (Key("enter", "run as edited", "screen.finish"), Key("ctrl+j", "new line"), back)
        return (Key("tab", "to the choices", "screen.focus_next"), back)

    @on(CallEditor.Finished)
    def _finished(self, event: CallEditor.Finished) -> None:
        event.stop()
        self.action_finish()

    @on(CallEditor.Changed, "#call")
    def _changed(self) -> None:
        """A complaint ends when the text changes."""
        if self.revision:
            self.query_one("#keys", KeyLine).show(self._editing_keys())

    @on(Choices.Taken)
    def _decided(self, event: Choices.Taken) -> None:
        if self.revision:
            event.stop()
            event.prevent_default()
            self.action_finish() if event.choice.digit == "1" else self.leave()

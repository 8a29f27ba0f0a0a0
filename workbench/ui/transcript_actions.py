"""What the transcript asks for: undo, copy, links, and how much is below."""

from typing import TYPE_CHECKING

from workbench.ui.screen_actions import ScreenActions

if TYPE_CHECKING:
    from workbench.ui.transcript.view import Transcript


class TranscriptActions(ScreenActions, inherit_bindings=False):
    """Answers the transcript's messages; by name, so that it is imported only when there is something to read."""

    async def on_transcript_undo(self, event: "Transcript.Undo") -> None:
        event.stop()
        match event.entry.kind:
            case "compacted":
                self.action_undo_compaction()
            case kind:
                self.say(f"{kind} cannot be undone")

    def on_transcript_copy_requested(self, event: "Transcript.CopyRequested") -> None:
        event.stop()
        self.copy(event.text, event.what)

    def on_transcript_new_below(self, event: "Transcript.NewBelow") -> None:
        event.stop()
        self.main.new_below(event.count)

    def on_transcript_link_clicked(self, event: "Transcript.LinkClicked") -> None:
        """Web addresses open in the browser; anything else that an answer calls a link is only copied."""
        event.stop()
        if event.href.startswith(("https://", "http://")):
            import webbrowser

            webbrowser.open(event.href)
            self.say(f"opened {event.href}")
        else:
            self.copy(event.href, "the link")

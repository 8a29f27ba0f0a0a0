"""A Markdown document that can be read and written: headings stand out, nothing else is changed."""

from rich.text import Text
from textual.widgets import TextArea


class DocumentArea(TextArea):
    """A text area for a summary or a handoff."""

    def __init__(self, text: str, *, read_only: bool = False, **options: str) -> None:
        super().__init__(text, id=options.get("id"), compact=True, read_only=read_only, highlight_cursor_line=False)
        self.show_cursor = not read_only
        self.cursor_blink = False

    def get_line(self, line_index: int) -> Text:
        """A line, headings bold and in the accent."""
        line = super().get_line(line_index)
        if line.plain.startswith("#"):
            line.stylize(f"bold {self.app.theme_variables.get('accent', '')}".strip())
        return line

    def write(self) -> None:
        """Let it be edited."""
        self.read_only, self.show_cursor = False, True
        self.focus()

    def rest(self) -> None:
        """Let it be read only."""
        self.read_only, self.show_cursor = True, False

    def jump(self, line: int) -> None:
        """Bring a line to the top."""
        self.move_cursor((line, 0))
        self.scroll_to(y=max(0, self.wrapped_document.location_to_offset((line, 0)).y), animate=False)

"""A command line as it would run, with the piece that asks underlined."""

from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.content import Content
from textual.geometry import Size
from textual.widget import Widget

from workbench.core import figures
from workbench.core.decisions import Preview
from workbench.ui.modals.styled import faint, plain

PROMPT = "$ "


class CodeText(Widget):
    """A command or a plain text on a code ground, wrapped, never cut."""

    def __init__(self, preview: Preview, **options: str) -> None:
        super().__init__(id=options.get("id"), classes=options.get("classes"))
        self.preview = preview

    def render(self) -> Content:
        return Content("\n").join(drawn(self.preview, self.size.width))

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        return len(drawn(self.preview, width))


class CodeView(VerticalScroll, can_focus=False):
    """A `CodeText` that scrolls where it is longer than its place."""

    def __init__(self, preview: Preview, **options: str) -> None:
        super().__init__(id=options.get("id"), classes=options.get("classes"))
        self.preview = preview

    def compose(self) -> ComposeResult:
        yield CodeText(self.preview)


def drawn(preview: Preview, width: int) -> list[Content]:
    """The lines of a preview at `width` cells."""
    if preview.kind != "command":
        return plain(preview.text).wrap(max(8, width))
    room = max(8, width - len(PROMPT))
    lines = [line for part in _parts(preview, room) for line in part.wrap(room)]
    return [(faint(PROMPT) if i == 0 else Content(" " * len(PROMPT))) + line for i, line in enumerate(lines)]


def _parts(preview: Preview, room: int) -> list[Content]:
    """The command, broken before the asking piece where that keeps the piece whole."""
    text, segment = figures.visible(preview.text), figures.visible(preview.segment)
    at = text.find(segment) if segment else -1
    if at < 0:
        return [plain(text)]
    before = plain(text[:at], "$muted")
    asking = plain(segment, "bold underline $foreground")
    after = plain(text[at + len(segment) :], "$muted")
    whole = before + asking + after
    if at and "\n" not in text and whole.cell_length > room >= asking.cell_length:
        return [before.rstrip(), asking + after]
    return [whole]

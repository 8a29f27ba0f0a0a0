"""Who carries out what a screen leaves to the application, by the name of the command."""

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

from workbench.core.commands import UndoCompaction, WarmCache

if TYPE_CHECKING:
    from workbench.ui.app import WorkbenchApp


def list_handlers(app: "WorkbenchApp") -> dict[str, Callable[[], object]]:
    """The deeds; a coroutine that one gives back is carried out beside everything else."""
    return {
        "commands": app.action_command_palette,
        "theme": app.look.choose_theme,
        "model": app.models.choose,
        "cost": app.reading.show_cost,
        "status": app.reading.show_status,
        "mouse": app.look.give_mouse,
        "screenshot": app.look.save_picture,
        "quit": app.exit,
        "new_session": app.sessions.new_session,
        "rename": lambda: app.sessions.rename(""),
        "back": app.prompting.back,
        "answer": app.approvals.answer,
        "compact": app.reviews.compact,
        "hand_off": app.reviews.hand_off,
        "attach": lambda: app.reviews.attach(""),
        "warm": lambda: app.start(WarmCache()),
        "undo_compaction": lambda: app.start(UndoCompaction()),
        "earlier_prompts": app.prompting.search_earlier,
        "edit_prompt": app.giving.edit,
        "suspend": app.giving.suspend,
        "retry": app.reading.retry,
        "copy_or_clear": app.prompting.clear_or_quit,
        "copy_answer": app.clipboard_controller.copy_answer,
        "copy_code": app.clipboard_controller.copy_code,
    }


def list_word_handlers(app: "WorkbenchApp") -> dict[str, Callable[[str], Awaitable[None] | None]]:
    """The deeds of the commands that take words, when some follow the slash name."""
    return {
        "attach": app.reviews.attach,
        "compact": app.reviews.compact,
        "find": app.main.action_find,
        "model": app.models.choose,
        "rename": app.sessions.rename,
    }

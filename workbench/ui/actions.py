"""What the workbench can be told to do: each command once, with its key, its word and its sentence.

Bindings, footer, command palette, slash menu and help all read this table, so they cannot disagree.
"""

from dataclasses import dataclass
from typing import Literal

SHOWN_KEYS = {"escape": "esc", "pageup": "pgup", "pagedown": "pgdn", "": ""}


@dataclass(frozen=True)
class Action:
    """One command. The app's method for it is `action_<name>`."""

    name: str
    key: str
    """As Textual names it; empty where it has none."""
    word: str
    """For the footer: what happens, in one or two words."""
    sentence: str
    """For help and the palette."""
    slash: str = ""
    """Typed after `/`; empty where it makes no sense."""
    place: Literal["all", "prompt"] = "all"
    """`prompt`: the prompt itself answers the key."""

    @property
    def shown(self) -> str:
        """The key as people write it: `F8`, `ctrl+p`, `esc`."""
        return SHOWN_KEYS.get(self.key) or (self.key.upper() if self.key[1:].isdigit() else self.key)


ACTIONS: tuple[Action, ...] = (
    Action("back", "escape", "back", "Close the nearest dialog, reject what waits, stop the running turn; never quits"),
    Action("help", "f1", "help", "Show every key and command", "help"),
    Action("compact", "f8", "compact", "Make room in the window, after seeing what would be lost", "compact"),
    Action("hand_off", "f9", "hand off", "Carry the essentials into a fresh session", "handoff"),
    Action("commands", "ctrl+p", "commands", "Find any command by name"),
    Action("sessions", "ctrl+o", "sessions", "List, search and open sessions", "sessions"),
    Action("new_session", "ctrl+n", "new", "Leave this session and begin another", "new"),
    Action("earlier_prompts", "ctrl+r", "earlier", "Search the prompts you sent before", "earlier"),
    Action("edit_prompt", "ctrl+g", "editor", "Write the prompt in $EDITOR", "editor"),
    Action("theme", "ctrl+t", "theme", "Change to the next theme", "theme"),
    Action("send", "enter", "send", "Send the prompt, or queue it while a turn runs", place="prompt"),
    Action("new_line", "ctrl+j", "new line", "Begin a new line; also shift+enter, or \\ and enter", place="prompt"),
    Action("next_part", "tab", "next part", "Move to the next part of the screen"),
    Action("previous_part", "shift+tab", "previous part", "Move to the previous part of the screen"),
    Action("page_up", "pageup", "scroll up", "Scroll the transcript up from the prompt"),
    Action("page_down", "pagedown", "scroll down", "Scroll the transcript down from the prompt"),
    Action("copy_or_clear", "ctrl+c", "copy", "Copy the selection, else clear the prompt; twice: quit"),
    Action("answer", "", "answer", "Open the question that waits for you", "answer"),
    Action("undo_compaction", "", "undo", "Bring back the window before the last compaction", "undo"),
    Action("copy_answer", "", "copy answer", "Copy the last answer", "copy"),
    Action("copy_code", "", "copy code", "Copy the last code block", "copy-code"),
    Action("rename", "", "rename", "Give this session another title", "rename"),
    Action("screenshot", "", "screenshot", "Save the screen as an SVG picture", "screenshot"),
    Action("quit", "", "quit", "Leave the workbench; the session is kept", "quit"),
)

BY_NAME = {action.name: action for action in ACTIONS}


def slash_actions(typed: str = "") -> list[Action]:
    """Commands whose slash name begins with `typed`, in the order of the table."""
    return [action for action in ACTIONS if action.slash and action.slash.startswith(typed.lower())]

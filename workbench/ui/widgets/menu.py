"""The menu above the prompt, and what it offers: commands after `/`, files after `@`, prompts sent before."""

import difflib
import os
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import msgspec
from textual import events
from textual.content import Content
from textual.message import Message
from textual.widget import Widget

from workbench.core import figures
from workbench.core.names import write_name
from workbench.ui.commands import ScreenCommand
from workbench.ui.draw.text import fit, plain, spread
from workbench.ui.draw.told import is_told, tell_chosen, tell_pieces

MOST_FILES = 20_000
"""Where listing a workspace stops."""
SKIPPED = frozenset({".git", ".hg", ".venv", "venv", "node_modules", "__pycache__", ".mypy_cache", ".ruff_cache"})
_SLASH = re.compile(r"/([\w-]+)(?=\s|$)")
_AT = re.compile(r"(?:^|\s)@(\S*)$")


class MenuChoice(msgspec.Struct, frozen=True):
    """A row of the menu above the prompt."""

    label: str
    detail: str = ""
    value: str = ""
    """What it stands for: a command's slash name, a path, a whole prompt."""


def slash_typed(text: str) -> str | None:
    """What follows the `/` of a command that is being typed; None when it is no command."""
    return text[1:] if text.startswith("/") and not re.search(r"\s", text) and "/" not in text[1:] else None


def slash_choices(commands: Iterable[ScreenCommand], typed: str) -> list[MenuChoice]:
    """Those of `commands` one of whose slash names begins with `typed`, each once."""
    fitting = ((each, [name for name in each.slashes if name.startswith(typed.lower())]) for each in commands)
    return [MenuChoice(f"/{names[0]}", command.help, names[0]) for command, names in fitting if names]


def slash_command(commands: Iterable[ScreenCommand], text: str) -> tuple[ScreenCommand, str] | None:
    """The command that `text` is, with what stands after it; None when it is none, or takes no words and has some."""
    if (named := _SLASH.match(text)) is None:
        return None
    words = text[named.end() :].strip()
    found = (command for command in commands if named[1].lower() in command.slashes)
    return next(((command, words) for command in found if command.takes_words or not words), None)


def suggest_slash(commands: Iterable[ScreenCommand], text: str) -> tuple[str, str] | None:
    """What to say where `text` looks like a command and `slash_command` finds none: what is wrong, and what helps."""
    if (named := _SLASH.match(text)) is None:
        return None
    names = [name for command in commands for name in command.slashes]
    typed = named[1].lower()
    if typed in names:
        return f"/{typed} takes no words after it", "with a blank before it, it is sent"
    near = [name for name in names if typed in name] + difflib.get_close_matches(typed, names, 3, 0.5)
    listed = " ".join(f"/{name}" for name in dict.fromkeys(near))
    return f"there is no command /{named[1]}", " · ".join(filter(None, (listed, "with a blank before it, it is sent")))


def file_typed(before: str) -> str | None:
    """What follows an `@` right before the cursor; None when there is none."""
    match = _AT.search(before)
    return match.group(1) if match else None


def file_choices(typed: str, files: Sequence[str], most: int = 50) -> list[MenuChoice]:
    """Files whose path has `typed`, those first whose name begins with it."""
    wanted = typed.lower()
    found = [path for path in files if wanted in path.lower()]
    found.sort(key=lambda path: (not Path(path).name.lower().startswith(wanted), len(path), path))
    return [MenuChoice(path, value=path) for path in found[:most]]


def history_choices(prompts: Iterable[str]) -> list[MenuChoice]:
    """Prompts sent before, each as one line."""
    return [MenuChoice(" ".join(prompt.split()), value=prompt) for prompt in prompts]


def workspace_files(root: str, most: int = MOST_FILES) -> list[str]:
    """Paths of files under `root`, relative to it, as tools write and take them; at most `most`. Meant for a thread."""
    found: list[str] = []
    for folder, names, files in os.walk(root):
        names[:] = sorted(name for name in names if name not in SKIPPED)
        inside = os.path.relpath(folder, root)
        found += [name if inside == "." else f"{inside}/{name}" for name in sorted(files)]
        if len(found) >= most:
            break
    return [write_name(path) for path in found[:most]]


def prompt_for(text: str) -> str:
    """What is sent for `text`: `!line` asks to run a shell line."""
    line = text.strip()
    return f"run `{line[1:].strip()}`" if line.startswith("!") and line[1:].strip() else text.strip()


ROWS = 8


class Menu(Widget):
    """Shows choices; the prompt keeps the keys."""

    @dataclass
    class Picked(Message):
        """A row was clicked."""

        choice: MenuChoice

    def __init__(self) -> None:
        super().__init__(id="menu")
        self._choices: list[MenuChoice] = []
        self._at = 0
        self.display = False

    @property
    def chosen(self) -> MenuChoice | None:
        """The row that enter would take."""
        return self._choices[self._at] if self._choices else None

    def show(self, choices: list[MenuChoice]) -> None:
        """Offer `choices`; none closes it."""
        if choices == self._choices:
            return
        self._choices, self._at = choices, 0
        self.display = bool(choices)
        self.styles.height = min(ROWS, len(choices)) or 1
        self.refresh()

    def move(self, by: int) -> None:
        """Choose another row; it goes round."""
        self._at = (self._at + by) % len(self._choices) if self._choices else 0
        self.refresh()

    def _first(self) -> int:
        return max(0, min(self._at - ROWS // 2, len(self._choices) - ROWS))

    def render(self) -> Content:
        first = self._first()
        rows = [self._row(place) for place in range(first, min(len(self._choices), first + ROWS))]
        return Content("\n").join(rows)

    def _row(self, place: int) -> Content:
        choice, width = self._choices[place], self.size.width
        if is_told(self):
            return fit(plain(self._tell(place), "$foreground"), width)
        mark = "▶ " if place == self._at else "  "
        label = figures.visible(choice.label)
        left = Content.assemble(
            (mark, "$accent"), (f"{label:<12}  " if choice.detail else label, "$foreground"), (choice.detail, "$faint")
        )
        more = f"{place + 1} of {len(self._choices)}" if place == self._at and len(self._choices) > ROWS else ""
        row = spread(left, Content.styled(more, "$faint"), width)
        return row.stylize_before("on $select") if place == self._at else row

    def _tell(self, place: int) -> str:
        choice, many = self._choices[place], len(self._choices)
        said = tell_pieces([f"{choice.label}: {choice.detail}" if choice.detail else choice.label])
        return tell_chosen(f"{said}, {place + 1} of {many}", True) if place == self._at else said

    def on_click(self, event: events.Click) -> None:
        place = self._first() + event.y
        if 0 <= place < len(self._choices):
            self.post_message(self.Picked(self._choices[place]))

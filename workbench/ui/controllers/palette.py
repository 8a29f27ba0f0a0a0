"""The command palette in words: how a command is called in it, and, where it is told, which one enter takes."""

from typing import TYPE_CHECKING

from textual.content import Content
from textual.visual import VisualType

from workbench.ui.commands import ScreenCommand
from workbench.ui.draw.told import CHOSEN

if TYPE_CHECKING:
    from textual.widgets import OptionList
    from textual.widgets.option_list import Option


class PaletteWords:
    """Upstream only its ground tells the chosen option from the others; `told` gives it a word as well."""

    def __init__(self, told: bool) -> None:
        self._told = told
        self._named: tuple[OptionList, Option, VisualType] | None = None
        """The option that has the word now, and how it is called without."""

    def write_title(self, command: ScreenCommand) -> str:
        """The word of a command, and its key."""
        return (", " if self._told else "  ").join(filter(None, (command.word, command.shown)))

    def move(self, event: "OptionList.OptionHighlighted") -> None:
        """Take the word from the option before, and give it to this one."""
        if not self._told:
            return
        if self._named:
            _reword(*self._named)
        prompt = event.option.prompt
        self._named = event.option_list, event.option, prompt
        if isinstance(prompt, Content):
            _reword(event.option_list, event.option, Content(CHOSEN) + prompt)


def _reword(options: "OptionList", option: "Option", prompt: VisualType) -> None:
    place = next((place for place, each in enumerate(options.options) if each is option), None)
    if place is not None and options.is_attached:
        options.replace_option_prompt_at_index(place, prompt)

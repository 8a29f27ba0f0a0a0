"""What every line passes through last, whatever drew it: nothing is left that the terminal cannot show or acts on."""

from collections.abc import Iterable

from textual.filter import ANSIToTruecolor, LineFilter, Monochrome, NoColor

from workbench.ui.draw.text import ControlFilter
from workbench.ui.terminal.capabilities import Capabilities


def choose_filters(known: Capabilities, unmarked: bool = False) -> list[LineFilter]:
    """Those for this terminal; modules of the ones that are not needed are not imported. `unmarked`: words alone."""
    filters: list[LineFilter] = [ControlFilter()]
    if known.links:
        from workbench.ui.terminal.links import LinkFilter

        filters.append(LinkFilter())
    if known.depth != "full":
        from workbench.ui.terminal.depth import DepthFilter, PlainFilter

        filters.append(PlainFilter() if known.depth == "none" else DepthFilter(known.depth))
    if unmarked:
        from workbench.ui.terminal.unmarked import UnmarkedFilter

        filters.append(UnmarkedFilter())
    if not known.unicode:
        from workbench.ui.terminal.ascii import AsciiFilter

        filters.append(AsciiFilter())
    return filters


def replace_filters(upstream: Iterable[LineFilter], own: list[LineFilter]) -> list[LineFilter]:
    """`own` after those of upstream that they do not do better: it makes grey of no colour, and colours of numbers."""
    return [*(each for each in upstream if not isinstance(each, ANSIToTruecolor | Monochrome | NoColor)), *own]

"""The styles of a theme, resolved once from its variables and kept."""

from collections.abc import Mapping
from functools import cache

from rich.style import Style
from textual.color import Color, ColorParseError

FALLBACK = {"background": "#14171C", "foreground": "#DDE2E9"}


class Styles:
    """Gives a Rich style for a role and a ground, by the names of theme variables.

    `faded` ones write everything in `faint` without grounds: what the model no longer sees.
    """

    def __init__(self, variables: Mapping[str, str], *, faded: bool = False, plain: bool = False) -> None:
        self._variables = dict(variables)
        self._faded = faded
        self._styles: dict[tuple[str, str, str], Style] = {}
        self.plain = plain
        """True without colour: letters and `│` stand in the gutter."""

    def faint(self) -> "Styles":
        """The same theme for what left the window."""
        return Styles(self._variables, faded=True, plain=self.plain)

    def __call__(self, role: str, ground: str = "", attributes: str = "") -> Style:
        """The style for variable `role` on variable `ground` (empty: the widget's own) with `bold underline …`."""
        key = (role, ground, attributes)
        style = self._styles.get(key)
        if style is None:
            style = self._styles[key] = self._resolve(role, ground, attributes)
        return style

    def link(self, href: str, style: Style) -> Style:
        """`style` as something to click that opens `href`."""
        return style + Style.from_meta({"@click": ("follow_link", (href,))})

    def _resolve(self, role: str, ground: str, attributes: str) -> Style:
        if self._faded:
            role, ground, attributes = "faint", "", attributes.replace("bold", "")
        style = Style(color=self._colour(role), bgcolor=self._colour(ground) if ground else None)
        return style + Style.parse(attributes) if attributes.strip() else style

    def _colour(self, name: str) -> str | None:
        return _hex(self._variables.get(name, FALLBACK.get(name, FALLBACK["foreground"])))


@cache
def _hex(value: str) -> str | None:
    """A colour as Rich takes it; None (the terminal's own) for what is not a fixed colour."""
    try:
        colour = Color.parse(value)
        return None if colour.ansi is not None else colour.hex6
    except ColorParseError:
        return None

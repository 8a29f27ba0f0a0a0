"""How selected text is drawn where lines are painted by hand."""

from rich.style import Style
from textual.widget import Widget


def find_selection_style(widget: Widget) -> Style:
    """The theme's ground under the theme's text; both turned round without colour.

    Most themes give selected text no colour of its own, which Textual resolves to that of the ground: nothing is seen.
    """
    if widget.app.no_color:
        return Style(reverse=True)
    style = widget.screen.get_component_rich_style("screen--selection")
    own = style.color if style.color and style.color != style.bgcolor else widget.screen.rich_style.color
    return Style(color=own, bgcolor=style.bgcolor)

"""Whether a screen is still there when something comes back to it."""

from typing import Any

from textual.screen import Screen


def is_open(screen: Screen[Any]) -> bool:
    """False as soon as it is closed: Textual takes its parts away before it ends its work, which finds none of them."""
    return screen in screen.app.screen_stack

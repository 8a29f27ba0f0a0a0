"""Giving the terminal to another program for a while, an editor say, and taking it back however that ends."""

from collections.abc import Iterator
from contextlib import contextmanager

from textual.app import App

SETTLES_S = 0.2
"""Seconds after which a key that another program was sent does not arrive here any more."""


class LendingApp(App[None], inherit_bindings=False):
    """An application that knows whether another program has its terminal."""

    lent = False
    """True while it has, and until what it was sent has settled: its ctrl+c is not ours."""

    @contextmanager
    def suspend(self) -> Iterator[None]:
        """Give the terminal away; it comes back whatever happens meanwhile. Textual's own never takes it back then."""
        failed: BaseException | None = None
        self.lent = True
        with super().suspend():
            try:
                yield
            except BaseException as error:
                failed = error
        self.set_timer(SETTLES_S, self._settle)
        if failed is not None:
            raise failed

    def _settle(self) -> None:
        self.lent = False

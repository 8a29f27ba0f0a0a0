"""The strategies by name: command line, dialog and settings all read this list.

A strategy of ours is a module of its name that defines `STRATEGY`, and a line in `BUILT_IN`. The names cost no import.
"""

from collections.abc import Callable
from functools import partial
from importlib import import_module

from workbench.core.errors import WorkbenchError
from workbench.strategies.strategy import Strategy

BUILT_IN = (
    "auto",
    "summarise",
    "mask",
)
_registered: dict[str, Strategy] = {}


def register(strategy: Strategy) -> Callable[[], None]:
    """Add one that is made elsewhere; returns how to take it away. Raises ValueError where its name is taken."""
    if strategy.name in names():
        raise ValueError(f"there is a strategy {strategy.name} already")
    _registered[strategy.name] = strategy
    return partial(_registered.__delitem__, strategy.name)


def names() -> tuple[str, ...]:
    """Every name, in the order in which they are offered."""
    return (*BUILT_IN, *_registered)


def choices() -> tuple[tuple[str, str, str], ...]:
    """Name, title and help of each."""
    return tuple((each.name, each.title, each.help) for each in map(find_strategy, names()))


def find_strategy(name: str) -> Strategy:
    """The strategy of that name. Raises WorkbenchError with the names that there are."""
    if name in BUILT_IN:
        strategy: Strategy = import_module(f"workbench.strategies.{name}").STRATEGY
        return strategy
    if name not in _registered:
        raise WorkbenchError(f"there is no strategy {name!r}.", f"There are: {', '.join(names())}.")
    return _registered[name]

"""Which folds of a journal hear of which event: those alone that it concerns, so that most events cost a call or two.

A fold is a class with a table `HANDLERS`, what it does with each kind of event, and `apply`, which looks there.
"""

from collections.abc import Callable, Iterable

from workbench.core.events import Stamped

Fold = Callable[[Stamped], None]
"""Takes an event in."""


def route(*folds: tuple[Fold, Iterable[type]]) -> dict[type, list[Fold]]:
    """The folds that each kind of event concerns, in the order of `folds`, where each stands with its kinds."""
    routes: dict[type, list[Fold]] = {}
    for fold, kinds in folds:
        for kind in kinds:
            routes.setdefault(kind, []).append(fold)
    return routes

"""Make a long conversation fit (seed §2).

A strategy says of each block of the window whether it is kept, masked, summarised, dropped or brought back; what that
costs, what evidence of it stays and whether the API accepts it is worked out here for all. Every plan can be seen
before it happens, is made without a model where none answers, and is undone by undoing its epoch.

Settings and the command line read the names before anything is shown: `plan.build_plan` is not imported here.
"""

from workbench.strategies.strategy import (
    BlockFate,
    CompactionPolicy,
    Draft,
    Economics,
    Strategy,
    WindowView,
    choices,
    find_strategy,
    names,
    register,
    unpriced,
)

__all__ = [
    "BlockFate",
    "CompactionPolicy",
    "Draft",
    "Economics",
    "Strategy",
    "WindowView",
    "choices",
    "find_strategy",
    "names",
    "register",
    "unpriced",
]

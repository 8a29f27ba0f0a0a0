"""Job a long conversation fit (seed §2).

Summarisation keeps the last messages word for word and replaces what is older by a summary, whose exact facts an
evidence index carries beside it and counts against the journal. Every plan can be seen before it happens, is made
without a model where none answers, and is undone by undoing its epoch.
"""

from workbench.strategies.draft import CompactionPolicy, Draft
from workbench.strategies.evidence import Evidence, gathered
from workbench.strategies.plan import Economics, finished, remark, still_kept
from workbench.strategies.summarise import draft
from workbench.strategies.truncate import truncated

__all__ = [
    "CompactionPolicy",
    "Draft",
    "Economics",
    "Evidence",
    "draft",
    "finished",
    "gathered",
    "remark",
    "still_kept",
    "truncated",
]

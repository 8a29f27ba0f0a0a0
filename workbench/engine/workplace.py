"""What all runs of a process share."""

import asyncio
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from workbench.core.events import Bus
from workbench.engine.calls import Toolbox
from workbench.engine.dependencies import EngineDependencies
from workbench.engine.executor import PendingApprovals

if TYPE_CHECKING:
    from workbench.engine.run import Run


@dataclass(frozen=True)
class Workplace:
    """What all runs of a process share."""

    deps: EngineDependencies
    bus: Bus
    toolbox: Toolbox
    approvals: PendingApprovals
    runs: dict[str, "Run"] = field(default_factory=dict)
    """Those at work, by session id: the one in front and its children."""
    said: set[str] = field(default_factory=set)
    """What was said of instruction files that are left out, so that it is said once."""
    ready: asyncio.Event = field(default_factory=asyncio.Event)
    """Set once SDK and tokenizer are loaded, where a person waits for them."""

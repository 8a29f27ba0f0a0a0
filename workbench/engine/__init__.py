"""The engine: takes commands, runs turns, emits events; it knows the systems and the ports, and no adapter.

engine ─▶ run ─▶ turn ─┬─▶ guards                    the run in front and its children; one agent in one session each
                       ├─▶ request ─▶ model_call     billing reserves and settles every request at the root's budget
                       └─▶ executor ─▶ approvals     the gate before each call
"""

from workbench.engine.dependencies import EngineDependencies, Policies, TurnPolicy, Unattended
from workbench.engine.engine import Engine
from workbench.engine.request import assemble_request
from workbench.engine.run import Run

__all__ = ["Engine", "EngineDependencies", "Policies", "Run", "TurnPolicy", "Unattended", "assemble_request"]

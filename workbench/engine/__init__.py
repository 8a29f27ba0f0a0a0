"""The engine: takes commands, runs turns, tells events; it knows the systems and the ports, and no adapter."""

from workbench.engine.dependencies import EngineDependencies, Unattended
from workbench.engine.engine import Engine
from workbench.engine.policies import Policies, TurnPolicy
from workbench.engine.request import assembled

__all__ = ["Engine", "EngineDependencies", "Policies", "TurnPolicy", "Unattended", "assembled"]

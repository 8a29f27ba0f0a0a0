"""Carries out what the person marked in the window, and nothing else."""

from workbench.core.ports import TextModel
from workbench.strategies.strategy import CompactionPolicy, Draft, Strategy, WindowView


class Marked:
    """Every strategy obeys the marks; this one adds nothing of its own."""

    name = "marked"
    title = "only what is marked"
    help = "Drops and masks what you marked in the window; all else stays as it is, and no model is asked."

    async def plan(self, view: WindowView, model: TextModel, policy: CompactionPolicy) -> Draft:
        """Nothing: the marks are obeyed in every plan."""
        return Draft({})


STRATEGY: Strategy = Marked()

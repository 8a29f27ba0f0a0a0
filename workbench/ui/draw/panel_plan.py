"""How many rows each part of the side panel gets, and what it gives up as the terminal becomes lower."""

from dataclasses import dataclass, replace


@dataclass(frozen=True)
class PanelPlan:
    """Rows and parts of the panel."""

    notes: int = 12
    """Rows for findings, decisions and questions."""
    reasoning: bool = True
    axis: bool = True
    """Words under the lines: trigger and reply, zones, thresholds."""
    chart: int = 3
    """Rows of the attention chart, its base included."""
    gaps: bool = True
    """An empty row between blocks and at the top."""
    brings: bool = True
    """The row under the buttons."""

    @property
    def window(self) -> int:
        return 2 + self.chart + 1 + 5 + 2 * self.axis + self.gaps

    @property
    def scratchpad(self) -> int:
        return 2 + self.notes

    @property
    def budget(self) -> int:
        return 4

    @property
    def confidence(self) -> int:
        return 2 + self.axis + self.reasoning

    @property
    def buttons(self) -> int:
        return 1 + self.brings

    @property
    def height(self) -> int:
        blocks = self.window + self.scratchpad + self.budget + self.confidence + self.buttons
        return blocks + 5 * self.gaps


LEAST_FINDINGS = 4
"""Rows that are left when only questions and decisions are shown."""


def plan_panel(height: int) -> PanelPlan:
    """The most that fits into `height` rows.

    Given up in this order: findings, the reasoning, axis words, the chart's upper rows, questions and decisions,
    and last the empty rows; total, legend and buttons stay.
    """
    plan = PanelPlan()
    plan = _fewer_notes(plan, height, LEAST_FINDINGS)
    for change in ({"reasoning": False}, {"axis": False}, {"chart": 2}, {"chart": 1}):
        if plan.height <= height:
            return plan
        plan = replace(plan, **change)
    plan = _fewer_notes(plan, height, 0)
    for change in ({"gaps": False}, {"brings": False}):
        if plan.height <= height:
            return plan
        plan = replace(plan, **change)
    return plan


def _fewer_notes(plan: PanelPlan, height: int, least: int) -> PanelPlan:
    excess = max(0, plan.height - height)
    return replace(plan, notes=max(least, plan.notes - excess))

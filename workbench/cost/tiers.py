"""The four tiers of graceful degradation (seed §9)."""

from workbench.cost.policy import BudgetPolicy

SENTENCES: dict[int, str] = {
    1: "The whole budget is at hand: the most capable model, every tool, long replies.",
    2: "Most of the budget is used: a smaller model, few calls a turn, shorter replies.",
    3: "The budget is nearly used up: the fastest model answers directly, without tools.",
    4: "The budget is spent: nothing more is sent until it is raised.",
}


def tier(share: float, policy: BudgetPolicy) -> int:
    """1 to 4 for `share` of the fullest budget; a threshold belongs to the tier that it begins."""
    # Sums of cents miss a threshold by a rounding error; a billionth of a budget is below any price.
    reached = round(share, 9)
    return 1 + sum(reached >= threshold for threshold in policy.tiers)


def sentence(number: int) -> str:
    """What tier `number` means, for the person."""
    return SENTENCES[number]

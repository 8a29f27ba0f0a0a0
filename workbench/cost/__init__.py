"""Cost management (seed §9): what was spent, what may still be, and how to do with less.

The spend ledger folds reservations and settlements into one reading, the only source of budget, tier and bill.
The fullest of four budgets (session and day, dollars and tokens) sets one of four tiers of graceful degradation.
"""

from workbench.cost.budget import BudgetPolicy, SpendLedger, choose_tier
from workbench.cost.prices import GenaiPrices

__all__ = ["BudgetPolicy", "GenaiPrices", "SpendLedger", "choose_tier"]

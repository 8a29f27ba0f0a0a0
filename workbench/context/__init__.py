"""What the context window holds and how strongly each place is heard (seed §1).

The ledger folds the journal to a `Window` whose blocks, sections and total agree to the token: exact where usage was
reported, estimated by content class and learnt correction where it was not. That window alone drives meter, trigger,
what-if and compaction. What wastes it is found by code, and any two requests of a journal can be compared.
"""

from workbench.context.estimate import Estimator, check_usage
from workbench.context.findings import WasteFinder, find_waste
from workbench.context.ledger import Ledger
from workbench.context.window import WindowPolicy, find_zones

__all__ = ["Estimator", "Ledger", "WasteFinder", "WindowPolicy", "check_usage", "find_waste", "find_zones"]

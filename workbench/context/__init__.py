"""What the context window holds and how strongly each place is heard (seed §1).

The ledger folds the journal to a `Window` whose blocks, sections and total agree to the token: exact where usage was
reported, estimated by content class and learnt correction where it was not. That window alone drives meter, trigger,
what-if and compaction. `findings` names what wastes it, `requests` folds a journal to what each request held, and
`differences` compares two of them; whoever needs these imports them then.
"""

from workbench.context.estimate import Estimator, check_usage
from workbench.context.ledger import Ledger
from workbench.context.window import WindowPolicy, find_zones

__all__ = ["Estimator", "Ledger", "WindowPolicy", "check_usage", "find_zones"]

"""From a refusal of the API to what makes the next request acceptable (seed §6).

    media, invalid      the block that it names is replaced by a note
    thinking            what the model thought before is left out
    too_long            the limit is learnt, the window compacted
    reply_limit         the limit is learnt, the reply shortened
    rate_limit          a wait longer than the ladder's: a person is asked
    declined            no refusal but an answer: its turn leaves the window, or every later one would be declined too

Each is tried as long as it changes something; then the person is asked, who may leave out all but what was said.
"""

from workbench.core.errors import ProviderFault
from workbench.core.events import Repair
from workbench.reliability.retry import LONGEST_WAIT

REPAIRS: dict[str, Repair] = {
    "media": "drop_block",
    "invalid": "drop_block",
    "thinking": "drop_thinking",
    "too_long": "compact",
    "reply_limit": "shorten_reply",
}
MOST_TRIES: dict[Repair, int] = {"drop_block": 8, "drop_thinking": 1, "compact": 3, "shorten_reply": 2, "wait": 3}
"""How often each may help one turn."""


def choose_repair(fault: ProviderFault, tried: tuple[Repair, ...]) -> Repair | None:
    """What to do about `fault`, where `tried` were done in this turn; None where nothing more helps."""
    repair = "wait" if is_long_wait(fault) else REPAIRS.get(fault.kind)
    return repair if repair and tried.count(repair) < MOST_TRIES[repair] else None


def is_long_wait(fault: ProviderFault) -> bool:
    """True where the server asks for a longer wait than a person is left to without being asked."""
    return fault.retryable and fault.retry_after is not None and fault.retry_after > LONGEST_WAIT


def is_refusal(fault: ProviderFault) -> bool:
    """True where what was sent is the reason: it would be refused again as it is."""
    return fault.kind in REPAIRS

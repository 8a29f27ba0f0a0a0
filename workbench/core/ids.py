"""Identifiers: short, random, safe in a file name."""

import secrets


def new_session_id() -> str:
    """Eight hexadecimal digits."""
    return secrets.token_hex(4)


def new_trace_id() -> str:
    """Thirty-two hexadecimal digits, the size of a W3C trace id."""
    return secrets.token_hex(16)


def new_escalation_id() -> str:
    """`esc_` and eight hexadecimal digits."""
    return f"esc_{secrets.token_hex(4)}"


def new_plan_id() -> str:
    """`plan_` and eight hexadecimal digits: a compaction plan or a handoff draft."""
    return f"plan_{secrets.token_hex(4)}"


def new_span_id() -> str:
    """Sixteen hexadecimal digits, the size of a W3C span id."""
    return secrets.token_hex(8)


def entry_seq(entry: str) -> int:
    """The event that an entry of the conversation comes from: 12 for `e12` and `e12.1`."""
    return int(entry[1:].partition(".")[0])

"""Passing work on to the next session (seed §4).

The digest takes from the journal what the seed says to preserve and counts what it says to discard. The document has
the seed's five sections, written by a model or, without one, from the digest; it is checked against the journal before
the next session starts from it.
"""

from workbench.handoff.checks import plan
from workbench.handoff.digest import Command, Digest, ErrorPattern, collected
from workbench.handoff.document import TITLES, mechanical, parsed, request, written
from workbench.handoff.resume import export_name, memory_text

__all__ = [
    "TITLES",
    "Command",
    "Digest",
    "ErrorPattern",
    "collected",
    "export_name",
    "mechanical",
    "memory_text",
    "parsed",
    "plan",
    "request",
    "written",
]

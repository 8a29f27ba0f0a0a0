"""Passing work on to the next session (seed §4).

The digest takes from the journal what the seed says to preserve and counts what it says to discard. The document has
the seed's five sections, written by a model or, without one, from the digest; it is checked against the journal before
the next session starts from it.
"""

from workbench.handoff.checks import build_plan
from workbench.handoff.digest import Command, Digest, ErrorPattern, collect_digest
from workbench.handoff.document import TITLES, build_prompt, parse_sections, write_from_digest, write_sections
from workbench.handoff.resume import export_name, memory_text

__all__ = [
    "TITLES",
    "Command",
    "Digest",
    "ErrorPattern",
    "build_plan",
    "build_prompt",
    "collect_digest",
    "export_name",
    "memory_text",
    "parse_sections",
    "write_from_digest",
    "write_sections",
]

"""Passing work on to the next session (seed §4).

The digest takes from the journal what the seed says to preserve and counts what it says to discard. The document has
the seed's five sections, written by a model or, without one, from the digest; it is checked against the journal before
the next session starts from it.
"""

from workbench.handoff.digest import collect_digest
from workbench.handoff.document import export_name, memory_text
from workbench.handoff.plan import build_plan, build_prompt, write_from_digest

__all__ = ["build_plan", "build_prompt", "collect_digest", "export_name", "memory_text", "write_from_digest"]

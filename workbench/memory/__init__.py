"""Working memory (seed §3): what the agent writes down so that it outlives the window.

The scratchpad is a fold of notes: task, findings, decisions with their reasons, open questions, files, status.
A digest of it goes to the model when it changed; the whole of it is there to read and to export.
"""

from workbench.memory.scratchpad import as_markdown, digest

__all__ = ["as_markdown", "digest"]

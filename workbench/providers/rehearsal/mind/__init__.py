"""The rehearsal's mind: a small rule-based agent that sees only the body of a request and answers with a scene.

    body ─▶ parsing ─▶ Conversation ─▶ intents ─▶ a skill's plan ─▶ steps ─▶ reply ─▶ Scene
                          └─▶ errands   the workbench's own requests: summary, handoff, title, judge

It has no language model and no memory: what it knows it takes from the messages, each time anew. `evidence` holds how
facts are taken from texts; what an answer says was in a tool's result, or it is not said.
"""

from workbench.providers.rehearsal.mind.answering import respond

__all__ = ["respond"]

"""The only place that chooses.

Choice ─▶ choose ─▶ Chosen        settings, provider, folders: light, before the first frame
                      └▶ build ─▶ Engine        systems and adapters: slow, after it
"""

from workbench.bootstrap.choice import Choice, Chosen, choose

__all__ = ["Choice", "Chosen", "choose"]

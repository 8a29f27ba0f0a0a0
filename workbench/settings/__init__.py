"""Settings: defaults, the person's config.toml, the workspace's .workbench.toml, each narrowing the one before it.

A file that is wrong never stops the workbench: what is invalid is named with file and line, and what stood before it
stands. `table` declares every setting once; policies and the options of the user interface are built from it.
"""

from workbench.settings.files import config_folder, load
from workbench.settings.table import PROVIDERS, SETTINGS, Setting, Settings, strategy_names

__all__ = ["PROVIDERS", "SETTINGS", "Setting", "Settings", "config_folder", "load", "strategy_names"]

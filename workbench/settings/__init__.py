"""Settings: defaults, the person's config.toml, the workspace's .workbench.toml, each narrowing the one before it.

A file that is wrong never stops the workbench: what is invalid is named with file and line, and the default stands.
"""

from workbench.settings.files import Settings, config_folder, loaded
from workbench.settings.table import SETTINGS, Setting

__all__ = ["SETTINGS", "Setting", "Settings", "config_folder", "loaded"]

"""The settings of one workspace: values by name, what was wrong with them, and the policies they fill."""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import msgspec

from workbench.core.ports import Options
from workbench.settings.table import SETTINGS, Value

if TYPE_CHECKING:
    from workbench.engine import Policies


@dataclass
class Settings:
    """Values by name, and a message for each fault in the files."""

    values: dict[str, Value] = field(default_factory=lambda: {name: s.default for name, s in SETTINGS.items()})
    faults: list[str] = field(default_factory=list)

    def __getitem__(self, name: str) -> Value:
        return self.values[name]

    def text(self, name: str) -> str:
        """A setting that is a string. Raises TypeError for another."""
        return msgspec.convert(self.values[name], str)

    def number(self, name: str) -> float:
        """A setting that is a number. Raises TypeError for another."""
        return msgspec.convert(self.values[name], float)

    def policies(self) -> "Policies":
        """Every policy, filled as the table says. Imports the systems."""
        from workbench.engine import Policies

        standing = Policies()
        filled: dict[str, dict[str, object]] = {}
        for name, setting in SETTINGS.items():
            if setting.fills:
                policy, part = setting.fills.split(".")
                value = self.values[name]
                if setting.extends and isinstance(value, list):
                    value = [*getattr(getattr(standing, policy), part), *value]
                filled.setdefault(policy, {})[part] = value
        return msgspec.convert(filled, Policies)

    def options(self) -> Options:
        """What the user interface sees."""
        seen = {name.replace(".", "_"): self.values[name] for name, setting in SETTINGS.items() if setting.ui}
        return msgspec.convert(seen | {"settings_faults": self.faults}, Options)

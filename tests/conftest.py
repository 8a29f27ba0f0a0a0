"""What every test shares: no deadline by the wall clock, and an environment without anybody's keys."""

import os

import pytest
from hypothesis import settings

# In CI the same examples every time: what a new example finds must not stop an unrelated landing.
settings.register_profile("workbench", deadline=None, derandomize="CI" in os.environ)
settings.load_profile("workbench")


@pytest.fixture(autouse=True)
def _nobodys_keys(monkeypatch: pytest.MonkeyPatch) -> None:
    """A key or a setting of whoever runs the tests must not reach them."""
    for name in tuple(os.environ):
        if name.startswith(("ANTHROPIC_", "WORKBENCH_", "OTEL_")) or name == "NO_COLOR":
            monkeypatch.delenv(name)

"""What every test shares: no deadline by the wall clock, and an environment without anybody's keys."""

import os
from collections.abc import Iterator

import pytest
from hypothesis import settings

# In CI the same examples every time: what a new example finds must not stop an unrelated landing.
settings.register_profile("workbench", deadline=None, max_examples=40, derandomize="CI" in os.environ)
settings.register_profile("wide", settings.get_profile("workbench"), max_examples=300)
settings.load_profile("workbench")


def pytest_xdist_auto_num_workers() -> int:
    """More workers than cores: a test of a terminal mostly waits for it."""
    return 2 * (os.cpu_count() or 2)


@pytest.fixture(autouse=True, scope="session")
def _nobodys_data(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """What is kept for a user is kept in a folder of the tests, also for fixtures that outlive a test."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_DATA_HOME", str(tmp_path_factory.mktemp("data")))
        yield


@pytest.fixture(autouse=True)
def _nobodys_keys(monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory) -> None:
    """A key or a setting of whoever runs the tests must not reach them; what one test spent is no other's."""
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path_factory.mktemp("data")))
    for name in tuple(os.environ):
        if name.startswith(("ANTHROPIC_", "WORKBENCH_", "OTEL_")) or name == "NO_COLOR":
            monkeypatch.delenv(name)

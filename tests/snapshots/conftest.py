"""Snapshots are SVG files that look the same on every machine."""

import time
from collections.abc import Iterator

import pytest
import pytest_textual_snapshot

pytest_textual_snapshot.SVGImageExtension.file_extension = "svg"


@pytest.fixture(autouse=True)
def _one_place_on_earth(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Times of day are shown as in Greenwich."""
    with monkeypatch.context() as patch:
        patch.setenv("TZ", "UTC")
        time.tzset()
        yield
    time.tzset()

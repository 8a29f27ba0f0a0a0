"""The inspector as it looks, over the real engine with the sample session in it."""

from pathlib import Path
from typing import Any

import pytest
from textual.pilot import Pilot

from tests.fakes import ManualClock, bench
from tests.make_tour import TOUR
from tests.snapshots.test_screens import EVENTS, LARGE, SMALL, settled
from tests.ui.fake_client import START, FakeOptions
from workbench.core import commands as c
from workbench.ui.app import WorkbenchApp

WIDER = (160, 48)
MARKED = ("slash", *"read", "enter", "escape", "d", "down", "down", "p", "up", "up")
"""The first of what was read is marked to drop, another is pinned; the cursor is on the first again."""
LOOKS = pytest.mark.parametrize(
    ("size", "theme"),
    [(LARGE, "lamplight"), (SMALL, "lamplight"), (SMALL, "daylight"), (WIDER, "lamplight"), (LARGE, "chalk")],
    ids=["120x40-lamplight", "80x24-lamplight", "80x24-daylight", "160x48-lamplight", "120x40-chalk"],
)


def shown(snap_compare: Any, root: Path, size: tuple[int, int], theme: str, *keys: str, linear: bool = False) -> bool:
    """True when the inspector looks as it did once `keys` were pressed."""
    clock = ManualClock(START)
    clock.at = round(EVENTS[-1].at - START, 3)
    made = bench(root, clock=clock)
    app = WorkbenchApp(made.engine, FakeOptions(linear=linear), clock, theme, palettes=root)
    app.animation_level = "none"

    async def run_before(pilot: Pilot[None]) -> None:
        await settled(pilot)
        await app.dispatch(c.ImportSession(str(TOUR)))
        for key in ("f2", *keys):
            await pilot.press(key)
            await settled(pilot)

    return bool(snap_compare(app, terminal_size=size, run_before=run_before))


@LOOKS
def test_inspector(snap_compare: Any, tmp_path: Path, size: tuple[int, int], theme: str) -> None:
    assert shown(snap_compare, tmp_path, size, theme, *MARKED)


@pytest.mark.parametrize("size", [LARGE, SMALL], ids=["120x40", "80x24"])
def test_inspector_without_colour(
    snap_compare: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, size: tuple[int, int]
) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    assert shown(snap_compare, tmp_path, size, "lamplight", *MARKED)


def test_inspector_in_linear_mode(snap_compare: Any, tmp_path: Path) -> None:
    assert shown(snap_compare, tmp_path, SMALL, "lamplight", "end", "up", linear=True)


def test_inspector_in_pieces(snap_compare: Any, tmp_path: Path) -> None:
    assert shown(snap_compare, tmp_path, LARGE, "daylight", "end", "t")

"""CPU of F2 on a session of 5,000 blocks beside F1 there: the first look at the window, drawn, beside the help.

In this process over the real engine, headless, each opened and left again in alternating rounds.
"""

import asyncio
import gc
import statistics
import tempfile
import time
from pathlib import Path

from textual.pilot import Pilot

from tests.bench import long_talk
from tests.fakes import bench
from workbench.core.commands import OpenSession, RenameSession
from workbench.settings import Settings
from workbench.ui.app import WorkbenchApp

BLOCKS = 5_000
ROUNDS = 7


async def _settle(app: WorkbenchApp, pilot: Pilot[None]) -> None:
    await app.workers.wait_for_complete()
    await pilot.pause()
    if app.bridge:
        app.bridge.drain()
    await pilot.pause()


async def _open(app: WorkbenchApp, pilot: Pilot[None], key: str) -> float:
    """Seconds of CPU until what `key` opens is drawn; it is closed again."""
    began = time.process_time()
    await pilot.press(key)
    await _settle(app, pilot)
    took = time.process_time() - began
    if len(app.screen_stack) != 2:
        raise RuntimeError(f"{key} opened nothing")
    await pilot.press("escape")
    await _settle(app, pilot)
    return took


async def _measure(root: Path) -> dict[str, float]:
    gc.disable()  # as cli.terminal does: what start-up made is never looked through
    long_talk.write(root / "sessions", BLOCKS)
    made = bench(root)
    await made.engine.handle(OpenSession(long_talk.SESSION))
    app = WorkbenchApp(made.engine, Settings().options(), made.clock, palettes=root)
    async with app.run_test(size=(120, 40)) as pilot:
        await _settle(app, pilot)
        for key in ("f1", "f2"):  # what is imported and parsed once
            await _open(app, pilot, key)
        rounds = []
        for number in range(ROUNDS):
            await made.engine.handle(RenameSession(f"round {number}"))  # an event: the blocks are listed anew
            rounds.append([await _open(app, pilot, key) for key in ("f1", "f2")])
    await made.engine.close()
    help_s, window_s = (statistics.median(column) for column in zip(*rounds, strict=True))
    return {
        "F1 ms": help_s * 1000,
        "F2 ms": window_s * 1000,
        "ratio": statistics.median(window / help for help, window in rounds),
    }


def measure() -> dict[str, float]:
    """Medians of CPU, and how many times that of F1 the one of F2 is."""
    with tempfile.TemporaryDirectory() as name:
        return asyncio.run(_measure(Path(name)))

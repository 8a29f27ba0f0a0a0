"""Makes the README's pictures: `make screenshots` writes docs/*.svg.

Each is the running application over the real engine, in which the tour of tests.make_tour has happened:

    tour ─▶ engine ─▶ app, headless ─▶ SVG ─▶ no address of this machine, no font from the network
"""

import asyncio
import os
import tempfile
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path

from textual.pilot import Pilot

from tests.make_tour import ASKS, BEGAN, SHOWN, Beat, told
from tests.pictures import cleaned
from workbench.core import events as e
from workbench.engine import Engine
from workbench.settings import Settings
from workbench.ui.app import WorkbenchApp
from workbench.ui.screens.inspector import InspectorScreen

DOCS = Path(__file__).parents[1] / "docs"
OPTIONS = Settings().options()
Act = Callable[[Pilot[None], Engine], Awaitable[None]]


@dataclass(frozen=True)
class Picture:
    """One picture: what is done before it is taken, at which size."""

    name: str
    act: Act
    asks: tuple[str, ...] = ASKS
    size: tuple[int, int] = (120, 40)
    theme: str = "lamplight"


async def settled(pilot: Pilot[None]) -> None:
    """Deliver what the engine told, and draw it."""
    app = pilot.app
    assert isinstance(app, WorkbenchApp)
    for _ in range(3):
        await pilot.pause()
        if app.bridge:
            app.bridge.drain()
    await pilot.pause()


async def nothing(pilot: Pilot[None], engine: Engine) -> None:
    """The screen as it stands."""


async def asked(pilot: Pilot[None], engine: Engine) -> None:
    """A deletion is asked for and waits for a yes."""
    app = pilot.app
    assert isinstance(app, WorkbenchApp)
    waits = asyncio.Event()
    stop = engine.subscribe(lambda stamped: waits.set() if isinstance(stamped.event, e.EscalationRaised) else None)
    app.main.prompt.put("Delete the folder legacy.")
    await pilot.press("enter")
    await waits.wait()
    stop()


def pressed(key: str) -> Act:
    """A key is pressed and what it asks for has come."""

    async def act(pilot: Pilot[None], engine: Engine) -> None:
        await pilot.press(key)
        await settled(pilot)
        await engine.idle()

    return act


async def inspected(pilot: Pilot[None], engine: Engine) -> None:
    """The inspector, with a thing pinned and two marked to drop."""
    await pilot.press("f2")
    await settled(pilot)
    screen = pilot.app.screen
    assert isinstance(screen, InspectorScreen)
    for label, key in (
        ("AGENTS.md", ""),
        ("read pyproject.toml", "d"),
        ("list **/*", "d"),
        ("read src/acme/cli.py", "p"),
    ):
        places = [place for place, item in enumerate(screen.table.items) if getattr(item, "label", "") == label]
        screen.table.cursor = places[0]
        await settled(pilot)
        if key:
            await pilot.press(key)
            await settled(pilot)


PICTURES = (
    Picture("main", nothing),
    Picture("main-80x24", nothing, size=(80, 24)),
    Picture("main-daylight", nothing, theme="daylight"),
    Picture("approval", asked, ASKS[:6]),
    Picture("compaction", pressed("f8"), ASKS[:8]),
    Picture("handoff", pressed("f9")),
    Picture("window", inspected, ASKS[:8]),
)


async def taken(picture: Picture, root: Path) -> str:
    """The picture as SVG."""
    clock = Beat(BEGAN)
    (root / "acme").mkdir()
    engine = await told(root / "acme", root / "sessions", picture.asks, clock)
    app = WorkbenchApp(engine, OPTIONS, clock, picture.theme, palettes=root)
    app.animation_level = "none"
    async with app.run_test(size=picture.size) as pilot:
        await settled(pilot)
        await picture.act(pilot, engine)
        await settled(pilot)
        svg = app.export_screenshot(title="workbench", simplify=True)
    await engine.close()
    return svg


def main() -> None:
    """Take all pictures."""
    os.environ.pop("NO_COLOR", None)
    os.environ["TZ"] = "UTC"
    time.tzset()
    DOCS.mkdir(exist_ok=True)
    for picture in PICTURES:
        with tempfile.TemporaryDirectory() as folder:
            root = Path(folder).resolve()
            svg = cleaned(asyncio.run(taken(picture, root))).replace(f"{root}/acme", SHOWN)
        (DOCS / f"{picture.name}.svg").write_text(svg, encoding="utf-8")
        print(f"wrote docs/{picture.name}.svg, {len(svg) // 1024} kB")


if __name__ == "__main__":
    main()

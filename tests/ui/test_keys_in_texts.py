"""A text that names a key names the one that there is: whatever a person chose, no screen says another."""

import ast
import re
from pathlib import Path

import pytest
from fake_client import START, FakeClient, FakeOptions, measured, opened, turn
from msgspec import structs
from textual.color import Color
from textual.pilot import Pilot
from textual.screen import Screen

import workbench
from tests.ui.dialog_stage import change, draft, plan, shell, some_sessions, text_of
from workbench.core import events as e
from workbench.core.decisions import Confidence, EscalationRequest, Preview, Progress, Proposal, Verdict
from workbench.core.spend import Spend
from workbench.core.window import Epoch
from workbench.ui.app import WorkbenchApp
from workbench.ui.commands import ScreenCommand
from workbench.ui.controllers.commands import offer_everywhere
from workbench.ui.keymap.places import list_places
from workbench.ui.keymap.written import can_rebind
from workbench.ui.screens.registry import SCREENS

PLACES = list_places(SCREENS, offer_everywhere(SCREENS))
ALL = [command for place in PLACES for command in place.commands]
STAY = {command.name for command in ALL if not can_rebind(command)}
FREE = sorted({command.name for command in ALL} - STAY)
HELD = ("ctrl+shift", "alt+ctrl", "alt+shift", "ctrl", "alt", "shift", "alt+ctrl+shift")
NEW = [f"{held}+F{number}" for held in HELD for number in range(13, 24)]
KEPT = {key for command in ALL if command.name in STAY for key in command.written}
OLD = {key for command in ALL if command.name in FREE for key in command.written} - KEPT - {"/", "→"}
"""Without what is a sign elsewhere: before a command, and in `9k → 1k`."""
NAMED = re.compile(r"(?<![\w+])(?:F\d{1,2}|(?:ctrl|alt)\+[a-z]|pgup|pgdn)(?![\w+])")
"""What cannot be anything but a key."""
ALWAYS = {"ctrl+c", "ctrl+d", "ctrl+j", "ctrl+y", "ctrl+z"}
"""Keys that nobody can choose for another command, nor another for; ctrl+d ends what a shell reads."""

LONG = "\n".join(f"echo line {number}" for number in range(90))
ASKED = {
    "command": shell(),
    "long command": shell(proposal=Proposal("t", "run", {"command": LONG}, (), Preview("command", LONG))),
    "change": change(),
    "limit": EscalationRequest(
        "l", "cost", "medium", "The budget is spent.", budget="session_usd", progress=Progress(2)
    ),
    "unsure": EscalationRequest(
        "u", "confidence", "medium", "Which?", confidence=Confidence(0.4, "Two. " * 200, ("this " * 200, "that"))
    ),
}


def app_with_new_keys(tmp_path: Path) -> tuple[WorkbenchApp, FakeClient, dict[str, str]]:
    """The application in which every key that can be chosen is another, and which it is."""
    chosen = dict(zip(FREE, NEW, strict=False))
    assert len(chosen) == len(FREE)
    (tmp_path / "keys.toml").write_text("".join(f'"{name}" = "{key}"\n' for name, key in chosen.items()))
    client = FakeClient()
    app = WorkbenchApp(client, FakeOptions(), client.clock, keys=tmp_path / "keys.toml")
    assert not app.keymap.faults
    return app, client, {name: key.lower() for name, key in chosen.items()}


async def settle(pilot: Pilot[None]) -> None:
    """All that waits is delivered and drawn."""
    app = pilot.app
    assert isinstance(app, WorkbenchApp)
    assert isinstance(app.client, FakeClient)
    for _ in range(2):
        app.client.clock.advance(0.5)  # a question opens once nobody typed for a while
        await pilot.pause()
        if app.bridge:
            app.bridge.drain()
        await app.workers.wait_for_complete()
    await pilot.pause()


def list_named(screen: Screen[object]) -> set[str]:
    """The old keys that a screen names: any that is bold in the colour of keys, and in words what can only be a key."""
    accent = Color.parse(screen.app.theme_variables["accent"]).rich_color
    found = set(NAMED.findall(text_of(screen))) & OLD
    for strip in screen._compositor.render_strips():
        for segment in strip:
            if segment.style and segment.style.bold and segment.style.color == accent:
                found |= {word for word in segment.text.split() if word in OLD}
    return found


async def test_no_screen_names_a_key_that_was_given_away(tmp_path: Path) -> None:
    app, client, keys = app_with_new_keys(tmp_path)
    seen: dict[str, set[str]] = {}

    def look(name: str) -> None:
        seen[name] = list_named(app.screen)

    async with app.run_test(size=(120, 40)) as pilot:
        await settle(pilot)
        look("welcome")
        full = e.TierChanged(3, "95 % of the budget is spent")
        compacted = e.EpochOpened(Epoch(1, "m", "", 0, ()), reason="compacted", before=9_000, after=100)
        told = (*turn(1, "explain", "It does this."), *measured(), full, compacted)
        client.say(opened(), *told, e.SpendMeasured(Spend(turn_usd=0.3)))
        client.say(e.TurnStarted(2, "more", 3), e.RetryScheduled(2, 3, 6, 7.0, "overloaded", "busy"))
        client.say(e.TurnFailed(2, "overloaded", "busy", "It passes."))
        await settle(pilot)
        look("main")
        app.main.transcript.focus()
        await settle(pilot)
        look("transcript")
        for name, asked in ASKED.items():
            request = structs.replace(asked, id=name)
            client.say(e.EscalationRaised(request, START + 1_000))
            await settle(pilot)
            assert app.screen.is_modal, name
            look(name)
            await pilot.press("escape")
            client.say(e.EscalationResolved(request.id, Verdict("reject")))
            await settle(pilot)
        for name, event in (("compaction", e.CompactionPlanned(plan())), ("handoff", e.HandoffDrafted(draft()))):
            client.say(event)
            await settle(pilot)
            assert app.screen.is_modal, name
            look(name)
            await pilot.press("escape")
            await settle(pilot)
        for name in ("help", "keys", "theme", "cost", "model", "sessions", "read"):
            app.commands.run(name)
            await settle(pilot)
            assert app.screen is not app.main, name
            look(f"/{name}")
            if name in ("sessions", "read"):
                client.summaries = some_sessions(client.clock.now())
                await pilot.press(keys["find"], "z", "z")
                await settle(pilot)
                look(f"/{name}, finding")
                await pilot.press("escape")
            await pilot.press("escape")
            await settle(pilot)
            assert app.screen is app.main, name
        for size in ((80, 24), (60, 16)):
            await pilot.resize_terminal(*size)
            await settle(pilot)
            look(f"main at {size}")
    assert not {name: found for name, found in seen.items() if found}


def test_no_sentence_of_ours_names_a_key_that_a_person_may_choose() -> None:
    root, found = Path(workbench.__file__).parent, []
    for file in root.rglob("*.py"):
        if file.is_relative_to(root / "ui" / "keymap"):
            continue  # which says how keys are written
        tree = ast.parse(file.read_text(encoding="utf-8"))
        docs = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
        for node in ast.walk(tree):
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docs:
                named = set(NAMED.findall(node.value)) - ALWAYS
                found += [(file.name, node.value)] if named and " " in node.value else []
    assert found == []


@pytest.mark.parametrize("command", ALL, ids=lambda command: command.name)
def test_how_a_key_is_written_is_not_said_twice(command: ScreenCommand) -> None:
    assert not (can_rebind(command) and command.label)
    assert re.fullmatch(r"[a-z0-9_]+", command.name), "a file of keys can say it without quotes"
    assert command.help or not can_rebind(command) or any(other.twin == command for other in ALL), command

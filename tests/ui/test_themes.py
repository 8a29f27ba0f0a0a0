"""Palettes: exact, readable, and never a reason to crash."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from dialog_stage import text_of
from fake_client import FakeClient, app_for, measured, opened, turn
from textual.color import Color

from workbench import resources
from workbench.core.window import SECTIONS
from workbench.ui.palettes import Palette, build_theme, list_defaults, read_palette, read_palettes

PALETTES = {palette.name: palette for palette in read_palettes([resources.themes()])[0]}
ROLES = tuple(PALETTES["lamplight"].colours)
OF_THE_PICTURE = ("background", "foreground")
"""What an exported picture uses for a terminal's own colours."""
LEAST = {"lamplight": 4.6, "daylight": 4.6, "chalk": 6.9}


def contrast(first: str, second: str) -> float:
    """As WCAG defines it."""

    def light(colour: str) -> float:
        parts = [value / 255 for value in Color.parse(colour).rgb]
        red, green, blue = (p / 12.92 if p <= 0.03928 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue

    high, low = sorted((light(first), light(second)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def test_the_three_palettes_give_every_colour_without_a_fault() -> None:
    palettes, faults = read_palettes([resources.themes()])
    assert [palette.name for palette in palettes] == ["lamplight", "daylight", "chalk"]
    assert faults == []
    assert all(set(ROLES) <= set(palette.colours) for palette in palettes)


@pytest.mark.parametrize("name", PALETTES)
def test_text_is_readable_on_every_ground(name: str) -> None:
    colours = PALETTES[name].colours
    grounds = [colours[ground] for ground in ("background", "surface", "panel", "select", "code")]
    texts = ("foreground", "muted", "faint", "accent", "success", "warning", "error", "info")
    worst = min(contrast(colours[text], ground) for text in texts for ground in grounds)
    assert worst >= LEAST[name] - 0.05


@pytest.mark.parametrize("name", PALETTES)
def test_letters_are_readable_on_every_section(name: str) -> None:
    theme = build_theme(PALETTES[name])
    for section in SECTIONS:
        assert contrast(theme.variables[f"section-ink-{section}"], theme.variables[f"section-{section}"]) >= 4.9


async def test_the_list_of_palettes_names_each_key_with_what_it_does() -> None:
    app = app_for(FakeClient())
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("ctrl+t")
        await pilot.pause()
        await pilot.pause()
        keys = next(line for line in text_of(app.screen).splitlines() if "keep it" in line)
        assert "↑↓ look   enter keep it   esc as it was" in keys


@pytest.mark.parametrize("name", PALETTES)
async def test_the_application_draws_with_exactly_the_palettes_colours(name: str) -> None:
    client = FakeClient()
    app = app_for(client, theme=name)
    async with app.run_test(size=(120, 40)) as pilot:
        client.say(opened(), *turn(1, "explain", "It does this."), *measured())
        app.bridge.drain()
        await pilot.pause()
        variables = app.theme_variables
        assert {role: variables[role].upper() for role in ROLES} == {
            role: PALETTES[name].colours[role] for role in ROLES
        }


async def test_ctrl_t_shows_each_palette_while_one_moves_and_enter_keeps_it() -> None:
    app = app_for(FakeClient())
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("ctrl+t")
        seen = []
        for _ in range(3):
            await pilot.press("down")
            seen.append(app.theme)
        assert seen == ["daylight", "chalk", "chalk"]
        await pilot.press("up", "enter")
        await pilot.pause()
        assert app.theme == "daylight"
        await pilot.press("ctrl+t", "down", "escape")
        await pilot.pause()
        assert app.theme == "daylight", "esc leaves it as it was"


async def test_chalk_draws_frames_where_the_others_have_tones() -> None:
    app = app_for(FakeClient(), theme="chalk")
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.pause()
        assert app.main.panel.has_class("-framed")
        await pilot.press("ctrl+t", "up", "enter")
        await pilot.pause()
        assert not app.main.panel.has_class("-framed")


@pytest.mark.parametrize("name", ["textual-dark", "nord", "textual-light"])
async def test_textuals_own_themes_work_too(name: str) -> None:
    app = app_for(FakeClient(), theme=name)
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.pause()
        assert app.theme == name


async def test_an_unknown_theme_is_said_and_the_default_used() -> None:
    app = app_for(FakeClient(), theme="nosuch")
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.pause()
        await pilot.pause()
        assert app.theme == "lamplight"
        assert app.state.notice is not None
        assert "nosuch" in app.state.notice.message


async def test_a_persons_own_palette_loads_and_a_bad_colour_is_named_with_its_line(tmp_path: Path) -> None:
    (tmp_path / "dusk.toml").write_text('dark = true\n[colours]\nbackground = "#101020"\naccent = "brassy"\n')
    app = app_for(FakeClient(), theme="dusk", palettes=tmp_path)
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.pause()
        await pilot.pause()
        assert app.theme_variables["background"].upper() == "#101020"
        assert app.theme_variables["accent"].upper() == PALETTES["lamplight"].colours["accent"]
        assert app.state.notice is not None
        assert "dusk.toml:4" in app.state.notice.message


@pytest.mark.parametrize("colour", ["#12", "auto", "ansi_red", "#11223344", "transparent", "$accent", "red; }"])
def test_only_plain_colours_are_taken(tmp_path: Path, colour: str) -> None:
    path = tmp_path / "p.toml"
    path.write_text(f'[colours]\nmuted = "{colour}"\n')
    palette, faults = read_palette(path)
    assert palette is not None
    assert palette.colours["muted"] == list_defaults()["muted"]
    assert [fault.where for fault in faults] == [f"{path}:2"]


@pytest.mark.parametrize("text", ["not toml [", "", "[colours", 'colours = "red"', "\x00"])
def test_a_file_that_is_no_palette_is_left_out(tmp_path: Path, text: str) -> None:
    path = tmp_path / "p.toml"
    path.write_text(text)
    palette, faults = read_palette(path)
    assert palette is None
    assert len(faults) == 1


def test_an_unknown_role_is_said_and_left_out(tmp_path: Path) -> None:
    path = tmp_path / "p.toml"
    path.write_text('[colours]\nmutted = "#ffffff"\n')
    _, faults = read_palette(path)
    assert "mutted" in faults[0].message


def test_a_theme_needs_no_more_than_its_name() -> None:
    assert build_theme(Palette("bare", True, False, {})).to_color_system().generate()


async def test_without_colour_nothing_is_coloured_and_patterns_tell_sections(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    client = FakeClient()
    app = app_for(client)
    async with app.run_test(size=(120, 40)) as pilot:
        client.say(opened(), *turn(1, "explain", "It does this."), *measured())
        app.bridge.drain()
        await pilot.pause()
        assert "══history══" in app.main.panel.window.render().plain
        picture = app.export_screenshot().upper()
        own = {role: colour for role, colour in PALETTES["lamplight"].colours.items() if role not in OF_THE_PICTURE}
        assert [role for role, colour in own.items() if colour in picture] == []
        cursor = app.main.prompt.editor.get_component_rich_style("text-area--cursor")
        assert cursor.reverse, "the cursor can still be seen"


@pytest.mark.parametrize("make", [os.mkfifo, Path.mkdir, lambda at: at.symlink_to("/dev/zero")])
def test_a_palette_that_is_no_file_is_named_and_not_waited_for(tmp_path: Path, make: Callable[[Path], None]) -> None:
    make(tmp_path / "odd.toml")
    palettes, (fault,) = read_palettes([tmp_path])
    assert palettes == []
    assert "it is not a file" in str(fault)

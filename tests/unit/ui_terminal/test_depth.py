"""Palettes in 256 and in 16 colours: chosen, readable, told apart; on every line, whatever drew it."""

from itertools import combinations, product

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.segment import Segment
from rich.style import Style
from textual.color import Color

from workbench import resources
from workbench.core.window import SECTIONS
from workbench.ui.palettes import Palette, list_sixteen, read_palettes
from workbench.ui.terminal.colours import MANY, measure_contrast, measure_distance, parse_hex
from workbench.ui.terminal.depth import GROUNDS, READ_ON, TEXTS, DepthFilter, PlainFilter, reduce_palette

PALETTES = {palette.name: palette for palette in read_palettes([resources.themes()])[0]}
CONSOLE = [(0, 0, 0), (170, 0, 0), (0, 170, 0), (170, 85, 0), (0, 0, 170), (170, 0, 170), (0, 170, 170)]
CONSOLE += [(170, 170, 170), (85, 85, 85), (255, 85, 85), (85, 255, 85), (255, 255, 85), (85, 85, 255)]
CONSOLE += [(255, 85, 255), (85, 255, 255), (255, 255, 255)]
"""The 16 of the Linux console."""
COLOURS = st.builds("#{:02x}{:02x}{:02x}".format, *[st.integers(0, 255)] * 3)


@pytest.fixture(params=PALETTES)
def palette(request: pytest.FixtureRequest) -> Palette:
    return PALETTES[request.param]


@pytest.mark.parametrize("depth", ["256", "16", "full"])
def test_selected_text_is_readable_and_its_ground_is_told_from_every_other(palette: Palette, depth: str) -> None:
    colours = reduce_palette(palette, depth).colours
    selection = parse_hex(colours["selection"])
    if depth != "16":
        assert measure_contrast(parse_hex(colours["foreground"]), selection) >= 4.5
    for ground in ("background", "surface", "panel", "code"):
        assert measure_distance(selection, parse_hex(colours[ground])) >= 8


def test_text_is_readable_in_256_colours(palette: Palette) -> None:
    colours = {role: parse_hex(colour) for role, colour in reduce_palette(palette, "256").colours.items()}
    for text, ground in [*product(TEXTS, GROUNDS), *READ_ON.items()]:
        assert measure_contrast(colours[text], colours[ground]) >= 4.5, (text, ground)


@pytest.mark.parametrize("shown", [MANY[:16], CONSOLE], ids=["xterm", "console"])
def test_text_is_readable_in_16_colours_as_terminals_differ_in_them(
    palette: Palette, shown: list[tuple[int, int, int]]
) -> None:
    for text, ground in product(TEXTS, ("background", "surface", "panel", "code")):
        pair = shown[list_sixteen(palette)[text]], shown[list_sixteen(palette)[ground]]
        assert measure_contrast(*pair) >= 3.0, (text, ground)


@pytest.mark.parametrize("depth", ["256", "16"])
def test_sections_are_told_apart(palette: Palette, depth: str) -> None:
    colours = reduce_palette(palette, depth).colours
    fills = [parse_hex(colours[f"section-{name}"]) for name in SECTIONS]
    assert min(measure_distance(*pair) for pair in combinations(fills, 2)) >= 8
    assert all(fill != parse_hex(colours["background"]) for fill in fills)


def test_with_16_colours_a_frame_takes_the_place_of_tones(palette: Palette) -> None:
    reduced = reduce_palette(palette, "16")
    assert reduced.frames
    assert reduced.colours["panel"] == reduced.colours["background"]


@given(COLOURS, COLOURS)
def test_text_of_any_colour_on_any_ground_can_be_read_in_16(ink: str, ground: str) -> None:
    (drawn,) = DepthFilter("16").apply([Segment("text", Style(color=ink, bgcolor=ground, bold=True))], Color(0, 0, 0))
    assert drawn.style is not None
    assert drawn.style.bold
    assert drawn.style.color is not None and drawn.style.bgcolor is not None
    numbers = drawn.style.color.number, drawn.style.bgcolor.number
    assert measure_contrast(*(MANY[number or 0] for number in numbers)) >= 3.0


@given(COLOURS, COLOURS, st.sampled_from(["none", "bold", "underline", "reverse", "strike", "italic"]))
def test_without_colour_a_style_keeps_all_but_its_colours(ink: str, ground: str, attribute: str) -> None:
    style = Style(color=ink, bgcolor=ground) + Style.parse(attribute)
    (drawn,) = PlainFilter().apply([Segment("text", style)], Color(0, 0, 0))
    assert drawn.style is not None
    assert (drawn.style.color, drawn.style.bgcolor) == (None, None)
    assert str(drawn.style) == str(Style.parse(attribute))

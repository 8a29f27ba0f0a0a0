"""Colours where a terminal has only 256 or 16 of them: numbers, distances and contrasts. Pure."""

from collections.abc import Iterable, Sequence
from functools import cache

Rgb = tuple[int, int, int]

SIXTEEN: tuple[Rgb, ...] = (
    *((0, 0, 0), (205, 0, 0), (0, 205, 0), (205, 205, 0), (0, 0, 238), (205, 0, 205), (0, 205, 205), (229, 229, 229)),
    *((127, 127, 127), (255, 0, 0), (0, 255, 0), (255, 255, 0), (92, 92, 255), (255, 0, 255), (0, 255, 255)),
    (255, 255, 255),
)
"""As xterm shows them; others differ, by little."""
_STEPS = (0, 95, 135, 175, 215, 255)
_CUBE = [(red, green, blue) for red in _STEPS for green in _STEPS for blue in _STEPS]
_GREYS = [(level, level, level) for level in range(8, 239, 10)]
MANY: tuple[Rgb, ...] = (*SIXTEEN, *_CUBE, *_GREYS)
"""The 256; of the first 16 every person has their own, so that these are not used there."""


def parse_hex(colour: str) -> Rgb:
    """`#RRGGBB` as its three parts."""
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def write_hex(colour: Rgb) -> str:
    """`#RRGGBB`."""
    return "#{:02X}{:02X}{:02X}".format(*colour)


def _linear(part: int) -> float:
    share = part / 255
    return share / 12.92 if share <= 0.04045 else float(((share + 0.055) / 1.055) ** 2.4)


@cache
def measure_light(colour: Rgb) -> float:
    """Relative luminance, 0 to 1 (WCAG)."""
    red, green, blue = map(_linear, colour)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def measure_contrast(one: Rgb, other: Rgb) -> float:
    """1 to 21 (WCAG)."""
    dark, light = sorted((measure_light(one), measure_light(other)))
    return (light + 0.05) / (dark + 0.05)


@cache
def _as_lab(colour: Rgb) -> tuple[float, float, float]:
    """OKLab."""
    red, green, blue = map(_linear, colour)
    long = (0.4122214708 * red + 0.5363325363 * green + 0.0514459929 * blue) ** (1 / 3)
    middle = (0.2119034982 * red + 0.6806995451 * green + 0.1073969566 * blue) ** (1 / 3)
    short = (0.0883024619 * red + 0.2817188376 * green + 0.6299787005 * blue) ** (1 / 3)
    return (
        0.2104542553 * long + 0.7936177850 * middle - 0.0040720468 * short,
        1.9779984951 * long - 2.4285922050 * middle + 0.4505937099 * short,
        0.0259040371 * long + 0.7827717662 * middle - 0.8086757660 * short,
    )


def measure_distance(one: Rgb, other: Rgb) -> float:
    """How far two colours look apart (OKLab x 100)."""
    pairs = zip(_as_lab(one), _as_lab(other), strict=True)
    return float(100 * sum((mine - its) ** 2 for mine, its in pairs) ** 0.5)


def find_nearest(colour: Rgb, numbers: Iterable[int], grounds: Sequence[Rgb] = (), least: float = 0.0) -> int:
    """The number of the 256 that looks most like `colour` and, if one does, holds `least` contrast on all `grounds`."""
    ordered = sorted(numbers, key=lambda number: measure_distance(colour, MANY[number]))
    readable = (n for n in ordered if all(measure_contrast(MANY[n], ground) >= least for ground in grounds))
    return next(readable, ordered[0])


def choose_ink(ground: Rgb) -> int:
    """Black or white of the 16, whichever is read better on `ground`."""
    return max((0, 15), key=lambda number: measure_contrast(SIXTEEN[number], ground))

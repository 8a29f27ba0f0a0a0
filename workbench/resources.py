"""Where the data files are: the repository's own folders in a checkout, `workbench/_data` in a wheel."""

from pathlib import Path

PACKAGE = Path(__file__).parent


def themes() -> Path:
    """The folder with palettes (`*.toml`) and style sheets (`*.tcss`)."""
    return _found("themes", PACKAGE.parent / "themes")


def samples() -> Path:
    """The folder with sample sessions (`*.json`)."""
    return _found("samples", PACKAGE.parent / "sessions" / "samples")


def _found(name: str, checkout: Path) -> Path:
    packed = PACKAGE / "_data" / name
    return packed if packed.is_dir() else checkout

"""What is said to a terminal outside the screen: title, progress, and that something is over. Pure."""

from typing import Literal

from workbench.core import figures
from workbench.ui.terminal.capabilities import Capabilities

LONGEST = 80
"""Characters of a title or a notice."""
BELL = "\x07"
PROGRESS = {"idle": 0, "running": 3, "waiting": 4}
"""As OSC 9;4 numbers them: none, no end known, paused."""
Standing = Literal["idle", "running", "waiting"]


def clean(text: str, terminal: Capabilities) -> str:
    """`text` on one line of what may stand in a sequence, cut."""
    line = " ".join(figures.visible(text).split())
    line = "".join(character for character in line if character.isprintable())
    line = line if len(line) <= LONGEST else line[: LONGEST - 1] + "…"
    if terminal.unicode:
        return line
    from workbench.ui.terminal.ascii import write_ascii

    return write_ascii(line)


SIGNS: dict[Standing, str] = {"idle": "", "running": "● ", "waiting": "◆ "}
WORDS: dict[Standing, str] = {"idle": "", "running": "works: ", "waiting": "waits for you: "}


def write_title(title: str, standing: Standing, terminal: Capabilities, told: bool = False) -> str:
    """`● title · workbench` while a turn runs, `◆` while something waits for a person; `told`: in words."""
    name = clean(title, terminal)[:60]
    said = f"{WORDS[standing]}{name}, workbench" if told else f"{SIGNS[standing]}{name} · workbench"
    return clean(said, terminal)


def write_progress(standing: Standing) -> str:
    """OSC 9;4: in the taskbar or the tab."""
    return f"\x1b]9;4;{PROGRESS[standing]}\x07"


def write_sign(text: str, wanted: str, terminal: Capabilities) -> str:
    """What catches a person's eye as `wanted` (the setting `notify`) says; empty where nothing is to."""
    text = clean(text, terminal)
    match terminal.sign if wanted == "auto" else wanted:
        case "osc9":
            return _pass_on(f"\x1b]9;{text}\x07", terminal)
        case "osc777":
            return _pass_on(f"\x1b]777;notify;workbench;{text.replace(';', ',')}\x07", terminal)
        case "none":
            return ""
    return BELL


def _pass_on(sequence: str, terminal: Capabilities) -> str:
    """Through tmux, where a person has set that it should go through."""
    if terminal.multiplexer != "tmux":
        return sequence
    return "\x1bPtmux;" + sequence.replace("\x1b", "\x1b\x1b") + "\x1b\\"

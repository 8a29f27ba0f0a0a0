"""How a program that only reads is told: what may follow its name, option by option.

Program ─ flags            letters that may be bundled: `ls -la`
        ─ valued           letters that take a value, attached or next: `head -n 5`
        ─ long             `--name`, and `--name=…` where the entry ends with `=`
        ─ operands         what the other words are: paths, a pattern then paths, text, or nothing
"""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from workbench.escalation.lexer import Word

Operands = Literal["paths", "pattern", "text", "none", "one"]


@dataclass(frozen=True)
class Program:
    """What may follow a program's name when it is to be a certain read."""

    flags: str = ""
    valued: str = ""
    long: tuple[str, ...] = ()
    operands: Operands = "paths"
    recursive: str = ""
    """Flags that make it read the content of every file in a folder; `*` when it always does."""
    number: bool = False
    """True where `-20` is an option."""


@dataclass(frozen=True)
class Reading:
    """What a command that has a certain form reads."""

    paths: tuple[Word, ...] = ()
    deep: bool = False
    """True when it reads the content of all files below its paths."""


Form = Callable[[list[Word], Path], Reading | None]
"""What the words after a program's name, run in a folder, read; None when they might do more."""


def read_options(program: Program, rest: list[Word]) -> Reading | None:
    """What `rest` reads if all its options are listed for `program`, else None."""
    if program.operands == "text":
        return None if any(word.glob for word in rest) else Reading()
    operands: list[Word] = []
    seen = ""
    index = 0
    while index < len(rest):
        word = rest[index]
        index += 1
        if word.text == "--":
            operands += rest[index:]
            break
        if not word.text.startswith("-") or word.text == "-":
            operands.append(word)
        elif program.number and word.text[1:].isdigit():
            continue
        elif (taken := _option(program, word)) is None:
            return None
        else:
            seen += taken.rstrip("=")
            index += taken.endswith("=")
    return _operands(program, operands, seen)


def _option(program: Program, word: Word) -> str | None:
    """The letters it sets, with `=` after them when the next word is the last one's value; None if not listed."""
    if not word.text.startswith("--"):
        return None if word.glob else _bundle(program, word.text[1:])
    name, equals, _ = word.text.partition("=")
    if name + equals not in program.long or (word.glob and any(c in name for c in "*?")):
        return None
    return "r" if name == "--recursive" else ""


def _bundle(program: Program, letters: str) -> str | None:
    for place, letter in enumerate(letters):
        if letter in program.valued:
            return letters[: place + 1] + ("=" if place == len(letters) - 1 else "")
        if letter not in program.flags:
            return None
    return letters


def _operands(program: Program, operands: list[Word], seen: str) -> Reading | None:
    deep = program.recursive == "*" or any(flag in seen for flag in program.recursive)
    match program.operands:
        case "none":
            return Reading() if not operands else None
        case "one" if len(operands) > 1:  # a second operand would be written
            return None
        case "pattern":
            if "e" not in seen:
                if not operands or operands[0].glob:
                    return None
                operands = operands[1:]
            return Reading(tuple(operands) or ((Word("."),) if deep else ()), deep)
    return Reading(tuple(operands), deep)

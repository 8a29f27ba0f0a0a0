"""The programs whose options tell that they only read: what may follow a name, option by option.

Program ─ flags            letters that may be bundled: `ls -la`
        ─ valued           letters that take a value, attached or next: `head -n 5`
        ─ long             `--name` and others, parted by spaces; `--name=…` where one ends with `=`
        ─ operands         what the other words are: paths, a pattern then paths, text, or nothing
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from workbench.escalation.lexer import Word

Operands = Literal["paths", "pattern", "text", "none", "one"]


@dataclass(frozen=True)
class Program:
    """What may follow a program's name when it is to be a certain read."""

    flags: str = ""
    valued: str = ""
    long: str = ""
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


GREP_LONG = (
    "--include= --exclude= --exclude-dir= --color --color= --colour --count --ignore-case --line-number "
    "--invert-match --word-regexp --files-with-matches --files-without-match --only-matching --recursive "
    "--extended-regexp --fixed-strings --perl-regexp --max-count= --context= --after-context= --before-context= "
    "--no-filename --with-filename --quiet --no-messages --text"
)
RG_LONG = (
    "--type= --type-not= --glob= --iglob= --count --ignore-case --smart-case --line-number --no-heading --heading "
    "--files-with-matches --fixed-strings --word-regexp --color= --max-count= --max-depth= --context= "
    "--no-line-number --stats --only-matching --sort= --multiline"
)
LS_LONG = (
    "--all --almost-all --human-readable --recursive --reverse --color --color= --sort= --size --directory --inode "
    "--group-directories-first --time= --time-style= --classify --no-group --full-time --ignore="
)
LENGTHS = "--lines= --bytes= --quiet --verbose"
PROGRAMS: Mapping[str, Program] = {
    "ls": Program("1AaBCcdFGghiklmnopqRrSsTtuUvXx", "I", LS_LONG),
    "cat": Program("AbEensTtuv", "", "--number --show-all --number-nonblank --squeeze-blank"),
    **dict.fromkeys(("head", "tail"), Program("qv", "nc", LENGTHS, number=True)),
    "wc": Program("clmwL", "", "--lines --words --bytes --chars --max-line-length"),
    "nl": Program("p", "bnwsvi"),
    **dict.fromkeys(("tac", "rev"), Program()),
    "pwd": Program("LP", operands="none"),
    **dict.fromkeys(("true", "whoami", "nproc"), Program(operands="none")),
    "uname": Program("asnrvmpio", operands="none"),
    "echo": Program("neE", operands="text"),
    "which": Program("a", operands="text"),
    "basename": Program("az", "s", operands="text"),
    "dirname": Program("z", operands="text"),
    "realpath": Program("emsz"),
    "readlink": Program("femnqsvz"),
    "stat": Program("Lft", "c", "--format= --printf="),
    "file": Program("bi", "", "--brief --mime --mime-type"),
    "du": Program("abchkmsx", "d", "--max-depth= --human-readable --summarize --total --all --apparent-size"),
    "df": Program("ahikmT", "", "--human-readable"),
    "tree": Program("adfFhsCpDrt", "ILP", "--dirsfirst --noreport --gitignore"),
    "cut": Program("s", "dfcb", "--delimiter= --fields= --characters= --output-delimiter="),
    "sort": Program("bcdfghiMmnRruVz", "kt", "--reverse --unique --numeric-sort --key= --field-separator="),
    "uniq": Program("cdiu", "fsw", "--count --repeated --unique --ignore-case", "one"),
    "tr": Program("cdst", operands="text"),
    "column": Program("tx", "sc"),
    "comm": Program("123"),
    "cmp": Program("bls"),
    "diff": Program("abBdeiqrsuNwy", "UW", "--brief --unified --unified= --color --color= --stat", recursive="r"),
    **dict.fromkeys(("md5sum", "sha1sum", "sha256sum"), Program("b")),
    "grep": Program("abcEFGHhIiLlnoPqrsvwxyz", "ABCem", GREP_LONG, "pattern", recursive="r"),
    **dict.fromkeys(("egrep", "fgrep"), Program("abcHhIiLlnoqrsvwxyz", "ABCem", GREP_LONG, "pattern", recursive="r")),
    "rg": Program("cFHIilNnoPpSsUvwx", "ABCegmtT", RG_LONG, "pattern", recursive="*"),
}


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
    if name + equals not in program.long.split() or (word.glob and any(c in name for c in "*?")):
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

"""The exact list of commands that only read. What is not on it asks.

A program whose options tell all is a row of `PROGRAMS`. One that needs more has a form of its own, a function in a
module such as `git_reads`, which `FORMS` names.
"""

import re
from collections.abc import Mapping
from pathlib import Path

from workbench.escalation.git_reads import read_git
from workbench.escalation.lexer import Word, names
from workbench.escalation.options import Form, Program, Reading, read_options

GREP_LONG = names(
    "--include= --exclude= --exclude-dir= --color --color= --colour --count --ignore-case --line-number "
    "--invert-match --word-regexp --files-with-matches --files-without-match --only-matching --recursive "
    "--extended-regexp --fixed-strings --perl-regexp --max-count= --context= --after-context= "
    "--before-context= --no-filename --with-filename --quiet --no-messages --text"
)
RG_LONG = names(
    "--type= --type-not= --glob= --iglob= --count --ignore-case --smart-case --line-number --no-heading "
    "--heading --files-with-matches --fixed-strings --word-regexp --color= --max-count= --max-depth= "
    "--context= --no-line-number --stats --only-matching --sort= --multiline"
)
LS_LONG = names(
    "--all --almost-all --human-readable --recursive --reverse --color --color= --sort= --size --directory "
    "--inode --group-directories-first --time= --time-style= --classify --no-group --full-time --ignore="
)
LENGTHS = ("--lines=", "--bytes=", "--quiet", "--verbose")
PROGRAMS: Mapping[str, Program] = {
    "ls": Program("1AaBCcdFGghiklmnopqRrSsTtuUvXx", "I", LS_LONG),
    "cat": Program("AbEensTtuv", "", ("--number", "--show-all", "--number-nonblank", "--squeeze-blank")),
    "head": Program("qv", "nc", LENGTHS, number=True),
    "tail": Program("qv", "nc", LENGTHS, number=True),
    "wc": Program("clmwL", "", ("--lines", "--words", "--bytes", "--chars", "--max-line-length")),
    "nl": Program("p", "bnwsvi"),
    "tac": Program(),
    "rev": Program(),
    "pwd": Program("LP", operands="none"),
    "true": Program(operands="none"),
    "whoami": Program(operands="none"),
    "nproc": Program(operands="none"),
    "uname": Program("asnrvmpio", operands="none"),
    "echo": Program("neE", operands="text"),
    "which": Program("a", operands="text"),
    "basename": Program("az", "s", operands="text"),
    "dirname": Program("z", operands="text"),
    "realpath": Program("emsz"),
    "readlink": Program("femnqsvz"),
    "stat": Program("Lft", "c", ("--format=", "--printf=")),
    "file": Program("bi", "", ("--brief", "--mime", "--mime-type")),
    "du": Program(
        "abchkmsx", "d", ("--max-depth=", "--human-readable", "--summarize", "--total", "--all", "--apparent-size")
    ),
    "df": Program("ahikmT", "", ("--human-readable",)),
    "tree": Program("adfFhsCpDrt", "ILP", ("--dirsfirst", "--noreport", "--gitignore")),
    "cut": Program("s", "dfcb", ("--delimiter=", "--fields=", "--characters=", "--output-delimiter=")),
    "sort": Program(
        "bcdfghiMmnRruVz", "kt", ("--reverse", "--unique", "--numeric-sort", "--key=", "--field-separator=")
    ),
    "uniq": Program("cdiu", "fsw", ("--count", "--repeated", "--unique", "--ignore-case"), "one"),
    "tr": Program("cdst", operands="text"),
    "column": Program("tx", "sc"),
    "comm": Program("123"),
    "cmp": Program("bls"),
    "diff": Program(
        "abBdeiqrsuNwy", "UW", ("--brief", "--unified", "--unified=", "--color", "--color=", "--stat"), recursive="r"
    ),
    "md5sum": Program("b"),
    "sha1sum": Program("b"),
    "sha256sum": Program("b"),
    "grep": Program("abcEFGHhIiLlnoPqrsvwxyz", "ABCem", GREP_LONG, "pattern", recursive="r"),
    "egrep": Program("abcHhIiLlnoqrsvwxyz", "ABCem", GREP_LONG, "pattern", recursive="r"),
    "fgrep": Program("abcHhIiLlnoqrsvwxyz", "ABCem", GREP_LONG, "pattern", recursive="r"),
    "rg": Program("cFHIilNnoPpSsUvwx", "ABCegmtT", RG_LONG, "pattern", recursive="*"),
}
VERSIONED = frozenset(
    names(
        "python python3 pip pip3 node npm git cargo rustc go ruby java make gcc clang cmake bash rg uv ruff mypy "
        "docker perl"
    )
)
"""Programs whose `--version` is a read."""
VERSIONS = frozenset(
    {("python", "-V"), ("python3", "-V"), ("node", "-v"), ("npm", "-v"), ("go", "version"), ("java", "-version")}
)
FIND_TESTS = frozenset(
    names(
        "-name -iname -path -ipath -wholename -regex -iregex -type -size -mtime -mmin -ctime -atime -maxdepth "
        "-mindepth -perm -user -group -newermt"
    )
)
FIND_ACTIONS = frozenset(
    names("-print -print0 -empty -prune -not ! -o -or -a -and ( ) -readable -mount -xdev -true -ls")
)
SED_PRINT = re.compile(r"^(?:\d+|\$)(?:,(?:\d+|\$|\+\d+))?p$")


def read_form(words: list[Word], base: Path) -> Reading | None:
    """What these words, run in `base`, read if they can do nothing else by the list alone; None if they might."""
    if not words or words[0].glob:
        return None
    name, rest = words[0].text, words[1:]
    if len(rest) == 1 and ((name, rest[0].text) in VERSIONS or (name in VERSIONED and rest[0].text == "--version")):
        return Reading()
    if name in FORMS:
        return FORMS[name](rest, base)
    return read_options(PROGRAMS[name], rest) if name in PROGRAMS else None


def _find(rest: list[Word], base: Path) -> Reading | None:
    paths: list[Word] = []
    index = 0
    while index < len(rest) and not rest[index].text.startswith(("-", "!", "(")):
        paths.append(rest[index])
        index += 1
    while index < len(rest):
        word = rest[index]
        if word.glob or (word.text not in FIND_ACTIONS and word.text not in FIND_TESTS):
            return None
        valued = word.text in FIND_TESTS
        if valued and (index + 1 >= len(rest) or rest[index + 1].glob):
            return None
        index += 2 if valued else 1
    return Reading(tuple(paths))


def _sed(rest: list[Word], base: Path) -> Reading | None:
    """Only `sed -n 'N,Mp' FILE…`."""
    if len(rest) < 2 or rest[0].text != "-n" or rest[1].glob or not SED_PRINT.match(rest[1].text):
        return None
    if any(word.text.startswith("-") and word.text != "-" for word in rest[2:]):
        return None
    return Reading(tuple(rest[2:]))


def _date(rest: list[Word], base: Path) -> Reading | None:
    plain = all(not w.glob and (w.text in ("-u", "-I", "--utc") or w.text.startswith("+")) for w in rest)
    return Reading() if plain else None


FORMS: dict[str, Form] = {"git": read_git, "find": _find, "sed": _sed, "date": _date}

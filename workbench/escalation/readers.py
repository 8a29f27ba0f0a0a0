"""The exact list of commands that only read. What is not on it asks.

A program whose options tell all is a row of `options.PROGRAMS`, a command of git a row of `COMMANDS`. One that needs
more has a form of its own, a function that `FORMS` names.
"""

import re
from collections.abc import Callable, Mapping
from itertools import pairwise, takewhile
from pathlib import Path

from workbench.escalation.lexer import Word, names
from workbench.escalation.options import PROGRAMS, Program, Reading, read_options
from workbench.workspace import read_file

Form = Callable[[list[Word], Path], Reading | None]
"""What the words after a program's name, run in a folder, read; None when they might do more."""
VERSIONED = names(
    "python python3 pip pip3 node npm git cargo rustc go ruby java make gcc clang cmake bash rg uv ruff mypy "
    "docker perl"
)
"""Programs whose `--version` is a read."""
VERSIONS = frozenset(
    {("python", "-V"), ("python3", "-V"), ("node", "-v"), ("npm", "-v"), ("go", "version"), ("java", "-version")}
)
FIND_TESTS = names(
    "-name -iname -path -ipath -wholename -regex -iregex -type -size -mtime -mmin -ctime -atime -maxdepth "
    "-mindepth -perm -user -group -newermt"
)
FIND_ACTIONS = names("-print -print0 -empty -prune -not ! -o -or -a -and ( ) -readable -mount -xdev -true -ls")
SED_PRINT = re.compile(r"^(?:\d+|\$)(?:,(?:\d+|\$|\+\d+))?p$")
DIFF_LONG = (
    "--stat --stat= --shortstat --numstat --dirstat --summary --name-only --name-status --patch --no-patch --raw "
    "--cached --staged --color --color= --no-color --word-diff --word-diff= --color-words --ignore-all-space "
    "--ignore-space-change --ignore-blank-lines --diff-filter= --find-renames --unified= --minimal --patience "
    "--histogram --check --exit-code --quiet --relative --no-ext-diff --no-textconv --no-renames --merge-base"
)
LOG_LONG = (
    f"{DIFF_LONG} --oneline --graph --all --decorate --decorate= --no-decorate --since= --until= --after= --before= "
    "--author= --committer= --grep= --follow --format= --pretty= --pretty --abbrev-commit --no-merges --merges "
    "--reverse --first-parent --date= --max-count= --skip= --branches --tags --remotes --topo-order --date-order "
    "--cherry-pick --left-right --relative-date --full-history"
)
STATUS_LONG = (
    "--short --branch --porcelain --porcelain= --ignored --untracked-files --untracked-files= --long --show-stash "
    "--ahead-behind --no-renames --verbose --column"
)
BRANCH_LONG = (
    "--all --remotes --list --show-current --verbose --no-color --color --merged --no-merged --sort= --format="
)
COMMANDS: Mapping[str, Program] = {
    "status": Program("sbvz", "", STATUS_LONG),
    "diff": Program("pswbRaM", "U", DIFF_LONG),
    "log": Program("pswbiEFM", "nSGU", LOG_LONG, number=True),
    "show": Program("pswbM", "U", LOG_LONG),
    "branch": Program("arv", "", BRANCH_LONG, "none"),
    "blame": Program("wsel", "L", "--date= --porcelain"),
    "ls-files": Program("cdmosz", "x", "--others --modified --cached --exclude-standard --deleted --error-unmatch"),
    "ls-tree": Program("rdtlz", "", "--name-only --full-tree --long"),
    "rev-parse": Program("", "", "--show-toplevel --abbrev-ref --short --verify --git-dir --is-inside-work-tree"),
    "rev-list": Program("", "n", "--count --all --max-count= --since= --no-merges", number=True),
    "merge-base": Program("", "", "--is-ancestor --all"),
    "describe": Program("", "", "--tags --always --dirty --long --abbrev="),
    "shortlog": Program("sne", "", "--summary --numbered --since= --all --no-merges"),
    "grep": Program(
        "nIiwlLcEFPhHpv", "eABC", "--cached --count --ignore-case --line-number --heading --break", "pattern"
    ),
    "remote": Program("v", "", "--verbose", "none"),
    "tag": Program("l", "", "--list --sort=", "none"),
    "count-objects": Program("vH", operands="none"),
    "reflog": Program("", "n", operands="none", number=True),
}
RUNS_PROGRAMS = re.compile(
    r"(?im)(?:^|\])\s*(?:fsmonitor|external|textconv|pager|sshcommand|\w*cmd|command|clean|smudge|process|program|path)"
    r"\s*=\s*(?!false|true|$)"
)
"""Entries of a repository's own configuration that make a read run a program."""
MOST_BYTES = 1_000_000
"""Of git's own files; a larger one counts as one that runs programs."""


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
    paths = list(takewhile(lambda word: not word.text.startswith(("-", "!", "(")), rest))
    index = len(paths)
    while index < len(rest):
        word, value = rest[index], rest[index + 1 : index + 2]
        valued = word.text in FIND_TESTS
        if word.glob or (word.text not in FIND_ACTIONS and not valued):
            return None
        if valued and (not value or value[0].glob):
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


def _git(rest: list[Word], base: Path) -> Reading | None:
    """What `git …` reads, or None when it might do more. `rest` are the words after `git`."""
    folders = [base]  # where it looks for a repository
    for option, value in pairwise(rest):
        if option.text == "-C":
            folders.append(folders[-1] / value.text)
    if any(map(_runs_programs, folders)):
        return None
    places: list[Word] = []
    while rest and rest[0].text in ("-C", "--no-pager", "-P"):
        if rest[0].text == "-C":
            if len(rest) < 2 or rest[1].glob:
                return None
            places.append(rest[1])
        rest = rest[2 if rest[0].text == "-C" else 1 :]
    if not rest or rest[0].glob:
        return None
    if [word.text for word in rest] in (["stash", "list"], ["worktree", "list"], ["stash", "show"]):
        return Reading(tuple(places))
    program = COMMANDS.get(rest[0].text)
    if program is None:
        return None
    reading = read_options(program, rest[1:])
    return Reading((*places, *map(_inner, reading.paths))) if reading else None


def _runs_programs(folder: Path) -> bool:
    """True when the configuration of the repository that `folder` lies in makes plain reads run programs."""
    try:
        git = _git_folder(folder)
        there = [path for path in (git / "config", git / "config.worktree") if path.exists()]
        return any(RUNS_PROGRAMS.search(_read(path)) for path in there)
    except OSError:
        return True


def _git_folder(folder: Path) -> Path:
    for at in (folder, *folder.parents):
        if (at / ".git").is_file():
            git = at / _read(at / ".git").partition("gitdir:")[2].strip()
            common = git / "commondir"
            return git / _read(common).strip() if common.is_file() else git
        if (at / ".git").exists():
            return at / ".git"
        if (at / "HEAD").is_file() and (at / "objects").is_dir():  # a bare repository is taken as one, too
            return at
    return folder / ".git"


def _read(path: Path) -> str:
    return read_file(path, MOST_BYTES).decode("utf-8", "replace")


def _inner(word: Word) -> Word:
    """`HEAD:path` reads `path`; anything else is a revision or a path and is judged as a path."""
    _, colon, path = word.text.partition(":")
    return Word(path or ".", word.glob) if colon else word


FORMS: dict[str, Form] = {"git": _git, "find": _find, "sed": _sed, "date": _date}

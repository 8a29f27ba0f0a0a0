"""What a command that is not a certain read does, in words, and whether it can be undone."""

from collections.abc import Mapping

import msgspec

from workbench.core import figures
from workbench.core.effects import EffectKind
from workbench.escalation.lexer import names


class CommandEffect(msgspec.Struct, frozen=True):
    """What one command does."""

    kind: EffectKind
    says: str
    """Completes "it …": `deletes build`, `rewrites a shared branch`."""
    reversible: bool | None = None
    """None where nobody can tell."""
    targets: tuple[str, ...] = ()


WRAPPERS = names(
    "sudo doas env nohup time timeout nice ionice stdbuf xargs command builtin exec setsid watch then do else !"
)
"""Programs that run another one, whose name comes first among their plain words."""
SHELLS = frozenset({"sh", "bash", "dash", "zsh", "ksh", "eval"})
INTERPRETERS = frozenset({"python", "python3", "node", "perl", "ruby", "php", "deno", "bun", "lua", "Rscript", *SHELLS})
SUBCOMMANDS = names(
    "git npm pnpm yarn pip pip3 cargo go docker podman kubectl helm terraform gh uv poetry make just brew apt "
    "apt-get systemctl aws gcloud az gem bundle composer dotnet mvn gradle rustup conda pulumi npx uvx twine "
    "pdm hatch"
)
"""Programs whose first plain word says what they do."""
PLAIN: Mapping[str, CommandEffect] = {
    **dict.fromkeys(("rm", "unlink", "shred", "rmdir", "srm"), CommandEffect("delete", "deletes {}", False)),
    **dict.fromkeys(("mkfs", "wipefs", "fdisk", "parted"), CommandEffect("delete", "erases a disk", False)),
    **dict.fromkeys(("dd", "truncate"), CommandEffect("write", "overwrites {}", False)),
    **dict.fromkeys(("mkdir", "touch", "mktemp"), CommandEffect("write", "creates {}", True)),
    **dict.fromkeys(("chmod", "chown", "chgrp"), CommandEffect("write", "changes who may use {}")),
    **dict.fromkeys(("kill", "pkill", "killall"), CommandEffect("run", "stops other programs", False)),
    **dict.fromkeys(("shutdown", "reboot", "halt", "poweroff"), CommandEffect("run", "stops this machine", False)),
    **dict.fromkeys(names("curl wget nc ncat telnet ftp"), CommandEffect("network", "reaches the network")),
    **dict.fromkeys(("ssh", "scp", "sftp", "rsync"), CommandEffect("network", "reaches another machine")),
    **dict.fromkeys(names("psql mysql sqlite3 mongosh redis-cli"), CommandEffect("run", "talks to a database")),
    **dict.fromkeys(("mail", "mailx", "sendmail", "mutt"), CommandEffect("network", "sends mail", False)),
    **dict.fromkeys(("printenv", "export", "declare"), CommandEffect("read", "shows the environment")),
    "cd": CommandEffect("run", "changes folder", True),
    "mv": CommandEffect("write", "moves {}"),
    "cp": CommandEffect("write", "copies {}"),
    "ln": CommandEffect("write", "links {}"),
    "tee": CommandEffect("write", "writes {}"),
    "patch": CommandEffect("write", "changes files"),
}
INSTALLS = names("install add i ci sync upgrade update")
PACKAGERS = names("npm pnpm yarn pip pip3 cargo uv poetry brew apt apt-get gem bundle composer conda rustup pdm")
REWRITES = CommandEffect("network", "rewrites a shared branch", False)
DISCARDS = CommandEffect("write", "discards uncommitted changes", False)
GIT: Mapping[str, CommandEffect] = {
    "push": CommandEffect("network", "pushes to a shared branch"),
    "fetch": CommandEffect("network", "fetches from a remote", True),
    "pull": CommandEffect("network", "fetches from a remote and merges"),
    "clone": CommandEffect("network", "copies a repository here", True),
    "add": CommandEffect("write", "stages changes", True),
    **dict.fromkeys(("commit", "cherry-pick", "revert"), CommandEffect("write", "records a commit", True)),
    "stash": CommandEffect("write", "puts uncommitted changes aside", True),
    "switch": CommandEffect("write", "switches branches", True),
    "checkout": CommandEffect("write", "switches branches or gives back files"),
    "restore": DISCARDS,
    "reset": CommandEffect("write", "moves the branch", True),
    "merge": CommandEffect("write", "merges", True),
    "rebase": CommandEffect("write", "rewrites commits"),
    "clean": CommandEffect("delete", "deletes untracked files", False),
    "rm": CommandEffect("delete", "deletes {}"),
    "mv": CommandEffect("write", "moves {}", True),
    "branch": CommandEffect("write", "changes branches", True),
    "tag": CommandEffect("write", "changes tags", True),
    "config": CommandEffect("write", "changes git's configuration"),
    "filter-branch": CommandEffect("write", "rewrites history", False),
    **dict.fromkeys(("gc", "prune"), CommandEffect("delete", "removes unreachable commits", False)),
}
GIT_FORCED: tuple[tuple[str, str, CommandEffect], ...] = (
    ("push", "-f --force --force-with-lease --mirror", REWRITES),
    ("push", "--delete -d --prune", CommandEffect("network", "deletes a shared branch", False)),
    ("reset", "--hard", DISCARDS),
    ("checkout", "-f --force -- .", DISCARDS),
    ("switch", "-f --force --discard-changes", DISCARDS),
    ("stash", "drop clear", CommandEffect("delete", "deletes changes that were put aside", False)),
    ("branch", "-D", CommandEffect("delete", "deletes a branch", False)),
    ("branch", "-d --delete", CommandEffect("delete", "deletes a merged branch", True)),
    ("rm", "-f --force", CommandEffect("delete", "deletes {}", False)),
    ("reflog", "expire delete", CommandEffect("delete", "removes what undo rests on", False)),
    ("worktree", "remove", CommandEffect("delete", "deletes a working tree", False)),
)
"""Commands of git that one of these words makes another thing."""
KNOWN = frozenset({"git", *PLAIN, *SUBCOMMANDS, *INTERPRETERS, *WRAPPERS})


def unwrap(words: tuple[str, ...]) -> tuple[str, ...]:
    """`words` from the program on that really runs: without `sudo`, `env A=1`, `timeout 5`, brackets and folders."""
    rest = [words[0].lstrip("(`{$"), *words[1:]] if words else []
    while rest:
        name = rest[0].rpartition("/")[2]
        if not rest[0] or ("=" in rest[0] and not rest[0].startswith("-")):
            rest = rest[1:]
        elif name in WRAPPERS and len(rest) > 1:
            rest = _skip_wrapper(rest[1:])
        else:
            return (name, *rest[1:])
    return ()


def _skip_wrapper(rest: list[str]) -> list[str]:
    """What a wrapper runs: from the first known program on, else from the first word that is no option of its own."""
    known = (place for place, word in enumerate(rest) if word.rpartition("/")[2] in KNOWN)
    first = (place for place, word in enumerate(rest) if not word.startswith("-") and not word[:1].isdigit())
    return rest[next(known, next(first, len(rest))) :]


def plain(words: tuple[str, ...]) -> tuple[str, ...]:
    """The words after the program that are not options."""
    return tuple(word for word in words[1:] if not word.startswith("-"))


def describe(words: tuple[str, ...]) -> CommandEffect:
    """What the command made of `words` does, as far as its words tell."""
    words = unwrap(words)
    if not words:
        return CommandEffect("unknown", "cannot be read with certainty")
    name, targets = words[0], plain(words)
    if name == "git":
        return _git(words)
    if name == "find":
        return _find(words)
    if name in PACKAGERS and targets and targets[0] in INSTALLS:
        return CommandEffect("network", "installs packages", None, targets)
    if name == "sed" and any(word.startswith(("-i", "--in-place")) for word in words):
        return CommandEffect("write", "edits files in place", None, targets[1:])
    known = PLAIN.get(name) or PLAIN.get(name.partition(".")[0])
    return _fill_in(known, targets) if known else CommandEffect("run", f"runs {_say(words)}", None, (_title(words),))


def _title(words: tuple[str, ...]) -> str:
    """Program and what it is told to do: `npm publish`, `python -m pytest`."""
    return " ".join(_naming(words))


def _say(words: tuple[str, ...]) -> str:
    """The same in a sentence."""
    return " ".join(map(figures.name, _naming(words)))


def _naming(words: tuple[str, ...]) -> tuple[str, ...]:
    if words[0] in INTERPRETERS:
        return words[:3] if words[1:2] == ("-m",) else words[:2]
    return (words[0], *plain(words)[:1]) if words[0] in SUBCOMMANDS else words[:1]


def title(words: tuple[str, ...]) -> str:
    """What "this session" would cover of this command; empty when it would cover too much."""
    bare = unwrap(words)
    if not bare or bare != (words[0].rpartition("/")[2], *words[1:]) or "/" in words[0]:
        return ""
    if bare[0] in SUBCOMMANDS and bare[1:2] and bare[1].startswith("-"):
        return ""
    inline = bare[0] in INTERPRETERS and (len(bare) < 2 or (bare[1].startswith("-") and bare[1] != "-m"))
    return "" if inline or bare[0] in WRAPPERS else _title(bare)


def _git(words: tuple[str, ...]) -> CommandEffect:
    rest = list(words[1:])
    while rest and rest[0].startswith("-"):
        rest = rest[2 if rest[0] in ("-C", "-c", "--git-dir", "--work-tree") else 1 :]
    if not rest:
        return CommandEffect("run", "runs git")
    given = {part for word in rest[1:] for part in spellings(word)}
    known = GIT.get(rest[0], CommandEffect("run", f"runs git {figures.name(rest[0])}"))
    if rest[0] == "push" and any(word.startswith(("+", ":")) for word in rest[1:]):
        known = REWRITES
    forced = (does for name, marks, does in GIT_FORCED if rest[0] == name and not given.isdisjoint(marks.split()))
    return _fill_in(next(forced, known), plain(tuple(rest)))


def _find(words: tuple[str, ...]) -> CommandEffect:
    where = words[1] if len(words) > 1 and not words[1].startswith("-") else "."
    runs = any(word.startswith(("-exec", "-ok")) for word in words)
    if "-delete" in words or ("rm" in words and runs):
        return CommandEffect("delete", f"deletes what it finds under {figures.name(where)}", False, (where,))
    return CommandEffect("run", "runs a program on what it finds" if runs else "runs find")


def spellings(word: str) -> tuple[str, ...]:
    """`word` and, for options, what it stands for: `-uf` also `-u` and `-f`, `--force=x` also `--force`."""
    if word.startswith("--") and "=" in word:
        return word, word.partition("=")[0]
    if word.startswith("-") and not word.startswith("--") and len(word) > 2:
        return word, *(f"-{letter}" for letter in word[1:])
    return (word,)


def _fill_in(known: CommandEffect, targets: tuple[str, ...]) -> CommandEffect:
    return CommandEffect(
        known.kind, known.says.replace("{}", figures.names(targets) or "files"), known.reversible, targets
    )

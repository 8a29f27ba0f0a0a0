"""Exact facts in the text of a conversation: paths, commands, and numbers with their words."""

import re
from collections.abc import Iterable, Iterator

from workbench.core.conversation import Entry
from workbench.core.messages import Text, ToolResult, ToolUse
from workbench.strategies.stale import path_of

COMMANDS = ("command", "cmd", "line", "script")
"""Arguments that hold a command line."""
LAST_LINES = 3
"""Lines at the end of a command's output that tell how it went."""
LONGEST = 200

_SUFFIX = (
    r"(?:py|pyi|md|toml|json|ya?ml|txt|rst|cfg|ini|sh|js|jsx|ts|tsx|css|tcss|html?|sql|rs|go|c|h|cc|cpp|hpp|java|kt|rb|"
    r"php|lock|csv|svg|png|xml|env)"
)
_PATH = re.compile(
    r"(?<![\w:/.@+-])(?:~?/|\.{1,2}/)?(?:[\w.@+-]+/)+[\w@+-][\w.@+-]*(?<![.,])/?"
    rf"|(?<![\w:/.@+-])[\w@+-][\w.@+-]*\.{_SUFFIX}(?![\w/])"
)
_NUMBER = re.compile(
    r"(?<![\w.,/:#%-])[$€£]?\d+(?:[.,:]\d+)*(?:\s?(?:%|°)|\s(?!and\b|or\b|of\b|to\b|in\b|is\b|the\b|a\b)[^\W\d_]{1,15}|[^\W\d_]{1,3})(?![\w/(])"
)


def paths(entries: Iterable[Entry]) -> list[str]:
    """Paths that calls were about or that were spoken of, first mention first."""
    found: dict[str, None] = {}
    for entry in entries:
        match entry.part:
            case ToolUse(input=arguments):
                if path := path_of(arguments):
                    found[path] = None
                found.update(dict.fromkeys(_paths(_command(arguments))))
            case Text(text=text) if not entry.notice:
                found.update(dict.fromkeys(_paths(text)))
    return list(found)


def commands(entries: Iterable[Entry]) -> list[str]:
    """Command lines that were run, word for word, first run first."""
    lines = (_command(entry.part.input) for entry in entries if isinstance(entry.part, ToolUse))
    return list(dict.fromkeys(line for line in lines if line))


def numbers(entries: Iterable[Entry]) -> list[str]:
    """Figures with the word or unit beside them, from what was said and from how commands ended."""
    found: dict[str, None] = {}
    ran: set[str] = set()
    for entry in entries:
        text = ""
        match entry.part:
            case Text() if not entry.notice:
                text = entry.part.text
            case ToolUse() if _command(entry.part.input):
                ran.add(entry.part.id)
            case ToolResult() if entry.part.tool_use_id in ran:
                text = "\n".join(entry.part.text.rstrip().splitlines()[-LAST_LINES:])
        found.update((" ".join(match.group().split()), None) for match in _NUMBER.finditer(text))
    return list(found)


def requests(entries: Iterable[Entry]) -> list[str]:
    """What the person asked, word for word."""
    return [
        entry.part.text.strip()
        for entry in entries
        if entry.role == "user" and not entry.notice and isinstance(entry.part, Text) and entry.part.text.strip()
    ]


def _command(arguments: dict[str, object]) -> str:
    for key in COMMANDS:
        if isinstance(value := arguments.get(key), str) and value.strip():
            return value.strip()
    return ""


def _paths(text: str) -> Iterator[str]:
    for match in _PATH.finditer(text):
        path = match.group().rstrip(".")
        if len(path) <= LONGEST and not re.fullmatch(r"[\d/.]+|\w/\w", path) and "//" not in path:
            yield path.removeprefix("./")

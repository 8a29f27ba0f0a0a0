"""Exact facts in the text of a conversation: paths, commands, and numbers with their words.

What a call was about is what its tool said in the proposal; a call without one gives no facts.
"""

import re
from collections.abc import Iterable, Iterator, Mapping

from workbench.core.conversation import Entry
from workbench.core.decisions import Proposal
from workbench.core.messages import Text, ToolResult, ToolUse

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


def find_paths(entries: Iterable[Entry], proposals: Mapping[str, Proposal]) -> list[str]:
    """Paths that calls were about or that were spoken of, first mention first."""
    found: dict[str, None] = {}
    for entry in entries:
        match entry.part:
            case ToolUse(id=id) if call := proposals.get(id):
                if call.file:
                    found[call.file] = None
                found.update(dict.fromkeys(_paths(command_of(call))))
            case Text(text=text) if not entry.notice:
                found.update(dict.fromkeys(_paths(text)))
    return list(found)


def find_commands(entries: Iterable[Entry], proposals: Mapping[str, Proposal]) -> list[str]:
    """Command lines that were run, word for word, first run first."""
    lines = (command_of(proposals.get(entry.part.id)) for entry in entries if isinstance(entry.part, ToolUse))
    return list(dict.fromkeys(line for line in lines if line))


def find_numbers(entries: Iterable[Entry], proposals: Mapping[str, Proposal]) -> list[str]:
    """Figures with the word or unit beside them, from what was said and from how commands ended."""
    found: dict[str, None] = {}
    ran: set[str] = set()
    for entry in entries:
        text = ""
        match entry.part:
            case Text() if not entry.notice:
                text = entry.part.text
            case ToolUse(id=id) if command_of(proposals.get(id)):
                ran.add(id)
            case ToolResult() if entry.part.tool_use_id in ran:
                text = "\n".join(entry.part.text.rstrip().splitlines()[-LAST_LINES:])
        found.update((" ".join(match.group().split()), None) for match in _NUMBER.finditer(text))
    return list(found)


def find_requests(entries: Iterable[Entry]) -> list[str]:
    """What the person asked, word for word."""
    return [
        entry.part.text.strip()
        for entry in entries
        if entry.role == "user" and not entry.notice and isinstance(entry.part, Text) and entry.part.text.strip()
    ]


def command_of(call: Proposal | None) -> str:
    """The command line that a call runs; empty for other calls."""
    if call is None or call.kind != "run":
        return ""
    return (call.preview.text if call.preview and call.preview.kind == "command" else call.subject).strip()


def _paths(text: str) -> Iterator[str]:
    for match in _PATH.finditer(text):
        path = match.group().rstrip(".")
        if len(path) <= LONGEST and not re.fullmatch(r"[\d/.]+|\w/\w", path) and "//" not in path:
            yield path.removeprefix("./")

"""Patterns of a search: a glob as a regular expression, and the text that every hit of an expression must hold.

It imports nothing but the standard library: the search in its own process uses it.
"""

import re

TOKEN = re.compile(r"\\.|\[\^?\]?(?:\\.|[^\]\\])*\]|\{\d*,?\d*\}|.", re.DOTALL)
PLAIN_CLASSES = frozenset("wWdDsSbBAZ")
LOOSE = re.compile(r"\(\?[a-zA-Z]*[ixaLsu-]|\\[NuUxX0-9aefnrtvGpP]")
"""Flags that change what a literal means, and escapes of more than one character."""


def find_literals(pattern: str) -> tuple[str, ...]:
    """Strings of which every line that `pattern` matches holds at least one; none where that is not certain."""
    if LOOSE.search(pattern):
        return ()
    runs: list[list[str]] = [[""]]
    depth = 0
    for match in TOKEN.finditer(pattern):
        token = match[0]
        if token == "(":
            depth += 1
        depth -= token == ")"
        if depth or token == ")":
            runs[-1].append("")
        elif token == "|":
            runs.append([""])
        elif token in "*?" or (token[0] == "{" and len(token) > 1):
            runs[-1][-1] = runs[-1][-1][:-1]  # the character before it need not be there
            runs[-1].append("")
        elif token in "+.^$" or token[0] == "[" or (token[0] == "\\" and token[1:] in PLAIN_CLASSES):
            runs[-1].append("")
        else:
            runs[-1][-1] += token.removeprefix("\\") if len(token) > 1 else token
    longest = tuple(max(branch, key=len) for branch in runs)
    return longest if all(longest) else ()


def compile_glob(pattern: str) -> re.Pattern[str]:
    """What a relative path must match; `**` stands for any number of folders, also none. Raises re.error."""
    pieces = re.split(r"(\*\*/|\*\*|\*|\?|\[[^\]/]+\]|\{[^{}]*\})", pattern.removeprefix("./"))
    return re.compile("".join(map(_translate, pieces)) + r"\Z", re.DOTALL)


def _translate(piece: str) -> str:
    known = {"**/": "(?:.*/)?", "**": ".*", "*": "[^/]*", "?": "[^/]"}
    if piece in known:
        return known[piece]
    if piece.startswith("{") and piece.endswith("}"):
        return f"(?:{'|'.join(re.escape(option) for option in piece[1:-1].split(','))})"
    if piece.startswith("[") and piece.endswith("]"):
        return "[" + piece[1:-1].replace("\\", "\\\\").replace("!", "^", piece[1] == "!") + "]"
    return re.escape(piece)

"""Where in a file of settings a name stands, so that what is wrong with it is said with its line."""

import re


def find_line(text: str, name: str) -> int:
    """The line of `text`, TOML, on which `name` stands, `table.key` or a key alone; 1 when it cannot be found."""
    table, _, key = name.rpartition(".")
    current = ""
    for number, line in enumerate(text.splitlines(), 1):
        if head := re.match(r"\s*\[([^\]]+)\]", line):
            current = head[1].strip()
        elif assigned := re.match(r"\s*([\w.\"'-]+)\s*=", line):
            written = assigned[1].replace('"', "").replace("'", "")
            if (current, written) == (table, key) or (not current and written == name):
                return number
    return 1

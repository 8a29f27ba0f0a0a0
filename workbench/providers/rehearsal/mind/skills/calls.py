"""Calls of the tools that skills share, written once."""

from workbench.providers.rehearsal.mind.steps import Call


def read(path: str, first: int = 0, last: int = 0) -> Call:
    """Read a file, or only its lines `first` to `last`."""
    return Call("read", {"file_path": path, "view_range": [first, last]} if first else {"file_path": path})


def glob(pattern: str, path: str = "") -> Call:
    """List what matches `pattern`, below `path`."""
    return Call("glob", {"pattern": pattern, "path": path} if path else {"pattern": pattern})


def grep(pattern: str, path: str = "") -> Call:
    """Search contents for a regular expression, below `path` or in that file."""
    return Call("grep", {"pattern": pattern, "path": path} if path else {"pattern": pattern})


def shell(command: str, confidence: float, reason: str) -> Call:
    """Run a command line."""
    return Call("shell", {"command": command}, confidence, reason)


def literal(name: str) -> str:
    """`name` as a glob pattern that matches just it."""
    return "".join(f"[{c}]" if c in "*?[" else c for c in name.strip("/"))

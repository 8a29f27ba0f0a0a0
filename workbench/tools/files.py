"""The file tools: the SDK's definitions with better words, and hands that keep to the workspace."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from workbench.core.decisions import CallKind, Effect, Preview
from workbench.core.tools import ToolSpec
from workbench.tools.disk import Seen
from workbench.tools.editing import Writer
from workbench.tools.reach import Reach
from workbench.tools.reading import Reader
from workbench.tools.searching import Searcher

DESCRIPTIONS = {
    "read": (
        "Read one file of the workspace: text, an image (png, jpg, gif, webp) or a PDF. Up to {limit} bytes of text"
        " at once; give view_range for a part of a longer file. Read a file before you edit it, and again when an edit"
        " says that it changed. To find out which files there are use glob; to find where something stands use grep."
    ),
    "write": (
        "Create a file, or replace all of an existing one; folders are made as needed. For a change to a part of a"
        " file use edit, which is shorter and safer. Text only, UTF-8."
    ),
    "edit": (
        "Replace a passage of a text file. old_string must stand in the file exactly, white space included, and only"
        " once: give enough lines round it, or set replace_all to change every place. Fails without changing anything"
        " when the passage is not found, not unique, or when the file changed since you last read it."
    ),
    "glob": (
        "List files and folders by name, newest first, at most 200: `*.py` here, `**/*.py` at any depth,"
        " `src/**/test_*.py`, `*.{{ts,tsx}}`. Hidden names only when the pattern has them; caches,"
        " node_modules, virtual environments and .git never."
    ),
    "grep": (
        "Search the lines of files with a regular expression; answers `path:line number:line`. Binary files, very"
        " long lines and files that may hold secrets are left out. Narrow it with path, a folder or one file."
    ),
}
KINDS: dict[str, tuple[CallKind, str]] = {
    "read": ("read", "read"),
    "write": ("edit", "write"),
    "edit": ("edit", "edit"),
    "glob": ("read", "list"),
    "grep": ("read", "search"),
}
ARGUMENTS = {
    "file_path": "Path of the file, relative to the workspace.",
    "view_range": "[first line, last line], counted from 1; -1 as the last means to the end.",
    "content": "The whole new content.",
    "old_string": "The passage as it stands in the file, exactly.",
    "new_string": "What stands there afterwards.",
    "replace_all": "True to replace every place where the passage stands.",
    "pattern": "What to look for.",
    "path": "Where to look; the whole workspace when left out.",
}


def file_tools(
    workspace: Path, effects: Callable[[str, dict[str, Any]], tuple[Effect, ...]], limit: int
) -> tuple[ToolSpec, ...]:
    """read, write, edit, glob, grep, in this order. Imports the SDK."""
    reach, seen = Reach(workspace), Seen()
    reader, writer = Reader(reach, seen, limit), Writer(reach, seen)

    def secret(path: str) -> bool:
        return any(effect.secret for effect in effects("read", {"file_path": path}))

    searcher = Searcher(reach, secret, limit)
    runs = {
        "read": (reader.run, _nothing),
        "write": (writer.write, lambda arguments: writer.preview(writer.plan_write, arguments)),
        "edit": (writer.edit, lambda arguments: writer.preview(writer.plan_edit, arguments)),
        "glob": (searcher.glob, _nothing),
        "grep": (searcher.grep, _nothing),
    }
    return tuple(
        ToolSpec(
            name=definition["name"],
            description=DESCRIPTIONS[definition["name"]].format(limit=f"{limit:,}"),
            schema=_schema(definition["input_schema"]),
            kind=KINDS[definition["name"]][0],
            verb=KINDS[definition["name"]][1],
            run=runs[definition["name"]][0],
            effects=_noting(reach, effects, definition["name"]),
            preview=runs[definition["name"]][1],
            subject=_subject,
        )
        for definition in _definitions(reach)
    )


def _definitions(reach: Reach) -> list[Any]:
    from anthropic.lib.tools import agent_toolset as sdk

    context = reach.context()
    makers = (sdk.beta_read_tool, sdk.beta_write_tool, sdk.beta_edit_tool, sdk.beta_glob_tool, sdk.beta_grep_tool)
    return [make(context).to_dict() for make in makers]


def _schema(given: dict[str, Any]) -> dict[str, Any]:
    """The SDK's schema without its titles and null defaults, each argument with a description."""
    properties = {}
    for name, spec in given["properties"].items():
        options = [option for option in spec.get("anyOf", ()) if option.get("type") != "null"]
        kind = dict(options[0] if options else {"type": spec["type"]})
        properties[name] = kind | {"description": ARGUMENTS[name]}
    return {"type": "object", "properties": properties, "required": given["required"]}


def _noting(
    reach: Reach, effects: Callable[[str, dict[str, Any]], tuple[Effect, ...]], name: str
) -> Callable[[dict[str, Any]], tuple[Effect, ...]]:
    return lambda arguments: reach.noted(effects(name, arguments))


def _nothing(arguments: dict[str, Any]) -> Preview | None:
    return None


def _subject(arguments: dict[str, Any]) -> str:
    if "pattern" in arguments:
        path = arguments.get("path")
        return f"{arguments['pattern']} in {path}" if path else str(arguments["pattern"])
    return str(arguments.get("file_path", ""))

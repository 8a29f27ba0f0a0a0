"""Commands as a table: the help, by their keys, and what a file of keys calls them, by their names."""

from collections.abc import Mapping, Sequence

from textual.content import Content

from workbench.ui.commands import ScreenCommand
from workbench.ui.draw.text import bold, count, heading, muted, plain, spread, wrap
from workbench.ui.draw.told import tell_pieces
from workbench.ui.keymap.chosen import Keymap
from workbench.ui.keymap.written import can_rebind

Offered = Sequence[tuple[str, Sequence[ScreenCommand]]]
"""Where commands are offered, and which."""
Groups = Mapping[str, Sequence[ScreenCommand]]
"""The commands under each heading."""

KEYS = 12
"""Cells of the column of keys."""
GAP = 2
"""Cells between two columns."""


def group_commands(offered: Offered) -> Groups:
    """What the help tells under each heading: what has no key comes last, what its twin speaks for is left out."""
    groups: dict[str, list[ScreenCommand]] = {}
    for title, commands in offered:
        for command in commands:
            if command.keys and command.help:
                groups.setdefault(command.place or title.upper(), []).append(command)
    named = [command for _, commands in offered for command in commands if not command.keys and command.help]
    return groups | ({"BY NAME": named} if named else {})


def group_names(offered: Offered) -> Groups:
    """What can be given another key, under the headings of the help, each name once."""
    groups: dict[str, list[ScreenCommand]] = {}
    seen = set[str]()
    for title, commands in offered:
        for command in commands:
            if can_rebind(command) and command.name not in seen:
                seen.add(command.name)
                groups.setdefault(command.place or title.upper(), []).append(command)
    return groups


def draw_help(groups: Groups, width: int) -> list[Content]:
    """Of each command its keys, what it does, and what is typed for it."""
    return _draw_groups({title: [_draw_command(each, width) for each in group] for title, group in groups.items()})


def draw_names(groups: Groups, width: int) -> list[Content]:
    """Of each command its name, its keys and what it does."""
    commands = [command for group in groups.values() for command in group]
    told = {each.twin.name: each.help for each in commands if each.twin}
    names = max((len(each.name) for each in commands), default=0) + GAP
    keys = max((len(_list_keys(each)) for each in commands), default=0) + GAP
    return _draw_groups(
        {
            title: [
                _draw_row(
                    bold(each.name, "$accent").pad_right(names - len(each.name)) + plain(_list_keys(each).ljust(keys)),
                    muted(each.help or told.get(each.name, each.word)),
                    Content(),
                    width,
                )
                for each in group
            ]
            for title, group in groups.items()
        }
    )


def introduce_names(keymap: Keymap, width: int) -> list[Content]:
    """Where the file is, and all that does not count in it."""
    rows = wrap(plain(f"They are read at start from {keymap.file}"), width)
    if keymap.faults:
        rows += [Content(), heading(f"{count(len(keymap.faults), 'FAULT')} IN IT".upper())]
        rows += [
            row for fault in keymap.faults for row in _draw_row(plain("▲ ", "$warning"), plain(fault), None, width)
        ]
    return [*rows, Content()]


def tell_help(groups: Groups) -> list[str]:
    """The help as sentences: `F8: Make room in the window, /compact`."""
    return _tell_groups({title: [_tell_command(each) for each in group] for title, group in groups.items()})


def tell_names(groups: Groups) -> list[str]:
    """The names as sentences: `compact: F8, Make room in the window`."""
    return _tell_groups(
        {
            title: [tell_pieces([f"{each.name}: {_list_keys(each)}", each.help or each.word]) for each in group]
            for title, group in groups.items()
        }
    )


def tell_introduction(keymap: Keymap) -> list[str]:
    """Where the file is, and all that does not count in it."""
    return [f"They are read at start from {keymap.file}", *keymap.faults]


def _tell_groups(groups: Mapping[str, Sequence[str]]) -> list[str]:
    return [said for title, group in groups.items() for said in (f"{title.capitalize()}:", *group)]


def _tell_command(command: ScreenCommand) -> str:
    slashes = [f"/{name}" for name in command.slashes]
    head, *rest = [command.shown, *slashes] if command.shown else slashes or [command.word]
    return tell_pieces([f"{head}: {command.help}", *rest])


def _draw_groups(groups: Mapping[str, Sequence[list[Content]]]) -> list[Content]:
    rows: list[Content] = []
    for title, commands in groups.items():
        rows += [*([Content()] if rows else []), heading(title), *(row for command in commands for row in command)]
    return rows


def _draw_command(command: ScreenCommand, width: int) -> list[Content]:
    slash = "  ".join(f"/{name}" for name in command.slashes)
    head = command.shown or slash or command.word
    text = plain(command.help)
    if command.keys and command.spare_keys:
        text += muted(f"  also {' '.join(command.spare_keys)}")
    aside = muted(slash if command.shown else "")
    return _draw_row(bold(head, "$accent").pad_right(max(1, KEYS - Content(head).cell_length)), text, aside, width)


def _draw_row(head: Content, text: Content, aside: Content | None, width: int) -> list[Content]:
    """`text` in the column behind `head`, and `aside` after it, at the right edge."""
    room = width - head.cell_length
    rows = wrap(text, room)
    if aside and rows[-1].cell_length + GAP + aside.cell_length <= room:
        rows[-1] = spread(rows[-1], aside, room)
    elif aside:
        rows.append(spread(Content(), aside, room))
    margin = Content(" " * head.cell_length)
    return [(head if place == 0 else margin) + row for place, row in enumerate(rows)]


def _list_keys(command: ScreenCommand) -> str:
    return " ".join(command.written) or "no key"

"""The root command."""

import importlib

import click

from workbench import __version__
from workbench.cli.options import ALL, RootOptionsGroup
from workbench.cli.shared import Where, failing

COMMANDS = {
    "run": "run",
    "sessions": "sessions",
    "window": "plans",
    "compact": "plans",
    "handoff": "plans",
    "explain": "explain",
}
"""Each command and its module in this package."""


class LazyCommands(RootOptionsGroup):
    """A group whose commands are imported when one is asked for: opening the terminal imports none of them."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        module = importlib.import_module(f"workbench.cli.{COMMANDS[cmd_name]}")
        command: click.Command = getattr(module, cmd_name)
        return command


@click.group(
    cls=LazyCommands,
    takes=ALL,
    invoke_without_command=True,
    context_settings={"help_option_names": ["-h", "--help"]},
)
@click.version_option(__version__, prog_name="workbench")
@click.pass_context
def root(context: click.Context) -> None:
    """An agent workbench in a terminal: see what fills the window, what it costs, how sure it is, what it will do."""
    where = context.ensure_object(Where)
    if context.invoked_subcommand is None:
        from workbench.cli.terminal import open_terminal

        with failing():
            open_terminal(where)

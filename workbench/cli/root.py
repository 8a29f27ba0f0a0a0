"""The root command and its options."""

import importlib
from pathlib import Path

import click

from workbench import __version__
from workbench.cli.faults import failing
from workbench.cli.shared import Where

PROVIDERS = click.Choice(["anthropic", "endpoint", "rehearsal"])


COMMANDS = {
    "run": "run",
    "sessions": "sessions",
    "window": "plans",
    "compact": "plans",
    "handoff": "plans",
    "explain": "explain",
}
"""Each command and its module in this package."""


class LazyCommands(click.Group):
    """A group whose commands are imported when one is asked for: opening the terminal imports none of them."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        module = importlib.import_module(f"workbench.cli.{COMMANDS[cmd_name]}")
        command: click.Command = getattr(module, cmd_name)
        return command


@click.group(cls=LazyCommands, invoke_without_command=True, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="workbench")
@click.option("--provider", type=PROVIDERS, default=None, help="Who answers; chosen by the environment otherwise.")
@click.option("--model", default="", help="Model id.")
@click.option("--sessions", "folder", type=click.Path(path_type=Path), default=None, help="Where sessions are kept.")
@click.option("--theme", default="", help="lamplight, daylight, chalk, or a palette of yours.")
@click.option("--continue", "resume_last", is_flag=True, help="Go on with this workspace's latest session.")
@click.option("--resume", "resume_id", default="", metavar="ID", help="Go on with a session.")
@click.option("--workspace", type=click.Path(path_type=Path), default=Path(), help="The folder to work in.")
@click.pass_context
def root(
    context: click.Context,
    provider: str | None,
    model: str,
    folder: Path | None,
    theme: str,
    resume_last: bool,
    resume_id: str,
    workspace: Path,
) -> None:
    """An agent workbench in a terminal: see what fills the window, what it costs, how sure it is, what it will do."""
    context.obj = Where(workspace, provider or "", model, folder, theme, resume_last, resume_id)
    if context.invoked_subcommand is None:
        from workbench.cli.terminal import open_terminal

        with failing():
            open_terminal(context.obj)

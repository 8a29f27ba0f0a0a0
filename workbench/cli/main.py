"""The root command and its options."""

from pathlib import Path

import click

from workbench import __version__
from workbench.cli.explain import explain
from workbench.cli.faults import failing
from workbench.cli.plans import compact, handoff, window
from workbench.cli.run import run
from workbench.cli.sessions import sessions
from workbench.cli.shared import Where

PROVIDERS = click.Choice(["anthropic", "endpoint", "rehearsal"])


@click.group(invoke_without_command=True, context_settings={"help_option_names": ["-h", "--help"]})
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


for command in (run, sessions, window, compact, handoff, explain):
    root.add_command(command)


def main() -> None:
    """The `workbench` program."""
    root(prog_name="workbench")

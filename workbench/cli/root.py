"""The root command and its options, which are understood before and after every subcommand to which they apply.

The later one wins; `--add-dir` adds up. One that does not apply to a subcommand is refused, not overlooked.
"""

import importlib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click
import msgspec
from click.core import ParameterSource

from workbench import __version__
from workbench.cli.shared import Where, failing
from workbench.cli.signals import SIGNALS
from workbench.core.figures import visible
from workbench.settings import PROVIDERS

COMMANDS = {name: name for name in ("run", "sessions", "window")}
COMMANDS |= dict.fromkeys(("compact", "handoff", "explain"), "plans")
"""Each command and its module in this package."""
STORED = ("workspace", "sessions", "provider", "model")
"""For commands about sessions: where they are, and who answers, which decides how they are measured."""
GATED = (*STORED, "add_dirs")
"""For commands that ask the gate, which follows the settings."""
HEADLESS = (*GATED, "resume_last", "resume_id")
"""For a turn."""
GIVEN = f"{__name__}.given"
"""The key of the root options that the command line has named so far."""


def _take(context: click.Context, option: click.Parameter, value: Any) -> None:
    """Put one root option into `context.obj`. Raises UsageError where the command has no use for it."""
    command, name = context.command, option.name or ""
    if context.get_parameter_source(name) is not ParameterSource.COMMANDLINE:
        return
    if isinstance(command, RootOptions):
        command.refuse(context, name)
    context.meta.setdefault(GIVEN, []).append(name)
    where: Where = context.ensure_object(Where)
    match name:
        case "resume_last":
            context.obj = msgspec.structs.replace(where, resume_last=True, resume_id="")
        case "resume_id":
            context.obj = msgspec.structs.replace(where, resume_last=False, resume_id=value)
        case "add_dirs":
            context.obj = msgspec.structs.replace(where, add_dirs=(*where.add_dirs, *map(_find_folder, value)))
        case _:
            context.obj = msgspec.structs.replace(where, **{name: value})


def _find_folder(given: Path) -> Path:
    """`given`, absolute, with links followed. Raises BadParameter where it is no folder."""
    try:
        folder = given.expanduser().resolve()
        if folder.is_dir():
            return folder
        what = "is not a folder" if folder.exists() else "does not exist"
    except (OSError, RuntimeError, ValueError) as error:
        what = f"cannot be used ({error})"
    raise click.BadParameter(f"{given} {what}. Name a folder that is there.", param_hint="'--add-dir'")


def _option(*names: str, **attributes: Any) -> click.Option:
    return click.Option(names, expose_value=False, callback=_take, **attributes)


class Filled(click.ParamType[Any]):
    """A value that says something: an empty one stands where a variable was not set, and means nothing that helps."""

    def __init__(self, inner: click.ParamType[Any]) -> None:
        self.inner, self.name = inner, inner.name

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        if not str(value).strip():
            self.fail("it is empty. Name one, or leave the option out.", param, ctx)
        return self.inner.convert(value, param, ctx)


FOLDER, WORD = Filled(click.Path(path_type=Path)), Filled(click.STRING)
OPTIONS = (
    _option("--workspace", type=FOLDER, help="The folder to work in; the current one otherwise."),
    _option("--add-dir", "add_dirs", type=FOLDER, multiple=True, help="One more folder for file tools; repeatable."),
    _option("--sessions", type=FOLDER, help="Where sessions are kept."),
    _option("--provider", type=click.Choice(PROVIDERS), help="Who answers; chosen by the environment otherwise."),
    _option("--model", type=WORD, help="Model id."),
    _option("--theme", type=WORD, help="lamplight, daylight, chalk, or a palette of yours."),
    _option("--linear", is_flag=True, help="Plain sentences in reading order, for a screen reader."),
    _option("--continue", "resume_last", is_flag=True, help="Go on with this workspace's latest session."),
    _option("--resume", "resume_id", type=WORD, metavar="ID", help="Go on with a session."),
)
ALL = tuple(option.name or "" for option in OPTIONS)


class RootOptions(click.Command):
    """A command that understands the root options in `takes` and says of each other one that it does not apply."""

    def __init__(
        self, *arguments: Any, takes: Sequence[str] = STORED, keeps_signals: bool = False, **attributes: Any
    ) -> None:
        """`keeps_signals`: it ends by itself when a signal comes; any other is broken off."""
        super().__init__(*arguments, **attributes)
        self.takes, self.keeps_signals = takes, keeps_signals
        self.params += [option if option.name in takes else _hidden(option) for option in OPTIONS]

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        for name in ctx.meta.get(GIVEN, ()):
            self.refuse(ctx, name)
        return super().parse_args(ctx, args)

    def make_context(self, *arguments: Any, **attributes: Any) -> click.Context:
        """Parse; what a usage error repeats of the command line is visible."""
        try:
            return super().make_context(*arguments, **attributes)
        except click.UsageError as error:
            said = error.format_message()
            if visible(said) == said:
                raise
            raise click.UsageError(visible(said), error.ctx) from error

    def invoke(self, ctx: click.Context) -> Any:
        """Do it; a fault is one line on stderr and an exit code."""
        if not isinstance(self, click.Group):
            with failing():
                if not self.keeps_signals:
                    SIGNALS.raise_now()
                return super().invoke(ctx)
        return super().invoke(ctx)

    def refuse(self, context: click.Context, name: str) -> None:
        """Raise UsageError if the root option `name` does not apply here."""
        if name not in self.takes:
            flag = next(option.opts[0] for option in OPTIONS if option.name == name)
            raise click.UsageError(f"{flag} does not apply to `{context.command_path}`.", context)


def _hidden(option: click.Option) -> click.Option:
    """The same option, understood so that it can be refused in words, and not listed."""
    attributes = {"multiple": option.multiple, "is_flag": option.is_flag, "hidden": True}
    return _option(*option.opts, option.name or "", **attributes)


class RootOptionsGroup(RootOptions, click.Group):
    """A group of such commands."""

    command_class = RootOptions


class LazyCommands(RootOptionsGroup):
    """A group whose commands are imported when one is asked for: opening the terminal imports none of them."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        command: click.Command = getattr(importlib.import_module(f"workbench.cli.{COMMANDS[cmd_name]}"), cmd_name)
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
            SIGNALS.raise_now()
            open_terminal(where)

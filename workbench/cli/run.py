"""`workbench run`: one prompt without a person; its approvals follow `--approve`."""

import asyncio
import math
import sys
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from workbench.cli.printer import Printer
from workbench.cli.result import Result
from workbench.cli.root import HEADLESS, RootOptions
from workbench.cli.shared import (
    LEFT_ALONE,
    USAGE,
    Where,
    build_engine,
    check_writable,
    fail_to_write,
    resume,
)
from workbench.cli.signals import SIGNALS
from workbench.cli.stdin import read_prompt
from workbench.cli.streams import as_json, as_text, can_write, complain
from workbench.core import commands as c
from workbench.core import events as e
from workbench.core.errors import SettingsFault, WorkbenchError
from workbench.core.figures import tokens, visible
from workbench.core.journal import to_document
from workbench.observability import log_to

if TYPE_CHECKING:
    from workbench.engine import Engine

FORMATS = click.Choice(["text", "json", "stream-json"])
EPILOG = """Exit codes: 0 done, 1 error or an answer that was cut off, 2 usage, 3 an escalation went unanswered,
4 a budget ended it, 129/130/131/143 interrupted, 141 nobody reads stdout any more (which stops the turn)."""


class Dollars(click.FloatRange):
    """An amount that is a number: nan would switch a limit off."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> float:
        amount = float(super().convert(value, param, ctx))
        if not math.isfinite(amount):
            self.fail(f"{value!r} is not an amount of dollars.", param, ctx)
        return amount


@click.command(cls=RootOptions, takes=HEADLESS, keeps_signals=True, epilog=EPILOG)
@click.argument("prompt", required=False, default="")
@click.option("--output-format", type=FORMATS, default="text", show_default=True)
@click.option(
    "--approve",
    type=click.Choice(["never", "reads", "all"]),
    default="never",
    show_default=True,
    help="What may run without a person beyond what policy allows.",
)
@click.option("--max-turns", type=click.IntRange(1), default=None, help="The hard limit of steps.")
@click.option("--max-budget-usd", type=Dollars(0), default=None, help="Dollars this session may cost.")
@click.option(
    "--attach",
    multiple=True,
    type=click.Path(),
    metavar="FILE",
    help="A text file to keep in the window as a reference; may be given several times.",
)
@click.option("--hold-review", is_flag=True, help="Do not print an answer that is for review; exit code 3.")
@click.pass_obj
def run(
    where: Where,
    prompt: str,
    output_format: str,
    approve: str,
    max_turns: int | None,
    max_budget_usd: float | None,
    hold_review: bool,
    attach: tuple[str, ...],
) -> None:
    """Answer PROMPT and exit. What stands on stdin is appended to it; stdin alone works too, also as `-`."""
    if not can_write(sys.stdout):
        complain("stdout is closed, and the answer goes there. Send it to /dev/null where nobody wants it.")
        raise SystemExit(USAGE)
    with SIGNALS.kept():
        asked = read_prompt(prompt)
        if not (asked.strip() or SIGNALS.caught):
            complain("there is no prompt. Give one as an argument or on stdin.")
            raise SystemExit(USAGE)
        result = Result(hold_review)
        printer = Printer()
        try:
            if not SIGNALS.caught:
                engine = build_engine(where, approve=approve, max_steps=max_turns, max_usd=max_budget_usd)
                asyncio.run(_run_turn(engine, where, asked, attach, result, printer, output_format))
            if SIGNALS.caught:
                result.interrupt(where.resume_id)
            _print_result(result, printer, output_format)
        except SettingsFault:
            raise
        except WorkbenchError as fault:
            if output_format != "text":
                result.lose(fault, where.resume_id)
                _print_result(result, printer, output_format)
            raise
        finally:
            whole = printer.finish()
        raise SystemExit(_find_exit_code(result, printer, whole))


def _find_exit_code(result: Result, printer: Printer, whole: bool) -> int:
    if SIGNALS.caught and not (result.ended and whole):
        return 128 + SIGNALS.caught
    if printer.fault is None:
        return result.exit_code
    code = fail_to_write(printer.fault)
    if code != LEFT_ALONE and result.session:
        complain(f"`workbench sessions show {result.session}` shows what came of it.")
    return code


async def _run_turn(
    engine: "Engine",
    where: Where,
    prompt: str,
    attach: tuple[str, ...],
    result: Result,
    printer: Printer,
    output_format: str,
) -> None:
    """Run one turn to its end and fold it into `result`. A signal, or a reader that left, stops it or keeps it out."""
    _stop_on_signals(engine, printer)
    log_to(Path(engine.facts.sessions))
    try:
        if await resume(engine, where):
            check_writable(engine)
        engine.subscribe(result.take)
        if output_format == "stream-json":
            engine.subscribe(lambda stamped: printer.print(_write_event(stamped)))
        engine.subscribe(lambda stamped: _report(stamped, printer))
        if said := engine.describe_switch():
            printer.print(visible(f"workbench: {said}."), error=True)
        if not (SIGNALS.caught or printer.fault):
            try:
                for path in attach:
                    await engine.handle(c.AttachDocument(str(Path.cwd() / path)))
                await engine.handle(c.SendPrompt(prompt))
            except SettingsFault:
                raise
            except WorkbenchError as refused:
                result.refuse(refused)
            await engine.idle()
    finally:
        await engine.close()
    if SIGNALS.caught or printer.fault:
        result.interrupt(engine.session_id)


def _stop_on_signals(engine: "Engine", printer: Printer) -> None:
    """Stop the turn as esc does, so that the session and the tool's processes end well."""
    loop = asyncio.get_running_loop()
    background: set[asyncio.Task[None]] = set()

    def begin() -> None:
        background.add(loop.create_task(engine.handle(c.CancelTurn())))

    def stop(number: int = 0) -> None:
        with suppress(RuntimeError):  # the loop has ended by itself
            loop.call_soon_threadsafe(begin)

    SIGNALS.tell(stop)
    printer.watch(stop)


def _write_event(stamped: e.Stamped) -> str:
    """One event as a line; the event itself stands last, as the longest part."""
    document = to_document(stamped)
    document["event"] = document.pop("event")
    return as_json(document)


def _report(stamped: e.Stamped, printer: Printer) -> None:
    """What a person at the other end of stderr should know."""
    if said := _describe(stamped.event):
        printer.print(visible(said), error=True)


def _describe(event: object) -> str:
    match event:
        case e.EscalationRaised(request=request):
            about = f" {request.proposal.subject}" if request.proposal else ""
            return f"asks: {request.message + about}"
        case e.EscalationResolved(verdict=verdict):
            return f"{verdict.by}: {verdict.answer}"
        case e.EscalationExpired():
            return "nobody answered; it was not done."
        case e.RetryScheduled():
            tries = f"({event.attempt} of {event.of})"
            return f"{event.message.rstrip('.')}; again in {event.delay:.0f} s {tries}"
        case e.EpochOpened(reason="compacted"):
            sizes = f"{tokens(event.before)} to {tokens(event.after)} tokens"
            return (
                f"workbench: the window was full and was compacted, from {sizes}; `workbench compact --undo` undoes it."
            )
        case e.RequestRepaired():
            return f"workbench: {event.text}."
        case e.TurnFailed() | e.Noticed(level="error" | "warning"):
            return f"workbench: {event.message} {event.hint}".rstrip()
    return ""


def _print_result(result: Result, printer: Printer, output_format: str) -> None:
    for said in result.remarks():
        printer.print(f"workbench: {said}", error=True)
    if output_format == "text":
        if result.text and not result.held:
            printer.print(as_text(result.text))
    else:
        printer.print(as_json(result.document(), indent=2 if output_format == "json" else 0))

"""`workbench run`: one prompt without a person; its approvals follow `--approve`."""

import asyncio
import math
import signal
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
import msgspec

from workbench.cli.root import HEADLESS, RootOptions
from workbench.cli.shared import (
    UNANSWERED,
    USAGE,
    Where,
    build_engine,
    check_writable,
    complain,
    failing,
    print_json,
    resume,
)
from workbench.core import commands as c
from workbench.core import events as e
from workbench.core.decisions import Confidence
from workbench.core.encoding import encode
from workbench.core.figures import visible
from workbench.core.journal import to_document
from workbench.core.spend import Usage
from workbench.observability import log_to

if TYPE_CHECKING:
    from workbench.engine import Engine

USAGE_FIELDS = ("input_tokens", "output_tokens", "cache_read_input_tokens", "cache_creation_input_tokens")
EXIT_CODES = {"done": 0, "turn_limit": 0, "error": 1, "escalation": UNANSWERED, "budget": 4}
FORMATS = click.Choice(["text", "json", "stream-json"])


class Result:
    """What a run prints at its end, folded from its events (design §7). `take` it every event."""

    def __init__(self, hold_review: bool = False) -> None:
        """`hold_review`: an answer that is for review is not part of the result."""
        self._hold_review = hold_review
        self.session = ""
        self.text = ""
        self.stop_reason = "error"
        self.model_stop_reason = ""
        self.usage = Usage()
        self.cost: float | None = 0.0
        self.confidence: Confidence | None = None
        self.route = "unrated"
        self.steps = 0
        self.escalations: dict[str, dict[str, str]] = {}
        self.error: dict[str, str] | None = None

    def take(self, stamped: e.Stamped) -> None:
        """Fold one event in."""
        self.session = stamped.session
        match stamped.event:
            case e.TurnFinished() as event:
                self.text, self.stop_reason = event.text, event.stop_reason
                self.model_stop_reason, self.steps = event.model_stop_reason, event.steps
                self.usage, self.cost = event.usage, event.cost
                self.confidence, self.route, self.error = event.confidence, event.route, None
            case e.TurnFailed() as event:
                self.stop_reason = "error"
                self.error = {"kind": event.kind, "message": f"{event.message} {event.hint}".strip()}
            case e.Noticed(level="error") as event if self.error is None:
                self.stop_reason = "error"
                self.error = {"kind": "notice", "message": f"{event.message} {event.hint}".strip()}
            case e.RequestSent() as event:
                self.steps = event.step
            case e.BudgetSettled() as event if self.error is None:
                self.usage += event.usage
                known = self.cost is not None and event.usd is not None
                self.cost = (self.cost or 0.0) + (event.usd or 0.0) if known else None
            case e.EscalationRaised(request=request):
                self.escalations[request.id] = {"id": request.id, "reason": request.reason, "state": "pending"}
            case e.EscalationResolved(id=id, verdict=verdict) if id in self.escalations:
                self.escalations[id]["state"] = "allowed" if verdict.allows else "denied"
            case e.EscalationExpired(id=id) if id in self.escalations:
                self.escalations[id]["state"] = "unanswered"

    @property
    def held(self) -> bool:
        """True when the answer waits for a person's review."""
        return self._hold_review and self.route == "review"

    @property
    def exit_code(self) -> int:
        """0 done, 1 error, 3 an escalation went unanswered or the answer is held, 4 budget exhausted."""
        code = EXIT_CODES.get(self.stop_reason, 1)
        return UNANSWERED if self.held and not code else code

    def document(self) -> dict[str, Any]:
        """The JSON result, with exactly the fields that scripts rely on."""
        return {
            "type": "result",
            "session_id": self.session,
            "text": "" if self.held else self.text,
            "stop_reason": self.stop_reason,
            "model_stop_reason": self.model_stop_reason,
            "usage": {name: getattr(self.usage, name) for name in USAGE_FIELDS},
            "cost_usd": self.cost,
            "confidence": msgspec.to_builtins(self.confidence),
            "route": self.route,
            "steps": self.steps,
            "escalations": list(self.escalations.values()),
            "error": self.error,
        }


class Dollars(click.FloatRange):
    """An amount that is a number: nan would switch a limit off."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> float:
        amount = float(super().convert(value, param, ctx))
        if not math.isfinite(amount):
            self.fail(f"{value!r} is not an amount of dollars.", param, ctx)
        return amount


@click.command(cls=RootOptions, takes=HEADLESS)
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
) -> None:
    """Answer PROMPT and exit. What stands on stdin is appended to it; stdin alone works too."""
    asked = _with_stdin(prompt)
    if not asked.strip():
        complain("there is no prompt. Give one as an argument or on stdin.")
        raise SystemExit(USAGE)
    with failing():
        engine = build_engine(where, approve=approve, max_steps=max_turns, max_usd=max_budget_usd)
        raise SystemExit(asyncio.run(_run_turn(engine, where, asked, output_format, hold_review)))


def _with_stdin(prompt: str) -> str:
    if sys.stdin is None or sys.stdin.closed or sys.stdin.isatty():
        return prompt
    piped = sys.stdin.buffer.read().decode("utf-8", errors="replace")
    return f"{prompt}\n\n{piped}".strip() if piped.strip() else prompt


async def _run_turn(engine: "Engine", where: Where, prompt: str, output_format: str, hold_review: bool) -> int:
    """Run one turn to its end and print what scripts want of it; gives the exit code."""
    result = Result(hold_review)
    caught: list[int] = []
    _on_signals(engine, caught)
    log_to(Path(engine.facts.sessions))
    try:
        await resume(engine, where)
        check_writable(engine)
        engine.subscribe(result.take)
        if output_format == "stream-json":
            engine.subscribe(_print_event)
        engine.subscribe(_report)
        await engine.handle(c.SendPrompt(prompt))
        await engine.idle()
    finally:
        await engine.close()
    if caught and result.error is None:
        result.stop_reason = "interrupted"
    _print_result(result, output_format)
    return 128 + caught[0] if caught else result.exit_code


def _on_signals(engine: "Engine", caught: list[int]) -> None:
    """An interrupt stops the turn as esc does, so that the session and the tool's processes end well."""
    loop = asyncio.get_running_loop()
    background: set[asyncio.Task[None]] = set()

    def stop(number: int) -> None:
        caught.append(number)
        background.add(loop.create_task(engine.handle(c.CancelTurn())))

    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT):
        loop.add_signal_handler(number, stop, number)


def _print_event(stamped: e.Stamped) -> None:
    """One event as a line; the event itself stands last, as the longest part."""
    document = to_document(stamped)
    document["event"] = document.pop("event")
    click.echo(encode(document).decode())


def _report(stamped: e.Stamped) -> None:
    """What a person at the other end of stderr should know."""
    match stamped.event:
        case e.EscalationRaised(request=request):
            about = f" {request.proposal.subject}" if request.proposal else ""
            click.echo(f"asks: {visible(request.message + about)}", err=True)
        case e.EscalationResolved(verdict=verdict):
            click.echo(f"{visible(verdict.by)}: {verdict.answer}", err=True)
        case e.EscalationExpired():
            click.echo("nobody answered; it was not done.", err=True)
        case e.RetryScheduled() as event:
            tries = f"({event.attempt} of {event.of})"
            click.echo(f"{visible(event.message).rstrip('.')}; again in {event.delay:.0f} s {tries}", err=True)
        case e.TurnFailed() as event:
            complain(f"{event.message} {event.hint}")
        case e.Noticed(level="error" | "warning") as event:
            complain(f"{event.message} {event.hint}")


def _print_result(result: Result, output_format: str) -> None:
    if result.held:
        complain(f"the answer is held for review. `workbench sessions show {result.session}` shows it.")
    if output_format == "text":
        if result.text and not result.held:
            click.echo(visible(result.text) if sys.stdout.isatty() else result.text)
    elif output_format == "json":
        print_json(result.document())
    else:
        click.echo(encode(result.document()).decode())

"""`workbench compact|handoff|explain`: the dialogs' plans and the gate's word, without a dialog."""

import asyncio
import sys
from collections.abc import Callable
from typing import Any

import click
import msgspec

from workbench.cli.root import GATED, RootOptions
from workbench.cli.shared import USAGE, Where, build_engine, choose_for, open_to_write
from workbench.cli.streams import as_json, complain, print_json, print_text, tell
from workbench.core import commands as c
from workbench.core import events as e
from workbench.core import figures
from workbench.core.errors import WorkbenchError
from workbench.core.plans import CompactionPlan, HandoffPlan, tell_score
from workbench.strategies import find_strategy, names


def _check_strategy(context: click.Context, parameter: click.Parameter, name: str) -> str:
    """`name`, if there is such a strategy. A usage error lists those that there are."""
    try:
        return find_strategy(name).name if name else ""
    except WorkbenchError as error:
        raise click.BadParameter(str(error)) from error


@click.command(cls=RootOptions)
@click.argument("session")
@click.option(
    "--strategy",
    default="",
    metavar=f"[{'|'.join(names())}]",
    callback=_check_strategy,
    help="The setting compaction.strategy when left out.",
)
@click.option("--instructions", default="", metavar="TEXT", help="What it is to keep before all else, in words.")
@click.option("--undo", is_flag=True, help="Bring back the window before the last compaction instead.")
@click.option(
    "--dry-run",
    is_flag=True,
    help="Only show what would happen; a summary is paid for all the same.",
)
@click.option("--json", "json", is_flag=True, help="One JSON document.")
@click.pass_obj
def compact(
    where: Where, session: str, strategy: str, instructions: str, undo: bool, dry_run: bool, json: bool
) -> None:
    """Make room in the window of SESSION, in a new epoch that can be undone."""
    if undo and (strategy or instructions):
        raise click.UsageError("--undo takes no --strategy and no --instructions: it undoes whatever compacted last.")
    probed: list[e.CompactionProbed] = []
    if undo:
        done, missing = asyncio.run(_undo(where, session, dry_run)), "there is no compaction to undo."
    else:
        accept = None if dry_run else lambda plan: c.Compact(plan.id)
        done = asyncio.run(_make_plan(where, session, c.PlanCompaction(strategy, instructions), accept, probed))
        missing = "nothing to compact: everything in the window is recent or kept."
    if done is None:
        tell(missing)
    if json:
        probes = {"probes": [{"by": each.by, "scores": msgspec.to_builtins(each.scores)} for each in probed]}
        document = (msgspec.to_builtins(done) if done else {}) | {"applied": bool(done) and not dry_run}
        print_json(document | (probes if probed else {}))
    elif isinstance(done, CompactionPlan):
        print_text(
            "\n".join([_plan_text(done, dry_run), *(f"by {each.by}: {tell_score(each.scores)}" for each in probed)])
        )
    elif done:
        print_text(_undo_text(done, dry_run))


async def _undo(where: Where, session: str, dry_run: bool) -> dict[str, int] | None:
    """Tokens of the window before and after; None where there is no compaction to undo."""
    engine = build_engine(where, approve="never")
    try:
        found = await engine.inspect(session)
        before, number = found.window().total, found.conversation.epoch.number + 1 if found.conversation.epoch else 1
        if not found.conversation.undo:
            return None
        if not dry_run:
            await open_to_write(engine, session)
            await engine.handle(c.UndoCompaction())
        found.fold(e.Stamped(len(found.events) + 1, 0.0, found.id, "", e.CompactionUndone(number)))
        return {"before": before, "after": found.window().total}
    finally:
        await engine.close()


def _undo_text(done: dict[str, int], dry_run: bool) -> str:
    word = "would bring back" if dry_run else "brought back"
    before, after = figures.tokens(done["before"]), figures.tokens(done["after"])
    return f"{word} the window before the compaction, with all that was said since: {before} → {after}"


def _plan_text(plan: CompactionPlan, dry_run: bool) -> str:
    word = "would compact" if dry_run else "compacted"
    lines = [f"{word} {figures.tokens(plan.before)} → {figures.tokens(plan.after)} with {plan.strategy}", ""]
    lines += [f"  {line.fate:<13}{line.tokens:>9,}  {figures.visible(line.label)}" for line in plan.lines]
    payback = "" if plan.payback is None else f"; pays back after {plan.payback:.1f} turns"
    lines += ["", f"costs {figures.dollars(plan.cost)}{payback}"]
    return "\n".join([*lines, *(["", plan.summary] if plan.summary else [])])


@click.command(cls=RootOptions)
@click.argument("session")
@click.option("--dry-run", is_flag=True, help="Only show the document.")
@click.option("--json", "json", is_flag=True, help="One JSON document.")
@click.pass_obj
def handoff(where: Where, session: str, dry_run: bool, json: bool) -> None:
    """Write the five-section handoff document of SESSION, store and export it."""
    accept = None if dry_run else lambda draft: c.HandOff(draft.id, open=False)
    draft: HandoffPlan | None = asyncio.run(_make_plan(where, session, c.DraftHandoff(), accept))
    if draft is None:
        raise WorkbenchError("the document could not be written.")
    if json:
        print_json(msgspec.to_builtins(draft) | {"applied": not dry_run})
    else:
        print_text(draft.document)


async def _make_plan(
    where: Where,
    session: str,
    ask: c.Command,
    accept: Callable[[Any], c.Command] | None,
    probed: list[e.CompactionProbed] | None = None,
) -> Any:
    """The plan that `ask` leads to, carried out where `accept` says how; None where there is nothing to do.

    `probed` takes in what the window still answers afterwards.

    Raises WorkbenchError for what went wrong on the way.
    """
    engine = build_engine(where, approve="never")
    plans: list[CompactionPlan | HandoffPlan] = []
    faults: list[WorkbenchError] = []

    def collect(stamped: e.Stamped) -> None:
        match stamped.event:
            case e.CompactionPlanned(plan=plan) | e.HandoffDrafted(plan=plan):
                plans.append(plan)
            case e.CompactionProbed() as probe if probed is not None:
                probed.append(probe)
            case e.Noticed(message=message, hint=hint, level="error"):
                faults.append(WorkbenchError(message, hint))
            case e.Noticed(message=message, hint=hint, level="warning"):
                tell(f"{message} {hint}".strip())

    try:
        await open_to_write(engine, session)
        engine.subscribe(collect)
        await engine.handle(ask)
        await engine.idle()
        if faults and not plans:
            raise faults[-1]
        if plans and accept:
            await engine.handle(accept(plans[-1]))
            await engine.idle()
    finally:
        await engine.close()
    return plans[-1] if plans else None


@click.command(cls=RootOptions, takes=GATED)
@click.argument("line", required=False)
@click.option("--stdin", "many", is_flag=True, help="Explain each line of stdin; answers with a JSON line each.")
@click.option("--json", "json", is_flag=True, help="One JSON document.")
@click.pass_obj
def explain(where: Where, line: str | None, many: bool, json: bool) -> None:
    """Say whether the shell LINE would run, ask or be denied by your settings and rules. Nothing is run."""
    from workbench.bootstrap.build import build_explainer

    if many == (line is not None):
        complain("give one shell line as an argument, or --stdin with a line each.")
        raise SystemExit(USAGE)
    chosen = choose_for(where)
    explain_line = build_explainer(chosen)
    for fault in chosen.settings.faults:
        complain(fault)
    if line is None:
        for each in sys.stdin.buffer:
            ruling = explain_line(each.decode("utf-8", errors="replace").rstrip("\r\n"))
            print(as_json(ruling))
        return
    ruling = explain_line(line)
    if json:
        print_json(ruling)
        return
    print_text(f"{ruling['verdict']}  {ruling['rule']}")
    for effect in ruling["effects"]:
        print(f"  {as_json(effect)}")

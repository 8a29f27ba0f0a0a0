"""`workbench window|compact|handoff`: the ledger and the same plans as the dialogs, for a session by id."""

from typing import Any

import click
import msgspec

from workbench.cli.options import RootOptions
from workbench.cli.shared import Where, build_engine, complete, failing, open_to_write, print_json
from workbench.core import commands as c
from workbench.core import events as e
from workbench.core import figures
from workbench.core.errors import WorkbenchError
from workbench.core.plans import CompactionPlan, HandoffPlan
from workbench.core.window import Window


@click.command(cls=RootOptions)
@click.argument("session")
@click.option("--json", "as_json", is_flag=True)
@click.pass_obj
def window(where: Where, session: str, as_json: bool) -> None:
    """Show what the next request of SESSION would hold, by section and block."""
    with failing():
        measured = complete(build_engine(where).inspect(session)).window()
        if as_json:
            print_json(as_document(measured))
        else:
            click.echo(as_table(measured))


def as_document(window: Window) -> dict[str, Any]:
    """The window as scripts read it (design §7)."""
    return {
        "size": window.size,
        "total": window.total,
        "reserved": window.reserved,
        "free": window.free,
        "exact": window.exact,
        "sections": [{"name": section.name, "tokens": section.tokens} for section in window.sections],
        "blocks": [
            {
                "id": block.id,
                "section": block.section,
                "role": block.role,
                "tokens": block.tokens,
                "zone": block.zone,
                "turn": block.turn,
                "pinned": block.pinned,
                "cached": block.cached,
            }
            for block in window.blocks
        ],
    }


def as_table(window: Window) -> str:
    """The window as a person reads it."""
    about = "" if window.exact else "≈ "
    lines = [f"{about}{figures.tokens(window.total)} of {figures.tokens(window.size)}  {figures.percent(window.share)}"]
    lines += [f"  {section.name:<9}{section.tokens:>9,}" for section in window.sections]
    lines += [f"  {'reserved':<9}{window.reserved:>9,}", f"  {'free':<9}{window.free:>9,}", ""]
    for block in window.blocks:
        marks = " cached" if block.cached else ""
        label = figures.visible(block.label)[:48]
        lines.append(f"  {block.section:<9}{block.tokens:>9,}  {block.zone:<8} turn {block.turn:<3} {label}{marks}")
    return "\n".join(lines)


@click.command(cls=RootOptions)
@click.argument("session")
@click.option("--strategy", type=click.Choice(["auto", "summarise"]), default="auto", show_default=True)
@click.option("--dry-run", is_flag=True, help="Only show the plan.")
@click.option("--json", "as_json", is_flag=True)
@click.pass_obj
def compact(where: Where, session: str, strategy: str, dry_run: bool, as_json: bool) -> None:
    """Summarise the older part of SESSION into a new epoch. It can be undone in the workbench."""
    with failing():
        plan = complete(_compact(where, session, strategy, dry_run))
        if plan is None:
            click.echo("nothing to compact: everything in the window is recent or kept.", err=True)
        elif as_json:
            print_json(msgspec.to_builtins(plan) | {"applied": not dry_run})
        else:
            click.echo(_plan_text(plan, dry_run))


async def _compact(where: Where, session: str, strategy: str, dry_run: bool) -> CompactionPlan | None:
    engine = build_engine(where, approve="never")
    plans: list[CompactionPlan] = []
    try:
        await _open(engine, session, plans)
        await engine.handle(c.PlanCompaction(strategy))
        await engine.idle()
        if plans and not dry_run:
            await engine.handle(c.Compact(plans[-1].id))
    finally:
        await engine.close()
    return plans[-1] if plans else None


def _plan_text(plan: CompactionPlan, dry_run: bool) -> str:
    word = "would compact" if dry_run else "compacted"
    lines = [f"{word} {figures.tokens(plan.before)} → {figures.tokens(plan.after)}", ""]
    lines += [f"  {line.fate:<11}{line.tokens:>9,}  {figures.visible(line.label)}" for line in plan.lines]
    payback = "" if plan.payback is None else f"; pays back after {plan.payback:.1f} turns"
    lines += ["", f"costs {figures.dollars(plan.cost)}{payback}", "", plan.summary]
    return "\n".join(lines)


@click.command(cls=RootOptions)
@click.argument("session")
@click.option("--dry-run", is_flag=True, help="Only show the document.")
@click.option("--json", "as_json", is_flag=True)
@click.pass_obj
def handoff(where: Where, session: str, dry_run: bool, as_json: bool) -> None:
    """Write the five-section handoff document of SESSION, store and export it."""
    with failing():
        draft = complete(_handoff(where, session, dry_run))
        if as_json:
            print_json(msgspec.to_builtins(draft) | {"applied": not dry_run})
        else:
            click.echo(draft.document)


async def _handoff(where: Where, session: str, dry_run: bool) -> HandoffPlan:
    engine = build_engine(where, approve="never")
    drafts: list[HandoffPlan] = []
    try:
        await _open(engine, session, drafts)
        await engine.handle(c.DraftHandoff())
        await engine.idle()
        if not drafts:
            raise WorkbenchError("the document could not be written.")
        if not dry_run:
            await engine.handle(c.HandOff(drafts[-1].id, open=False))
    finally:
        await engine.close()
    return drafts[-1]


async def _open(engine: Any, session: str, into: list[Any]) -> None:
    """Open for writing and collect the plans that are told. Raises SessionLocked."""
    await open_to_write(engine, session)

    def collect(stamped: e.Stamped) -> None:
        if isinstance(stamped.event, e.CompactionPlanned | e.HandoffDrafted):
            into.append(stamped.event.plan)
        elif isinstance(stamped.event, e.Noticed) and stamped.event.level in ("error", "warning"):
            click.echo(f"{stamped.event.message} {stamped.event.hint}".strip(), err=True)

    engine.subscribe(collect)

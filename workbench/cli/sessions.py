"""`workbench sessions list|show|export|import|rename|delete|repair`."""

import asyncio
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click
import msgspec

from workbench.cli.root import RootOptionsGroup
from workbench.cli.shared import USAGE, Where, build_engine, open_to_write, reading
from workbench.cli.streams import as_json, complain, print_json, print_text, tell
from workbench.core import commands as c
from workbench.core import events as e
from workbench.core import figures
from workbench.core.errors import WorkbenchError
from workbench.core.journal import pack
from workbench.core.messages import Text, without_trailer

if TYPE_CHECKING:
    from workbench.engine import Engine


@click.group(cls=RootOptionsGroup)
def sessions() -> None:
    """List, show, export, import, rename, delete and repair sessions."""


@sessions.command("list")
@click.option("--json", "json", is_flag=True, help="One JSON document.")
@click.pass_obj
def list_(where: Where, json: bool) -> None:
    """All sessions, newest first."""
    rows = build_engine(where).sessions()
    if json:
        print_json([msgspec.to_builtins(row) for row in rows])
        return
    if not rows:
        tell("No sessions yet. `workbench` starts one.")
    for row in rows:
        when = figures.date(row.updated_at)
        sure = "unrated" if row.confidence is None else figures.score(row.confidence)
        cost = figures.money(row.usd, row.as_if_usd)
        title = " ".join(row.title.split())
        turns = f"{row.turns} turn" if row.turns == 1 else f"{row.turns} turns"
        # Whether it still runs or was killed cannot be told from what is stored: it is not finished either way.
        state = "unfinished" if row.state == "running" else row.state
        print(figures.readable(f"{row.id}  {when}  {state:<10} {turns:<9}  {cost:>14}  {sure:>7}  {title}"))
    if damaged := sum(row.state == "damaged" for row in rows):
        tell(f"{damaged} damaged: `workbench sessions show ID` says what of it can be read.")


@sessions.command()
@click.argument("session")
@click.option("--json", "json", is_flag=True, help="Its events, as `export` prints them.")
@click.pass_obj
def show(where: Where, session: str, json: bool) -> None:
    """The conversation of SESSION as Markdown, or its events as JSON."""
    with reading(build_engine(where), session) as opened:
        if json:
            print_json(pack(opened.id, opened.events))
        else:
            print_text(figures.readable(_as_markdown(opened.events)))


@sessions.command()
@click.argument("session")
@click.option("--format", "form", type=click.Choice(["json", "markdown"]), default="json", show_default=True)
@click.option("--json", "json", is_flag=True, help="The same as --format json.")
@click.option("-o", "--output", type=click.Path(path_type=Path), default=None, help="A file instead of stdout.")
@click.pass_obj
def export(where: Where, session: str, form: str, json: bool, output: Path | None) -> None:
    """SESSION as one JSON document that `import` takes, or as Markdown."""
    if json and form != "json":
        raise click.UsageError("--json says --format json. Give one of them.")
    with reading(build_engine(where), session) as opened:
        packed = form == "json"
        text = as_json(pack(opened.id, opened.events), indent=1) if packed else _as_markdown(opened.events)
        if output is None:
            print_text(text)
            return
        try:
            output.write_text(text + "\n", encoding="utf-8")
        except OSError as error:
            raise WorkbenchError(f"{output} cannot be written: {error.strerror}.") from error
        tell(f"wrote {output}")


@sessions.command("import")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--format", "form", type=click.Choice(["auto", "workbench"]), default="auto", show_default=True)
@click.option("--json", "json", is_flag=True, help="The id with the session's messages and tokens.")
@click.pass_obj
def import_(where: Where, file: Path, form: str, json: bool) -> None:
    """Add the session in FILE, an exported one, under a new id, and print the id."""
    from workbench.engine.imports import read_archive

    archive = asyncio.run(read_archive(file))
    engine = build_engine(where)
    id = asyncio.run(engine.adopt(archive.events))
    if not json:
        print(id)
        return
    opened = asyncio.run(engine.inspect(id))
    messages, tokens = len(opened.conversation.messages()), opened.window().total
    print_json({"session_id": id, "messages": messages, "tokens": tokens})


@sessions.command()
@click.argument("session")
@click.argument("title")
@click.pass_obj
def rename(where: Where, session: str, title: str) -> None:
    """Give SESSION another TITLE."""
    asyncio.run(_rename(build_engine(where), session, title))


async def _rename(engine: "Engine", session: str, title: str) -> None:
    try:
        await open_to_write(engine, session)
        await engine.handle(c.RenameSession(title))
    finally:
        await engine.close()


@sessions.command()
@click.argument("session")
@click.option("--yes", is_flag=True, help="Do not ask.")
@click.pass_obj
def delete(where: Where, session: str, yes: bool) -> None:
    """Delete SESSION and what only it refers to. This cannot be undone."""
    engine = build_engine(where)
    found = asyncio.run(engine.inspect(session))
    title = figures.readable(found.summary.title) or "nothing of it can be read"
    if not (yes or sys.stdin.isatty()):
        complain(f"{found.id} ({title}) is not deleted without a yes. Say --yes.")
        raise SystemExit(USAGE)
    if yes or click.confirm(f"Delete {found.id} ({title}) for good?", err=True):
        asyncio.run(engine.handle(c.DeleteSession(found.id)))
        tell(f"deleted {found.id}")


@sessions.command()
@click.argument("session")
@click.option("--json", "json", is_flag=True, help="The id with the events that are kept and lost.")
@click.pass_obj
def repair(where: Where, session: str, json: bool) -> None:
    """Store what is sound of a damaged SESSION as a new one, and print its id. The damaged file stays as it is."""
    id, damaged = asyncio.run(build_engine(where).repair(session))
    kept, lost = len(damaged.events), damaged.lost
    if json:
        print_json({"session_id": id, "kept": kept, "lost": lost})
        return
    print(id)
    tell(f"of {damaged.id}, events that are sound and stored: {kept}; lost from the damage on: {lost}.")


def _as_markdown(events: Sequence[e.Stamped]) -> str:
    """Prompts as headings, answers as they are, calls and markers as one line each."""
    return "\n\n".join(piece for stamped in events if (piece := _piece(stamped.event)))


def _piece(event: object) -> str:
    match event:
        case e.SessionOpened():
            return f"# {event.title}\n\n{event.provider} · {event.model} · {event.workspace}"
        case e.TurnStarted():
            return f"## {event.turn}  {event.prompt}"
        case e.MessageAdded():
            text = without_trailer("".join(part.text for part in event.parts if isinstance(part, Text))).strip()
            return f"{text}\n\n*stopped here*" if event.draft and text else text
        case e.ToolProposed():
            return f"`{event.proposal.verb or event.proposal.tool}` {event.proposal.subject}"
        case e.ToolFailed():
            return f"> {event.cause}: {event.text}"
        case e.EscalationResolved():
            note = f": {event.verdict.note}" if event.verdict.note else ""
            return f"> {event.verdict.by}: {event.verdict.answer}{note}"
        case e.EscalationExpired():
            return "> nobody answered"
        case e.EpochOpened(reason="compacted"):
            return f"---\n\ncompacted {figures.tokens(event.before)} → {figures.tokens(event.after)}"
        case e.CompactionUndone():
            return "---\n\ncompaction undone"
        case e.SessionHandedOff():
            return f"---\n\nhanded off {event.to}\n\n{event.document}"
        case e.TurnFinished():
            cost, steps = figures.dollars(event.cost), "1 step" if event.steps == 1 else f"{event.steps} steps"
            return f"*{steps} · {figures.span(event.seconds)} · {cost} · {event.stop_reason}*"
        case e.TurnFailed():
            return f"> failed: {event.message} {event.hint}".rstrip()
    return ""

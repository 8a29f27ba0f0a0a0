"""`workbench sessions list|show|export|import`."""

from datetime import datetime
from pathlib import Path

import click
import msgspec

from workbench.cli.faults import complain, failing
from workbench.cli.markdown import as_markdown
from workbench.cli.shared import Where, built, complete, print_json
from workbench.core import figures
from workbench.core.archive import Archive, packed, unpacked
from workbench.core.errors import WorkbenchError


@click.group()
def sessions() -> None:
    """List, show, export and import sessions."""


@sessions.command("list")
@click.option("--json", "as_json", is_flag=True)
@click.pass_obj
def list_(where: Where, as_json: bool) -> None:
    """All sessions, newest first."""
    with failing():
        rows = built(where).sessions()
        if as_json:
            print_json([msgspec.to_builtins(row) for row in rows])
            return
        if not rows:
            click.echo("No sessions yet. `workbench` starts one.", err=True)
        for row in rows:
            when = datetime.fromtimestamp(row.updated_at).strftime("%Y-%m-%d %H:%M")
            sure = "unrated" if row.confidence is None else f"{row.confidence:.2f}"
            cost = figures.dollars(row.usd) + (" as if" if row.as_if else "")
            title = figures.visible(row.title)
            click.echo(f"{row.id}  {when}  {row.state:<10} {row.turns:>3} turns  {cost:>14}  {sure:>7}  {title}")


@sessions.command()
@click.argument("session")
@click.option("--json", "as_json", is_flag=True)
@click.pass_obj
def show(where: Where, session: str, as_json: bool) -> None:
    """The conversation of SESSION as Markdown, or its events as JSON."""
    with failing():
        opened = complete(built(where).inspect(session))
        if opened.read_only:
            complain(opened.read_only)
        if as_json:
            print_json(packed(opened.id, opened.events))
        else:
            click.echo(figures.visible(as_markdown(opened.events)))


@sessions.command()
@click.argument("session")
@click.option("--format", "form", type=click.Choice(["json", "markdown"]), default="json", show_default=True)
@click.option("-o", "--output", type=click.Path(path_type=Path), default=None, help="A file instead of stdout.")
@click.pass_obj
def export(where: Where, session: str, form: str, output: Path | None) -> None:
    """SESSION as one JSON document that `import` takes, or as Markdown."""
    with failing():
        opened = complete(built(where).inspect(session))
        text = (
            msgspec.json.format(msgspec.json.encode(packed(opened.id, opened.events)), indent=1).decode()
            if form == "json"
            else as_markdown(opened.events)
        )
        if output is None:
            click.echo(text)
            return
        try:
            output.write_text(text + "\n", encoding="utf-8")
        except OSError as error:
            raise WorkbenchError(f"{output} cannot be written: {error.strerror}.") from error
        click.echo(f"wrote {output}", err=True)


@sessions.command("import")
@click.argument("file", type=click.Path(path_type=Path))
@click.pass_obj
def import_(where: Where, file: Path) -> None:
    """Add the session in FILE, an exported one, under a new id, and print the id."""
    with failing():
        try:
            archive: Archive = unpacked(file.read_bytes())
        except OSError as error:
            raise WorkbenchError(f"{file} cannot be read: {error.strerror}.") from error
        click.echo(complete(built(where).adopt(archive.events)))

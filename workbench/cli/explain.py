"""`workbench explain`: what the gate would say about a shell line, and why."""

import sys

import click
import msgspec

from workbench.cli.options import GATED, RootOptions
from workbench.cli.shared import USAGE, Where, complain, print_json


@click.command(cls=RootOptions, takes=GATED)
@click.argument("line", required=False)
@click.option("--stdin", "many", is_flag=True, help="Explain each line of stdin; answers with a JSON line each.")
@click.option("--json", "as_json", is_flag=True)
@click.pass_obj
def explain(where: Where, line: str | None, many: bool, as_json: bool) -> None:
    """Say whether the shell LINE would run, ask or be denied. Nothing is run."""
    from workbench.escalation import explain as explained

    if many == (line is not None):
        complain("give one shell line as an argument, or --stdin with a line each.")
        raise SystemExit(USAGE)
    workspace = where.workspace.expanduser().resolve()
    if line is None:
        for each in sys.stdin.buffer:
            text = each.decode("utf-8", errors="replace").rstrip("\r\n")
            click.echo(msgspec.json.encode(explained(text, workspace)).decode())
        return
    ruling = explained(line, workspace)
    if as_json:
        print_json(ruling)
        return
    click.echo(f"{ruling['verdict']}  {ruling['rule']}")
    for effect in ruling["effects"]:
        click.echo(f"  {msgspec.json.encode(effect).decode()}")

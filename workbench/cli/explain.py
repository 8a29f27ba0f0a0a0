"""`workbench explain`: what the gate would say about a shell line, and why."""

import sys

import click
import msgspec

from workbench.cli.options import GATED, RootOptions
from workbench.cli.shared import USAGE, Where, choose_for, complain, failing, print_json


@click.command(cls=RootOptions, takes=GATED)
@click.argument("line", required=False)
@click.option("--stdin", "many", is_flag=True, help="Explain each line of stdin; answers with a JSON line each.")
@click.option("--json", "as_json", is_flag=True)
@click.pass_obj
def explain(where: Where, line: str | None, many: bool, as_json: bool) -> None:
    """Say whether the shell LINE would run, ask or be denied by your settings and rules. Nothing is run."""
    from workbench.bootstrap.build import build_explainer

    if many == (line is not None):
        complain("give one shell line as an argument, or --stdin with a line each.")
        raise SystemExit(USAGE)
    with failing():
        chosen = choose_for(where)
        explain_line = build_explainer(chosen)
        for fault in chosen.settings.faults:
            complain(fault)
        if line is None:
            for each in sys.stdin.buffer:
                ruling = explain_line(each.decode("utf-8", errors="replace").rstrip("\r\n"))
                click.echo(msgspec.json.encode(ruling).decode())
            return
        ruling = explain_line(line)
        if as_json:
            print_json(ruling)
            return
        click.echo(f"{ruling['verdict']}  {ruling['rule']}")
        for effect in ruling["effects"]:
            click.echo(f"  {msgspec.json.encode(effect).decode()}")

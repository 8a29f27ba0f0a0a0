"""`workbench explain`: what the gate would say about a shell line, and why."""

import sys

import click
import msgspec

from workbench.cli.faults import complain, failing
from workbench.cli.shared import Where, print_json


@click.command()
@click.argument("line", required=False, default="")
@click.option("--stdin", "many", is_flag=True, help="Explain each line of stdin; answers with a JSON line each.")
@click.option("--json", "as_json", is_flag=True)
@click.pass_obj
def explain(where: Where, line: str, many: bool, as_json: bool) -> None:
    """Say whether the shell LINE would run, ask or be denied by your settings and rules. Nothing is run."""
    from workbench.bootstrap import Choice, choose
    from workbench.bootstrap.build import build_explainer

    with failing():
        chosen = choose(Choice(where.workspace, where.provider, where.model, where.sessions))
        explain_line = build_explainer(chosen)
        for fault in chosen.settings.faults:
            complain(fault)
        if many:
            for each in sys.stdin.read().splitlines():
                click.echo(msgspec.json.encode(explain_line(each)).decode())
            return
        ruling = explain_line(line)
        if as_json:
            print_json(ruling)
            return
        click.echo(f"{ruling['verdict']}  {ruling['rule']}")
        for effect in ruling["effects"]:
            click.echo(f"  {msgspec.json.encode(effect).decode()}")

"""`make report`: writes docs/context.md, what the context window's benches measured on this machine.

A bench joins by its name in `tests.bench.__main__.CONTEXT`; its module measures, and may write its own part.
"""

import datetime
import platform
import sys
from collections.abc import Mapping
from functools import partial
from pathlib import Path

from tests.bench.__main__ import CONTEXT, LIMITS

REPORT = Path(__file__).parents[2] / "docs" / "context.md"
HEAD = """# What the context window keeps, and what that costs

Written by `make report`; `make bench` holds each figure to its limit. Measured {day}, Python {python}.
"""


def main(names: list[str]) -> None:
    """Measure the named benches, or all of the context window, and write the report."""
    day = datetime.datetime.now(datetime.UTC).date().isoformat()
    parts = [HEAD.format(day=day, python=platform.python_version())]
    for name in names or CONTEXT:
        bench = CONTEXT[name]
        figures = bench.measure()
        missed = [figure for figure, limit in LIMITS[name].items() if figures[figure] > limit]
        kept = "All limits are kept." if not missed else f"Limits missed: {', '.join(missed)}."
        about = (bench.__doc__ or "").strip()
        write = getattr(bench, "write_report", None) or partial(list_figures, LIMITS[name])
        parts.append(f"## {name.capitalize()}\n\n{about}\n\n{write(figures)}\n\n{kept}\n")
    REPORT.write_text("\n".join(parts), encoding="utf-8")
    print(REPORT)


def list_figures(limits: Mapping[str, float], figures: Mapping[str, float]) -> str:
    """The figures as a table, each beside its limit."""
    rows = ["| figure | measured | at most |", "|---|--:|--:|"]
    for name, figure in figures.items():
        most = f"{limits[name]:g}" if name in limits else ""
        rows.append(f"| {name.strip()} | {figure:.4g} | {most} |")
    return "\n".join(rows)


if __name__ == "__main__":
    main(sys.argv[1:])

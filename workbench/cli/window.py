"""`workbench window`: what the next request holds, what wastes it, and what each request before it held."""

from collections.abc import Sequence
from itertools import groupby
from typing import TYPE_CHECKING, Any

import click
import msgspec

from workbench.cli.requests import find_request
from workbench.cli.root import RootOptions
from workbench.cli.shared import Where, build_engine, reading
from workbench.cli.streams import print_json, print_text
from workbench.core import figures
from workbench.core.inspection import Finding
from workbench.core.window import SECTIONS, Window

if TYPE_CHECKING:
    from workbench.context.differences import ChangedBlock, Difference
    from workbench.context.requests import SentRequest
    from workbench.engine.session import Session

BLOCK_FIELDS = ("id", "section", "role", "tokens", "zone", "turn", "pinned", "cached")
"""What scripts read of a block."""
MORE_FIELDS = ("exact", "mark", "referenced", "drifting")
"""And what came later; last of all its `age` in turns."""
USAGE_FIELDS = ("input_tokens", "output_tokens", "cache_read_input_tokens", "cache_creation_input_tokens")
SHORT = {"system": "sys", "memory": "mem", "summary": "sum", "history": "hist", "results": "res", "current": "cur"}
"""Sections as a narrow column has them."""
WIDTH = 78
"""Columns that a line may take."""
REMEDIES = {
    "drop": "drop it in the window inspector",
    "mask": "mask it in the window inspector",
    "lift": "lift it in the window inspector",
    "compact": "compact",
    "none": "",
}


@click.command(cls=RootOptions)
@click.argument("session")
@click.option("--findings", is_flag=True, help="What wastes the window, what it costs a turn, and what mends it.")
@click.option("--steps", is_flag=True, help="A line for each request: tokens of each section, usage, cache, dollars.")
@click.option(
    "--diff",
    nargs=2,
    metavar="A B",
    default=None,
    help="What came, grew, shrank and went between two requests: TURN.STEP, TURN for its last step, or sN for the Nth.",
)
@click.option("--json", "json", is_flag=True, help="One JSON document.")
@click.pass_obj
def window(where: Where, session: str, findings: bool, steps: bool, diff: tuple[str, str] | None, json: bool) -> None:
    """Show what the next request of SESSION would hold, by section and block.

    With --steps or --diff it shows the requests that were sent: a step is one request of a turn, and 3.2 is the second
    step of turn 3.
    """
    if findings + steps + (diff is not None) > 1:
        raise click.UsageError("--findings, --steps and --diff each show something else. Give one of them.")
    engine = build_engine(where)
    with reading(engine, session) as opened:
        if findings:
            found = engine.find_waste(opened)
            document, text = _findings_document(found), _findings_text(found, opened)
        elif steps:
            sent = _fold(opened)
            document, text = _steps_document(sent), _steps_text(sent)
        elif diff:
            document, text = _compare(opened, *diff)
        else:
            measured = opened.list_blocks()
            document, text = _window_document(measured), _window_text(measured)
        if json:
            print_json(document)
        else:
            print_text(text)


def _window_document(window: Window) -> dict[str, Any]:
    figures_of = {name: getattr(window, name) for name in ("size", "total", "reserved", "free", "exact")}
    names = BLOCK_FIELDS + MORE_FIELDS
    blocks = [{name: getattr(each, name) for name in names} | {"age": window.age(each)} for each in window.blocks]
    return figures_of | {"sections": _list_sections(window), "blocks": blocks}


def _list_sections(window: Window) -> list[dict[str, Any]]:
    return [{"name": section.name, "tokens": section.tokens} for section in window.sections]


def _window_text(window: Window) -> str:
    about = "" if window.exact else "≈ "
    lines = [f"{about}{figures.tokens(window.total)} of {figures.tokens(window.size)}  {figures.percent(window.share)}"]
    lines[0] += f"  ({window.size_reason})" if window.size_reason else ""
    lines += [f"  {section.name:<9}{section.tokens:>9,}" for section in window.sections]
    lines += [f"  {'reserved':<9}{window.reserved:>9,}", f"  {'free':<9}{window.free:>9,}", ""]
    for block in window.blocks:
        marks = " cached" if block.cached else ""
        label = figures.visible(block.label)[:48]
        lines.append(f"  {block.section:<9}{block.tokens:>9,}  {block.zone:<8} turn {block.turn:<3} {label}{marks}")
    return "\n".join(lines)


def _findings_document(findings: Sequence[Finding]) -> dict[str, Any]:
    return {"findings": [msgspec.to_builtins(finding) for finding in findings]}


def _findings_text(findings: Sequence[Finding], session: "Session") -> str:
    if not findings:
        return "Nothing was found that wastes the window."
    total, all_of = session.window().total, sum(finding.tokens for finding in findings)
    lines = [f"{figures.tokens(all_of)} of {figures.tokens(total)} tokens may be waste:"]
    as_if = " as if" if session.summary.as_if else ""
    for finding in findings:
        usd = "" if finding.usd_a_turn is None else f"  {figures.dollars(finding.usd_a_turn)}{as_if} a turn"
        lines += ["", f"  {figures.tokens(finding.tokens):>7}  {finding.kind}{usd}"]
        said = figures.visible(finding.text) + (f" {remedy}." if (remedy := _name_remedy(finding)) else "")
        lines += [f"           {line}" for line in _wrap(said, WIDTH - 11)]
    return "\n".join(lines)


def _name_remedy(finding: Finding) -> str:
    remedy = REMEDIES[finding.remedy]
    remedy = remedy.replace(" it ", " them ") if len(finding.ids) > 2 else remedy
    return remedy[:1].upper() + remedy[1:]


def _wrap(text: str, width: int) -> list[str]:
    import textwrap

    return textwrap.wrap(text, width, break_on_hyphens=False) or [""]


def _fold(session: "Session", in_blocks: Sequence[int] = ()) -> "tuple[SentRequest, ...]":
    from workbench.context.requests import fold_requests

    return fold_requests(session.events, session.ledger.policy, in_blocks)


def _steps_document(requests: "Sequence[SentRequest]") -> dict[str, Any]:
    return {"steps": [_step_document(request) for request in requests]}


def _step_document(request: "SentRequest") -> dict[str, Any]:
    usage = request.usage
    return {
        "number": request.number,
        "turn": request.turn,
        "step": request.step,
        "epoch": request.epoch,
        "total": request.window.total,
        "exact": request.window.exact,
        "sections": _list_sections(request.window),
        "usage": {name: getattr(usage, name) for name in USAGE_FIELDS} if usage else None,
        "usd": request.usd,
        "as_if": request.as_if,
    }


def _steps_text(requests: "Sequence[SentRequest]") -> str:
    if not requests:
        return "No request was sent in this session yet."
    names = [SHORT.get(name, name) for name in SECTIONS]
    rows = [("step", *names, "total", "usage", "read", "wrote", "usd")]
    rows += [_step_row(request) for request in requests]
    as_if = any(request.as_if for request in requests)
    legend = [
        "usage: prompt tokens as reported; read, wrote: of them from and to the cache",
        "≈ estimated; – no reply came",
    ]
    legend[-1] += "; usd as if: nobody pays a rehearsal" if as_if else ""
    return "\n".join([*_align(rows), "", *legend])


def _step_row(request: "SentRequest") -> tuple[str, ...]:
    usage, window = request.usage, request.window
    sections = [figures.tokens(section.tokens) for section in window.sections]
    total = f"{'' if window.exact else '≈'}{figures.tokens(window.total)}"
    told = [figures.NO_FIGURE] * 3
    if usage:
        cache = (usage.cache_read_input_tokens, usage.cache_creation_input_tokens)
        told = [figures.tokens(count) for count in (usage.prompt, *cache)]
    return (request.name, *sections, total, *told, figures.dollars(request.usd))


def _align(rows: Sequence[Sequence[str]]) -> list[str]:
    """The first column to the left, the others to the right."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return [
        " ".join(
            [row[0].ljust(widths[0]), *(cell.rjust(width) for cell, width in zip(row[1:], widths[1:], strict=True))]
        )
        for row in rows
    ]


def _compare(session: "Session", a: str, b: str) -> tuple[dict[str, Any], str]:
    """The difference between two requests of the session, as a document and as text."""
    from workbench.context.differences import compare_windows

    known = _fold(session)
    one, other = find_request(a, known, session.id), find_request(b, known, session.id)
    if one.number == other.number:
        raise click.UsageError(f"{a} and {b} are the same request. Give two.")
    measured = {request.number: request for request in _fold(session, (one.number, other.number))}
    one, other = measured[one.number], measured[other.number]
    became = other.became if one.number < other.number else {}
    difference = compare_windows(one.window, other.window, became)
    return _difference_document(one, other, difference), _difference_text(one, other, difference)


def _difference_document(one: "SentRequest", other: "SentRequest", difference: "Difference") -> dict[str, Any]:
    from workbench.context.differences import CHANGES

    def describe(request: "SentRequest") -> dict[str, Any]:
        return {name: getattr(request, name) for name in ("number", "turn", "step", "epoch")} | {
            "total": request.window.total
        }

    return {
        "a": describe(one),
        "b": describe(other),
        "change": difference.after - difference.before,
        "sums": {change: difference.sum_up(change) for change in CHANGES},
        "sections": [msgspec.to_builtins(section) | {"change": section.change} for section in difference.sections],
        "blocks": [msgspec.to_builtins(block) for block in difference.blocks],
    }


def _difference_text(one: "SentRequest", other: "SentRequest", difference: "Difference") -> str:
    before, after = figures.tokens(difference.before), figures.tokens(difference.after)
    change = difference.after - difference.before
    lines = [f"{one.name} → {other.name}  {before} → {after} tokens  {change:+,}", ""]
    lines += [f"  {'section':<9}{'before':>11}{'after':>11}{'change':>11}"]
    for section in difference.sections:
        lines.append(f"  {section.name:<9}{section.before:>11,}{section.after:>11,}{_sign(section.change):>11}")
    lines.append(f"  {'total':<9}{difference.before:>11,}{difference.after:>11,}{_sign(change):>11}")
    fates = max((len(block.became) for block in difference.blocks), default=0)
    for word, members in groupby(difference.blocks, lambda block: block.change):
        blocks = list(members)
        lines += ["", f"{word}  {_sign(sum(block.after - block.before for block in blocks))}"]
        lines += [_block_line(block, fates) for block in blocks]
    if not difference.blocks:
        lines += ["", "Every block takes the room that it took."]
    return "\n".join(lines)


def _block_line(block: "ChangedBlock", fates: int) -> str:
    """`fates`: columns for what became of blocks; 0 where nothing did."""
    turn = f"turn {block.turn}" if block.turn else ""
    start = f"  {_sign(block.after - block.before):>9}  {block.section:<8} {turn:<9} " + (
        f"{block.became:<{fates}}  " if fates else ""
    )
    label = figures.visible(block.label)
    return f"{start}{label[: WIDTH - len(start)]}".rstrip()


def _sign(change: int) -> str:
    return f"{change:+,}" if change else "0"

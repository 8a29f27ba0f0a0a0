"""Hits marked in what is drawn: underlined, the one that was gone to on the ground of what is chosen."""

from collections.abc import Iterable, Sequence

from workbench.ui.draw.runs import StyledRun, Styles

Span = tuple[int, int, bool]
"""First character, the one after the last, and whether it is the hit that was gone to."""


def mark_runs(runs: Sequence[StyledRun], spans: Iterable[Span], styles: Styles) -> list[StyledRun]:
    """`runs` with `spans` of their characters marked; the spans are in order and do not overlap."""
    marked: list[StyledRun] = []
    waiting = [span for span in spans if span[1] > span[0]]
    base = 0
    for text, style in runs:
        at, end = 0, len(text)
        for first, last, chosen in waiting:
            start, stop = max(at, first - base), min(end, last - base)
            if stop <= start:
                continue
            look = styles("on-accent", "accent", "bold underline") if chosen else styles("accent", "", "underline")
            marked += [(text[at:start], style)] if start > at else []
            marked.append((text[start:stop], style + look))
            at = stop
        marked += [(text[at:], style)] if at < end else []
        base += end
    return marked

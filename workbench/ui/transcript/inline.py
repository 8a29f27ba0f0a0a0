"""The words of one Markdown span as runs: emphasis, code, links that can be clicked."""

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from workbench.ui.draw.runs import StyledRun, Styles

if TYPE_CHECKING:
    from markdown_it.token import Token

_URL = re.compile(r"https?://[^\s<>\"'`]*[^\s<>\"'`.,;:!?)\]}]")
_ATTRIBUTES = {"strong": "bold", "em": "italic", "s": "strike", "link": "underline"}


def draw_inline(
    tokens: "Sequence[Token]", styles: Styles, role: str = "foreground", attributes: str = ""
) -> list[StyledRun]:
    """`tokens` of one inline span, written in `role` unless they say otherwise."""
    runs: list[StyledRun] = []
    active = attributes.split()
    href = ""
    for token in tokens:
        kind, _, edge = token.type.rpartition("_")
        if edge == "open" and kind in _ATTRIBUTES:
            active.append(_ATTRIBUTES[kind])
            href = str(token.attrGet("href") or "") if kind == "link" else href
        elif edge == "close" and kind in _ATTRIBUTES:
            active.remove(_ATTRIBUTES[kind])
            href = "" if kind == "link" else href
        else:
            runs.extend(_leaf(token, styles, ("info" if href else role, " ".join(active)), href))
    return runs


def _leaf(token: "Token", styles: Styles, look: tuple[str, str], href: str) -> list[StyledRun]:
    role, attributes = look
    match token.type:
        case "softbreak":
            return [(" ", styles(role, "", attributes))]
        case "hardbreak":
            return [("\n", styles(role, "", attributes))]
        case "code_inline":
            style = styles("syntax-number", "code", attributes)
            return [(token.content, styles.link(href, style) if href else style)]
        case "image":
            address = str(token.attrGet("src") or "")
            style = styles("info", "", "underline")
            return [(token.content or address, styles.link(address, style))]
    style = styles(role, "", attributes)
    if href:
        return [(token.content, styles.link(href, style))]
    return _addresses(token.content, styles, look)


def _addresses(text: str, styles: Styles, look: tuple[str, str]) -> list[StyledRun]:
    """Plain text in which bare web addresses can be clicked."""
    role, attributes = look
    style = styles(role, "", attributes)
    if "://" not in text:
        return [(text, style)] if text else []
    runs: list[StyledRun] = []
    end = 0
    for match in _URL.finditer(text):
        runs.append((text[end : match.start()], style))
        runs.append((match.group(), styles.link(match.group(), styles("info", "", f"{attributes} underline".strip()))))
        end = match.end()
    runs.append((text[end:], style))
    return [run for run in runs if run[0]]

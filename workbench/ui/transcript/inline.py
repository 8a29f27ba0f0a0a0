"""The words of one Markdown span as runs: emphasis, code, links that can be clicked.

What is drawn is made harmless here, behind all decoding: an entity may stand for any character.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from rich.style import Style

from workbench.ui.draw.runs import StyledRun, Styles, escape_controls, escape_unseen
from workbench.ui.draw.written import Written
from workbench.ui.transcript.as_written import find_web_addresses

if TYPE_CHECKING:
    from markdown_it.token import Token

DecodedRun = tuple[str, Style, bool]
"""Text, its style, and True where it is code or an address."""
_ATTRIBUTES = {"strong": "bold", "em": "italic", "s": "strike", "link": "underline"}


def draw_inline(
    tokens: "Sequence[Token]", styles: Styles, role: str = "foreground", attributes: str = ""
) -> tuple[list[StyledRun], Written]:
    """`tokens` of one inline span, written in `role` unless they say otherwise, and what was written there."""
    raw = _decode(tokens, styles, role, attributes)
    runs = [
        (shown, style) for text, style, code in raw if (shown := (escape_unseen if code else escape_controls)(text))
    ]
    return runs, Written("".join(text for text, *_ in raw), "".join(text for text, _ in runs))


def _decode(tokens: "Sequence[Token]", styles: Styles, role: str, attributes: str) -> list[DecodedRun]:
    runs: list[DecodedRun] = []
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


def _leaf(token: "Token", styles: Styles, look: tuple[str, str], href: str) -> list[DecodedRun]:
    role, attributes = look
    match token.type:
        case "softbreak":
            return [(" ", styles(role, "", attributes), False)]
        case "hardbreak":
            return [("\n", styles(role, "", attributes), False)]
        case "code_inline":
            style = styles("syntax-number", "code", attributes)
            return [(token.content, styles.link(href, style) if href else style, True)]
        case "image":
            address = str(token.attrGet("src") or "")
            style = styles("info", "", "underline")
            words = "".join(text for text, *_ in _decode(token.children or [], styles, role, attributes))
            return [(words or address, styles.link(address, style), not words)]
    style = styles(role, "", attributes)
    if href:
        return [(token.content, styles.link(href, style), token.content == href)]
    return _addresses(token.content, styles, look)


def _addresses(text: str, styles: Styles, look: tuple[str, str]) -> list[DecodedRun]:
    """Plain text in which bare web addresses can be clicked."""
    role, attributes = look
    style = styles(role, "", attributes)
    if "://" not in text:
        return [(text, style, False)] if text else []
    runs: list[DecodedRun] = []
    end = 0
    for first, last in find_web_addresses(text):
        runs.append((text[end:first], style, False))
        address = text[first:last]
        runs.append((address, styles.link(address, styles("info", "", f"{attributes} underline".strip())), True))
        end = last
    runs.append((text[end:], style, False))
    return [run for run in runs if run[0]]

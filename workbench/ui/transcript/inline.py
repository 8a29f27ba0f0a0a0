"""Inline Markdown as runs: bold, italic, code, links."""

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from workbench.ui.transcript.ink import Ink
from workbench.ui.transcript.lines import Run

if TYPE_CHECKING:
    from markdown_it.token import Token

_URL = re.compile(r"https?://[^\s<>\"'`]*[^\s<>\"'`.,;:!?)\]}]")
_ATTRIBUTES = {"strong": "bold", "em": "italic", "s": "strike", "link": "underline"}


def inline_runs(tokens: "Sequence[Token]", ink: Ink, role: str = "foreground", attributes: str = "") -> list[Run]:
    """`tokens` of one inline span, written in `role` unless they say otherwise."""
    runs: list[Run] = []
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
            runs.extend(_leaf(token, ink, ("info" if href else role, " ".join(active)), href))
    return runs


def _leaf(token: "Token", ink: Ink, look: tuple[str, str], href: str) -> list[Run]:
    role, attributes = look
    match token.type:
        case "softbreak":
            return [(" ", ink(role, "", attributes))]
        case "hardbreak":
            return [("\n", ink(role, "", attributes))]
        case "code_inline":
            style = ink("syntax-number", "code", attributes)
            return [(token.content, ink.link(href, style) if href else style)]
        case "image":
            address = str(token.attrGet("src") or "")
            style = ink("info", "", "underline")
            return [(token.content or address, ink.link(address, style))]
    style = ink(role, "", attributes)
    if href:
        return [(token.content, ink.link(href, style))]
    return _addresses(token.content, ink, look)


def _addresses(text: str, ink: Ink, look: tuple[str, str]) -> list[Run]:
    """Plain text in which bare web addresses can be clicked."""
    role, attributes = look
    style = ink(role, "", attributes)
    if "://" not in text:
        return [(text, style)] if text else []
    runs: list[Run] = []
    end = 0
    for match in _URL.finditer(text):
        runs.append((text[end : match.start()], style))
        runs.append((match.group(), ink.link(match.group(), ink("info", "", f"{attributes} underline".strip()))))
        end = match.end()
    runs.append((text[end:], style))
    return [run for run in runs if run[0]]

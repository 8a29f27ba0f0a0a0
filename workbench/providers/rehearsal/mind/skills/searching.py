"""Search the contents; find where a name is defined and used."""

import re
from pathlib import PurePosixPath

from workbench.providers.rehearsal.mind.evidence import source
from workbench.providers.rehearsal.mind.evidence.matches import Match, by_file, defines, matches, truncated
from workbench.providers.rehearsal.mind.evidence.tree import tree_of
from workbench.providers.rehearsal.mind.markdown import bullets, clip, code, count, fence, names
from workbench.providers.rehearsal.mind.request import Request
from workbench.providers.rehearsal.mind.skills.calls import glob, grep, literal, read
from workbench.providers.rehearsal.mind.skills.scratchpad import closing, finding, opening
from workbench.providers.rehearsal.mind.skills.trouble import said
from workbench.providers.rehearsal.mind.steps import Answer, Plan, Step

SHOWN = 30
"""Lines shown at most."""
_ASKS = (
    r"^(search|grep|find|look (?:for|up)|locate|where|who (?:uses|calls)|which (?:files?|modules?|lines?|functions?)|"
    r"usages? of|uses of|references? to|how many times|how often|how many (?:todos?|fixmes?)|"
    r"show (?:me )?(?:all )?(?:the )?(?:usages?|references?|todos?)|"
    r"list (?:all )?(?:the )?todos?|what (?:uses|calls|imports))\b"
)
_NEEDLES = (
    r"\b(?:where|which files?|what files?)\b.*?\b(?:is|are|does|do)\s+(?:the\s+)?(?:function |class |"
    r"method |variable |constant )?([\w.$-]+)"
    r"\s+(?:defined|declared|implemented|used|called|set|imported|mentioned|created|live|come)",
    r"\b(?:usages?|uses|references?|definition|occurrences?|mentions?)\s+(?:of|to)\s+(?:the\s+)?([^\s?,;]+)",
    r"\bwhich (?:files?|modules?|lines?|functions?)\s+(?:\w+\s+)?"
    r"(?:contains?|defines?|declares?|implements?|mentions?|uses?|imports?|"
    r"calls?|has|have)\s+(?:the (?:word|text)\s+)?([^\s?,;]+)",
    r"\bwho (?:uses|calls)\s+([^\s?,;]+)",
    r"\bwhat (?:uses|calls|imports)\s+([^\s?,;]+)",
    r"\bhow (?:many times|often) (?:is|does|do|are)\s+(?:the (?:word|name)\s+)?([^\s?,;]+)",
    r"\b(todo|fixme)s?\b",
    r"^(?:search|grep|look|find|locate)\b\s*(?:(?:the |this )?(?:code|project|files?|repo\w*|everything|"
    r"all files)\s+)?(?:for|up)?\s*"
    r"(?:(?:all|any|every|the|occurrences? of|word|text|string|lines? (?:with|containing)|definition of|"
    r"function|class)\s+)*"
    r"(.+?)(?:\s+(?:in|inside|within|across|under)\s+\S.*)?[?.!]*$",
    r"^where (?:is|are|does|do|can i find)\s+(?:the\s+)?(.+?)[?.!]*$",
)


class Search:
    """Lines with what is looked for, with path and number."""

    def matches(self, request: Request) -> bool:
        wanted = needle(request) if request.match(_ASKS) else ""
        told = bool(wanted) and (bool(request.quoted) or len(wanted.split()) <= 3)
        return told or bool(symbol(request))

    def plan(self, request: Request) -> Plan:
        wanted = symbol(request) or needle(request)
        if _is_name(request, wanted):
            return (yield from _by_name(request, wanted))
        base = next((path for path in request.paths if path != wanted), "")
        pattern = (
            wanted if request.match(r"\bregex|regular expression|pattern\b") else re.escape(wanted).replace(r"\ ", " ")
        )
        result = (yield opening(request, f"I will search for {code(wanted)}.", grep(pattern, base)))[1]
        if result.ok and not matches(result, request.talk):
            other = re.escape(wanted.rsplit(".", 1)[-1]) if symbol(request) else f"(?i){pattern}"
            (result,) = yield Step((grep(other, base),))
        found = matches(result, request.talk)
        if not found:
            return (yield from _nothing(wanted, result.ok, said(result)))
        best = next((m for m in found if defines(m, wanted.rsplit(".", 1)[-1])), None)
        piece = ""
        if best and request.match(
            r"\b(where|defin|implement|declar|find|function|class|explain|how|what|describe)\w*\b"
        ):
            fact = finding(f"{wanted} is defined in {best.path}:{best.line}")
            context = (yield Step((fact, read(best.path, best.line, best.line + 11))))[1]
            piece = fence(context.text, source.language(best.path)) if context.ok and context.text.strip() else ""
        yield closing("" if best else f"{wanted}: {count(len(found), 'line')} in {', '.join(list(by_file(found))[:4])}")
        return _answer(wanted, found, best, piece, truncated(result))


_SYMBOL = re.compile(
    r"^(?:how (?:does|is)|what (?:does|is)|explain|describe|show(?: me)?|tell me about)\s+(?:the |"
    r"how )?(?:(function|class|method|module)\s+)?"
    r"[`'\"]?([A-Za-z_$][\w.$]*)(\(\))?[`'\"]?(?:\s+(function|class|method))?(?:\s+(?:do|does|work|works|"
    r"implemented|used for|for))*\W*$",
    re.I,
)


def symbol(request: Request) -> str:
    """The name that an explanation is asked of: one that only code has, or one called a function or class."""
    match = _SYMBOL.match(request.bare)
    if match is None or match[2] in request.paths:
        return ""
    name = match[2].rstrip(".")
    coded = re.search(r"[_.]|[a-z][A-Z]|^[A-Z]{3,}$", name) or match[1] or match[3] or match[4] or "`" in request.bare
    return name if coded and name.lower() not in ("this", "that", "it", "node.js") else ""


def needle(request: Request) -> str:
    """What is looked for; empty where it cannot be told."""
    if request.quoted:
        return request.quoted[0].strip()
    for pattern in _NEEDLES:
        if match := request.match(pattern):
            text = match[1].strip().strip("?.!,;:")
            return text.upper() if text.lower() in ("todo", "fixme") else text.removesuffix("()")
    return ""


def _is_name(request: Request, wanted: str) -> bool:
    return (
        wanted in request.paths and not request.quoted and not request.match(r"\b(import|us|contain|mention|call)\w*\b")
    )


def _by_name(request: Request, wanted: str) -> Plan:
    found = yield opening(request, f"I will look for a file named {code(wanted)}.", glob(f"**/{literal(wanted)}*"))
    paths = tree_of(found, request.talk).paths
    yield closing(f"{wanted}: {', '.join(paths[:4]) or 'no such file'}")
    if paths:
        return Answer(
            f"{count(len(paths), 'path')}:\n\n{bullets(code(p) for p in paths[:SHOWN])}",
            0.9,
            "Straight from the listing.",
        )
    text = f"There is no file named {code(wanted)} in the workspace."
    return Answer(text, 0.8, "A listing of every folder found none.", (f"Search the contents for {wanted}",))


def _nothing(wanted: str, ran: bool, failure: str) -> Plan:
    yield closing(f"no line holds {wanted}" if ran else "", status="done" if ran else "blocked")
    others = (
        "Search for another spelling",
        "List the files instead",
        "Search hidden or ignored files with a shell command",
    )
    if not ran:
        return Answer(f"The search for {code(wanted)} failed: {failure}", 0.5, "No search result to go by.", others[:2])
    text = f"No line holds {code(wanted)}, in any spelling of upper and lower case. Ignored files were not searched."
    return Answer(text, 0.78, "Two searches, exact and without case, found nothing.", others)


def _answer(wanted: str, found: list[Match], best: Match | None, piece: str, cut: bool) -> Answer:
    files = by_file(found)
    head = f"{code(wanted)} stands in {count(len(found), 'line')} of {count(len(files), 'file')}."
    if best:
        head = f"{code(wanted)} is defined in {code(f'{best.path}:{best.line}')}.\n\n{piece}\n\n{head}".replace(
            "\n\n\n\n", "\n\n"
        )
    rest = sorted(found, key=lambda m: (m != best, PurePosixPath(m.path).suffix == ".md"))
    lines = bullets(f"{code(f'{m.path}:{m.line}')} {code(clip(m.text, 110))}" for m in rest[:SHOWN] if m.text)
    more = f"\n\n… and {len(found) - SHOWN} more lines, in {names(files)}." if len(found) > SHOWN else ""
    cut_text = "\n\nThe search result was cut; there may be more." if cut else ""
    reason = "Every line is quoted from the search, with its number." + (" The result was cut." if cut else "")
    return Answer(f"{head}\n\n{lines}{more}{cut_text}", 0.8 if cut else 0.92, reason)

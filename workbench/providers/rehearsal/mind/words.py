"""What a prompt's wording holds: quotes, paths, keywords; and how it falls into parts."""

import re

_POLITE = re.compile(
    r"^(?:\d{1,2}[.)]\s+|[-*]\s+)?(?:(?:please|pls|kindly|hey|hi|hello|ok|okay|so|now|well|great|thanks|"
    r"thank you|could you|can you|"
    r"would you|will you|i(?:'d|’d| would) like you to|i (?:want|need) you to|go ahead and|just|also|"
    r"finally|first|then|"
    r"and|after that|afterwards|let(?:'|’)s|let us)\b[\s,:!.]*)*",
    re.I,
)
_QUOTED = re.compile(
    r"```[^\n`]*\n(.*?)```|`([^`\n]+)`|\"([^\"]*)\"|“([^”]*)”|(?<![\w])'([^'\n]*)'(?!\w)|‘([^’\n]*)’", re.S
)
_PATH = re.compile(r"(?<![\w@/.])(?:~?/|\.{1,2}/)?[\w.@+-]+(?:/[\w.@+-]+)*/?(?<![.,;:])", re.U)
_KNOWN = re.compile(
    r"^(?:[Rr]eadme|README|[Cc]hangelog|CHANGELOG|[Mm]akefile|[Dd]ockerfile|LICEN[CS]E|Licen[cs]e|"
    r"CONTRIBUTING|AUTHORS|Procfile|Gemfile)$"
)
_EXTENSION = re.compile(r"\.[A-Za-z][A-Za-z0-9_]{0,7}$")
_USUAL = frozenset(
    re.findall(
        r"\S+",
        "bat bmp c cc cfg conf cpp cs css csv diff doc docx env erl ex exs fish gif go gradle h hpp htm html "
        "ico ini ipynb java "
        "jpeg jpg js json jsonl jsx kt less lock log lua md mdx mjs mod odt pdf php pl png po proto ps1 py "
        "pyi r rb rs rst sass "
        "scala scss sh sql sqlite sum svg swift tar tcss tex toml ts tsv tsx txt vue wasm xls xlsx xml yaml "
        "yml zip zsh",
    )
)
"""Extensions that make a bare word a file's name; a quoted one may have any."""
_ABBREVIATIONS = {"e.g", "i.e", "etc", "vs", "node.js", "next.js", "vue.js"}
_VERBS = (
    "run|delete|remove|create|write|replace|rename|add|remember|note|list|search|find|grep|read|show|summarise|"
    "summarize|explain|describe|analyse|analyze|execute|append|tell me|change|open|count|record|decide|check"
)
_JOINT = re.compile(
    r"[.;,]?\s+(?:and\s+)?then,?\s+|[.;,]?\s+after that,?\s+|[.!?;]\s+(?=(?:please\s+|finally,?\s+|"
    rf"also\s+)?(?:{_VERBS})\b)"
    rf"|,?\s+and\s+(?:also\s+|finally\s+)?(?=(?:{_VERBS})\s+(?!it\b|its\b|them\b|replace\b))"
    r"|\n\s*(?:\d+[.)]|[-*])\s+",
    re.I,
)
_STOP = frozenset(
    re.findall(
        r"\S+",
        "a an and any are as at be been but by can could did do does for from get give had has have how i if "
        "in into is "
        "it its just let like make many me mean means more most much my need no not of on one or our out over please "
        "put said say see she should show so some such take tell than that the their them then there these they thing "
        "this those to us use used uses using want was way we were what when where which while who why will with work "
        "works would you your file files folder project code about all also find look explain here thanks file's it's "
        "what's ",
    )
)
PARTS = 6
"""Parts of one prompt that are done in order; what follows them stays with the last."""


def plain(text: str) -> str:
    """`text` without the politeness around it; itself where nothing else is in it."""
    bare = _POLITE.sub("", text.strip())
    bare = re.sub(r"[\s,]*(?:please|thanks|thank you|for me|pls)[\s.!]*$", "", bare, flags=re.I).strip()
    return bare or text.strip()


def quoted(text: str) -> list[str]:
    """What stands in quotation marks, backticks or fences, in order."""
    return [next(group for group in match.groups() if group is not None) for match in _QUOTED.finditer(text)]


def unquoted(text: str) -> str:
    """`text` with each quotation replaced by as many marks that are no letters, so that nothing inside it counts."""
    return _QUOTED.sub(lambda match: "¤" * len(match.group()), text)


def paths(text: str) -> list[str]:
    """File and folder names in `text`: quoted ones that look like one, names with an extension, a slash, or known."""
    found = [(m.start(), next(g for g in m.groups() if g is not None)) for m in _QUOTED.finditer(text)]
    found = [(at, name.strip()) for at, name in found if _is_path(name.strip(), spaces=True)]
    found += [(m.start(), m.group()) for m in _PATH.finditer(unquoted(text)) if _is_path(m.group())]
    ordered = [name.removeprefix("./") for _, name in sorted(found)]
    return list(dict.fromkeys(name for name in ordered if name))


def _is_path(name: str, spaces: bool = False) -> bool:
    if not name or "\n" in name or (" " in name and not spaces) or name.lower() in _ABBREVIATIONS or "://" in name:
        return False
    if re.fullmatch(r"[\d.,/-]+|v?\d[\d.]*\w*", name) or name.lower() in ("and/or", "he/she", "i/o", "yes/no", "n/a"):
        return False
    last = name.rstrip("/").rsplit("/", 1)[-1]
    extension = _EXTENSION.search(last)
    if " " in name and not extension:
        return False
    usual = extension is not None and (spaces or extension.group()[1:].lower() in _USUAL)
    hidden = last.startswith(".") and len(last) > 2
    return bool("/" in name.strip("/") or name.endswith("/") or usual or hidden or _KNOWN.match(last))


def keywords(text: str, limit: int = 5) -> list[str]:
    """The words of `text` that say most, in its order: identifiers and long words first when there are too many."""
    words = [w.strip("._-'’") for w in re.findall(r"[\w.'’-]+", text)]
    seen: dict[str, int] = {}
    for place, word in enumerate(words):
        if len(word) > 2 and word.lower() not in _STOP and not word.isdigit():
            seen.setdefault(word, place)
    best = sorted(seen, key=lambda word: (-_weight(word), seen[word]))[:limit]
    return sorted(best, key=seen.__getitem__)


def _weight(word: str) -> int:
    identifier = "_" in word or "." in word or re.search(r"[a-z][A-Z]", word) is not None
    return len(word) + (20 if identifier else 0)


def parts(text: str) -> list[str]:
    """The steps of a prompt, in order; quotations are never cut. One part where it is one request."""
    if "```" in text or re.match(r"\s*(?:remember|note|keep in mind|record)\b", text, re.I):
        return [text]
    bare, start = unquoted(text), 0
    cuts: list[str] = []
    for joint in _JOINT.finditer(bare):
        piece = text[start : joint.start()].strip()
        if len(piece.split()) > 1 and len(cuts) < PARTS - 1:
            cuts.append(piece)
            start = joint.end()
    cuts.append(text[start:].strip())
    return [cut for cut in cuts if cut]

"""The hard facts in a text, by code (seed §2A, §4): what summaries lose first.

paths, commands, numbers with their units, errors, URLs, identifiers          as they are written, out of any text
decisions, preferences, questions, what was abandoned                          whole sentences, out of what was said

Nothing here knows how much a fact is worth: where it was said and what came of it decides that (`evidence`).
"""

import re
from collections.abc import Iterator
from typing import Literal

FactKind = Literal[
    "requests", "decisions", "preferences", "paths", "commands", "numbers", "errors", "urls", "identifiers",
    "questions", "abandoned", "remarks",
]  # fmt: skip
LONGEST = 200
"""Characters of a path, a URL or an error."""
SENTENCE = 260
"""Characters of a sentence that is taken word for word; a longer one is no decision but a story."""

_SUFFIX = (
    r"(?:py|pyi|ipynb|md|toml|json|jsonl|ya?ml|txt|rst|cfg|conf|ini|sh|bat|ps1|js|mjs|jsx|ts|tsx|vue|css|scss|tcss|"
    r"html?|sql|rs|go|c|h|cc|cpp|hpp|cs|java|kt|swift|rb|php|ex|exs|scala|lua|r|pl|lock|csv|tsv|parquet|svg|png|"
    r"jpe?g|pdf|xml|proto|env|log|db|sqlite|gz|zip|tar|whl|tf|gradle)"
)
_URL = re.compile(
    r"\b(?:https?|wss?|s3|gs|ssh|git|file|ftp|postgres(?:ql)?|redis)://[^\s<>\"'`)\]}]+|\bgit@[\w.-]+:[\w./-]+"
)
_WINDOWS = re.compile(
    r"(?<![\w\\])(?:[A-Za-z]:[\\/]|\\\\[\w.$-]+\\)(?:[\w.@+$~-]+[\\/])*[\w.@+$~-]+"
    r"|(?<![\w\\:/])(?:[\w.@+-]+\\)+[\w@+-][\w.@+-]*"
)
_PATH = re.compile(
    r"(?<![\w:/.@+\\<-])(?:~?/|\.{1,2}/)?(?:[\w.@+-]+/)+[\w@+-][\w.@+-]*(?<![.,])/?"
    rf"|(?<![\w:/.@+\\<-])(?:\.(?=\w)|)[\w@+-][\w.@+-]*\.{_SUFFIX}(?![\w/])"
    r"|(?<![\w:/.@+\\<-])(?:~?/|\.{1,2}/)[\w@+-][\w.@+-]+(?<![.,])(?!:)"
)
_FIGURE = r"\d+(?:[.,:_]\d+)*(?:[eE][+-]?\d+)?(?:[–-]\d+(?:[.,]\d+)*)?"
_UNIT = (
    r"(?:[numµ]?s|secs?|mins?|h|hrs?|days?|[kKMGTP]i?[bB]|[kKMGTP]i?bit|bytes?|[kMG]?Hz|rps|qps|fps|px|pt|rem|[dcmkn]?[mB]|"
    r"[mk]?g|[mk]?[WVA]|°?[CF]|tokens?|cores?|row|test|line|file|percent|points?|million|billion|thousand|dozen|x|k|bn|"
    r"passed|failed|skipped|(?!(?:The|This|It|In|We|I|An?|And|But|No|If|So|As|At|On)\b)[^\W\d_]?[A-Z][^\W\d_]{0,4}"
    r"|(?!(?:is|as|was|its|has|does|this|thus|us|always|plus|less|across|perhaps|unless)\b)[^\W\d_]{2,14}s)\b"
)
"""A unit, or what is counted: a plural, or what is written in capitals."""
_RATE = r"(?:/[a-zA-Z]{1,9})?"
_COUNTED = (
    r"[Pp]ort|[Ll]ine|[Ll]imit|[Tt]imeout|[Rr]etries|[Ss]tatus|[Pp]id|[Ww]orkers|[Ss]eed|[Bb]uild|"
    r"[Cc]ount|[Ss]ize|[Dd]epth|[Ll]evel|[Rr]evision|[Qq]uota|[Mm]aximum|[Mm]inimum|[A-Z]{2,8}|[a-z]+_[a-z_]+"
)
"""What a bare figure is told of."""
_NUMBER = re.compile(
    rf"(?<![\w.])[$€£¥]\s?{_FIGURE}(?:\s?(?:[kKMB]|bn|million|billion)\b)?(?!\w)"
    rf"|(?<![\w.,/:#%$€£¥–-])[-−]?{_FIGURE}(?:\s?[%‰°€£](?:[CF]\b)?|\s{_UNIT}{_RATE}|\s[^\W\d_]{{1,12}}/[a-zA-Z]{{1,9}}"
    rf"|(?:[^\W\d_]|µ){{1,4}}{_RATE})(?![\w(]|/[A-Za-z])"
    r"|(?<![\w.,/:#-])\d+(?:-(?:second|minute|hour|day|week|month|year|line|byte|bit|core|node|step)s?|x\d+)\b"
    rf"|(?<![\w.-])[A-Za-z_][\w.-]{{1,30}}(?:\s?=\s?|:\s){_FIGURE}(?:\s?[%‰]|\s?{_UNIT}{_RATE})?(?!\w|[./:-]\w)"
    rf"|\b(?:{_COUNTED})\s(?:is\s|of\s|to\s)?\d+(?:[.,]\d+)*(?!\w|[.:-]\w)"
)
_IDENTIFIER = re.compile(
    r"\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b"
    r"|\b(?=[0-9a-f]*\d)(?=[0-9a-f]*[a-f])[0-9a-f]{7,64}\b"
    r"|\b[A-Z][A-Z0-9]{1,9}-\d+\b|(?<![\w&/])#\d{1,7}\b|\bv?\d+\.\d+\.\d+(?:[-+.][\w.]+)?\b"
    r"|\b[A-Z][A-Z0-9]+(?:_[A-Z0-9]+)+\b|\b[\w.+-]+@[\w-]+\.[\w.-]*\w\b|\b[a-z]+_[a-z]+_[0-9a-zA-Z]{6,}\b"
)
_ERROR = re.compile(
    r"\b\w*(?:Error|Exception|Fault|Panic)\b(?:\s*\[\w+\])?:\s?\S"
    r"|^\s*(?:error|fatal|panic|fail(?:ed|ure)?|E\s{2,}|npm ERR!)(?:\[\w+\])?:?\s*\S|\bERROR\b|\bFAILED\b"
    r"|\b(?:segmentation fault|permission denied|no such file|not found: |connection refused|timed out|exception:)",
    re.I,
)
_SPAN = re.compile(r"`([^`\n]{3,300})`")
_DATA = re.compile(r"\S{400,}")
"""What is no word but data: encoded bytes, a minified file. Nobody wrote it, and it would take long to read."""
_FENCE = re.compile(r"```(?:sh|bash|shell|zsh|console|powershell|ps1|cmd|)\n(.*?)```", re.S)
_PROMPTED = re.compile(r"^[ \t]*(?:\$|PS [^>\n]*>|[A-Z]:\\[^>\n]*>)\s+(\S.*)$", re.M)
_PROGRAM = re.compile(r"(?:sudo\s+)?(?:[A-Z_][A-Z0-9_]*=\S*\s+)*(?:\./|/)?[a-zA-Z][\w./+\\-]*(?:\.exe)?\s+\S")
_CODE = re.compile(
    r"^(?:return|const|let|var|def|class|import|from|if|for|while|async|await|fn|func|pub|type|struct|public|private|"
    r"static|else|with|try|select|insert|update|raise|throw|new|not|in|and|or|the|an?)\b"
    r"|[;{}]\s*$|^\w+\s*(?:=|:=|->|=>|==|\+|\(|<|:)\s|^[\w.]+\(",
    re.I,
)
_EXIT = re.compile(
    r"\b(?:exit(?:ed|s)?|return(?:ed|s)?)\b[^\d\n`]{0,24}?(-?\d{1,3})\b|(?:→|=>)\s*(?:exit\s*)?(-?\d{1,3})\b", re.I
)
_SENTENCES = re.compile(r"(?<=[.!?])(?<!\be\.g\.)(?<!\bi\.e\.)(?<!\bcf\.)(?<!\bvs\.)[\"')”’]?\s+|\n+")
_ABANDONED = (
    r"\b(?:abandon\w*|revert(?:ed|ing)|roll(?:ed|ing) (?:it )?back|gave up|giv(?:e|ing) up on|dropped the (?:idea|plan)"
    r"|dead end|scrapp\w+|discard(?:ed|ing)|did(?:n't| not) (?:work|help)|does(?:n't| not) work"
    r"|no longer (?:an option|needed|pursued))\b"
)
_DECIDED = (
    r"\b(?:decid(?:ed|e|ing)|decision|verdict|final call|confirmed|approved|let(?:'s| us)"
    r"|I(?:'ll| will|'d) (?:use|keep|go (?:with|for)|take)|we(?:'ll| will| shall) (?!see\b|need\b|have to\b)\w+"
    r"|we(?:'re| are) (?:using|going|keeping|dropping|moving|switching|not)|we (?:keep|use|take|drop|ship|store)\b"
    r"|will (?:now |all )?(?:use|keep|store|stay|remain|live)|stays|won't|will not|going forward|switch(?:ed|ing)? to"
    r"|is (?:out|off|final|closed|settled|fixed|frozen)|adopt(?:ed|ing)?|reject(?:ed|ing)?|postponed?|deferred"
    r"|migrat(?:ed?|ing) to|the design is|everywhere"
    r"|go(?:ing|es)? with|went with|settled? (?:on|for)|chosen?|choose|opt(?:ed|ing)? for|agreed|instead of"
    r"|rather than|stick(?:ing)? (?:with|to)|the plan is|from now on|picked|concluded|it is final|ruled out"
    r"|must not change|resolved to|approach is)\b"
    r"|\b(?:design|plan|choice|ruling): |\bit is[.!]?$"
)
_HINTED = (
    r"\b(?:remains?|keep(?:s|ing)?|replac(?:es?|ed|ing)|dropp(?:ed|ing)|must|shall|prefer\w*|better to|best to|capped"
    r"|limited to|fixed at|accepted|declined|standard(?:is|iz)\w+|root cause|turned out|because|so that|therefore"
    r"|the reason)\b"
)
_WANTED = (
    r"^(?:use|put|make|write|leave|add|name|call)\b|\b(?:always|never|must(?:n't)?|do not|don't|please|prefer\w*"
    r"|I(?:'d| would)? (?:want|like|need|hate|rather)|should(?:n't)?|make sure|remember|avoid|only ever|no \w+ without"
    r"|keep|be careful|ensure|stop \w+ing)\b"
)
_ASKED = (
    r"\?[\"')”’]?$|\b(?:TODO|open question|unclear|not (?:yet )?(?:clear|decided|known)|still (?:need|have|has|open)\b)"
)
_SENTENCE_KINDS: tuple[tuple[FactKind, re.Pattern[str]], ...] = (
    ("abandoned", re.compile(_ABANDONED, re.I)),
    ("decisions", re.compile(_DECIDED, re.I)),
    ("preferences", re.compile(_WANTED, re.I)),
    ("questions", re.compile(_ASKED, re.I)),
    ("remarks", re.compile(_HINTED, re.I)),
)
"""In the order in which they are tried."""
_EDGE = re.compile(r"[\w\\/-]")


def find_exact(text: str) -> Iterator[tuple[FactKind, str]]:
    """URLs, paths, numbers with their units and identifiers, as they stand in `text`."""
    rest = text = _DATA.sub(" ", text)
    if "://" in text or "git@" in text:
        for match in _URL.finditer(text):
            yield "urls", match.group().rstrip(".,;:!?")[:LONGEST]
        rest = _URL.sub(" ", text)
    for path in dict.fromkeys(_find_paths(rest)):
        yield "paths", path
        rest = rest.replace(path, " ") if any(map(str.isdigit, path)) else rest
    for match in _NUMBER.finditer(rest):
        yield "numbers", " ".join(match.group().split())
    yield from (("identifiers", match.group()) for match in _IDENTIFIER.finditer(rest))


def _find_paths(text: str) -> Iterator[str]:
    for match in _PATH.finditer(text):
        path = match.group().rstrip(".")
        plain = path.strip("/").count("/") == 1 and path[0] not in "/~." and "." not in path.rsplit("/", 1)[1]
        quoted = "`" in (text[max(0, match.start() - 1) : match.start()], text[match.end() : match.end() + 1])
        sound = len(path) <= LONGEST and not re.fullmatch(r"[\d/.]+|\w/\w", path) and "//" not in path
        if sound and (not plain or quoted or path.endswith("/")):
            yield path.removeprefix("./")
    if "\\" in text:
        for match in _WINDOWS.finditer(text):
            path = match.group().rstrip(".")
            if len(path) <= LONGEST and (":" in path[:2] or path.startswith("\\\\") or "." in path):
                yield path


def find_errors(text: str) -> Iterator[str]:
    """Lines that name an error, without what stands around them."""
    for line in text.splitlines():
        if _ERROR.search(line):
            yield " ".join(line.split())[:LONGEST]


def find_commands(text: str) -> Iterator[tuple[str, str]]:
    """Command lines in prose (in backquotes, fences, behind a prompt), each with the exit code told of it, or ``."""
    plain = text = _DATA.sub(" ", text)
    if "```" in text:
        for block in _FENCE.finditer(text):
            lines = (line.strip().removeprefix("$ ") for line in block.group(1).splitlines())
            yield from ((line, "") for line in lines if is_command(line))
        plain = _FENCE.sub(" ", text)
    for match in _SPAN.finditer(plain):
        if is_command(match.group(1).strip()):
            said = _SENTENCES.split(plain[match.end() : match.end() + 80], maxsplit=1)[0].split("`", 1)[0]
            yield match.group(1).strip(), find_exit(said)
    yield from ((match.group(1).strip(), "") for match in _PROMPTED.finditer(plain))


def is_command(text: str) -> bool:
    """True for what looks like a shell line of two words or more, and like no code."""
    return bool(_PROGRAM.match(text)) and not _CODE.search(text)


def find_exit(text: str) -> str:
    """The last exit code that `text` tells; empty for none."""
    codes = [code or other for code, other in _EXIT.findall(text)]
    return codes[-1] if codes else ""


def find_sentences(text: str, kinds: frozenset[FactKind]) -> Iterator[tuple[FactKind, str]]:
    """Sentences that settle, want, ask or give something up, each as the first of `kinds` that it is."""
    for sentence in _SENTENCES.split(text):
        said = " ".join(sentence.strip(" -*>#•").split())
        if 8 <= len(said) <= SENTENCE:
            for kind, pattern in _SENTENCE_KINDS:
                if kind in kinds and pattern.search(said):
                    yield kind, said
                    break


def stands(fact: str, text: str) -> bool:
    """True where `text` has `fact` whole: `12 ms` does not stand in `412 ms`, nor `a.py` in `src/a.py`."""
    start = text.find(fact)
    while start >= 0:
        before, after = text[start - 1 : start], text[start + len(fact) : start + len(fact) + 2]
        joins = after[:1] in (".", ",", ":") and after[1:].isalnum() and fact[-1:].isalnum()
        opens = bool(_EDGE.match(before)) and (fact[:1].isalnum() or fact[:1] in "_./\\")
        closes = bool(_EDGE.match(after)) and (fact[-1:].isalnum() or fact[-1:] in "_/\\")
        decimal = before in (".", ",") and text[start - 2 : start - 1].isdigit() and fact[:1].isdigit()
        if not (opens or closes or joins or decimal):
            return True
        start = text.find(fact, start + 1)
    return False

"""What kind of text a piece is, told cheaply by its looks; each kind has its own token ratio."""

import re
from typing import Literal

ContentClass = Literal[
    "english", "code", "diff", "css", "log", "json", "hex", "base64", "path", "chinese", "japanese", "korean", "russian"
]

RATIOS: dict[ContentClass, float] = {
    "english": 1.62,
    "code": 1.55,
    "diff": 1.52,
    "css": 1.40,
    "log": 1.35,
    "json": 1.28,
    "hex": 1.09,
    "base64": 1.09,
    "path": 2.07,
    "chinese": 1.00,
    "japanese": 0.87,
    "korean": 1.23,
    "russian": 0.97,
}
"""Claude tokens for each cl100k token, measured by content; base64 as hex: neither holds words."""

SAMPLE = 4_000
"""Characters that are looked at; the rest is taken to be alike."""

_KANA = re.compile(r"[\u3040-\u30ff]")
_HAN = re.compile(r"[\u3400-\u9fff]")
_HANGUL = re.compile(r"[\uac00-\ud7af\u1100-\u11ff]")
_CYRILLIC = re.compile(r"[\u0400-\u04ff]")
_LETTER = re.compile(r"[^\W\d_]")
_HUNK = re.compile(r"^(?:diff --git |@@ -\d|--- \S|\+\+\+ \S)", re.M)
_KEY = re.compile(r'^\s*"[^"]*"\s*:|^\s*[\]\[{}],?$|^\s*(?:"[^"]*"|-?\d[\d.]*|true|false|null),?$')
_LEVEL = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:|^\W?\d\d:\d\d:\d\d|^\W?(?:INFO|WARN(?:ING)?|ERROR|DEBUG|TRACE|FATAL)\b")
_RULE = re.compile(
    r"^\s*(?:--)?[a-z-]+\s*:\s*[^;{}]+;|^[^;()=]*[.#:\w\]*>]\s*\{$|^\s*\}$|^\s*@(?:media|import|keyframes)\b"
)
_PATH = re.compile(r"^\s*(?:[A-Z]:)?[\w.@~+-]*(?:[/\\][\w.@+=-]+)+[/\\]?(?::\d+)*,?$")
_HEX = re.compile(
    r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}|[0-9a-fA-F]{8,}(?![g-zG-Z])"
    r"|\b(?:[0-9a-fA-F]{2}){1,4}(?:[ :](?:[0-9a-fA-F]{2}){1,4}){3,}"
)
_RUN = re.compile(r"[A-Za-z0-9+/_-]{40,}={0,2}")
"""What base64 and base32 leave of binary data, in lines as long as they are ever cut."""
_CODE = re.compile(
    r"^\s*(?:def|class|import|from|return|if|elif|else|for|while|try|except|with|raise|async|await|yield|assert|const|let|"
    r"var|function|export|public|private|static|func|fn|pub|use|struct|impl|package|type|interface|#include|SELECT|@\w+)\b"
    r".*[)\]}:;,({]$|^\s*(?:import|from) [\w.]+(?: import .+)?$|^\s*return [\w.]+$"
    r"|[;{}]$|^\s*[)\]}]+[,;:]*$|^\s*[\w.\[\]]+(?:: [\w\[\], |]+)? [-+*/|]?= \S"
    r"|\w\([^()]*\)[:;,]?$|\($|=> |^\s*(?://|#!)"
)


def classify(text: str) -> ContentClass:
    """The content class of `text`, from its first few thousand characters."""
    sample = text[:SAMPLE]
    if not sample.isascii() and (script := _script(sample)):
        return script
    lines = [line for line in sample.splitlines() if line.strip()]
    if not lines:
        return "english"
    if _is_diff(sample, lines):
        return "diff"
    if _is_json(sample, lines):
        return "json"
    if _is_hex(sample):
        return "hex"
    if _is_base64(sample):
        return "base64"
    if _share(_PATH, lines) > 0.6:
        return "path"
    if _share(_LEVEL, lines) > 0.4:
        return "log"
    if _share(_RULE, lines) > 0.6 and any(line.rstrip().endswith(";") for line in lines):
        return "css"
    return "code" if _share(_CODE, lines) > 0.4 else "english"


def _script(sample: str) -> ContentClass | None:
    """The script that carries the text, where it is one of those with a ratio of their own."""
    letters = len(_LETTER.findall(sample)) or 1
    kana, han = len(_KANA.findall(sample)), len(_HAN.findall(sample))
    if kana + han > 0.3 * letters:
        return "japanese" if kana > 0.1 * (kana + han) else "chinese"
    if len(_HANGUL.findall(sample)) > 0.3 * letters:
        return "korean"
    return "russian" if len(_CYRILLIC.findall(sample)) > 0.3 * letters else None


def _is_diff(sample: str, lines: list[str]) -> bool:
    marked = sum(line[0] in "+- @" or line.startswith(("diff ", "index ")) for line in lines)
    return marked > 0.8 * len(lines) and bool(_HUNK.search(sample))


def _is_json(sample: str, lines: list[str]) -> bool:
    start = sample.lstrip()[:1]
    if start in ("{", "[") and len(lines) <= 3:
        return sample.count('"') >= 2 or sample.strip() in ("{}", "[]")
    return _share(_KEY, lines) > 0.6 and '"' in sample


def _share(pattern: re.Pattern[str], lines: list[str]) -> float:
    return sum(1 for line in lines if pattern.search(line)) / len(lines)


def _is_hex(sample: str) -> bool:
    """Most of the visible characters stand in runs of hexadecimal digits with a figure among them."""
    visible = sum(map(len, sample.split())) or 1
    runs = (match for match in _HEX.findall(sample) if any(character.isdigit() for character in match))
    return sum(len("".join(run.split())) for run in runs) > 0.6 * visible


def _is_base64(sample: str) -> bool:
    """Most of the visible characters stand in long unbroken runs in which capitals and figures are strewn."""
    visible = sum(map(len, sample.split())) or 1
    return sum(len(run) for run in _RUN.findall(sample) if _is_strewn(run)) > 0.6 * visible


def _is_strewn(run: str) -> bool:
    capitals = sum(map(str.isupper, run))
    return capitals > 0.2 * len(run) and any(map(str.isdigit, run))

"""Which prompt asks for what: the first row of one table whose pattern is found in it."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from workbench.providers.rehearsal.agent.conversation import (
    PATH,
    QUOTED,
    TOKEN,
    Request,
    RequestView,
    find_paths,
    strip_politeness,
)
from workbench.providers.rehearsal.agent.plans import Plan
from workbench.providers.rehearsal.agent.skills.edits import create_file, replace_text, search_contents
from workbench.providers.rehearsal.agent.skills.files import explain_project, list_files, read_files
from workbench.providers.rehearsal.agent.skills.notes import decline, explain_abilities, recall_notes, remember_words
from workbench.providers.rehearsal.agent.skills.shell import (
    delete_paths,
    review_commit,
    review_diff,
    run_command,
    run_tests,
)


@dataclass(frozen=True)
class Pattern:
    """A way to ask, and the skill that it asks for."""

    words: str
    """Regular expression, case ignored; named groups are what the skill takes."""
    skill: Callable[[Request], Plan]
    path: bool = False
    """True where the prompt must also name a file or folder."""


_VERBS = "read|show|list|search|replace|set|create|write|delete|remove|run"
_IN = rf"(?:\s+(?:in|inside|under)\s+(?:the )?(?:file |folder )?(?P<path>{TOKEN}))?[.?!]*$"
_WHAT = rf"(?:the )?(?:function |class |method |constant |word |text )?(?P<term>{TOKEN})"
_DONE = r"(?:\s+(?:defined|declared|implemented|used|called|set|imported|mentioned))?"
_NEW = r"(?:an? |the |new |empty |file |called |named )*"
_TEXT = r"(?:(?:\s+(?:with|containing)\b|:)\s*(?:(?:the )?text:?\s*)?(?P<content>" + QUOTED + r"|[^\s`\"][^`\"]*))?"
_PLACE = r"\b(?:project|repo(?:sitory)?|code ?base|workspace|app|package|here|all this)\b"
PATTERNS = (
    Pattern(r"^\W*$|^(?:hi|hello|hey|help)\b[\w ,]{0,20}[!.?]*$|^(?:who|what) are you\b", explain_abilities),
    Pattern(r"^(?:say |show me |tell me )?what (?:can you|you can|can i) (?:do|ask)\b", explain_abilities),
    Pattern(r"^(?:what|which|show|list|tell me)\b.*\b(?:remember|deci\w+|findings|open questions)\b", recall_notes),
    Pattern(r"^(?:continue|go on|resume|carry on)\b|^what (?:is|was|did) (?:next|open|left|i ask|my)\b", recall_notes),
    Pattern(r"^(?:(?:we|i)(?:'ve| have)? decided (?:that |to |on )?|decision\s*:\s*)(?P<decision>.+)", remember_words),
    Pattern(r"^(?:(?:ask|note|add) (?:an? |the )?)?(?:open )?question\s*:\s*(?P<question>.+)", remember_words),
    Pattern(r"^(?:remember|note|keep in mind|write down)\b(?: that|:|,)*\s+(?P<text>.+)", remember_words),
    Pattern(rf"^[^`\"“']*\b(?:and|then) (?:{_VERBS})\b", decline),
    Pattern(r"^(?!run|execute|git).*\b(?:last|latest|previous) commit\b", review_commit),
    Pattern(r"^(?:review|check|look at)\b[^\n]*\n(?P<diff>.*\bdiff --git .*)", review_diff),
    Pattern(r"^(?:run|execute)\s+(?:(?:all|the|my)\s+)*(?:unit ?)?tests?[.!]*$", run_tests),
    Pattern(rf"^(?:run|execute)\s+(?:the )?(?:command )?(?P<command>{QUOTED}|[^`]+)$", run_command),
    Pattern(r"^(?P<command>(?:git|npm|cargo|pytest|uv) \S.*)$", run_command),
    Pattern(rf"^(?:replace|change|set|update|bump)\s+(?:all |every |the |text |word )*(?P<old>{TOKEN})(?:\s+in\s+"
            rf"(?:the )?(?:file )?(?P<place>{TOKEN}))?\s+(?:with|by|to)\s+(?P<new>{TOKEN}){_IN}", replace_text),
    Pattern(rf"^(?:create|write|make)\s+{_NEW}(?P<path>`[^`]+`|{PATH}){_TEXT}$", create_file),
    Pattern(r"^(?:delete|remove|rm|erase|get rid of|clean up|tidy up|clear)\b(?P<rest>.*)", delete_paths),
    Pattern(rf"^where (?:is|are|does|do) {_WHAT}{_DONE}{_IN}", search_contents),
    Pattern(rf"^(?:(?:which|what) files?|who|what) (?:mention|contain|use|import|define|call)s?\s+{_WHAT}{_IN}",
            search_contents),
    Pattern(rf"^(?:search|grep|look)\s+(?:[\w ]+ )?for\s+{_WHAT}{_IN}", search_contents),
    Pattern(r"^(?:list|ls|tree)\b|^(?:what|which|show|find|how many)\b[^.?!]*\b(?:files|folders)\b", list_files),
    Pattern(rf"^(?:find|grep|search)\s+{_WHAT}{_IN}", search_contents),
    Pattern(r"^what(?:'s| is) (?:in|inside|under) (?:the )?(?:folder )?[\w./-]+/[?!.]*$", list_files),
    Pattern(r"^(?:read|show|open|cat|print|view|summari[sz]e|explain|describe|review|what(?:'s| is) in)\b", read_files,
            path=True),
    Pattern(rf"^(?:explain|describe|summari[sz]e|show|tell|give|what|how|overview)\b.*{_PLACE}", explain_project),
    Pattern(r"^(?:explain|overview|what is this|what's this)\W*$", explain_project),
    Pattern(r"^what(?:'s| is) (?:in|inside|under) (?:the )?(?:folder )?[\w-]+(?: folder)?[.?!]*$", list_files),
    Pattern("", decline),
)  # fmt: skip
"""From the most particular wording to the last resort."""


def choose_plan(talk: RequestView) -> Plan:
    """The plan for the running prompt."""
    text = strip_politeness(talk.turn.prompt)
    row, found = find_row(text)
    return row.skill(Request(text, talk, found))


def find_row(text: str) -> tuple[Pattern, Mapping[str, str | None]]:
    """The first row that fits, and what it takes from the text."""
    for row in PATTERNS:
        found = re.search(row.words, text, re.I | re.S)
        if found and (not row.path or find_paths(text)):
            return row, found.groupdict()
    raise AssertionError("the last row fits everything")

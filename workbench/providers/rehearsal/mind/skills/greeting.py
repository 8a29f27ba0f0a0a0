"""Say hello, thanks, and plainly what this is."""

import re

from workbench.providers.rehearsal.mind.markdown import bullets
from workbench.providers.rehearsal.mind.request import Request
from workbench.providers.rehearsal.mind.steps import Answer, Plan

_ABILITIES = (
    "**look**: “explain this project”, “list the Python files”, “read README.md”, “where is `main` defined?”",
    "**measure**: “analyse docs/report.md”, “what is risky in the last commit?”",
    '**change**: “replace "0.1" with "0.2" in pyproject.toml”, “create notes.md with the text "…"”, “delete build”',
    "**run**: “run the tests”, “run `git status`”",
    "**remember**: “remember that …”, “we decided … because …”, “what do you remember?”",
    "several of these in one prompt, joined with “then”",
)
_PLAIN = (
    "This is a rehearsal: a small set of rules inside Workbench, with no language model behind it. It "
    "uses the real tools on your real "
    "files and quotes what it finds; it cannot reason about what they mean or write code of its own. "
    "With an API key in `ANTHROPIC_API_KEY` a model takes this place."
)


class Greet:
    """A greeting, thanks, or the question what can be done."""

    def matches(self, request: Request) -> bool:
        return bool(
            request.match(r"^\W*(hi|hello|hey|good (?:morning|evening|afternoon|day)|howdy|yo|greetings|"
                          r"thanks|thank you|thx|cheers|bye|goodbye|"
                          r"ok(?:ay)?|great|nice|cool|perfect|well done|yes|no)\b[\w ,]{0,20}[!.?]*\s*$")
            or request.match(r"^\W*(help|(?:(?:say|show me|tell me) )?what (?:you can do|can (?:you|i) do|can i ask)|"
                             r"who are you|what are you|"
                             r"how (?:do i use|does) (?:this|it|you)(?: work)?|are you (?:an?|real|there)|"
                             r"what model)\b.{0,40}$")
            or re.match(r"\W*(?:hi|hello|hey|good (?:morning|evening|afternoon))\b(?: there| all| you|"
                        r" again)?\W*$", request.text, re.I)
            or not request.bare.strip(" .!?\n")
        )  # fmt: skip

    def plan(self, request: Request) -> Plan:
        yield from ()
        if request.match(r"^\W*(thanks|thank you|thx|cheers|great|nice|cool|perfect|well done|bye|goodbye)\b"):
            return Answer("You are welcome. Say what is next, whenever you like.", 0.95, "Nothing was asked.")
        hello = "Hello. " if re.match(r"\W*(hi|hello|hey|good|howdy|yo|greetings)\b", request.text, re.I) else ""
        if request.match(r"^\W*(ok(?:ay)?|yes|no)\b"):
            others = ("Explain this project", "Go on with the last prompt", "List the files here")
            return Answer(
                "I did not ask a question that this answers. What should I do?",
                0.5,
                "A bare yes or no, and no question open.",
                others,
            )
        text = f"{hello}{_PLAIN}\n\nWhat it can do here:\n\n{bullets(_ABILITIES)}"
        return Answer(text, 0.95, "This is what the rules cover.")

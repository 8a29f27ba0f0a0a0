"""Rename or move a file: it must exist, and nothing may be overwritten."""

import re
import shlex

from workbench.providers.rehearsal.mind.evidence.tree import relative, tree_of
from workbench.providers.rehearsal.mind.markdown import code
from workbench.providers.rehearsal.mind.request import Request
from workbench.providers.rehearsal.mind.skills.calls import glob, literal, shell
from workbench.providers.rehearsal.mind.skills.scratchpad import closing, opening
from workbench.providers.rehearsal.mind.skills.trouble import not_done
from workbench.providers.rehearsal.mind.steps import Answer, Plan, Step


class Move:
    """One path to another."""

    def matches(self, request: Request) -> bool:
        if not request.match(r"^(rename|move|mv|copy|cp)\b") or len(request.paths) != 2:
            return False
        old, new = (re.escape(path) for path in request.paths)
        return bool(request.match(rf"{old}[`'\"]?\s+(?:to|into|as|in|under)?\s*(?:the )?(?:folder )?[`'\"]?{new}"))

    def plan(self, request: Request) -> Plan:
        old, new = (relative(path, request.talk) for path in request.paths)
        copies = bool(request.match(r"^(copy|cp)\b"))
        looks = (glob(literal(old)), glob(literal(new)))
        found = (yield opening(request, f"I check first that {code(old)} is there and {code(new)} is free.", *looks))[
            1:
        ]
        there, taken = (bool(tree_of((outcome,), request.talk, generated=True).paths) for outcome in found)
        if not there or (taken and not new.endswith("/")):
            return (yield from _not_moved(old, new, there))
        command = f"{'cp -rn' if copies else 'mv -n'} -- {shlex.quote(old)} {shlex.quote(new)}"
        why = (
            "You named both; the source is there and the target is free. I did not check who refers to it by its "
            "old name."
        )
        (outcome,) = yield Step((shell(command, 0.8, why),))
        if not outcome.ok:
            return not_done(f"move {code(old)}", outcome)
        yield closing(f"{'copied' if copies else 'moved'} {old} to {new}")
        text = (
            f"I {'copied' if copies else 'moved'} {code(old)} to {code(new)}. What refers to the old name I did "
            "not change."
        )
        return Answer(
            text, 0.86, "The command reported no error; uses of the old name are unchecked.", (f"Search for {old}",)
        )


def _not_moved(old: str, new: str, there: bool) -> Plan:
    yield closing(f"{new} exists already; nothing moved" if there else f"{old} does not exist")
    if not there:
        text = f"There is no {code(old)}, so I moved nothing."
        return Answer(text, 0.8, "The listing does not show it.", (f"Look for a file named {old}",))
    text = f"{code(new)} exists already, so I moved nothing."
    return Answer(text, 0.85, "It would be overwritten.", (f"Delete {new} first",))

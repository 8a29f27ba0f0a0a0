"""The list of what always asks, whatever was allowed: tools by name, command lines by form (seed §5, safety trigger).

An entry is a tool's name (`delete_database`, also under a server's prefix and as a program's name), a command form
whose words must come in this order, others between (`git push --force*`), or text anywhere in a line (`*drop table*`).
"""

import re
from fnmatch import fnmatchcase

from workbench.core.effects import ShellLine, ShellSegment
from workbench.escalation.command_effects import spellings, unwrap

SEED_ACTIONS = ("delete_database", "send_mass_email", "deploy_production", "modify_billing", "revoke_access")
COMMAND_FORMS = (
    *("*drop database*", "*drop schema*", "*drop table*", "*truncate table*", "dropdb", "mysqladmin drop"),
    *("mail", "mailx", "sendmail", "mutt"),
    *("terraform apply", "terraform destroy", "pulumi up", "pulumi destroy", "kubectl delete", "kubectl drain"),
    *("helm upgrade", "helm uninstall", "vercel --prod", "netlify deploy --prod", "fly deploy", "gcloud app deploy"),
    *("npm publish", "yarn publish", "pnpm publish", "cargo publish", "twine upload", "gem push", "docker push"),
    *("git push --force*", "git push -f", "git push --mirror", "git push --delete", "git push +*", "git push :*"),
    *("aws iam", "gcloud projects *-iam-policy-binding", "gh secret", "aws s3 rm", "aws s3 rb"),
)
BECAUSE = (
    ("it deletes data for good", ("*drop *", "*truncate *")),
    ("it deletes a database", ("dropdb*", "mysqladmin*", "*delete_database")),
    ("it sends mail to many people", ("*send_mass_email",)),
    ("it sends mail", ("*mail*", "mutt")),
    ("it deploys to production", ("*deploy_production",)),
    ("it changes what somebody pays", ("*modify_billing",)),
    ("it takes access away", ("*revoke_access",)),
    ("it deletes a shared branch", ("git push --delete", "git push :*")),
    ("it rewrites a shared branch", ("git push*",)),
    ("it publishes for everybody", ("* publish", "twine *", "gem push")),
    ("it publishes an image", ("docker push",)),
    ("it changes who has access", ("aws iam", "*-iam-policy-binding", "gh secret")),
    ("it deletes shared data", ("aws s3 *",)),
    ("it changes a running cluster", ("kubectl *", "helm *")),
    ("it takes infrastructure down", ("*destroy",)),
    ("it changes what is in production", ("*deploy*", "* --prod", "terraform *", "pulumi *")),
)
"""Words for the entries that a pattern matches; the first that does counts."""


def explain_entry(entry: str) -> str:
    """Completes "asks because", for an entry of the list."""
    words = (words for words, patterns in BECAUSE if any(fnmatchcase(entry, pattern) for pattern in patterns))
    return next(words, "it is on the list that always asks")


def find_tool(tool: str, entries: tuple[str, ...]) -> str:
    """The entry that names `tool`, or empty."""
    bare = re.split(r"__|[./:]", tool)[-1].replace("-", "_")
    return next((entry for entry in entries if entry.replace("-", "_") in (tool, bare)), "")


def find_segment(line: ShellLine, entries: tuple[str, ...]) -> tuple[ShellSegment, str] | None:
    """The first command of `line` that an entry names, with the entry. Certain reads are not looked at."""
    if line.certain_read:
        return None
    for segment in line.open:
        for entry in entries:
            if _names(segment, entry):
                return segment, entry
    whole = _plain("\n".join(segment.text for segment in line.segments))
    for entry in entries:
        if entry.startswith("*") and fnmatchcase(whole, entry.lower()):
            found = (segment for segment in line.segments if fnmatchcase(_plain(segment.text), entry.lower()))
            return next(found, line.segments[0]), entry
    return None


def _plain(text: str) -> str:
    """`text` in small letters, with single spaces."""
    return " ".join(text.lower().split())


def _names(segment: ShellSegment, entry: str) -> bool:
    if entry.startswith("*"):
        return fnmatchcase(_plain(" ".join(segment.words)), entry.lower())
    if " " not in entry and "_" in entry:
        stems = (re.sub(r"\.\w+$", "", word.rpartition("/")[2]).replace("-", "_") for word in segment.words)
        return entry in stems
    return any(_in_order(words, entry.split()) for words in _readings(segment))


def _readings(segment: ShellSegment) -> list[tuple[str, ...]]:
    """The words as a program gets them and, where a command might hide in them, all of them from each word on."""
    words = unwrap(segment.words)
    readings = [words]
    if segment.doubt or words != segment.words or any(" " in word for word in words):
        loose = tuple(re.split(r"[\s;&|()`{}$\"']+", segment.text))
        readings += [unwrap(loose[place:]) for place in range(len(loose))]
    return [reading for reading in readings if reading]


def _in_order(words: tuple[str, ...], wanted: list[str]) -> bool:
    if not words or not fnmatchcase(words[0], wanted[0]):
        return False
    rest = iter(words[1:])
    return all(any(any(fnmatchcase(s, part) for s in spellings(word)) for word in rest) for part in wanted[1:])

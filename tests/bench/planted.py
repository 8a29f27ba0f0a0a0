"""Conversations with planted facts: one of each kind per 1,500 tokens, among ten look-alikes that nothing came of.

A planted fact matters to the work: it was said, used or found out. Its look-alikes differ in a digit or a word and
stand in listings, logs and documents that were merely read. Three projects talk in their own ways: languages of code,
POSIX and Windows, pipes, units, long and short answers, English that does not repeat itself.
"""

import random
from collections.abc import Iterator
from dataclasses import dataclass, field

import msgspec

from workbench.core import events as e
from workbench.core.decisions import CallKind, Proposal
from workbench.core.effects import Effect
from workbench.core.messages import Text, ToolUse
from workbench.core.spend import Usage

KINDS = ("paths", "commands", "numbers", "decisions", "errors", "urls", "identifiers", "preferences", "questions")
LOOKALIKES = 10


class Planted(msgspec.Struct, frozen=True):
    """One fact, as it must be found again."""

    kind: str
    text: str
    exit: str = ""
    """Of a command: its code."""


@dataclass(frozen=True)
class Project:
    """How people talk and what they work on."""

    paths: tuple[str, ...]
    commands: tuple[str, ...]
    code: str
    shell: str
    results: tuple[str, ...]
    """How the tool ends a command's output."""


PROJECTS = (
    Project(
        (
            "src/acme/{w}/{v}_{n}.py",
            "tests/{w}/test_{v}{n}.py",
            "/etc/{w}/conf.d/{v}-{n}.toml",
            "~/notes/{w}-{n}.md",
            "docs/adr/{n:04d}-{w}.md",
        ),
        (
            "pytest tests/{w} -q -k 'case_{n} and not slow'",
            "rg -n '{w}_{n}' src | sort -u | head -{n}",
            "make {w}-{n} VERBOSE=1 2>&1 | tee {v}.log",
            "python -m {w}.{v} --seed {n} --out build/{v}.json",
        ),
        "def {v}_{n}(client, retries={m}):\n"
        "    for attempt in range(retries):\n        delay = min(2 ** attempt, {m})\n"
        "        yield client.{w}(delay, jitter=True)\n",
        "shell",
        ("exit code: {c}",),
    ),
    Project(
        (
            r"C:\work\{w}\src\{v}{n}.cs",
            r"src\{w}\{v}_{n}.rs",
            r"\\build{n}\drop\{w}\{v}.zip",
            "crates/{w}/src/{v}{n}.rs",
            "Cargo.{n}.lock",
        ),
        (
            "cargo test -p {w} {v}_{n} -- --nocapture",
            "Get-ChildItem -Recurse src | Where-Object Name -match '{w}{n}' | Measure-Object",
            "dotnet build {w}.sln -c Release /p:Rev={n}",
            "git log --oneline -n {n} -- crates/{w} | findstr {v}",
        ),
        "pub fn {v}_{n}(input: &[u8]) -> Result<Vec<u8>, Fault> {{\n"
        "    let mut out = Vec::with_capacity({m});\n"
        "    for chunk in input.chunks({m}) {{ out.extend({w}(chunk)?); }}\n    Ok(out)\n}}\n",
        "powershell",
        ("Process exited with code {c}", "exit status {c}"),
    ),
    Project(
        (
            "apps/web/{w}/{v}{n}.tsx",
            "./infra/{w}/{v}-{n}.tf",
            "packages/{w}/package.{n}.json",
            ".github/workflows/{w}-{n}.yml",
            "../shared/{w}/{v}{n}.sql",
        ),
        (
            "npm run {w}:{v} -- --shard={n}/40 | grep -v '^$'",
            "docker compose -f infra/{w}.{n}.yml up -d && docker compose logs {v}",
            "kubectl -n {w} get pods -o wide | awk '$4 > {n}'",
            "curl -sS -X POST localhost:{m}/{w}/{v} | jq '.items[{n}]'",
        ),
        "export async function {v}{n}(req: Request) {{\n"
        "  const rows = await db.{w}.findMany({{ take: {m} }});\n"
        "  return Response.json(rows.map((r) => r.id), {{ status: 200 }});\n}}\n",
        "bash",
        ("Exit code {c}",),
    ),
)
WORDS = ("ledger", "billing", "retry", "webhook", "intake", "cache", "parser", "router", "quota", "export", "shard")
VERBS = ("flush", "decode", "collect", "resolve", "stream", "index", "verify", "batch", "render", "align", "fold")
UNITS = ("ms", "s", "MiB", "%", "GB/s", "rows", "requests/s", "k", "µs", "retries", "°C", "kB", "workers")
SAID_PATH = (
    "The fault is in {}, where the delay is taken twice.",
    "I moved the loop into `{}` and left the rest.",
    "{} is the one that matters; the others only import it.",
    "Everything starts in {}, so I begin there.",
    "What decides it sits in {}.",
)
SAID_NUMBER = (
    "It takes {} now, measured three times.",
    "At the peak {} were in flight.",
    "The bound that holds is {}.",
    "We are down to {} from twice as much.",
    "The budget for this is {}, no more.",
)
SAID_DECISION = (
    "We decided to {a} instead of {b}, because {c}.",
    "Let's {a}; {c}.",
    "Settled: going with the plan to {a}, since {c}.",
    "I chose to {a} rather than {b}: {c}.",
    "Agreed, from now on the {w} will {a}, as {c}.",
)
SAID_URL = ("The protocol is described at {}.", "See {} for the limits.", "Upstream tracks it under {}.")
SAID_ID = ("That came in with {}.", "{} is the change that broke it.", "I tied it to {}.")
SAID_WISH = (
    "Please never touch the {w} schema in step {n}.",
    "I prefer small commits for {w} number {n}.",
    "Always run the {w} suite {n} times before you say that it works.",
    "Don't rename the {w} columns of table {n}.",
)
SAID_QUESTION = (
    "Should {w} {n} keep its old name?",
    "Which of the {n} {w} consumers may break?",
    "Is {w} {n} still used by anyone?",
)
BECAUSE = (
    "the sandbox bursts",
    "the old one loses writes",
    "nobody can test the other",
    "it halves the bill",
    "support asked for it",
)
ACTS = (
    "keep {w} in one process",
    "store {w} rows as deltas",
    "shed load at {n} {w} jobs",
    "sign {w} payloads twice",
    "page the {w} list by {n}",
)
PROMPTS = (
    "Next: the {w} part. It fails for customers with more than one region.",
    "Now look at why {w} is slow on Mondays.",
    "Can you get {w} to pass on the second machine as well?",
    "The {w} job is flaky. Find out why, and mend it.",
)
FILLER = (
    "I read the module from top to bottom and compared it with what the tests expect of it.",
    "Nothing there depends on the order in which the workers start, which is what I had suspected at first.",
    "The helper is shared by both callers, so a change in it shows in either of them.",
    "With that the two ways through the code behave alike again.",
)


@dataclass
class Planter:
    """Writes one conversation, and remembers what it planted. The same `seed` gives the same one."""

    seed: int
    planted: list[Planted] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._random = random.Random(self.seed)
        self._project = PROJECTS[self.seed % len(PROJECTS)]
        self._turn, self._calls = 0, 0

    def write_turn(self) -> Iterator[e.AnyEvent]:
        """The events of one turn of about 1,500 tokens, with a planted fact of each kind."""
        self._turn += 1
        pick = self._random
        word, verb = pick.choice(WORDS), pick.choice(VERBS)
        wish = self._plant("preferences", pick.choice(SAID_WISH).format(w=word, n=self._number()))
        asked = [pick.choice(PROMPTS).format(w=word), wish]
        pick.shuffle(asked)
        self._decision = self._make_decision(word)
        at_person = pick.random() < 0.4
        if at_person:
            asked.append(self._plant("decisions", self._decision))
        yield e.TurnStarted(self._turn, " ".join(asked), 40)
        path = self._fill(pick.choice(self._project.paths), word, verb)
        yield from self._read_listing(path, word, verb)
        yield from self._run(word, verb)
        yield from self._fail(word)
        yield e.MessageAdded(self._turn, 9, (Text(self._answer(path, word, at_person)),), (0,), "end_turn", Usage())
        yield e.TurnFinished(self._turn, "done", "", 4, 1.0, Usage(), None)

    def _answer(self, path: str, word: str, decided: bool) -> str:
        pick = self._random
        said = [pick.choice(SAID_PATH).format(self._plant("paths", path.removeprefix("./")))]
        said.append(pick.choice(SAID_NUMBER).format(self._plant("numbers", self._figure())))
        said.append(pick.choice(SAID_URL).format(self._plant("urls", self._url(word))))
        said.append(pick.choice(SAID_ID).format(self._plant("identifiers", self._identifier())))
        if not decided:
            said.append(self._plant("decisions", self._decision))
        said += pick.sample(FILLER, 2)
        pick.shuffle(said)
        said.append(self._plant("questions", pick.choice(SAID_QUESTION).format(w=word, n=self._number())))
        return (" " if pick.random() < 0.6 else "\n\n").join(said)

    def _read_listing(self, path: str, word: str, verb: str) -> Iterator[e.AnyEvent]:
        """A document that was read: look-alikes of paths, decisions, URLs and wishes, and code."""
        pick = self._random
        lines = [change_digit(path, pick) for _ in range(LOOKALIKES)]
        lines += [f"- option {n}: {change_digit(self._decision, pick)}" for n in range(4)]
        lines += [f"see {self._url(word)}" for _ in range(3)]
        lines += [f"{pick.choice(VERBS)}: {self._identifier()}" for _ in range(5)]
        lines += self._fill(self._project.code, word, verb).splitlines()
        pick.shuffle(lines)
        yield from self._call("read", "read", f"docs/{word}_{self._number()}.md", "\n".join(lines), False)

    def _run(self, word: str, verb: str) -> Iterator[e.AnyEvent]:
        """The command that mattered; its output has look-alikes of it and of figures."""
        pick = self._random
        command, code = self._fill(pick.choice(self._project.commands), word, verb), pick.choice((0, 0, 1, 2, 101, 137))
        self.planted.append(Planted("commands", command, str(code)))
        lines = [f"[{pick.randrange(24):02d}:17] $ {change_digit(command, pick)}" for _ in range(LOOKALIKES)]
        lines += [f"shard {n}: {self._figure()} ok" for n in range(LOOKALIKES)]
        pick.shuffle(lines)
        end = pick.choice(self._project.results).format(c=code)
        yield from self._call(self._project.shell, "run", command, "\n".join([*lines, "done", end]), code != 0)

    def _fail(self, word: str) -> Iterator[e.AnyEvent]:
        """A call that failed in one way, after a log in which others had failed in others."""
        pick = self._random
        kind = pick.choice(("Timeout", "Value", "Io", "Schema"))
        error = f"{kind}Error: {word} {self._number()} refused {self._number()} rows"
        self._plant("errors", error)
        log = [f"{pick.randrange(24):02d}:00 {change_digit(error, pick)} (handled)" for _ in range(LOOKALIKES)]
        yield from self._call("read", "read", f"logs/{word}.log", "\n".join(log), False)
        yield from self._call("fetch", "network", f"{word} state", error, True)

    def _call(self, tool: str, kind: CallKind, subject: str, result: str, error: bool) -> Iterator[e.AnyEvent]:
        self._calls += 1
        id, name = f"toolu_{self.seed}_{self._calls}", "command" if kind == "run" else "file_path"
        yield e.MessageAdded(self._turn, 1, (ToolUse(id, tool, {name: subject}),), (0,), "tool_use", Usage())
        effect = Effect("shell" if kind == "run" else "read", (subject,), True)
        proposal = Proposal(id, tool, {name: subject}, (effect,), None, kind, tool, subject)
        yield e.ToolProposed(self._turn, 1, proposal)
        yield e.ToolFinished(self._turn, id, tool, result, 0, 0.1, error=error)

    def _plant(self, kind: str, text: str) -> str:
        self.planted.append(Planted(kind, text))
        return text

    def _number(self) -> int:
        return self._random.randrange(2, 9_000)

    def _figure(self) -> str:
        pick, unit = self._random, self._random.choice(UNITS)
        whole = pick.randrange(2, 99)
        value = pick.choice(
            (f"{pick.randrange(2, 999)}", f"{whole}.{pick.randrange(1, 9)}", f"{whole},{pick.randrange(100, 999)}")
        )
        if pick.random() < 0.15:
            return f"${value}"
        return f"{value}{'' if unit in ('k', '%') or (len(unit) < 4 and pick.random() < 0.2) else ' '}{unit}"

    def _make_decision(self, word: str) -> str:
        pick = self._random
        acts = [act.format(w=word, n=self._number()) for act in pick.sample(ACTS, 2)]
        said, why = pick.choice(SAID_DECISION), pick.choice(BECAUSE)
        return said.format(a=acts[0], b=acts[1].split()[0] + "ing it", c=why, w=word)

    def _url(self, word: str) -> str:
        host = self._random.choice(("docs.acme.dev", "tracker.example.org", "wiki.example.net:8443"))
        return f"https://{host}/{word}/{self._number()}?v={self._random.randrange(9)}"

    def _identifier(self) -> str:
        pick = self._random
        sha, version = (
            f"a{pick.randrange(16**7, 16**8):x}7",
            f"v{pick.randrange(9)}.{pick.randrange(40)}.{pick.randrange(99)}",
        )
        return pick.choice((sha, version, f"OPS-{self._number()}", f"#{self._number()}"))

    def _fill(self, pattern: str, word: str, verb: str) -> str:
        return pattern.format(w=word, v=verb, n=self._number(), m=self._random.randrange(1024, 9999), c=0)


def change_digit(text: str, pick: random.Random) -> str:
    """`text` with one of its digits another one; a word more where it has none."""
    places = [place for place, character in enumerate(text) if character.isdigit()]
    if not places:
        return f"{text[:-1]} {pick.choice(WORDS)}{text[-1]}"
    place = pick.choice(places)
    return text[:place] + str((int(text[place]) + pick.randrange(1, 9)) % 10) + text[place + 1 :]

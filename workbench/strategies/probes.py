"""Probes (seed §2A): what a window still knows after a compaction, asked fact by fact and scored by kind.

by code      does the fact stand in the window, or an id under which `recall` gives it
by model     the sentence that it stood in with a gap, which the model fills from the window alone. Off by default: it
             costs a request as large as the window.
"""

import re
from collections.abc import Mapping, Sequence

import msgspec

from workbench.core.entries import Entry, write_text
from workbench.core.passages import find_passage
from workbench.core.plans import Checked
from workbench.core.ports import TextModel
from workbench.strategies.evidence import Evidence, HardFact, count_facts, fold, gather_evidence
from workbench.strategies.facts import stands
from workbench.strategies.strategy import WindowView, shorten

PER_KIND = 2
"""Questions of each kind that a model is asked."""
GAP = "_____"
NAMED = 5
"""Missing facts that are named."""
CONTEXT = 240
"""Characters of a question."""
CHARACTERS_A_TOKEN = 3
ANSWER_TOKENS = 60
SYSTEM = (
    "You are asked what a conversation says. Answer from it alone, one line a question: its number, a colon, and the"
    f" exact words that stand for {GAP}. Where it does not say, answer with a dash. Answer nothing else."
)


class Probe(msgspec.Struct, frozen=True):
    """A question about a fact, with its answer."""

    kind: str
    question: str
    answer: str


def probe_window(view: WindowView) -> tuple[Evidence, tuple[Checked, ...]]:
    """The facts of all that left the window, and how many of each kind the window itself answers."""
    evidence, text = gather_evidence((), view), read_window(view)
    counted = count_facts(evidence.facts, set(evidence.find_missing(text)), text)
    return evidence, tuple(msgspec.structs.replace(each, missing=each.missing[:NAMED]) for each in counted)


def read_window(view: WindowView) -> str:
    """All that the window says after its tools and system prompt, as text."""
    memory = [document.text for document in view.memory]
    return "\n".join([*memory, view.earlier, *(write_text(entry.part) for entry in view.entries)])


def write_probes(evidence: Evidence, archive: Mapping[str, Entry]) -> list[Probe]:
    """Questions about the weightiest facts of each kind."""
    probes, asked = list[Probe](), dict[str, int]()
    for fact in sorted(evidence.facts, key=lambda fact: -fact.weight):
        if fact.id and asked.get(fact.kind, 0) < PER_KIND and (question := _write_question(fact, archive)):
            asked[fact.kind] = asked.get(fact.kind, 0) + 1
            probes.append(Probe(fact.kind, question, fact.text))
    return probes


def _write_question(fact: HardFact, archive: Mapping[str, Entry]) -> str:
    """The line that the fact stands in with a gap for it; a whole sentence lacks its second half. Empty for none."""
    words = fact.text.split()
    if fact.kind in ("decisions", "preferences", "questions", "requests", "abandoned"):
        half = len(words) // 2
        return shorten(" ".join([*words[:half], GAP]), CONTEXT) if half > 2 else ""
    for entry in find_passage(archive, fact.id):
        for line in write_text(entry.part).splitlines():
            if stands(fact.text, line) and len(line) > len(fact.text) + 8:
                return shorten(line.replace(fact.text, GAP), CONTEXT)
    return ""


async def ask_model(model: TextModel, probes: Sequence[Probe], window: str, room: int) -> tuple[Checked, ...]:
    """How many of the `probes` a model answers from the `window` text, by kind. Raises ProviderFault."""
    listed = "\n".join(f"{number}: {probe.question}" for number, probe in enumerate(probes, 1))
    text = window[-(room * CHARACTERS_A_TOKEN) :]
    prompt = f"<conversation>\n{text}\n</conversation>\n\nQuestions:\n{listed}"
    answer = await model.ask(SYSTEM, prompt, ANSWER_TOKENS * max(1, len(probes)), "probe")
    return score_answers(probes, answer)


def score_answers(probes: Sequence[Probe], answer: str) -> tuple[Checked, ...]:
    """How many of the `probes` an answer in numbered lines got right, by kind."""
    said = {int(number): words for number, words in re.findall(r"(?m)^\W*(\d+)\s*[:.)]\s*(.*)$", answer)}
    kinds: dict[str, list[tuple[str, bool]]] = {}
    for number, probe in enumerate(probes, 1):
        kinds.setdefault(probe.kind, []).append((probe.answer, _is_right(probe, said.get(number, ""))))
    return tuple(
        Checked(kind, sum(right for _, right in asked), len(asked), tuple(text for text, right in asked if not right))
        for kind, asked in kinds.items()
    )


def _is_right(probe: Probe, words: str) -> bool:
    """The fact itself; of a sentence, its second half or most of it."""
    if not probe.question.endswith(GAP):
        return stands(probe.answer, words)
    wanted = fold(probe.answer).split()
    wanted, given = wanted[len(wanted) // 2 :], set(re.findall(r"\w+", fold(words)))
    return sum(word.strip(".,;:!?") in given for word in wanted) >= 0.6 * len(wanted)

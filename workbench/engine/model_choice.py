"""The choice of a model: kept in the journal of its session, offered with what is known of each, and told.

ChooseModel ─▶ ModelChosen ─▶ ModelChoice ─▶ request.keep_model: what answers the next prompt
"""

import asyncio
from typing import ClassVar

from workbench.core import events as e
from workbench.core.errors import WorkbenchError
from workbench.core.models import ModelFacts, ModelOffer, can_name_model
from workbench.core.ports import Models, Prices
from workbench.core.spend import Usage

SAMPLE = 1_000
"""Tokens whose price stands for that of a million: some cost more in a long request."""


class ModelChoice:
    """Who was chosen to answer: a fold. An epoch of another model came later and counts instead."""

    def __init__(self) -> None:
        self.made: e.ModelChosen | None = None
        self.fresh = False
        """True where it was made here, after the command line named a model; False where the journal had it."""

    def apply(self, stamped: e.Stamped) -> None:
        """Fold one event in."""
        match stamped.event:
            case e.ModelChosen() as made:
                self.take(made)
            case e.EpochOpened(reason="model", epoch=epoch) if self.made and epoch.model != self.made.model:
                self.made = None

    def take(self, made: e.ModelChosen) -> None:
        """Answer with this one from the next prompt on."""
        self.made, self.fresh = made, True

    def reopen(self) -> None:
        """The journal was read: what the command line named comes after it."""
        self.fresh = False

    def find(self, provider: str) -> str:
        """The chosen model where `provider` answers; empty where none of its models was chosen."""
        return self.made.model if self.made and self.made.provider == provider else ""

    HANDLERS: ClassVar[tuple[type, ...]] = (e.ModelChosen, e.EpochOpened)


def check_name(name: str) -> str:
    """`name` without blanks around it. Raises WorkbenchError where no model can be called so."""
    name = name.strip()
    if not can_name_model(name):
        raise WorkbenchError("a model's name is one word", "/model alone lists those that are known.")
    return name


async def list_offers(current: str, others: tuple[str, ...], models: Models, prices: Prices) -> tuple[ModelOffer, ...]:
    """The endpoint's models in its own order; before them `current` and `others` where it does not list them."""
    listed, _ = await asyncio.gather(models.list(), models.load(current))
    names = dict.fromkeys((*(name for name in (current, *others) if name not in listed), *listed))

    def describe() -> tuple[ModelOffer, ...]:
        return tuple(_describe(name, models.facts(name), prices, name == current) for name in names)

    return await asyncio.to_thread(describe)  # the first price imports the table


def _describe(name: str, facts: ModelFacts, prices: Prices, answers: bool) -> ModelOffer:
    sent, said = (prices.cost(name, usage) for usage in (Usage(SAMPLE), Usage(output_tokens=SAMPLE)))
    million = 1_000_000 / SAMPLE
    usd_in, usd_out = (None if usd is None else usd * million for usd in (sent, said))
    return ModelOffer(name, facts.window, usd_in, usd_out, answers)


def describe_choice(model: str, facts: ModelFacts, *, running: str, begun: bool, unpriced: str) -> e.Noticed:
    """What a person reads of the choice. `running`: what answers the turn under way; `unpriced`: which budget rules."""
    hints = (
        unpriced,
        f"the running turn keeps {running}" if running else "",
        "the name is taken as given, nothing is known of it" if facts == ModelFacts() else "",
        "the cache begins anew" if begun else "",
    )
    said = f"{model} answers from the next prompt on"
    return e.Noticed(said, "warning" if unpriced else "success", "; ".join(filter(None, hints)))

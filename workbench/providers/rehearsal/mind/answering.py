"""The one thing a provider asks of the mind: an answer to a request's body."""

from typing import Any

from workbench.providers.rehearsal.mind.errands import errand_of
from workbench.providers.rehearsal.mind.intents import plan_of
from workbench.providers.rehearsal.mind.markdown import fit
from workbench.providers.rehearsal.mind.parsing import parse
from workbench.providers.rehearsal.mind.reply import scene_of, text_block
from workbench.providers.rehearsal.mind.steps import advance
from workbench.providers.rehearsal.scene import Scene


def respond(body: dict[str, Any]) -> Scene:
    """The reply to a Messages API request. Pure: the same body gets the same blocks, ids included."""
    talk = parse(body)
    errand = errand_of(talk)
    if errand is not None:
        return Scene((text_block(fit(errand.reply(talk), talk.room)),))
    return scene_of(advance(plan_of(talk), talk), talk)

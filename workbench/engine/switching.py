"""A person's choice of another model, carried out: what it may cost is checked before, and told."""

from workbench.core import events as e
from workbench.core.ports import Models
from workbench.engine.billing import Billing
from workbench.engine.model_choice import describe_choice
from workbench.engine.session import Session


def choose_model(session: Session, billing: Billing, model: str, models: Models, provider: str) -> bool:
    """Have `model` answer from the next prompt on; False where it does already.

    Raises SettingsFault where a cap could not be kept with it.
    """
    if model == billing.model:
        session.emit(e.Noticed(f"{model} answers here already"))
        return False
    billing.check_caps(model)
    session.choose_model(e.ModelChosen(model, provider))
    unpriced, epoch = billing.describe_price(), session.conversation.epoch
    running = epoch.model if epoch and session.conversation.running else ""
    if not running:
        session.root.spend.priced = not unpriced
        session.measure()
    known = models.facts(model)
    session.emit(describe_choice(model, known, running=running, begun=epoch is not None, unpriced=unpriced))
    return True

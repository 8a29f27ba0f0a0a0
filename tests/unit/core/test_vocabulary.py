"""Every command of the design leaves an event behind, so that the journal alone says what happened."""

from typing import get_args

from workbench.core import commands as c
from workbench.core import events as e

LEFT_BEHIND: dict[str, type[e.Event]] = {
    "SendPrompt": e.TurnStarted,
    "CancelTurn": e.TurnFinished,
    "ResolveEscalation": e.EscalationResolved,
    "Compact": e.EpochOpened,
    "UndoCompaction": e.CompactionUndone,
    "MarkBlock": e.BlockMarked,
    "LiftBlock": e.BlockLifted,
    "WarmCache": e.CacheReported,
    "AttachDocument": e.DocumentAttached,
    "AnalyseDocuments": e.DocumentChunked,
    "RecordFinding": e.ScratchpadChanged,
    "RecordDecision": e.ScratchpadChanged,
    "AskQuestion": e.ScratchpadChanged,
    "HandOff": e.SessionHandedOff,
    "NewSession": e.SessionOpened,
    "ForkSession": e.SessionForked,
    "RenameSession": e.SessionRenamed,
    "ChooseModel": e.ModelChosen,
    "RewindTo": e.ConversationRewound,
    "UndoTurn": e.TurnUndone,
    "SetBudget": e.BudgetRaised,
    "SetPolicy": e.PolicyChanged,
    "RunPipeline": e.SubtaskStarted,
    "RateAnswer": e.AnswerRated,
    "EvaluateAnswer": e.AnswerEvaluated,
}
"""The commands of the design, those of later work too, each with the event that it leads to."""
WITHOUT = {
    "OpenSession": "it only reads; what the session does next is journalled",
    "DeleteSession": "the journal itself goes",
    "ImportSession": "the imported session has the events of the one that was exported",
    "ChangePlan": "a plan under review changes nothing, nor does changing it",
    "PlanCompaction": "a plan under review changes nothing; carrying it out does",
    "DraftHandoff": "a draft under review changes nothing; accepting it does",
    "WithdrawPrompt": "a prompt that only waited was never journalled",
    "RetryNow": "the try that it brings forward has events of its own",
    "DiscardPlan": "what was never done leaves nothing",
}
"""Commands that leave no event, and why."""


def test_every_command_has_an_event_or_a_reason_to_have_none() -> None:
    known = {command.__name__ for command in c.Command.__subclasses__()}
    assert known <= LEFT_BEHIND.keys() | WITHOUT.keys()
    assert not LEFT_BEHIND.keys() & WITHOUT.keys()


def test_what_a_command_leaves_is_stored_under_a_name_that_every_reader_knows() -> None:
    stored = {kind.__name__ for kind in get_args(e.AnyEvent)} - {kind.__name__ for kind in e.TRANSIENT}
    assert {event.__name__ for event in LEFT_BEHIND.values()} <= stored

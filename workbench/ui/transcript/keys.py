"""The keys of the transcript, for its bindings, the help and the footer."""

from workbench.ui.commands import offer_in_part

TRANSCRIPT_KEYS = offer_in_part(
    "IN THE TRANSCRIPT",
    ("up,k", "choose(-1)", "Choose the entry above or below; also k and j", "↑↓"),
    ("down,j", "choose(1)", "", ""),
    ("home", "scroll_home", "Go to the first or the newest entry", "home end"),
    ("end", "scroll_end", "", ""),
    ("pageup", "page(-1)", "", ""),
    ("pagedown", "page(1)", "", ""),
    ("space", "fold", "Fold or unfold the chosen tools", ""),
    ("enter", "read", "Read the chosen entry whole: an output, a table, code, an error", ""),
    ("n", "step_find(1)", "To the next hit of what is looked for, or with N to the one before", "n N"),
    ("N,shift+n", "step_find(-1)", "", ""),
    ("y", "copy", "Copy the chosen entry; Y only its newest code", ""),
    ("Y,shift+y", "copy_code", "", ""),
    ("r", "retry", "After a fault: try again at once, or send the turn again", ""),
    ("u", "undo", "Undo what the chosen line says", ""),
    words={
        "choose(-1)": "choose",
        "retry": "try again",
        "step_find(1)": "next, before",
        "undo": "undo",
        "fold": "fold",
        "read": "read whole",
        "copy": "copy",
    },
)

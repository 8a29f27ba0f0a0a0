"""The keys of the transcript, for its bindings, the help and the footer."""

from workbench.ui.commands import offer_in_part

TRANSCRIPT_KEYS = offer_in_part(
    "IN THE TRANSCRIPT",
    ("choose_previous", "up,k", "choose(-1)", "Choose the entry above or below"),
    ("choose_next", "down,j", "choose(1)", ""),
    ("go_to_first", "home", "scroll_home", "Go to the first or the newest entry"),
    ("go_to_last", "end", "scroll_end", ""),
    ("page_up", "pageup", "page(-1)", "Scroll a page up or down"),
    ("page_down", "pagedown", "page(1)", ""),
    ("fold", "space", "fold", "Fold or unfold the chosen tools"),
    ("read_entry", "enter", "read", "Read the chosen entry whole: an output, a table, code, an error"),
    ("next_hit", "n", "step_find(1)", "To the next hit of what is looked for, or the one before"),
    ("previous_hit", "N,shift+n", "step_find(-1)", ""),
    ("copy", "y", "copy", "Copy the chosen entry"),
    ("copy_code", "Y,shift+y", "copy_code", "Copy only its newest code"),
    ("retry", "r", "retry", "After a fault: try again at once, or send the turn again"),
    ("undo_chosen", "u", "undo", "Undo what the chosen line says"),
    words={
        "choose_previous": "choose",
        "retry": "try again",
        "next_hit": "next, before",
        "undo_chosen": "undo",
        "fold": "fold",
        "read_entry": "read whole",
        "copy": "copy",
    },
)

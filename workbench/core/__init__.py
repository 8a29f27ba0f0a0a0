"""What two systems share: the journal's vocabulary, the conversation that it folds to, and the ports.

    commands ─▶ engine ─▶ events ─▶ folds

Everything here is plain data and knows nothing of a terminal, a network or a disk.
"""

"""Sessions on disk: TinyDB over an append-only journal, one file a session."""

"""Models and what measures them: the Messages API, its rehearsal in process, the tokenizer."""

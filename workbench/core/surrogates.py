"""Text that every encoder takes: file names, arguments and foreign JSON may hold halves of characters."""


def replace_surrogates(text: str) -> str:
    """`text` with U+FFFD for each lone surrogate, which neither a request nor a terminal could carry."""
    if text.isascii():
        return text
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")

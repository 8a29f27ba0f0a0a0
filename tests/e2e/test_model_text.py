"""What a model writes, through the installed program in a pty: the terminal is never told anything by it."""

import re

from tests.e2e.person import Opened

LAWFUL = re.compile(
    rb"\x1b\[[0-9;:?<>=]*[A-Za-z~]|\x1b\[[0-9;?]*\$[a-z]|\x1b\][0-9]+;[^\x00-\x1f\x7f]*(?:\x07|\x1b\\)|\x1b[78=>]|\x1bP[^\x1b]*\x1b\\"
)
EVIL = (
    "a&#13;b and &#8238;evil&#8236; x&#12;y &#27;[31mred `\x1b[2J\x07` [l&#27;ink](https://x/ 'ti\x07tle')\n\n"
    "```\ncode\x1b]52;c;aGk=\x07 \x9b2J\x0b\x0c\x08\n```\n\n| t&#10;a | b |\n|---|---|\n| \x1bc | &#x9b; |\n\nthe end"
)


def test_decoded_and_raw_controls_of_an_answer_never_reach_the_terminal(opened: Opened) -> None:
    person = opened(script=[{"text": EVIL}])
    person.ask("say it")
    person.settled("the end")
    assert "a␍b and <U+202E>evil<U+202C> x␌y \ufffd[31mred" in person.text
    left = LAWFUL.sub(b"", person.sent).decode()
    assert not re.findall("[\x00-\x07\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", left)
    assert b"aGk=\x07" not in person.sent
    assert not re.search(rb"\x1b\[2J(?=[^\x1b]*\x9b)", person.sent)
    for row in person.text.split("\n"):
        if "evil" in row or "code␛" in row:
            assert row.startswith(" ▎ "), "the gutter stays"

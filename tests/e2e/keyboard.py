"""A terminal at random: keys in every form, pastes, reports; and an editor that says what comes of them."""

import random
from collections.abc import Iterator
from dataclasses import dataclass

from workbench.ui.terminal.parser import clean_paste

LETTERS = "abcXYZ 019.,;:!?#%(){}[]<>~^_+-=*é你ñ\u3000\u00a0\u200d\u2764\ufe0f😀\u0301\U0001fae9"
START, END = b"\x1b[200~", b"\x1b[201~"
BACKSPACE = (b"\x7f", b"\x08", b"\x1b[127u", b"\x1b[127;2u", b"\x1b[127;1:2u")
DELETE = (b"\x1b[3~", b"\x1b[3;1:1~", b"\x04", b"\x1b[57426u", b"\x1b[100;5u")
LEFT = (b"\x1b[D", b"\x1bOD", b"\x1b[1;1D", b"\x1b[57417u", b"\x1b[1;129D")
RIGHT = (b"\x1b[C", b"\x1bOC", b"\x1b[1;1:2C", b"\x1b[57418u")
NEW_LINE = (b"\n", b"\x1b\r", b"\x1b[13;2u", b"\x1b[13;3u", b"\x1b[27;2;13~", b"\x1b[106;5u")
NOTHING = (
    *(
        b"\x1b[<35;40;12M",
        b"\x1b[<35;1;1M",
        b"\x1b[M\x60\x30\xf0",
        b"\x1b[M\x43\x40\x30",
        b"\x1b[67;20;10M",
        b"\x1b[<64;50;5M",
    ),
    *(
        b"\x1b[?1;2c",
        b"\x1b[>0;276;0c",
        b"\x1b[?2026;2$y",
        b"\x1b[?25u",
        b"\x1b[3;7R",
        b"\x1b[8;24;80t",
        b"\x1b[?997;1n",
    ),
    *(
        b"\x1b]11;rgb:1e1e/1e1e/1e1e\x1b\\",
        b"\x1b]52;c;cm0gLXJm\x07",
        b"\x1bP1$r0m\x1b\\",
        b"\x1bP>|term 1\x1b\\",
        b"\x1b_Gi=1;OK\x1b\\",
    ),
    *(
        b"\x1b[97;1:3u",
        b"\x1b[57441;2u",
        b"\x1b[I",
        b"\x1b[O",
        b"\x1bn",
        b"\x1b\xc3\xa9",
        b"\x1b[110;3u",
        b"\x00",
        b"\x1b[31337m",
    ),
    *(b"\x1b[31337h", b"\x1b[99999;99999u", b"\x1b[1;5\x1b[<35;9;9M", b"\x1b[;;;;~", b"\x1b[<35;99999;99999M"),
)
"""What is no key, and keys that do nothing in the prompt."""
HOSTILE = (
    *(
        b"\x1b[31;1m",
        b"\x1b]0;owned\x07",
        b"\x1b[2J",
        b"\r",
        b"\r\n",
        b"\x03",
        b"\x1b",
        b"\x1b[A",
        b"\x9b31337m",
        b"\x07",
    ),
    *(START, b"\x1b[6n", b"\x1bc", b"1", b"4", b"y", b"\xff\xfe", b"\x00", b"\x1b[20", b"\t"),
)


@dataclass
class ReferenceEditor:
    """A draft and a cursor, and nothing else."""

    text: str = ""
    at: int = 0

    def insert(self, more: str) -> None:
        self.text = self.text[: self.at] + more + self.text[self.at :]
        self.at += len(more)

    def move(self, by: int) -> None:
        self.at = min(len(self.text), max(0, self.at + by))

    def delete(self, before: int, after: int) -> None:
        begin = max(0, self.at - before)
        self.text = self.text[:begin] + self.text[self.at + after :]
        self.at = begin


class Keyboard:
    """Presses keys by chance; everything follows from `seed`."""

    def __init__(self, seed: int) -> None:
        self.chance = random.Random(seed)

    def chunk(self, editor: ReferenceEditor) -> bytes:
        """A few keys, pastes and reports, which `editor` takes too."""
        return b"".join(self._one(editor) for _ in range(self.chance.randint(1, 4)))

    def _one(self, editor: ReferenceEditor) -> bytes:
        match self.chance.choices(
            ("text", "backspace", "delete", "left", "right", "line", "paste", "nothing"), (40, 10, 3, 8, 5, 2, 5, 12)
        )[0]:
            case "text":
                letter = self.chance.choice(LETTERS)
                editor.insert(letter)
                return self._spell(letter)
            case "backspace":
                editor.delete(1, 0)
                return self.chance.choice(BACKSPACE)
            case "delete":
                editor.delete(0, 1)
                return self.chance.choice(DELETE)
            case "left":
                editor.move(-1)
                return self.chance.choice(LEFT)
            case "right":
                editor.move(1)
                return self.chance.choice(RIGHT)
            case "line":
                editor.insert("\n")
                return self.chance.choice(NEW_LINE)
            case "paste":
                content = self.paste()
                editor.insert(clean_paste(content.decode("utf-8", "replace")))
                return START + content + END
        return self.chance.choice(NOTHING)

    def paste(self) -> bytes:
        """What is pasted: words, and what would do harm as keys."""
        words = ("make", " check ", "\u3000", "ü", "# ")
        pieces = [
            self.chance.choice((*HOSTILE, *(word.encode() for word in words))) for _ in range(self.chance.randint(0, 8))
        ]
        return b"".join(pieces).replace(END, b"")

    def nothing(self) -> bytes:
        """What answers no question: reports, pastes, and keys that no choice has."""
        kind = self.chance.randint(0, 2)
        if kind == 0:
            return START + self.paste() + END
        return (
            self.chance.choice(NOTHING)
            if kind == 1
            else self.chance.choice("abcefghilmopqrstuvwxz,.;é你\u3000").encode()
        )

    def _spell(self, letter: str) -> bytes:
        """One of the forms in which terminals send a letter."""
        code, forms = ord(letter), [letter.encode()] * 4
        forms += [
            f"\x1b[{code};;{code}u".encode(),
            f"\x1b[{code}:{code};1:1;{code}u".encode(),
            f"\x1b[0;;{code}u".encode(),
        ]
        if " " <= letter <= "~":
            forms += [f"\x1b[{code}u".encode(), f"\x1b[{code};129u".encode()]
        if " " <= letter <= "~" and not letter.islower():
            forms.append(f"\x1b[27;2;{code}~".encode())
        if letter.isascii() and letter.isupper():
            forms.append(f"\x1b[{ord(letter.lower())}:{code};2u".encode())
        return self.chance.choice(forms)

    def split(self, data: bytes) -> Iterator[bytes]:
        """`data` as a link may deliver it."""
        while data:
            size = self.chance.choice((len(data), len(data), self.chance.randint(1, len(data))))
            yield data[:size]
            data = data[size:]

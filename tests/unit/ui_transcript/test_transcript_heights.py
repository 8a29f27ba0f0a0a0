"""Heights answer like a plain list, only faster."""

from hypothesis import given
from hypothesis import strategies as st

from workbench.ui.transcript.flow import Heights

COUNTS = st.lists(st.integers(0, 9), max_size=60)


@given(COUNTS, COUNTS, st.data())
def test_sums_and_searches_agree_with_a_plain_list(begin: list[int], more: list[int], data: st.DataObject) -> None:
    heights, plain = Heights(begin), list(begin)
    for height in more:
        heights.append(height)
        plain.append(height)
    for _ in range(5 if plain else 0):
        index, height = data.draw(st.integers(0, len(plain) - 1)), data.draw(st.integers(0, 9))
        assert heights.set(index, height) == height - plain[index]
        plain[index] = height
    assert heights.total == sum(plain)
    assert [heights.offset(index) for index in range(len(plain) + 1)] == [
        sum(plain[:at]) for at in range(len(plain) + 1)
    ]
    lines = [(index, row) for index, height in enumerate(plain) for row in range(height)]
    assert [heights.find(line) for line in range(len(lines))] == lines
    assert heights.find(len(lines)) == (len(plain), 0)

"""Heights of many entries with their running sums: each change and each search costs O(log n) (a Fenwick tree)."""

from collections.abc import Iterable


class Heights:
    """TextLine counts by entry index; finds the entry of a line and the line of an entry."""

    def __init__(self, heights: Iterable[int] = ()) -> None:
        self._heights = list(heights)
        self._tree = [0, *self._heights]
        size = len(self._tree)
        for place in range(1, size):
            parent = place + (place & -place)
            if parent < size:
                self._tree[parent] += self._tree[place]
        self.total = sum(self._heights)
        """Lines of all entries."""

    def __len__(self) -> int:
        return len(self._heights)

    def __getitem__(self, index: int) -> int:
        return self._heights[index]

    def append(self, height: int) -> None:
        """Add an entry at the end."""
        self._heights.append(height)
        place = len(self._heights)
        covered = place - (place & -place)
        total, step = height, place - 1
        while step > covered:
            total += self._tree[step]
            step -= step & -step
        self._tree.append(total)
        self.total += height

    def set(self, index: int, height: int) -> int:
        """Give entry `index` another height; returns by how much it grew."""
        growth = height - self._heights[index]
        if not growth:
            return 0
        self._heights[index] = height
        self.total += growth
        place, size = index + 1, len(self._tree)
        while place < size:
            self._tree[place] += growth
            place += place & -place
        return growth

    def offset(self, index: int) -> int:
        """Lines before entry `index`."""
        total = 0
        while index > 0:
            total += self._tree[index]
            index -= index & -index
        return total

    def find(self, line: int) -> tuple[int, int]:
        """The entry that holds `line`, and the line within it. Beyond the end: `(len, lines too far)`."""
        place, size = 0, len(self._tree)
        step = 1 << (size.bit_length() - 1) if size else 0
        while step:
            ahead = place + step
            if ahead < size and self._tree[ahead] <= line:
                place, line = ahead, line - self._tree[ahead]
            step >>= 1
        return place, line

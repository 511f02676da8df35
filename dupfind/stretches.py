"""Stretches: the parts of a text that are found by scanning it, and those that are hidden."""

from collections.abc import Iterable, Iterator

__all__ = ["Finder", "Stretch", "blank", "lay_out"]

Stretch = tuple[int, int]


class Finder:
    """Finds strings ahead in a text, each in vain at most once: it takes linear time."""

    def __init__(self, text: str, end: int) -> None:
        self._text = text
        self._end = end
        self._missing: set[str] = set()

    def past(self, string: str, start: int) -> int | None:
        """Give where the next occurrence from `start` ends. Starts may not go backward."""
        if string in self._missing:
            return None
        at = self._text.find(string, start, self._end)
        if at < 0:
            self._missing.add(string)
            return None
        return at + len(string)


def blank(text: str, hidden: Iterable[Stretch]) -> str:
    """Blank what is hidden of a text, stretches that ascend: all offsets stay."""
    kept: list[str] = []
    at = 0
    for start, end in hidden:
        kept += text[at:start], " " * (end - start)
        at = end
    return "".join((*kept, text[at:])) if kept else text


def lay_out(stretches: Iterable[Stretch]) -> tuple[Stretch, ...]:
    """Put stretches in order and join those that overlap or touch."""
    return tuple(_join(sorted(stretches)))


def _join(stretches: Iterable[Stretch]) -> Iterator[Stretch]:
    start = end = -1
    for begin, stop in stretches:
        if begin > end:
            if start < end:
                yield start, end
            start, end = begin, stop
        else:
            end = max(end, stop)
    if start < end:
        yield start, end

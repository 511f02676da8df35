"""JSON scanner: a stream that holds an array of objects → the bytes of each object.

Looks for nothing but where objects begin and end: a count of brackets outside of strings.
Every byte is looked at once, whatever the stream holds and however it is cut into chunks.
"""

import re
from collections.abc import Iterator
from typing import Final, NamedTuple, Protocol

from dupfind.sources.streams import RefusedError, too_large

__all__ = ["Piece", "scan_objects"]

_CHUNK: Final = 1 << 18
_DEEPEST: Final = 1000  # brackets inside each other; decoders give up earlier

_STRING: Final = (
    # To the first quote without a backslash before it, past those with just one; else by signs.
    # A run of all signs but one is found many times as fast as a run of all but two.
    rb'"(?:(?:[^"]*+(?<=[^\\]\\)")*+[^"]*+(?<!\\)"|[^"\\]*+(?:\\.[^"\\]*+)*+")'
)
_OUTSIDE: Final = re.compile(rb'(?:[^"\[\]{}]++|%s)*+' % _STRING, re.DOTALL)
"""What stands before a bracket, or before a string that does not end here."""
_INSIDE: Final = re.compile(rb'[^"\\]*+(?:\\.[^"\\]*+)*+', re.DOTALL)
"""The rest of a string; a backslash at its end belongs to a character yet to come."""
_BETWEEN: Final = re.compile(rb"\s*+,?\s*+")

_QUOTE, _BACKSLASH, _BRACKET = b'"\\['
_OPENING: Final = b"[{"


class Piece(NamedTuple):
    """An object of the stream, or what stands in its place."""

    line: int
    """On which it begins, from 1."""
    data: bytes | RefusedError


class _Readable(Protocol):
    def read(self, size: int, /) -> bytes: ...


def scan_objects(stream: _Readable, limit: int) -> Iterator[Piece]:
    """Find the objects in an array, or one after the other, as they are read.

    Holds one chunk and one object, of `limit` bytes at most. Whether an object is JSON is for a
    decoder to say. Gives a reason where something else than commas stands between objects,
    where an object is too large or does not end, and where brackets are nested too deeply:
    that is where it stops.
    """
    brackets = _Brackets()
    held = _Held(limit)
    depth, base = 0, -1
    while chunk := stream.read(_CHUNK):
        start = 0
        for at in brackets.find(chunk):
            opening = chunk[at] in _OPENING
            depth += 1 if opening else -1
            if base < 0:
                # An array's own bracket, or the first of objects that follow each other.
                base = int(chunk[at] == _BRACKET)
            if opening and depth <= base + 1:
                yield from held.take_gap(chunk[start:at])
                start = at + (depth == base)
            elif not opening and depth == base:
                yield held.take_object(chunk[start : at + 1])
                start = at + 1
            elif depth < base or depth < 0:
                yield from held.take_gap(chunk[start:at], closes=depth >= 0)
                start, depth, base = at + 1, 0, 0
            elif depth > _DEEPEST:
                yield Piece(held.line, RefusedError("invalid", "nested too deeply"))
                return
        held.keep(chunk[start:])
    if depth > max(base, 0):
        yield Piece(held.line, RefusedError("invalid", "ends inside a record"))
    else:
        yield from held.take_gap(b"", closes=depth == 0)


class _Brackets:
    """Finds the brackets outside of strings, chunk by chunk."""

    def __init__(self) -> None:
        self._inside = False
        self._escaped = False
        """The last chunk ended with a backslash."""

    def find(self, chunk: bytes) -> Iterator[int]:
        """Give the offset of each bracket in the next chunk."""
        at = int(self._escaped)
        self._escaped = False
        while at < len(chunk):
            pattern = _INSIDE if self._inside else _OUTSIDE
            match = pattern.match(chunk, at)
            at = match.end() if match else at
            if at == len(chunk):
                return
            if chunk[at] == _QUOTE:
                self._inside = not self._inside
            elif chunk[at] == _BACKSLASH:
                self._escaped = True
            else:
                yield at
            at += 1


class _Held:
    """What earlier chunks hold of the object, or of the gap between objects, that we are in."""

    def __init__(self, limit: int) -> None:
        self.line = 1
        """On which it begins."""
        self._limit = limit
        self._parts: list[bytes] = []
        self._size = 0
        self._ends = 0
        """Of lines in the parts."""

    def keep(self, data: bytes) -> None:
        """Add to it what the rest of a chunk holds, or only its measure if it is too large."""
        self._size += len(data)
        self._ends += data.count(b"\n")
        if self._size <= self._limit:
            self._parts.append(data)
        else:
            self._parts.clear()

    def take_object(self, rest: bytes) -> Piece:
        """Give the object that ends with `rest`."""
        line, data = self._take(rest)
        return Piece(line, too_large(self._limit) if data is None else data)

    def take_gap(self, rest: bytes, *, closes: bool = True) -> Iterator[Piece]:
        """Give the fault of the gap that ends with `rest`, if it has one."""
        line, data = self._take(rest)
        if not closes:
            yield Piece(line, RefusedError("invalid", f"line {line}: brackets do not match"))
        elif data is None or not _BETWEEN.fullmatch(data):
            detail = f"line {line}: something else than an object between records"
            yield Piece(line, RefusedError("invalid", detail))

    def _take(self, rest: bytes) -> tuple[int, bytes | None]:
        self.keep(rest)
        line, size = self.line, self._size
        data = b"".join(self._parts)
        self.line += self._ends
        self._parts.clear()
        self._size = self._ends = 0
        return line, data if size <= self._limit else None

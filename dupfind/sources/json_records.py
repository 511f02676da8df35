"""JSON records: the bytes of one JSON object → a document."""

import re
from typing import Any, Final

import msgspec

from dupfind.model import Document, Skipped
from dupfind.reading import Reading
from dupfind.sources.decoding import undecodable
from dupfind.sources.fields import assign, find, is_plain_id, make_document, tell

__all__ = ["JsonRecords"]

_decode: Final = msgspec.json.Decoder(dict[str, Any]).decode
_decode_raw: Final = msgspec.json.Decoder(dict[str, msgspec.Raw]).decode

_HALF: Final = re.compile(
    rb"\\u[dD][89abAB][0-9a-fA-F]{2}(?!\\u[dD][c-fC-F])"
    rb"|(?<!\\u[dD][89abAB][0-9a-fA-F]{2})\\u[dD][c-fC-F][0-9a-fA-F]{2}"
)
_SHAPES: Final = 256  # of records in a file that are remembered


_Shape = tuple[tuple[str, str], ...]
"""What the records with the same fields have in common: the roles, and which field has each."""


class JsonRecords:
    """Reads the records of a file one by one.

    Which field has which role is found out once for all records with the same fields.
    """

    def __init__(self, path: str, reading: Reading) -> None:
        self._path = path
        self._roles = assign(reading)
        self._nested = any("." in f for fields in self._roles.values() for f in fields)
        self._shapes: dict[tuple[str, ...], _Shape] = {}

    def read(self, data: bytes, number: int, line: int) -> Document | Skipped:
        """Read a record, the `number`-th of the file, which begins on a line of it."""
        try:
            if not data.isascii():
                data.decode()
            return make_document(self._find(data), self._path, number, line)
        except UnicodeDecodeError as error:
            detail = f"{undecodable(error)} (offset in the record)"
            reason = "undecodable"
        except msgspec.DecodeError as error:
            reason, detail = "invalid", str(error)
            if _HALF.search(data):
                detail = "holds half of a surrogate pair, which is no character"
        except RecursionError:
            reason, detail = "invalid", "nested too deeply"
        return Skipped(path=self._path, reason=reason, record=number, detail=detail)

    def tell(self, data: bytes) -> str | None:
        """Say of a record which of its fields are used, where it can be read."""
        try:
            return tell(_decode_raw(data), self._roles)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
            return None

    def _find(self, data: bytes) -> dict[str, Any]:
        try:
            record = _decode(data)
        except msgspec.ValidationError:
            # No object, or it holds a number that Python has not.
            record = self._decode_usual(data)
        names = tuple(record)
        if (shape := self._shapes.get(names)) is None:
            shape = self._learn(names)
        found = {role: value for role, field in shape if (value := record[field]) is not None}
        if not shape or len(found) < len(shape):
            found = find(record, self._roles)
        if not is_plain_id(found.get("id")):
            # It is shown as it is written: 1.50 stays 1.50.
            found |= find(_decode_raw(data), {"id": self._roles["id"]})
        return found

    def _learn(self, names: tuple[str, ...]) -> _Shape:
        """Find out the roles of fields, and remember them; none where it is not worth it."""
        if self._nested or len(self._shapes) == _SHAPES:
            return ()
        shape = tuple(
            (role, field)
            for role, fields in self._roles.items()
            if (field := next((field for field in fields if field in names), None))
        )
        self._shapes[names] = shape
        return shape

    def _decode_usual(self, data: bytes) -> dict[str, Any]:
        """Decode only what is looked for, as far as it can be."""
        usual = {name for fields in self._roles.values() for f in fields for name in _names(f)}
        record = {}
        for name, value in _decode_raw(data).items():
            if name in usual:
                try:
                    record[name] = msgspec.json.decode(value)
                except msgspec.ValidationError:
                    record[name] = value
        return record


def _names(field: str) -> tuple[str, str]:
    """Give the names that lead to a field: its own, or the first of its path."""
    return field, field.partition(".")[0]

"""JSON records: the bytes of one JSON object → a document."""

from operator import attrgetter
from typing import Any, Final

import msgspec

from dupfind.model import Document, Skipped
from dupfind.reading import Reading
from dupfind.sources.decoding import undecodable
from dupfind.sources.fields import assign, find, make_document, tell

__all__ = ["JsonRecords"]

_decode_any: Final = msgspec.json.Decoder(dict[str, Any]).decode


class JsonRecords:
    """Reads the records of a file one by one.

    A decoder is made for the fields that are looked for: it passes over all others without
    making anything of them. Only paths into nested objects need the whole record.
    """

    def __init__(self, path: str, reading: Reading) -> None:
        self._path = path
        self._roles = assign(reading)
        fields = [(field, role) for role, fields in self._roles.items() for field in fields]
        self._nested = any("." in field for field, _ in fields)
        # The first of the usual names comes last, so that it overrides the others.
        fields.reverse()
        names = [f"f{number}" for number in range(len(fields))]
        # An id is shown as it is written: 1.50 stays 1.50.
        kinds = [msgspec.Raw if role == "id" else Any for _, role in fields]
        record = msgspec.defstruct(
            "Record",
            [(name, kind, None) for name, kind in zip(names, kinds, strict=True)],
            rename=dict(zip(names, (field for field, _ in fields), strict=True)),
            gc=False,
        )
        self._decode = msgspec.json.Decoder(record).decode
        self._get = attrgetter(*names)
        self._order = tuple(role for _, role in fields)

    def read(self, data: bytes, number: int, line: int) -> Document | Skipped:
        """Read a record, the `number`-th of the file, which begins on a line of it."""
        try:
            # msgspec does not look into the strings of fields that it passes over.
            if not data.isascii():
                data.decode()
            if self._nested:
                found = find(_decode_any(data), self._roles)
            else:
                values = zip(self._order, self._get(self._decode(data)), strict=True)
                found = {role: value for role, value in values if value is not None}
            return make_document(found, self._path, number, line)
        except UnicodeDecodeError as error:
            detail = f"{undecodable(error)} (offset in the record)"
            reason = "undecodable"
        except msgspec.DecodeError as error:
            reason, detail = "invalid", str(error)
        except RecursionError:
            reason, detail = "invalid", "nested too deeply"
        return Skipped(path=self._path, reason=reason, record=number, detail=detail)

    def tell(self, data: bytes) -> str | None:
        """Say of a record which of its fields are used, where it can be read."""
        try:
            return tell(_decode_any(data), self._roles)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
            return None

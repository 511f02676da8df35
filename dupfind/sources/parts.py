"""Parts: the files inside a document that is a ZIP archive, such as an office document."""

import zipfile
from io import BytesIO
from typing import Final

from dupfind.sources.metadata import clean
from dupfind.sources.streams import RefusedError
from dupfind.sources.unpacking import Budget
from dupfind.sources.xml import Element, parse

__all__ = ["Parts"]

_MOST: Final = 10_000
"""Parts of the largest document."""


class Parts:
    """The parts of a document, by name. None may be larger than the limit, nor all together.

    Raises `RefusedError` where the archive is broken, at the start or at the part in question.
    """

    def __init__(self, data: bytes, limit: int) -> None:
        self._left = limit
        self._budget = Budget()
        self._budget.packed = len(data)
        try:
            self._archive = zipfile.ZipFile(BytesIO(data))
        except Exception as error:  # noqa: BLE001 - a broken one raises what it runs into
            raise RefusedError("invalid", f"a broken archive: {clean(str(error))}") from None
        if len(self._archive.filelist) > _MOST:
            raise RefusedError("bomb", f"more than {_MOST:,} parts")

    def read(self, name: str) -> bytes | None:
        """Give the bytes of a part, or None where there is none of this name."""
        if name not in self._archive.NameToInfo:
            return None
        try:
            with self._archive.open(name) as part:
                # A byte more than is allowed, whatever the archive says of its size.
                data = part.read(self._left + 1)
        except Exception as error:  # noqa: BLE001 - as above
            # What zipfile says of a missing password is a RuntimeError, and no news of its own.
            why = "encrypted" if type(error) is RuntimeError else f"broken: {clean(str(error))}"
            raise RefusedError("invalid", f"its part {clean(name)} is {why}") from None
        self._budget.spend(len(data))
        self._left -= len(data)
        if self._left < 0:
            raise RefusedError("large", "unpacks to more than --max-size allows")
        return data

    def parse(self, name: str) -> Element | None:
        """Parse a part that is XML; None where there is none of this name."""
        data = self.read(name)
        return None if data is None else parse(data)

"""Archives: zip and tar files → their members, one open stream after the other.

Nothing is ever written to disk, so a member's name is nothing but a name: one that would lead
out of the archive is shown with what makes it do so escaped.
"""

import re
import tarfile
import zipfile
from collections.abc import Iterator
from io import BufferedReader, BytesIO, RawIOBase
from typing import IO, Final, NamedTuple, cast

from dupfind.sources.streams import BUFFER, RefusedError, read_whole
from dupfind.sources.unpacking import Budget, Source, Unpacked

__all__ = ["Forward", "Member", "archive_of", "list_members", "show_name"]

_OUTWARD: Final = re.compile(r"^(?:[A-Za-z]:)?[/\\]+|(?:^|(?<=[/\\]))\.\.(?=[/\\]|$)")
_ENCRYPTED: Final = 1


class Member(NamedTuple):
    """What an archive holds: a name, and an open stream, or why there is none."""

    name: str
    stream: BufferedReader | RefusedError


def archive_of(head: bytes, name: str) -> str | None:
    """Tell which kind of archive a file is, by its head, else by its extension."""
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return "zip"
    if head.startswith(b"ustar", 257):
        return "tar"
    ending = name[-4:].lower()
    return ending[1:] if ending in {".zip", ".tar"} else None


def list_members(kind: str, stream: BufferedReader, limit: int, budget: Budget) -> Iterator[Member]:
    """List the files of an archive, in its order; each stream is read before the next.

    What cannot be sought in is held in memory, up to `limit` bytes. Raises `RefusedError` where
    the archive is broken, after the members before the break.
    """
    try:
        if kind == "zip":
            yield from _list_zip(stream, limit, budget)
        else:
            yield from _list_tar(stream, limit)
    except OSError:
        raise
    except Exception as error:  # noqa: BLE001 - of bad content each library makes what it likes
        raise RefusedError("invalid", f"broken {kind}: {' '.join(str(error).split())}") from None


def _list_zip(stream: BufferedReader, limit: int, budget: Budget) -> Iterator[Member]:
    source: IO[bytes] = cast("IO[bytes]", stream)
    if not stream.seekable():
        source = BytesIO(read_whole(stream, limit))
    with zipfile.ZipFile(source) as archive:
        for member in archive.infolist():
            if member.is_dir():
                continue
            if member.flag_bits & _ENCRYPTED:
                refused = RefusedError("encrypted", "unpack it with its password to have it read")
                yield Member(show_name(member.filename), refused)
                continue
            try:
                opened = archive.open(member)
            except (zipfile.BadZipFile, NotImplementedError) as error:
                yield Member(
                    show_name(member.filename), RefusedError("invalid", f"broken zip: {error}")
                )
                continue
            with opened:
                unpacked = Unpacked(cast("Source", opened), "zip", budget)
                yield Member(show_name(member.filename), BufferedReader(unpacked, BUFFER))


def _list_tar(stream: BufferedReader, limit: int) -> Iterator[Member]:
    with tarfile.open(fileobj=cast("IO[bytes]", Forward(stream, limit)), mode="r:") as archive:
        while member := archive.next():
            archive.members.clear()  # type: ignore[attr-defined] # It would keep them all.
            name = show_name(member.name)
            if member.issym() or member.islnk():
                yield Member(name, RefusedError("link", f"points to {show_name(member.linkname)}"))
            elif member.issparse():
                # A small one can stand for as many zeros as it says.
                yield Member(name, RefusedError("special", "a sparse file"))
            elif member.isfile() and (content := archive.extractfile(member)):
                # Not packed itself: what packs the archive has counted it.
                unpacked = Unpacked(cast("Source", content), "tar", Budget())
                yield Member(name, BufferedReader(unpacked, BUFFER))
            elif not member.isdir():
                yield Member(name, RefusedError("special", "neither a file nor a folder"))


class Forward(RawIOBase):
    """A stream that can be sought in, forward only: what tarfile asks for and a pipe can give."""

    def __init__(self, stream: BufferedReader, limit: int) -> None:
        self._stream = stream
        self._limit = limit
        self._at = 0

    def readable(self) -> bool:
        """Tell that it can be read."""
        return True

    def seekable(self) -> bool:
        """Tell that it can be sought in."""
        return True

    def tell(self) -> int:
        """Give the offset."""
        return self._at

    def seek(self, offset: int, whence: int = 0, /) -> int:
        """Read on to an offset. Raises `tarfile.ReadError` where it is behind."""
        if whence or offset < self._at:
            raise tarfile.ReadError("its members overlap")
        while self._at < offset:
            if not self.read(min(offset - self._at, BUFFER)):
                break
        return self._at

    def read(self, size: int = -1, /) -> bytes:
        """Read bytes. Raises `RefusedError` for a header of more than any header has.

        Raises `tarfile.ReadError` where some are missing; tarfile itself would not mind.
        """
        if not 0 <= size <= self._limit:
            raise RefusedError("large", f"a header of more than {self._limit:,} bytes")
        data = self._stream.read(size)
        self._at += len(data)
        if 0 < len(data) < size:
            raise tarfile.ReadError("unexpected end of data")
        return data


def show_name(name: str) -> str:
    r"""Give a member's name as the report shows it: what leads out of the archive as `\x2e`."""
    name = name.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")
    return _OUTWARD.sub(lambda way: "".join(f"\\x{ord(sign):02x}" for sign in way[0]), name)

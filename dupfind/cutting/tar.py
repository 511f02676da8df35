"""tar: the members that are kept, with their owners, dates and modes."""

import shutil
import tarfile
from io import BufferedReader
from tempfile import TemporaryFile
from typing import IO, TYPE_CHECKING, BinaryIO, cast

from dupfind.sources.archives import Forward, show_name
from dupfind.sources.streams import BUFFER, RefusedError
from dupfind.sources.unpacking import Budget, Source, Unpacked

if TYPE_CHECKING:
    from dupfind.cutting import Members

__all__ = ["cut"]


def cut(stream: BufferedReader, sink: BinaryIO, members: "Members") -> None:
    """Write members. Raises `RefusedError` where the archive is broken."""
    source = Forward(stream, members.limit)
    with TemporaryFile() as made:
        try:
            with (
                # Not as tarfile's own stream, which fails where what it reads ahead is broken.
                tarfile.open(fileobj=cast("IO[bytes]", source), mode="r:") as archive,
                tarfile.open(fileobj=made, mode="w") as remaining,
            ):
                while not members.is_done() and (member := archive.next()):
                    archive.members.clear()  # type: ignore[attr-defined] # It would keep them all.
                    if member.isfile() and members.takes(name := show_name(member.name)):
                        content = archive.extractfile(member)
                        unpacked = Unpacked(cast("Source", content), "tar", Budget())
                        _add(remaining, member, BufferedReader(unpacked, BUFFER), members, name)
        except tarfile.TarError as error:
            raise RefusedError("invalid", f"broken tar: {error}") from None
        made.seek(0)
        shutil.copyfileobj(made, sink, BUFFER)


def _add(
    remaining: tarfile.TarFile,
    member: tarfile.TarInfo,
    stream: BufferedReader,
    members: "Members",
    name: str,
) -> None:
    # The size comes first.
    with TemporaryFile() as content:
        members.cut(stream, cast("BinaryIO", content), name)
        member.size = content.tell()
        member.pax_headers = {
            key: value for key, value in member.pax_headers.items() if key != "size"
        }
        content.seek(0)
        remaining.addfile(member, content)

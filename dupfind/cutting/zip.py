"""ZIP: the members that are kept, with their dates and modes."""

import shutil
import zipfile
from io import BufferedReader
from tempfile import TemporaryFile
from typing import TYPE_CHECKING, BinaryIO, cast

from dupfind.sources.archives import show_name
from dupfind.sources.streams import BUFFER, RefusedError
from dupfind.sources.unpacking import Source, Unpacked

if TYPE_CHECKING:
    from dupfind.cutting import Members

__all__ = ["cut"]


def cut(stream: BufferedReader, sink: BinaryIO, members: "Members") -> None:
    """Write members, packed as they were. Raises `RefusedError` where the archive is broken."""
    with TemporaryFile() as source, TemporaryFile() as made:
        # Both are sought in, which packed streams do not allow.
        shutil.copyfileobj(stream, source, BUFFER)
        try:
            with zipfile.ZipFile(source) as archive, zipfile.ZipFile(made, "w") as remaining:
                remaining.comment = archive.comment
                for member in archive.infolist():
                    if not member.is_dir() and members.takes(name := show_name(member.filename)):
                        _cut_member(archive, member, remaining, members, name)
        except (zipfile.BadZipFile, NotImplementedError) as error:
            raise RefusedError("invalid", f"broken zip: {error}") from None
        made.seek(0)
        shutil.copyfileobj(made, sink, BUFFER)


def _cut_member(
    archive: zipfile.ZipFile,
    member: zipfile.ZipInfo,
    remaining: zipfile.ZipFile,
    members: "Members",
    name: str,
) -> None:
    place = zipfile.ZipInfo(member.filename, member.date_time)
    place.compress_type = member.compress_type
    place.create_system = member.create_system
    place.external_attr = member.external_attr
    place.comment = member.comment
    place.file_size = member.file_size  # Above 2 GB it needs room for its size.
    with archive.open(member) as opened, remaining.open(place, "w") as sink:
        unpacked = Unpacked(cast("Source", opened), "zip", members.budget)
        members.cut(BufferedReader(unpacked, BUFFER), cast("BinaryIO", sink), name)

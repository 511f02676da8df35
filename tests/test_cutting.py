import bz2
import csv
import gzip
import io
import json
import lzma
import tarfile
import zipfile
from pathlib import Path

import pyarrow as pa
import pytest
import zstandard
from hypothesis import given
from hypothesis import strategies as st
from pyarrow import feather, parquet
from test_baseline import story

from dupfind.cutting import cut_content, cut_file
from dupfind.model import Document
from dupfind.reading import Reading
from dupfind.sources import read

PACKERS = {
    "": lambda data: data,
    ".gz": gzip.compress,
    ".bz2": bz2.compress,
    ".xz": lzma.compress,
    ".zst": zstandard.compress,
}
UNPACKERS = {
    "": lambda data: data,
    ".gz": gzip.decompress,
    ".bz2": bz2.decompress,
    ".xz": lzma.decompress,
    ".zst": lambda data: zstandard.ZstdDecompressor().decompressobj().decompress(data),
}
TEXT = st.text(st.sampled_from('aé \n\r,;"\\[]{}'), min_size=1, max_size=8).map("x{}".format)
TEXTS = st.lists(TEXT, min_size=1, max_size=6)
KEPT = st.sets(st.integers(1, 6), min_size=1)


def write(folder: Path, name: str, data: bytes) -> str:
    """Write a file and give its name."""
    path = folder / name
    path.write_bytes(data)
    return str(path)


def documents(name: str) -> list[Document]:
    """Read a file."""
    return [item for item in read([name]) if isinstance(item, Document)]


def cut(name: str, keep: dict[str, set[int] | None] | set[int]) -> bytes:
    """Cut a file: give it with these records, or with these of the files inside of it."""
    path = documents(name)[0].path.partition("!")[0]
    inside = keep if isinstance(keep, dict) else {"": keep}
    sink = io.BytesIO()
    chosen = {f"{path}{way}": which and frozenset(which) for way, which in inside.items()}
    cut_file(name, path, sink, chosen, Reading())
    return sink.getvalue()


def halve(folder: Path, name: str, pieces: list[bytes], kept: set[int], frame: str) -> None:
    """Cut a file in two, by the numbers of its records, and hold both parts against its pieces."""
    texts = [document.text for document in documents(name)]
    assert len(texts) == len(pieces)
    numbers = set(range(1, len(pieces) + 1))
    for half in (kept & numbers, numbers - kept):
        if half:
            left = cut(name, half)
            chosen = [pieces[number - 1] for number in sorted(half)]
            begin, between, end = frame.encode().split(b"#")
            assert left == begin + between.join(chosen) + end
            again = documents(write(folder, f"half-{Path(name).name}", left))
            assert [each.text for each in again] == [texts[number - 1] for number in sorted(half)]


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    """Give a folder for all examples."""
    return tmp_path_factory.mktemp("cut")


@given(TEXTS, KEPT, st.sampled_from([None, 2]), st.sampled_from(["", "\ufeff"]))
def test_json_lines_are_cut_by_lines(folder, texts, kept, width, mark):
    """What is kept is as it was, whatever stands in it, and the byte order mark stays."""
    pieces = [json.dumps({"text": text}, ensure_ascii=not width).encode() + b"\n" for text in texts]
    name = write(folder, "a.jsonl", mark.encode() + b"".join(pieces))
    halve(folder, name, pieces, kept, f"{mark}##")


@given(TEXTS, KEPT, st.sampled_from([None, 0, 2]), st.sampled_from(["", "\ufeff"]))
def test_json_arrays_are_cut_by_objects(folder, texts, kept, indent, mark):
    """Each object as it was, between the brackets and commas of `json.dumps`."""
    records = [{"text": text, "more": [{"id": 1}]} for text in texts]
    whole = json.dumps(records, indent=indent, ensure_ascii=False)
    frame = {None: "[#, #]\n", 0: "[\n#,\n#\n]\n", 2: "[\n  #,\n  #\n]\n"}[indent]
    shifted = [
        json.dumps(record, indent=indent, ensure_ascii=False).replace(
            "\n", "\n" + " " * (indent or 0)
        )
        for record in records
    ]
    begin, between, end = frame.split("#")
    assert whole + "\n" == begin + between.join(shifted) + end
    name = write(folder, "a.json", f"{mark}{whole}\n".encode())
    halve(folder, name, [piece.encode() for piece in shifted], kept, mark + frame)


@given(
    TEXTS,
    KEPT,
    st.sampled_from(",;\t"),
    st.sampled_from(["\n", "\r\n"]),
    st.sampled_from([csv.QUOTE_ALL, csv.QUOTE_MINIMAL]),
    st.sampled_from(["", "\ufeff", "sep={}\n", "\ufeffsep={}\r\n"]),
)
def test_tables_of_text_are_cut_by_rows(folder, texts, kept, delimiter, end, quoting, mark):
    """Rows keep their quotes and line ends, also those inside; the names of columns stay."""

    def row(*cells: str) -> str:
        line = io.StringIO()
        csv.writer(line, delimiter=delimiter, lineterminator=end, quoting=quoting).writerow(cells)
        return line.getvalue()

    if quoting == csv.QUOTE_MINIMAL:
        # Python's writer leaves a lone return outside of quotes, where it ends a row.
        texts = [text.replace("\r", "") for text in texts]
    mark = mark.format(delimiter)
    head = row("id", "text", "more")
    pieces = [row(str(number), text, "x") for number, text in enumerate(texts)]
    name = write(folder, "a.csv", (mark + head + "".join(pieces)).encode())
    halve(folder, name, [piece.encode() for piece in pieces], kept, f"{mark}{head}##")


MESSAGE = "From a@b.example Mon Jan  6 10:00:00 2020\nSubject: {}\n\n{}\n>From here on\n\n".format


@given(st.lists(st.sampled_from(["one", "two\n\nand more", "three\r\nfour"]), min_size=2), KEPT)
def test_mail_boxes_are_cut_by_messages(folder, texts, kept):
    """With the line that begins each, and quoted as they were."""
    pieces = [MESSAGE(number, text).encode() for number, text in enumerate(texts)]
    halve(folder, write(folder, "a.mbox", b"".join(pieces)), pieces, kept, "##")


@pytest.mark.parametrize("name", ["a.parquet", "a.feather", "a.arrows"])
def test_columns_are_cut_by_rows(tmp_path, name):
    """Schema, metadata and all columns stay, and a file is packed as it was."""
    schema = pa.schema(
        [
            pa.field("text", pa.string(), metadata={"unit": "words"}),
            ("kind", pa.dictionary(pa.int8(), pa.string())),
            ("tags", pa.list_(pa.string())),
            ("at", pa.timestamp("us", tz="UTC")),
        ],
        metadata={"made": "by hand"},
    )
    rows = [
        {"text": f"story {number}", "kind": "ab"[number % 2], "tags": ["x"] * number, "at": number}
        for number in range(7)
    ]
    table = pa.Table.from_pylist(rows, schema)
    path = tmp_path / name
    if name == "a.parquet":
        parquet.write_table(table, path, row_group_size=2, compression="zstd")
        reopen = parquet.read_table
    elif name == "a.feather":
        feather.write_feather(table, path, compression="zstd", chunksize=2)
        reopen = feather.read_table
    else:
        with pa.ipc.new_stream(path, schema) as stream:
            stream.write_table(table, 2)

        def reopen(source):
            with pa.input_stream(source) as stream:
                return pa.ipc.open_stream(stream).read_all()

    data = cut(str(path), {1, 4, 7})
    assert data == cut(str(path), {1, 4, 7})
    left = reopen(io.BytesIO(data))
    assert left.schema.equals(reopen(str(path)).schema, check_metadata=True)
    assert left.schema.metadata == schema.metadata
    assert left.to_pylist() == table.take([0, 3, 6]).to_pylist()
    if name == "a.parquet":
        codec = parquet.ParquetFile(io.BytesIO(data)).metadata.row_group(0).column(0).compression
        assert codec == "ZSTD"


@pytest.mark.parametrize("ending", PACKERS)
def test_what_is_packed_is_packed_again(tmp_path, ending):
    """Alike, and to the same bytes each time; also in the encoding that it had."""
    rows = [f"{number}\tstory {number}\r\n" for number in range(3)]
    data = PACKERS[ending](("id\ttext\r\n" + "".join(rows)).encode("utf-16"))
    name = write(tmp_path, f"a.tsv{ending}", data)
    left = cut(name, {1, 3})
    assert UNPACKERS[ending](left) == f"id\ttext\r\n{rows[0]}{rows[2]}".encode("utf-16")
    assert left == cut(name, {1, 3})
    sink = io.BytesIO()
    path = documents(name)[0].path
    cut_content(name, path, sink, {path: frozenset({2})}, Reading())
    assert sink.getvalue() == f"id\ttext\r\n{rows[1]}".encode()


def make_zip(members: dict[str, bytes]) -> bytes:
    """Pack files, each in another way."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.mkdir("deep")
        for number, (name, data) in enumerate(members.items()):
            info = zipfile.ZipInfo(name, (2001, 2, 3, 4, 5, number * 2))
            info.compress_type = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)[number % 2]
            info.external_attr = 0o640 << 16
            archive.writestr(info, data)
    return packed.getvalue()


def make_tar(members: dict[str, bytes]) -> bytes:
    """Pack files, of somebody."""
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w") as archive:
        for name, data in members.items():
            info = tarfile.TarInfo(name)
            info.size, info.mtime, info.mode, info.uname = len(data), 981173045.5, 0o640, "ed"
            archive.addfile(info, io.BytesIO(data))
    return packed.getvalue()


@pytest.mark.parametrize("make", [make_zip, make_tar])
@pytest.mark.parametrize("ending", ["", ".gz"])
def test_archives_keep_members_and_what_is_in_them(tmp_path, make, ending):
    """Whole or cut, in archives inside of archives, with their dates and modes."""
    lines = [json.dumps({"text": story(number)}).encode() + b"\n" for number in range(3)]
    members = {
        "a.txt": b"\xef\xbb\xbfa story\r\n",
        "deep/../é!b.txt": b"another",
        "gone.txt": b"a third",
        "deep/c.jsonl.gz": gzip.compress(b"".join(lines)),
        "d.zip": make_zip({"e.txt": b"the fourth", "f.txt": b"the fifth"}),
        "last.txt": b"the last",
    }
    kind = make.__name__.removeprefix("make_")
    name = write(tmp_path, f"a.{kind}{ending}", PACKERS[ending](make(members)))
    keep = {
        "!a.txt": None,
        "!deep/\\x2e\\x2e/é!b.txt": None,
        "!deep/c.jsonl.gz": {1, 3},
        "!d.zip!f.txt": None,
    }
    left = UNPACKERS[ending](cut(name, keep))
    if make is make_zip:
        with zipfile.ZipFile(io.BytesIO(left)) as archive:
            found = {info.filename: archive.read(info) for info in archive.infolist()}
            told = {(info.date_time[:5], info.external_attr >> 16) for info in archive.infolist()}
        assert told == {((2001, 2, 3, 4, 5), 0o640)}
    else:
        with tarfile.open(fileobj=io.BytesIO(left)) as archive:
            found = {info.name: archive.extractfile(info).read() for info in archive}
            told = {(info.mtime, info.mode, info.uname) for info in archive}
        assert told == {(981173045.5, 0o640, "ed")}
    assert list(found) == ["a.txt", "deep/../é!b.txt", "deep/c.jsonl.gz", "d.zip"]
    assert found["a.txt"] == members["a.txt"]
    assert gzip.decompress(found["deep/c.jsonl.gz"]) == lines[0] + lines[2]
    with zipfile.ZipFile(io.BytesIO(found["d.zip"])) as inner:
        assert inner.namelist() == ["f.txt"]
    again = write(tmp_path, f"b.{kind}", left)
    assert [item.text for item in documents(again)] == [
        "a story\r\n", "another", story(0), story(2), "the fifth",
    ]  # fmt: skip

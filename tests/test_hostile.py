"""Files made to hurt: each is read or refused in little time and memory."""

import gzip
import io
import os
import random
import subprocess
import sys
import time
import zipfile
from pathlib import Path

import pytest
from files import check, write
from hypothesis import given, settings
from hypothesis import strategies as st

from dupfind.reading import Reading, Selection
from dupfind.sources import read
from dupfind.sources.formats import FORMATS

MB = 1_000_000


@pytest.fixture(autouse=True)
def here(tmp_path, monkeypatch):
    """Work in an empty folder."""
    monkeypatch.chdir(tmp_path)


def overlapping(count):
    """Make a zip file whose directory names one member many times."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.txt", b" " * 4 * MB)
        archive.filelist *= count
    return made.getvalue()


def zipped(files):
    """Make a zip file of names and contents."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return made.getvalue()


NASTY = {
    "brackets.json": lambda: b"[" * 10 * MB,
    "closing.json": lambda: b"]" * 200_000,
    "pairs.json": lambda: b"[" + b"{}," * 200_000,
    "strings.json": lambda: b"[" + b'"",' * 3 * MB,
    "quotes.json": lambda: b'[{"a' + b'"' * 10 * MB,
    "backslashes.json": lambda: b'[{"text":"' + b"\\" * 10 * MB,
    "endless.json": lambda: b'[{"text":"' + b"a" * 10 * MB,
    "blanks.json": lambda: b" " * 10 * MB + b"[" + b" " * 10 * MB,
    "commas.json": lambda: b"[" + b"," * 10 * MB,
    "keys.jsonl": lambda: b"".join(b'{"k%d": 1, "text": "a"}\n' % n for n in range(200_000)),
    "wide.jsonl": lambda: b"{" + b",".join(b'"k%d":1' % n for n in range(MB)) + b"}",
    "deep.jsonl": lambda: b'{"a":' * 2 * MB,
    "nul.jsonl": lambda: b'{"text": "a"}\n' + b"\0" * 10 * MB,
    "empty.jsonl": lambda: b"\n" * 10 * MB,
    "digits.jsonl": lambda: b'{"text": "a", "id": ' + b"9" * 5 * MB + b"}",
    "date.jsonl": lambda: b'{"text": "a", "date": "' + b"1" * 5 * MB + b'"}',
    "quotes.csv": lambda: b'text,id\n"' + b'"' * 10 * MB,
    "columns.csv": lambda: b"text," + b"a," * 3 * MB,
    "columns2.csv": lambda: b",".join(b"c%d" % n for n in range(100_000)) + b",text\n",
    "lines.csv": lambda: b'text,id\n"' + b"\n" * 5 * MB,
    "blanks.zip": lambda: zipped({f"{n}": b" " * 9999 for n in range(3000)}),
    "blanks.txt": lambda: b" " * 20 * MB,
    "lines.txt": lambda: b"\n" * 20 * MB,
    "long.md": lambda: b"#" * 20 * MB,
    "marks.txt": lambda: b"# dupfind: ignore-start # dupfind: ignore-end " * 200_000,
    "latin.txt": lambda: b"caf\xe9 " * 4 * MB,
    "high.txt": lambda: bytes(range(128, 256)) * 100_000,
    "header.csv": lambda: b"text," * 2 * MB,
    "a.tar": lambda: bytes(20 * MB),
    "a.txt.gz": lambda: gzip.compress(bytes(60 * MB)),
    "headers.warc": lambda: b"WARC/1.0\r\n" + b"a: b\r\n" * 3 * MB,
    "records.warc": lambda: b"WARC/1.0\r\nContent-Length: 0\r\n\r\n\r\n\r\n" * 100_000,
    "overlap.zip": lambda: overlapping(500),
    "many.zip": lambda: overlapping(1) * 100,
}


@pytest.mark.slow
@pytest.mark.parametrize("name", NASTY)
def test_nothing_takes_long(name):
    """Megabytes of whatever is worst for a reader are done with in seconds."""
    write({name: NASTY[name]()})
    began = time.process_time()
    check(read([name]))
    assert time.process_time() - began < 15


MEASURE = """
import resource, sys
from dupfind.sources import read
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
count = sum(len(item.text) == 5000 for item in read([sys.argv[1]]))
print(count, (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) // 1024)
"""


@pytest.mark.slow
@pytest.mark.parametrize("name", ["a.jsonl", "a.json", "a.csv", "a.jsonl.gz"])
def test_a_file_larger_than_memory_is_read_in_little(name):
    """Three hundred megabytes, or any number, take no more than some records."""
    start, record, between, end = {
        "json": (b"[", b'{"text": "%s"}', b",\n", b"]"),
        "csv": (b"id,text\n", b'1,"%s"', b"\n", b""),
    }.get(name[2:], (b"", b'{"text": "%s"}', b"\n", b""))
    with gzip.open(name, "wb", 1) if name.endswith("gz") else Path(name).open("wb") as file:
        file.write(start)
        source = random.Random(0)
        for number in range(60_000):
            text = source.randbytes(2500).hex().encode()
            file.write((between if number else b"") + record % text)
        file.write(end)
    done = subprocess.run(
        [sys.executable, "-c", MEASURE, name], capture_output=True, check=True, text=True
    )
    count, megabytes = map(int, done.stdout.split())
    assert count == 60_000
    assert megabytes < 40


ENDINGS = sorted(
    {ending for form in FORMATS for ending in form.extensions}
    | {".gz", ".bz2", ".xz", ".zst", ".zip", ".tar", ".tgz", ""}
)
BEGINNINGS = st.sampled_from(
    [
        *(b"", b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff", b"\xff\xfe\0\0"),
        *(b"\x1f\x8b\x08\0", b"BZh91AY&SY", b"\xfd7zXZ\0", b"\x28\xb5\x2f\xfd", b"PK\3\4"),
        *(b"PAR1", b"ARROW1\0\0", b"\xff\xff\xff\xff\x10\0\0\0\x10\0\0\0", b"WARC/1.0\r\n"),
        *(b'[{"text": ', b'{"text": "', b"text,id\n", b'id;text\n"', b"<html>", b"---\n"),
    ]
)
PARTS = st.lists(
    st.binary(max_size=20)
    | st.text(max_size=9).map(lambda text: text.encode("utf-8", "surrogatepass"))
    | st.sampled_from([b"\\ud800", b'"}', b"},{", b'"text":', b"\n", b"\0" * 600, b"\r\n\r\n"])
).map(b"".join)


@given(BEGINNINGS, PARTS, st.sampled_from(ENDINGS))
@settings(deadline=None, max_examples=500)
def test_no_bytes_raise(tmp_path_factory, beginning, rest, ending):
    """Whatever a file begins with, goes on with and is called."""
    path = tmp_path_factory.getbasetemp() / f"any{ending}"
    path.write_bytes(beginning + rest)
    check(read([path], Selection(hidden=True), Reading(max_size=10_000)))


def test_what_may_not_be_opened_is_told():
    """The others are read; as root all may be."""
    write({"d/a.txt": "a", "d/b.txt": "b"})
    Path("d/a.txt").chmod(0)
    items = list(read(["d"]))
    allowed = os.geteuid() == 0
    assert [getattr(item, "reason", None) for item in items] == [
        None if allowed else "unreadable",
        None,
    ]

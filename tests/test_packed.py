"""What is read out of packed files and archives, and what is refused."""

import bz2
import gzip
import io
import json
import lzma
import os
import sys
import tarfile
import zipfile
import zlib

import pytest
import zstandard
from files import check, found, only, skipped, texts, write
from hypothesis import given, settings
from hypothesis import strategies as st

from dupfind import scan
from dupfind.model import Skipped
from dupfind.reading import Reading, Selection
from dupfind.sources import read

PACKINGS = {
    ".gz": gzip.compress,
    ".bz2": bz2.compress,
    ".xz": lzma.compress,
    ".zst": zstandard.compress,
}


@pytest.fixture(autouse=True)
def here(tmp_path, monkeypatch):
    """Work in an empty folder."""
    monkeypatch.chdir(tmp_path)


def zipped(files):
    """Make a zip file of names and contents."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return made.getvalue()


def tarred(files, mode="w"):
    """Make a tar file of names and contents, or of members without content."""
    made = io.BytesIO()
    with tarfile.open(fileobj=made, mode=mode) as archive:
        for name, content in files.items():
            member = tarfile.TarInfo(name)
            if isinstance(content, tarfile.TarInfo):
                content.name = name
                archive.addfile(content)
            else:
                member.size = len(content)
                archive.addfile(member, io.BytesIO(content))
    return made.getvalue()


# Packings


@pytest.mark.parametrize("ending", PACKINGS)
def test_a_packed_file_is_unpacked(ending):
    """Known by its content, whatever its name; what is inside, too."""
    pack = PACKINGS[ending]
    write({f"a.txt{ending}": pack(b"one"), f"b.jsonl{ending}": pack(b'{"text": "two"}\n')})
    write({"c": pack(b'{"text": "three"}\n'), f"d.md{ending}": pack(pack(b"# Head line"))})
    items = list(read(["."]))
    assert texts(items) == ["one", "two", "three", "# Head line"]
    assert items[3].title == "Head line"


@pytest.mark.parametrize("ending", PACKINGS)
@pytest.mark.parametrize("cut", [lambda data: data[:-7], lambda data: data[:9] + b"\xff" * 99])
def test_a_broken_packing_is_invalid(ending, cut):
    """The library's reason is given, on one line."""
    packed = PACKINGS[ending](os.urandom(5000).hex().encode())
    write({f"a.txt{ending}": cut(packed)})
    item = only(f"a.txt{ending}")
    assert item.reason == "invalid"
    assert item.detail.startswith("broken ")


def test_streams_in_a_row_are_one():
    """As the tools that pack in parallel write them."""
    for ending, pack in PACKINGS.items():
        write({f"a.txt{ending}": pack(b"one ") + pack(b"two")})
        assert only(f"a.txt{ending}").text == "one two"


def test_a_bomb_is_refused():
    """A gigabyte of blanks in a few kilobytes, alone and in an archive: the rest is read."""
    bomb = zlib.compressobj(9, wbits=31)
    packed = b"".join(bomb.compress(b" " * (1 << 20)) for _ in range(300)) + bomb.flush()
    write({"a.txt.gz": packed, "b.zip": zipped({"x.txt.gz": packed, "y.txt": "y"}), "c.txt": "c"})
    assert skipped(".") == [
        ("a.txt.gz", "bomb", "unpacks to more than 250 times its size"),
        ("b.zip", "bomb", "unpacks to more than 250 times its size"),
    ]
    assert found(".") == ["c.txt"]


def test_a_large_file_that_is_no_bomb_is_read():
    """Repetitive records pack well; only documents are limited in size."""
    lines = b"".join(json.dumps({"text": f"{n} " * 300}).encode() + b"\n" for n in range(999))
    write({"a.jsonl.gz": gzip.compress(lines * 50)})
    assert len(found("a.jsonl.gz", reading=Reading(max_size=4096))) == 999 * 50


def test_packings_may_be_nested_so_deep_and_no_deeper():
    """The way in is not endless."""
    packed = b"text"
    for _ in range(5):
        packed = gzip.compress(packed)
    write({"a.txt": packed, "b.txt": gzip.compress(packed)})
    assert only("a.txt").text == "text"
    assert only("b.txt").reason == "nested"


# Archives


@pytest.mark.parametrize("pack", [zipped, tarred, lambda files: tarred(files, "w:gz")])
def test_an_archive_is_read_like_a_folder(pack):
    """In its own order, under the names of its files; what is no text is named."""
    files = {
        "b/a.txt": b"one",
        "a.jsonl": b'{"text": "two", "id": 7}\n',
        "x.png": b"\x89PNG\0",
        "y": b"?",
        ".hidden/z.txt": b"",
    }
    write({"d/archive": pack(files)})
    items = list(read(["d"]))
    assert [(item.path, item.record) for item in items] == [
        ("d/archive!b/a.txt", None),
        ("d/archive!a.jsonl", 7),
        ("d/archive!x.png", None),
        ("d/archive!y", None),
    ]
    assert [item.reason for item in items[2:]] == ["binary", "unsupported"]
    assert len(found("d", selection=Selection(hidden=True))) == 3


def test_archives_may_hold_archives():
    """Under the names of all of them."""
    inner = tarred({"a.txt": b"one"}, "w:xz")
    write({"a.zip": zipped({"b/in.tar.xz": inner, "c.zip": zipped({"d.txt": b"two"})})})
    assert found("a.zip") == ["a.zip!b/in.tar.xz!a.txt", "a.zip!c.zip!d.txt"]


@pytest.mark.parametrize("pack", [zipped, tarred])
def test_names_that_lead_out_of_an_archive_are_shown_escaped(pack, tmp_path):
    """They are read where they are; nothing is written anywhere."""
    names = ["../../a.txt", "/etc/b.txt", "c/../../d.txt", "..e/..f.txt", "\x1b[31m\n.txt"]
    write({"a": pack(dict.fromkeys(names, b"x"))})
    assert found("a", selection=Selection(hidden=True)) == [
        r"a!\x2e\x2e/\x2e\x2e/a.txt",
        r"a!\x2fetc/b.txt",
        r"a!c/\x2e\x2e/\x2e\x2e/d.txt",
        "a!..e/..f.txt",
        "a!\x1b[31m\n.txt",
    ]
    assert [path.name for path in tmp_path.iterdir()] == ["a"]


def test_members_that_are_no_files_are_named():
    """Links, devices, pipes and sparse files; folders go without saying."""
    kinds = {"l": tarfile.SYMTYPE, "h": tarfile.LNKTYPE, "p": tarfile.FIFOTYPE}
    members = {**kinds, "c": tarfile.CHRTYPE, "d": tarfile.DIRTYPE}
    made = {}
    for name, kind in members.items():
        made[name] = tarfile.TarInfo(name)
        made[name].type, made[name].linkname = kind, "../../etc/passwd"
    write({"a.tar": tarred({**made, "t.txt": b"t"})})
    link = r"points to \x2e\x2e/\x2e\x2e/etc/passwd"
    assert skipped("a.tar") == [
        ("a.tar!l", "link", link),
        ("a.tar!h", "link", link),
        ("a.tar!p", "special", "neither a file nor a folder"),
        ("a.tar!c", "special", "neither a file nor a folder"),
    ]
    assert found("a.tar") == ["a.tar!t.txt"]


def test_what_is_encrypted_is_named():
    """The other members are read."""
    data = bytearray(zipped({"a.txt": b"secret", "b.txt": b"b"}))
    for signature, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        data[data.index(signature) + offset] |= 1
    write({"a.zip": bytes(data)})
    assert skipped("a.zip") == [
        ("a.zip!a.txt", "encrypted", "unpack it with its password to have it read")
    ]
    assert found("a.zip") == ["a.zip!b.txt"]


@pytest.mark.parametrize("name", ["a.zip", "a.tar", "a.tar.gz"])
def test_a_broken_archive_is_invalid(name):
    """What it is called is what it is read as, if its content says nothing."""
    write({name: b"nothing of the kind"})
    item = only(name)
    assert item.reason == "invalid"
    assert item.detail.startswith("broken ")


def test_the_members_before_a_break_are_kept():
    """Of a tar file that was cut off, packed or not."""
    data = tarred({f"{n}.txt": os.urandom(3000).hex().encode() for n in range(9)})
    for cut in (data[:40_000], gzip.compress(data)[:25_000]):
        write({"a.tar": cut})
        items = list(read(["a.tar"]))
        kept = sum(not isinstance(item, Skipped) for item in items)
        assert 2 < kept < 9
        assert items[-1].reason == "invalid"


def test_a_member_that_lies_about_its_size_is_invalid():
    """Its checksum tells."""
    data = zipped({"a.txt": b"text " * 99, "b.txt": b"b"})
    write({"a.zip": data.replace(zlib.crc32(b"text " * 99).to_bytes(4, "little"), b"\1\2\3\4")})
    assert skipped("a.zip") == [
        ("a.zip!a.txt", "invalid", "broken zip: Bad CRC-32 for file 'a.txt'")
    ]


def test_a_huge_header_of_a_tar_file_is_refused():
    """It would be read into memory whole."""
    header = tarfile.TarInfo("x")
    header.type, header.size = tarfile.XHDTYPE, 1 << 32
    write({"a.tar": header.tobuf() + bytes(2048)})
    assert only("a.tar").reason == "large"


def test_endless_chains_of_headers_are_refused():
    """A long name of a long name of a long name."""
    header = tarfile.TarInfo("x")
    header.type, header.size = tarfile.GNUTYPE_LONGNAME, 1
    link = header.tobuf(tarfile.GNU_FORMAT) + b"x".ljust(512, b"\0")
    write({"a.tar": link * 5000})
    assert only("a.tar").reason == "invalid"


def test_patterns_hold_in_archives():
    """Seen from the root of the archive; one that was included itself is read whole."""
    write({"d/a.zip": zipped({"a/x.txt": b"x", "a/y.md": b"y", "b/x.txt": b"z"}), "d/b.md": "b"})
    exclude = Selection(exclude=("b/",))
    assert found("d", selection=exclude) == ["d/a.zip!a/x.txt", "d/a.zip!a/y.md", "d/b.md"]
    assert found("d", selection=Selection(include=("*.md",))) == ["d/b.md"]
    assert found("d/a.zip", selection=Selection(include=("*.md",))) == ["d/a.zip!a/y.md"]
    assert len(found("d", selection=Selection(include=("*.zip",)))) == 3


def test_an_extra_that_is_missing_is_named(dupfind, tmp_path):
    """The file is skipped with what to install."""
    write({"a.zst": zstandard.compress(b"x"), "b.parquet": b"PAR1", "c.warc": b"WARC/1.0\r\n"})
    block = "import sys; sys.modules.update(zstandard=None, pyarrow=None, warcio=None)\n"
    write({".block/sitecustomize.py": block})
    path = os.pathsep.join([str(tmp_path / ".block"), *filter(None, sys.path)])
    done = dupfind("scan", "--show-files", ".", cwd=tmp_path, PYTHONPATH=path)
    needs = "needs the extra {0}: pip install 'dupfind[{0}]'"
    assert done.stdout.decode().splitlines()[1:] == [
        f"a.zst  skipped: extra, {needs.format('zstd')}",
        f"b.parquet  parquet; skipped: extra, {needs.format('parquet')}",
        f"c.warc  warc; skipped: extra, {needs.format('warc')}",
    ]


SAMPLES = st.sampled_from(
    [
        zipped({"a.txt": b"text " * 50, "b/c.md": b"# x"}),
        tarred({"a.txt": b"text " * 50, "b/c.md": b"# x"}),
        tarred({"a.txt": b"text " * 50, "é" * 99: b"# x"}, "w:gz"),
        *(pack(b"text " * 50) for pack in PACKINGS.values()),
    ]
)


@given(SAMPLES, st.lists(st.tuples(st.integers(0, 2000), st.binary(max_size=8)), max_size=5))
@settings(deadline=None, max_examples=200)
def test_no_damage_raises(tmp_path_factory, data, edits):
    """Whatever bytes of a packed file or an archive are others."""
    damaged = bytearray(data)
    for place, other in edits:
        damaged[place : place + len(other)] = other
    folder = tmp_path_factory.mktemp("any")
    (folder / "a").write_bytes(damaged)
    check(read([folder]))


def test_real_pages_packed_and_not(shared, tmp_path):
    """Pages that are read out of an archive make the clusters that the files make."""
    archive = shared / "corpora" / "powershell-docs.tar.gz"
    with tarfile.open(archive) as pages:
        pages.extractall(tmp_path, filter="data")
    chosen = Selection(include=("**/PSReadLine/**", "**/Microsoft.PowerShell.Host/**"))

    def cluster(path):
        report = scan([path], selection=chosen)
        names = [entry.path.rpartition("reference/")[2] for entry in report.documents]
        return {frozenset(names[member] for member in own.members) for own in report.clusters}

    assert len(cluster(archive)) >= 10
    assert cluster(archive) == cluster(tmp_path)


def test_releases_of_a_page_among_pages_on_one_form(shared):
    """The same page in two releases is a near-duplicate, however alike other pages are."""
    archive = shared / "corpora" / "powershell-docs.tar.gz"
    chosen = Selection(include=("**/5.1/**.Management/*.md", "**/7.4/**.Management/*.md"))
    report = scan([archive], selection=chosen)
    names = [entry.path.rpartition("/")[2] for entry in report.documents]
    found = {
        names[match.a]: match.relation
        for own in report.clusters
        for match in own.matches
        if names[match.a] == names[match.b]
    }
    assert found["Restart-Service.md"] == found["Suspend-Service.md"] == "near-duplicate"

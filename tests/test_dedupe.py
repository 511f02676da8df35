import gzip
import io
import json
import os
import tarfile
import warnings
import zipfile
from itertools import chain, product
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from test_baseline import story

from dupfind import scan
from dupfind.model import Cluster, Entry, Match, Relation
from dupfind.redundancy import KEEP, leave_out


def line(text: str, **fields: object) -> bytes:
    """Make a line as others write it: with spaces, escapes and fields that mean nothing to us."""
    return json.dumps({"note": "é", **fields, "text": text}, indent=None).encode() + b"\n"


def pack_zip(*folders: dict[str, str]) -> bytes:
    """Make an archive of texts by name; of several folders of them one after the other."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive, warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)  # A name may be there twice.
        for name, text in chain.from_iterable(map(dict.items, folders)):
            archive.writestr(name, text)
    return packed.getvalue()


def dedupe(dupfind, folder: Path, *arguments: str) -> list[dict]:
    """Run `dedupe . -o ../out` and give the ledger."""
    done = dupfind("dedupe", ".", "-o", "../out", "--ledger", "-", *arguments, cwd=folder)
    assert done.returncode == 0, done.stderr
    return [json.loads(entry) for entry in done.stdout.splitlines()]


def listing(folder: Path) -> dict[str, bytes]:
    """Give all files of a folder."""
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def test_records_remain_as_their_lines(dupfind, tmp_path):
    """Byte for byte, without what was left out, which the ledger names."""
    edited = story(1) + "and a tail"
    lines = [
        line(story(1), id="first"),
        line(story(2)).replace(b", ", b" ,  "),
        b"\n",
        line(edited, id="second"),
        b"broken\n",
        line("short"),
        line(story(1), id="first").rstrip(b"\n"),
    ]
    (tmp_path / "in.jsonl").write_bytes(b"\xef\xbb\xbf" + b"".join(lines))
    done = dupfind("dedupe", "in.jsonl", "-o", "out.jsonl", cwd=tmp_path)
    assert done.returncode == 0
    assert (tmp_path / "out.jsonl").read_bytes() == b"\xef\xbb\xbf" + lines[1] + lines[3] + lines[5]
    ledger = [
        json.loads(entry) for entry in (tmp_path / "out.ledger.jsonl").read_text().splitlines()
    ]
    kept = {"path": "in.jsonl", "record": "second"}
    told = [(entry["record"], entry["reason"], entry["kept"]) for entry in ledger]
    assert told == [
        ("first", "near-duplicate", kept),
        (5, "invalid", None),
        ("first", "near-duplicate", kept),
    ]
    assert ledger[0]["coverage"] == 1.0
    assert done.stderr.startswith(b"3 documents remain in 'out.jsonl', 3 left out, in ")
    assert sorted(os.listdir(tmp_path)) == ["in.jsonl", "out.jsonl", "out.ledger.jsonl"]  # noqa: PTH208


def test_files_remain_as_they_are(dupfind, tmp_path):
    """A folder is written with its folders; what is no document is named in the ledger."""
    folder = tmp_path / "in"
    (folder / "deep").mkdir(parents=True)
    (folder / "deep" / "a.txt").write_bytes(b"\xef\xbb\xbf" + story(1).encode() + b"\r\n")
    (folder / "b.md").write_text(story(1))
    (folder / os.fsdecode(b"caf\xe9.txt")).write_text(story(2) + "and a tail")
    (folder / "logo.png").write_bytes(b"\0")
    (folder / "c.jsonl.gz").write_bytes(gzip.compress(line(story(3)) + line(story(2))))
    before = listing(folder)
    ledger = dedupe(dupfind, folder)
    assert listing(folder) == before
    remaining = listing(tmp_path / "out")
    assert gzip.decompress(remaining.pop("c.jsonl.gz")) == line(story(3))
    assert remaining == {name: before[name] for name in (os.fsdecode(b"caf\xe9.txt"), "b.md")}
    assert [(entry["path"], entry["reason"]) for entry in ledger] == [
        ("c.jsonl.gz", "near-duplicate"),
        ("deep/a.txt", "identical"),
        ("logo.png", "binary"),
    ]


def test_records_that_are_not_chosen_are_not_written(dupfind, tmp_path):
    """What --since leaves out, --text-field says and .gitignore names holds for both readings."""
    (tmp_path / "in").mkdir()
    lines = [
        json.dumps({"date": f"20{year}-05-01", "wire": story(number)}).encode() + b"\n"
        for year, number in ((18, 1), (19, 2), (20, 2), (21, 3))
    ]
    (tmp_path / "in" / "a.jsonl").write_bytes(b"".join(lines))
    (tmp_path / "in" / "b.jsonl").write_bytes(b"".join(lines))
    (tmp_path / "in" / ".gitignore").write_text("b.jsonl")
    (entry,) = dedupe(dupfind, tmp_path / "in", "--since", "2019", "--text-field", "wire")
    assert (entry["record"], entry["kept"]["record"]) == (3, 2)
    assert listing(tmp_path / "out") == {"a.jsonl": lines[1] + lines[3]}


def test_the_list_of_files_may_end_names_with_nul(dupfind, tmp_path):
    """--null says so where no NUL stands in it."""
    (tmp_path / "a\nb.txt").write_text(story(1))
    (tmp_path / "list").write_text("a\nb.txt")
    done = dupfind("dedupe", "--files-from", "list", "-0", "-o", "out", cwd=tmp_path)
    assert (done.returncode, list(listing(tmp_path / "out"))) == (0, ["a\nb.txt"])


FEED = "<rss><channel>{}</channel></rss>".format
ITEM = "<item><title>t</title><description>{}</description></item>".format


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("a.rss", FEED(ITEM(story(1)) * 2).encode(), "of a file of this kind (feed); save them as"),
        ("a.csv", f"id,text\n1,{story(1)}2,{story(1)}3,語\n".encode("cp932"), "make it UTF-8"),
        (
            "a.zip",
            pack_zip({"x.txt": story(1)}, {"x.txt": story(2)}),
            "'a.zip' holds two files named 'x.txt'",
        ),
    ],
)
def test_what_cannot_be_cut_is_refused(dupfind, tmp_path, name, content, message):
    """One line names the file and says what to do, and nothing is written."""
    (tmp_path / name).write_bytes(content)
    done = dupfind("dedupe", name, "-o", "out", "--encoding", "cp932", cwd=tmp_path)
    assert done.returncode == 2
    assert message in done.stderr.decode()
    assert done.stderr.count(b"\n") == 1
    assert list(listing(tmp_path)) == [name]


def test_what_stands_before_a_break_remains(dupfind, tmp_path):
    """Of an archive that is cut off; the ledger says where it broke."""
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w") as archive:
        for number, name in enumerate(["a.txt", "b.txt", "c.txt", "d.txt"]):
            text = story(number % 2)
            info = tarfile.TarInfo(name)
            info.size = len(text)
            archive.addfile(info, io.BytesIO(text.encode()))
    whole = packed.getvalue()
    broken = gzip.compress(whole[: whole.index(b"d.txt") + 600])[:-9]
    (tmp_path / "in.tar.gz").write_bytes(broken)
    done = dupfind("dedupe", "in.tar.gz", "-o", "out.tar.gz", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    with tarfile.open(tmp_path / "out.tar.gz") as archive:
        assert archive.getnames() == ["a.txt", "b.txt"]
    ledger = (tmp_path / "out.ledger.jsonl").read_text().splitlines()
    assert json.loads(ledger[-1])["detail"].startswith("broken gzip: Compressed file ended")


def test_a_file_is_named_like_its_input(dupfind, tmp_path):
    """Packed or not; a name of another kind is refused before the work begins."""
    rows = "".join(f'{number},"{story(1)}"\r\n' for number in range(2))
    (tmp_path / "in.v1.csv").write_text(f"id,text\n{rows}", newline="")
    done = dupfind("dedupe", "in.v1.csv", "-o", "out.jsonl", cwd=tmp_path)
    assert (done.returncode, done.stdout) == (2, b"")
    assert b"'in.v1.csv' is csv, which 'out.jsonl' would not be by its name" in done.stderr
    assert dupfind("dedupe", "in.v1.csv", "-o", "out.v2.csv.gz", cwd=tmp_path).returncode == 0
    packed = listing(tmp_path)
    assert gzip.decompress(packed["out.v2.csv.gz"]).decode() == f'id,text\n0,"{story(1)}"\r\n'
    assert sorted(packed) == ["in.v1.csv", "out.v2.csv.gz", "out.v2.ledger.jsonl"]


def test_what_loses_nothing_is_written_whatever_it_is(dupfind, tmp_path):
    """A feed is copied; a file that is named like what is in an archive is told apart from it."""
    folder = tmp_path / "in"
    folder.mkdir()
    (folder / "a.rss").write_text(FEED(ITEM(story(1)) + ITEM(story(2))))
    (folder / "b.zip").write_bytes(pack_zip({"x.txt": story(3)}))
    (folder / "b.zip!y.txt").write_text(story(4))
    before = listing(folder)
    assert dedupe(dupfind, folder) == []
    after = listing(tmp_path / "out")
    assert after.pop("b.zip!y.txt") == before["b.zip!y.txt"]
    assert after.pop("a.rss") == before["a.rss"]
    assert list(after) == ["b.zip"]


def test_several_inputs_keep_their_places(dupfind, tmp_path):
    """Files of the same name do not meet; lines of several files do, each on its own."""
    for name in "ab":
        (tmp_path / name).mkdir()
        (tmp_path / name / "x.txt").write_text(story(ord(name)))
        (tmp_path / f"{name}.jsonl").write_bytes(line(story(ord(name))).rstrip(b"\n"))
    assert dupfind("dedupe", "a", "b", "-o", "out", cwd=tmp_path).returncode == 0
    assert sorted(listing(tmp_path / "out")) == ["a/x.txt", "b/x.txt"]
    dupfind("dedupe", "a.jsonl", "b.jsonl", "-o", "all.ndjson.gz", cwd=tmp_path)
    both = line(story(ord("a"))) + line(story(ord("b"))).rstrip(b"\n")
    packed = (tmp_path / "all.ndjson.gz").read_bytes()
    assert gzip.decompress(packed) == both
    dupfind("dedupe", "a.jsonl", "b.jsonl", "-o", "all.ndjson.gz", cwd=tmp_path)
    assert (tmp_path / "all.ndjson.gz").read_bytes() == packed


@pytest.mark.parametrize(
    ("keep", "kept"),
    [("lead", "early"), ("longest", "long"), ("earliest", "early"), ("latest", "late")],
)
def test_which_one_is_kept(dupfind, tmp_path, keep, kept):
    """Of stories that could stand for each other, the one that is asked for."""
    (tmp_path / "in").mkdir()
    records = [
        line(story(1), id="late", date="2020-01-03"),
        line(story(1) + "one two three", id="long", date="2020-01-02"),
        line(story(1) + "one", id="early", date="2020-01-01"),
    ]
    (tmp_path / "in" / "a.jsonl").write_bytes(b"".join(records))
    ledger = dedupe(dupfind, tmp_path / "in", "--keep", keep)
    assert {entry["kept"]["record"] for entry in ledger} == {kept}
    assert len(ledger) == 2


def test_what_has_words_of_its_own_remains(dupfind, tmp_path):
    """Members of one cluster remain unless they stand, in the main, in one that is kept."""
    folder = tmp_path / "in"
    folder.mkdir()
    (folder / "roundup.txt").write_text(f"{story(3, 60)} {story(1)} {story(2)}")
    (folder / "one.txt").write_text(story(1))
    (folder / "more.txt").write_text(f"{story(1)} {story(4, 150)}")
    (folder / "two.txt").write_text(story(2))
    ledger = dedupe(dupfind, folder, "--keep", "lead")
    assert sorted(listing(tmp_path / "out")) == ["more.txt", "roundup.txt"]
    assert {entry["path"]: entry["reason"] for entry in ledger} == {
        "one.txt": "abridgement",
        "two.txt": "embedded",
    }


def test_what_a_reference_holds_is_left_out(dupfind, tmp_path):
    """However long or early a document is; the reference itself is not written."""
    (tmp_path / "ours").mkdir()
    (tmp_path / "ours" / "b.txt").write_text(story(1))
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "a.txt").write_text(story(1) + "one two three")
    (tmp_path / "in" / "c.txt").write_text(story(2))
    (entry,) = dedupe(dupfind, tmp_path / "in", "--reference", "../ours", "--keep", "longest")
    assert (entry["path"], entry["kept"]["path"]) == ("a.txt", "../ours/b.txt")
    assert sorted(listing(tmp_path / "out")) == ["c.txt"]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["in"], "it must know where to write"),
        (["-", "-o", "new"], "standard input can be read only once; save it to a file first"),
        (["in", "-o", "in"], "'in' would be mixed with its input 'in'; name another"),
        (["in", "-o", "in/new"], "'in/new' would be mixed with its input 'in'"),
        (["in", "-o", "link/new"], "'link/new' would be mixed with its input 'in'"),
        (["in/deep", "-o", "in"], "'in' would be mixed with its input 'in/deep'"),
        (["in/a.jsonl", "-o", "in/a.jsonl"], "'in/a.jsonl' would be mixed with its input"),
        (["in", "-o", "new", "--ledger", "in/x"], "'in/x' would be mixed with its input 'in'"),
        (["in", "-o", "new", "--reference", "new"], "'new' would be mixed with its input 'new'"),
        (["in", "-o", "full"], "'full' exists and is no empty folder"),
        (["in", "-o", "file"], "'file' exists and is no empty folder"),
        (["in", "-o", "no/new"], "its folder does not exist; create it first"),
        (["in", "-o", "new.jsonl"], "'in/deep/b.txt' is no JSON Lines, which alone can be joined"),
        (["in", "-o", "new", "--redundant", "0"], "0.0 is not in the range 0<x<=1"),
        (["in", "-o", "new", "--ledger", "no/x"], "'no/x' cannot be written: No such file"),
    ],
)
def test_it_never_writes_over_what_is_there(dupfind, tmp_path, arguments, message):
    """What could touch its input or be mixed with it exits with 2, and nothing is written."""
    (tmp_path / "in" / "deep").mkdir(parents=True)
    (tmp_path / "in" / "a.jsonl").write_bytes(line(story(1)))
    (tmp_path / "in" / "deep" / "b.txt").write_text(story(2))
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "precious").write_text("x")
    (tmp_path / "file").write_text("x")
    (tmp_path / "link").symlink_to("in")
    before = listing(tmp_path)
    done = dupfind("dedupe", *arguments, cwd=tmp_path)
    assert (done.returncode, done.stdout) == (2, b"")
    assert message in " ".join(done.stderr.decode().split())
    assert b"Traceback" not in done.stderr
    if "--ledger" not in arguments:
        assert listing(tmp_path) == before


def test_an_empty_folder_may_be_named(dupfind, tmp_path):
    """The folder for what remains may be there, if it is empty."""
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "a.txt").write_text(story(1))
    (tmp_path / "out").mkdir()
    assert dedupe(dupfind, tmp_path / "in") == []
    assert listing(tmp_path / "out") == {"a.txt": story(1).encode()}


def make_match(a: int, b: int, shares: tuple[float, float]) -> Match:
    """Make a match of these shares, and of nothing else that matters here."""
    relation = Relation.IDENTICAL if shares == (1.0, 1.0) else Relation.REVISION
    return Match(
        a=a, b=b, relation=relation, flags=(), coverage=shares, containment=shares,
        resemblance=0.5, words=1, longest=1, order=1.0, why="",
    )  # fmt: skip


SHARES = st.sampled_from([(0.3, 0.3), (0.9, 0.9), (0.9, 0.5), (0.5, 0.9), (1.0, 1.0)])
COUNT = 6


@given(
    st.dictionaries(
        st.sampled_from([(a, b) for a, b in product(range(COUNT), repeat=2) if a < b]), SHARES
    ),
    st.lists(st.integers(1, 3), min_size=COUNT, max_size=COUNT),
    st.sampled_from(sorted(KEEP)),
    st.sets(st.integers(0, COUNT - 1)),
)
def test_nothing_is_lost(shares, words, keep, references):
    """Whatever is left out stands in one that is kept, and of copies one is kept at most."""
    unknown = dict.fromkeys(Entry.__struct_fields__)
    entries = [
        Entry(**unknown | {"path": str(number), "words": count})
        for number, count in enumerate(words)
    ]
    cluster = Cluster(
        id="", fingerprint="", lead=1, lead_reason="", members=tuple(range(COUNT)), weakest=0.3,
        matches=tuple(make_match(a, b, share) for (a, b), share in shares.items()),
    )  # fmt: skip
    left = {out.document: out for out in leave_out(cluster, entries, keep, 0.8, references)}
    alike = {number: {number} for number in range(COUNT)}
    for (a, b), share in sorted(shares.items()):
        if share == (1.0, 1.0):
            alike |= dict.fromkeys(alike[a] | alike[b], alike[a] | alike[b])
    for document, out in left.items():
        assert document not in references
        assert out.kept not in left
        assert out.kept in alike[document] or any(
            {**shares, **{(b, a): share[::-1] for (a, b), share in shares.items()}}
            .get((own, other), (0.0, 0.0))[0] == out.coverage >= 0.8
            for own, other in product(alike[document], alike[out.kept])
        )  # fmt: skip
    for group in alike.values():
        assert len(group - left.keys() - references) <= (not group & references)
    assert len(left) < COUNT


def test_a_real_folder_keeps_a_copy_of_everything(shared, tmp_path, dupfind):
    """After it, nothing that is left is redundant any more."""
    names = sorted((shared / "seeds").iterdir())
    report = scan(names)
    assert len(report.clusters) == 1
    done = dupfind("dedupe", shared / "seeds", "-o", tmp_path / "out", "--redundant", "0.5")
    assert done.returncode == 0
    assert len(list((tmp_path / "out").iterdir())) == 1

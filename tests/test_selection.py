"""Which files and documents are read: patterns, dates, languages, lists, marks."""

import os
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
from files import check, found, only, skipped, texts, write
from hypothesis import given
from hypothesis import strategies as st

from dupfind import SettingsError
from dupfind.model import Document
from dupfind.reading import Reading, Selection
from dupfind.sources import read
from dupfind.sources.marks import find_hidden, is_ignored, obey


@pytest.fixture(autouse=True)
def here(tmp_path, monkeypatch):
    """Work in an empty folder."""
    monkeypatch.chdir(tmp_path)


def chosen(*paths, **choices):
    """Read files and folders with a selection."""
    return found(*paths, selection=Selection(**choices))


# Patterns


def test_patterns_choose_files_in_folders():
    """As in .gitignore, from the folder that was named; what was named itself is read."""
    write(dict.fromkeys(["d/a.txt", "d/b.md", "d/e/a.txt", "d/e/c/b.md", "d/old/a.txt"], "x"))
    assert chosen("d", include=["*.md"]) == ["d/b.md", "d/e/c/b.md"]
    assert chosen("d", include=["e/"]) == ["d/e/a.txt", "d/e/c/b.md"]
    assert chosen("d", include=["/a.txt", "c"]) == ["d/a.txt", "d/e/c/b.md"]
    assert chosen("d", exclude=["old", "*.md"]) == ["d/a.txt", "d/e/a.txt"]
    assert chosen("d", include=["*.txt"], exclude=["*", "!/e/", "!/e/*"]) == ["d/e/a.txt"]
    assert chosen("d", "d/old/a.txt", exclude=["*"]) == ["d/old/a.txt"]


def test_hidden_and_ignored_files_are_read_when_asked_for():
    """Each by its own option."""
    write({"d/.gitignore": "b.txt\n.c.txt\n", "d/.a.txt": "", "d/b.txt": "", "d/.c.txt": ""})
    assert chosen("d") == []
    assert chosen("d", hidden=True, exclude=[".gitignore"]) == ["d/.a.txt"]
    assert chosen("d", ignore_files=False) == ["d/b.txt"]
    assert len(chosen("d", hidden=True, ignore_files=False)) == 3


@pytest.mark.parametrize(
    ("choice", "message"),
    [
        ({"include": ("[z-a]",)}, "include has a pattern that makes no sense: bad character range"),
        ({"exclude": ("!",)}, "exclude has a pattern that makes no sense: Invalid git pattern"),
    ],
)
def test_a_pattern_that_makes_no_sense_is_an_error_at_the_call(choice, message):
    """Nobody would see that it matches nothing."""
    with pytest.raises(SettingsError, match=message):
        read([], Selection(**choice))


# Dates and languages


def dated(*values):
    """Write records with these dates."""
    lines = (f'{{"text": "t", "id": "{v}", "date": "{v}"}}\n' for v in values)
    write({"a.jsonl": "".join(lines)})


@pytest.mark.parametrize(
    ("since", "until", "want"),
    [
        ("2019-12-20", None, ["2019-12-20", "2019-12-20T08:00:00Z", "2020-01-01"]),
        ("2019-12-20T09:00", None, ["2019-12-20", "2020-01-01"]),
        ("2020", None, ["2020-01-01"]),
        (None, "2019", ["2019-12-19", "2019-12-20", "2019-12-20T08:00:00Z"]),
        (None, "2019-12-19", ["2019-12-19"]),
        ("2019-12", "2019-12-20T08:30", ["2019-12-19", "2019-12-20", "2019-12-20T08:00:00Z"]),
    ],
)
def test_documents_are_chosen_by_when_they_were_published(since, until, want):
    """Both ends count, to the precision that both times have; a day may be any time of it."""
    dated("2019-12-19", "2019-12-20", "2019-12-20T08:00:00Z", "2020-01-01", "someday")
    items = list(read(["a.jsonl"], Selection(since=since, until=until)))
    assert [item.record for item in items if isinstance(item, Document)] == want
    assert skipped("a.jsonl", selection=Selection(since=since, until=until)) == [
        ("a.jsonl", "undated", "its date is not known")
    ]


@pytest.mark.parametrize("value", ["", "20191220", "2019-13", "2019-12-32", "2019-12-20 09:30"])
def test_a_time_that_is_none_is_an_error(value):
    """It says what a time looks like."""
    with pytest.raises(SettingsError, match="it must be a year, a month, a day or a time"):
        Selection(since=value)


def test_documents_are_chosen_by_their_language():
    """As declared: a language means its varieties, too."""
    tags = ["en", "en-US", "EN_gb", "eng", "de"]
    write({"a.jsonl": "".join(f'{{"text": "t", "id": "{t}", "lang": "{t}"}}\n' for t in tags)})
    write({"b.txt": "t"})
    items = list(read(["."], Selection(language="en")))
    assert [item.record for item in items] == ["en", "en-US", "EN_gb", None]
    assert (items[3].reason, items[3].detail) == ("language", "it declares none")


def test_documents_that_are_too_large_are_refused():
    """By their size unpacked; the limit itself is allowed."""
    write({"a.txt": "x" * 100, "b.txt": "x" * 101})
    reading = Reading(max_size=100)
    assert found(".", reading=reading) == ["a.txt"]
    assert skipped(".", reading=reading) == [
        ("b.txt", "large", "more than 100 bytes; --max-size allows more")
    ]


# Marks


@pytest.mark.parametrize(
    "mark",
    [
        "<!-- dupfind: ignore -->",
        "<!--dupfind:ignore-->",
        "# dupfind: ignore",
        "// dupfind: ignore",
        "/* dupfind: ignore */",
        ".. dupfind: ignore",
        "{# dupfind: ignore #}",
        "{{/* dupfind: ignore */}}",
        "[//]: # (dupfind: ignore)",
        "% dupfind: ignore",
        "; dupfind: ignore",
    ],
)
def test_a_document_may_ask_to_be_left_out(mark):
    """In a comment of whatever format."""
    write({"a.txt": f"One line\n{mark}\nand another"})
    item = only("a.txt")
    assert (item.reason, item.detail) == ("ignored", None)


@pytest.mark.parametrize(
    "text",
    [
        "Write dupfind: ignore to leave it out.",
        "# dupfind: ignored",
        "# dupfind: ignore-this",
        "see ... dupfind: ignore",
        "#dupfind ignore",
        "# DUPFIND: ignore",
    ],
)
def test_a_text_may_speak_of_marks(text):
    """Without meaning it."""
    assert not is_ignored(text)
    assert find_hidden(text) == ()


def test_stretches_between_marks_are_hidden():
    """With the marks; one that is not closed reaches to the end."""
    text = "a\n<!-- dupfind: ignore-start -->\nb\n<!-- dupfind: ignore-end -->\nc\n"
    write({"a.txt": text, "b.txt": text + "# dupfind: ignore-start\nd"})
    documents = [only("a.txt"), only("b.txt")]
    assert [item.text for item in documents] == [text, text + "# dupfind: ignore-start\nd"]
    shown = ["a", "<!--", "-->", "c"]
    assert [item.compared.split() for item in documents] == [shown, [*shown, "#"]]


def test_marks_and_markup_hide_together():
    """Stretches that overlap become one."""
    text = "0123456789 # dupfind: ignore-start x # dupfind: ignore-end 0123456789"
    start, end = text.index("dupfind"), text.rindex(" 0123")
    document = Document(path="a", text=text, hidden=((0, 3), (5, 20), (30, 33), (end, end + 4)))
    assert obey(document).hidden == ((0, 3), (5, end + 4))
    assert (start, end) == find_hidden(text)[0]


PIECES = ["# dupfind: ignore-start", "# dupfind: ignore-end", "x", "\n", " ", "dupfind:"]


@given(st.lists(st.sampled_from(PIECES)).map("".join), st.lists(st.integers(0, 200)))
def test_hidden_stretches_are_in_order(text, places):
    """Ascending, inside the text, and none overlaps another."""
    places = sorted({min(place, len(text)) for place in places})
    hidden = tuple(zip(places[::2], places[1::2], strict=False))
    document = obey(Document(path="a", text=text, hidden=hidden))
    flat = [place for stretch in document.hidden for place in stretch]
    assert flat == sorted(flat)
    assert len(document.compared) == len(text)
    assert not flat or flat[-1] <= len(text)


def test_many_signs_of_comments_take_no_time():
    """Looking for marks is linear."""
    began = time.process_time()
    find_hidden("#" * 1_000_000 + "dupfind: " + "dupfind:" * 100_000 + " " * 1_000_000)
    assert time.process_time() - began < 2


# Standard input and lists of files


@pytest.mark.parametrize(
    ("data", "want"),
    [
        (b"Plain text", ["text", "1 document"]),
        (b'{"text": "a"}\n{"text": "b"}\n', ["jsonlines", "text from 'text'", "2 documents"]),
        (b'[{"text": "a"}]', ["json", "text from 'text'", "1 document"]),
        (b'{\n "text": "a"\n}', ["json", "text from 'text'", "1 document"]),
        (b"id,text\n1,a\n", ["csv", "text from 'text', id from 'id'", "1 document"]),
        ("Grüße".encode("utf-16"), ["text", "1 document"]),
        (b"\x1f\x8b\x08\x00rubbish", ["skipped: invalid"]),
        (b"", ["text", "1 document"]),
    ],
)
def test_standard_input_is_read_as_what_it_holds(data, want):
    """Under the name `-`."""
    done = subprocess.run(
        [sys.executable, "-m", "dupfind", "scan", "--show-files", "-"],
        input=data,
        capture_output=True,
        check=True,
    )
    name, told = done.stdout.decode().strip().split("  ")
    assert name == "-"
    assert told.startswith("; ".join(want))


def test_standard_input_may_come_in_pieces():
    """The format is told once there is enough of it."""
    command = [sys.executable, "-m", "dupfind", "scan", "--show-files", "-"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        for piece in (b"{", b'"te', b'xt": "a"}\n', b'{"text": "b"}\n'):
            process.stdin.write(piece)
            process.stdin.flush()
            time.sleep(0.05)
        process.stdin.close()
        assert process.stdout.read() == b"-  jsonlines; text from 'text'; 2 documents\n"


@pytest.mark.parametrize("end", ["\n", "\r\n", "\0"])
def test_files_may_be_listed_in_a_file(dupfind, tmp_path, end):
    """Or on standard input; a NUL anywhere means that NUL ends each."""
    write({"a b.txt": "x", "d/é.txt": "y", "c.txt": "z"})
    write({"list": end.join(["a b.txt", "d/é.txt", ""])})
    done = dupfind("scan", "--show-files", "--files-from", "list", "c.txt", cwd=tmp_path)
    names = [line.split("  ")[0] for line in done.stdout.decode().splitlines()]
    assert names == ["a b.txt", "c.txt", "d/é.txt"]


def test_a_listed_file_may_have_a_line_end_in_its_name(dupfind, tmp_path):
    """With --null, also when it is the only one."""
    write({"a\nb.txt": "x", "list": "a\nb.txt"})
    done = dupfind("scan", "--show-files", "--files-from", "list", "--null", cwd=tmp_path)
    assert done.stdout == b"a\\nb.txt  text; 1 document\n"


def test_show_files_says_why_the_rest_is_not_read(dupfind, tmp_path):
    """Each file on a line, whatever its name; nothing is compared."""
    write(
        {"d/.git/x": "", "d/.gitignore": "b.txt", "d/a.txt": "a", "d/b.txt": "b", "d/c.png": "\0"}
    )
    write({"d/e.jsonl": '{"text": "x"}\n{}\n{}\n', "d/\x1b[31m.txt": "r"})
    Path("d/l").symlink_to("a.txt")
    done = dupfind("scan", "--show-files", "d", cwd=tmp_path)
    no_text = "no field holds a text; --text-field names the one that does"
    assert done.stdout.decode().splitlines() == [
        "d/\\x1b[31m.txt  text; 1 document",
        "d/.git  left out: hidden",
        "d/.gitignore  left out: hidden",
        "d/a.txt  text; 1 document",
        "d/b.txt  left out: ignored",
        "d/c.png  skipped: binary",
        f"d/e.jsonl  jsonlines; text from 'text'; 1 document; 2 x skipped: invalid, {no_text}",
        "d/l  skipped: link, points to a.txt",
    ]
    assert done.stderr.decode() == "3 files, 3 documents\n"


def test_the_fields_are_told_when_verbose(dupfind, tmp_path):
    """On standard error; the report stays what it is."""
    write({"a.jsonl": '{"body": "x"}\n'})
    done = dupfind("scan", "-v", "a.jsonl", cwd=tmp_path)
    assert b"a.jsonl: text from 'body'\n" in done.stderr
    assert b"body" not in done.stdout


# Files that change


def test_a_file_that_becomes_a_pipe_is_not_waited_for():
    """Between listing and reading."""
    write({"d/a.txt": "a", "d/b.txt": "b", "d/c.txt": "c"})
    items = read(["d"])
    next(items)
    Path("d/b.txt").unlink()
    os.mkfifo("d/b.txt")
    Path("d/c.txt").unlink()
    Path("d/c.txt").symlink_to("/etc/passwd")
    assert [(item.path, item.reason) for item in items] == [
        ("d/b.txt", "special"),
        ("d/c.txt", "unreadable"),
    ]


def test_a_file_that_grows_and_shrinks_is_read_as_it_is():
    """Whatever it holds when it is read."""
    line = b'{"text": "t"}\n'
    write({"a.jsonl": line * 50_000})
    stop = threading.Event()

    def change():
        while not stop.is_set():
            for size in (1, 99_999, 700_000):
                os.truncate("a.jsonl", size)

    thread = threading.Thread(target=change)
    thread.start()
    try:
        for _ in range(5):
            check(read(["a.jsonl"]))
    finally:
        stop.set()
        thread.join()


def test_texts_with_signs_that_steer_a_terminal_stay_as_they_are():
    """It is the report that escapes them."""
    text = "\x1b]0;title\x07 \u202e evil \x9b31m"
    write({"a.txt": text})
    assert texts(read(["a.txt"])) == [text]

"""What `dupfind.sources.read` finds, reads and passes over."""

import gzip
import json
import os
import shutil
import socket
import subprocess
import sys
from pathlib import Path

import pytest
from files import check, found, only, skipped, texts, write
from hypothesis import given, settings
from hypothesis import strategies as st

from dupfind.errors import SourceError
from dupfind.model import Document
from dupfind.sources import read
from dupfind.sources.dates import parse_date
from dupfind.sources.titles import find_title


@pytest.fixture(autouse=True)
def here(tmp_path, monkeypatch):
    """Work in an empty folder."""
    monkeypatch.chdir(tmp_path)


def records(*lines):
    """Read JSON lines from a file."""
    write({"r.jsonl": "".join(f"{line}\n" for line in lines)})
    return list(read(["r.jsonl"]))


# Discovery, of what is named


@pytest.mark.parametrize("path", ["gone.txt", "a.txt/b", "", "nul\0", "\udc00" * 300])
def test_a_path_that_does_not_exist_is_an_error_before_anything_is_read(path):
    """The call itself raises, in one line that quotes the path."""
    write({"a.txt": "x"})
    with pytest.raises(SourceError) as error:
        read(["a.txt", path])
    assert str(error.value).startswith(repr(path))
    assert "\n" not in str(error.value)
    str(error.value).encode()


def test_a_named_broken_link_is_an_error():
    """It says that the link is there and its target is not."""
    Path("link.txt").symlink_to("gone.txt")
    with pytest.raises(SourceError, match=r"'link\.txt' is a broken link"):
        read(["link.txt"])


def test_reading_is_lazy():
    """Files are opened one by one: what is written meanwhile is what is read."""
    write({"d/a.txt": "a", "d/b.txt": "b"})
    items = read(["d"])
    assert next(items).text == "a"
    write({"d/b.txt": "later"})
    assert next(items).text == "later"


@pytest.mark.parametrize("name", ["a.log", "noext", ".hidden", ".env.txt", "ignored.txt"])
def test_a_named_file_is_always_read(name):
    """Whatever its extension, hidden or ignored."""
    write({name: "text", ".gitignore": "ignored.txt"})
    assert only(name) == Document(path=name, text="text")


def test_a_path_may_be_a_path_object():
    """Paths are accepted where strings are."""
    write({"d/a.txt": "a"})
    assert only(Path("d", "a.txt")).path == "d/a.txt"


def test_a_named_link_is_followed():
    """A link to a file and a link to a folder are read, under the names given."""
    write({"d/a.txt": "a"})
    Path("file.txt").symlink_to("d/a.txt")
    Path("folder").symlink_to("d")
    assert found("file.txt") == ["file.txt"]
    assert found("folder") == ["folder/a.txt"]


def test_a_file_reached_twice_is_read_once():
    """Named twice, through a link, inside a folder or inside a folder inside one."""
    write({"d/a.txt": "a", "d/e/b.txt": "b", "d/e/c.log": "c"})
    Path("link").symlink_to("d/a.txt")
    assert found("link", "d/a.txt", "d", "./d/e", "d/../d") == ["d/e/b.txt", "d/a.txt"]
    assert [path for path, *_ in skipped("d", "d/e", "d")] == ["d/e/c.log"]


def test_a_named_file_wins_over_what_the_folder_says_of_it():
    """Unsupported, hidden, ignored or a link in a folder, it is read when it is named too."""
    write({"d/a.log": "a", "d/.b": "b", "d/c.txt": "c", "d/.gitignore": "c.txt", "out.txt": "o"})
    Path("d/o.txt").symlink_to("../out.txt")
    names = ["d/.b", "d/a.log", "d/c.txt", "d/o.txt"]
    assert found("d", *names) == names
    assert skipped("d", *names) == []


def test_hard_links_are_two_files():
    """Two names are two documents, whatever the disk does."""
    write({"d/a.txt": "a"})
    Path("d/b.txt").hardlink_to("d/a.txt")
    assert found("d") == ["d/a.txt", "d/b.txt"]


# Discovery, in folders


def test_a_folder_is_walked_in_the_order_of_code_points():
    """At each level, files and folders together."""
    write(
        dict.fromkeys(["d/b.txt", "d/Z.txt", "d/a/z.txt", "d/a/é.txt", "d/a.txt", "d/c/a.txt"], "")
    )
    assert found("d") == ["d/Z.txt", "d/a/z.txt", "d/a/é.txt", "d/a.txt", "d/b.txt", "d/c/a.txt"]


def test_hidden_files_and_folders_are_left_out():
    """In silence, below a folder; a hidden folder that is named is walked."""
    write({"d/.a.txt": "", "d/.git/b.txt": "", "d/.h/c.txt": "", "d/a.txt": ""})
    assert [item.path for item in read(["d"])] == ["d/a.txt"]
    assert found("d/.h") == ["d/.h/c.txt"]


def test_texts_and_records_are_read_and_the_rest_is_named():
    """By extension, of any case; the rest is binary or says how to have it read."""
    names = ["a.txt", "b.text", "c.md", "d.markdown", "E.TXT"]
    write({f"d/{name}": "x" for name in names})
    write({"d/f.jsonl": '{"text": ""}', "d/g.ndjson": '{"text": ""}'})
    write({"d/x.png": b"\x89PNG\0", "d/y.log": "a,b", "d/z": ""})
    assert sorted(found("d")) == sorted(f"d/{name}" for name in [*names, "f.jsonl", "g.ndjson"])
    detail = "not a known text file; name it on the command line to read it as text"
    assert skipped("d") == [
        ("d/x.png", "binary", None),
        ("d/y.log", "unsupported", detail),
        ("d/z", "unsupported", detail),
    ]


def test_a_link_in_a_folder_is_not_followed():
    """Not to a file, not to a folder, not in a loop, not into nothing: each is reported."""
    write({"d/a.txt": "a", "out/b.txt": "b"})
    for name, target in {"f": "a.txt", "g": "../out", "loop": ".", "nil": "gone"}.items():
        Path("d", name).symlink_to(target)
    assert found("d") == ["d/a.txt"]
    assert skipped("d") == [
        ("d/f", "link", "points to a.txt"),
        ("d/g", "link", "points to ../out"),
        ("d/loop", "link", "points to ."),
        ("d/nil", "link", "points to gone"),
    ]


def test_what_is_no_file_is_not_opened():
    """A named pipe would block for ever, found or named."""
    Path("d").mkdir()
    os.mkfifo("d/pipe.txt")
    os.mkfifo("d/.gitignore")
    with socket.socket(socket.AF_UNIX) as server:
        server.bind("d/sock.txt")
    want = [("d/pipe.txt", "special", "a named pipe"), ("d/sock.txt", "special", "a socket")]
    assert skipped("d") == want
    assert skipped("d/pipe.txt", "d/sock.txt") == want
    assert [(reason, detail) for _, reason, detail in skipped(os.devnull)] == [
        ("special", "a device")
    ]


def test_a_file_that_vanishes_is_unreadable():
    """Between listing and reading; the reason is in the system's words, without the path."""
    write({"d/a.txt": "a", "d/b.txt": "b", "d/c.txt": "c", "d/e/f.txt": "f"})
    items = read(["d"])
    next(items)
    Path("d/b.txt").unlink()
    Path("d/c.txt").unlink()
    Path("d/c.txt").mkdir()
    shutil.rmtree("d/e")
    assert [(item.path, item.reason, item.detail) for item in items] == [
        ("d/b.txt", "unreadable", "No such file or directory"),
        ("d/c.txt", "special", "no file any more"),
        ("d/e", "unreadable", "No such file or directory"),
    ]


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root reads all")
def test_what_may_not_be_read_is_unreadable():
    """A file, a folder, and a file that hides behind a closed folder."""
    write({"d/a.txt": "a", "d/b/c.txt": "c", "d/e.txt": "e"})
    Path("d/a.txt").chmod(0)
    Path("d/b").chmod(0)
    try:
        assert found("d") == ["d/e.txt"]
        assert skipped("d", "d/b", "d/b/c.txt") == [
            ("d/a.txt", "unreadable", "Permission denied"),
            ("d/b", "unreadable", "Permission denied"),
            ("d/b/c.txt", "unreadable", "Permission denied"),
        ]
    finally:
        Path("d/b").chmod(0o700)


def test_folders_may_be_nested_deeper_than_python():
    """The walk needs no recursion."""
    step, deep = Path.cwd(), "d" + "/x" * 1200
    for end in range(1, len(deep) + 1, 2):
        os.mkdir(deep[:end])  # noqa: PTH102 - os.makedirs recurses
    write({f"{deep}/a.txt": "a"})
    try:
        assert found("d") == [f"{deep}/a.txt"]
    finally:
        # pytest's own cleaning up recurses, too.
        os.remove(f"{deep}/a.txt")  # noqa: PTH107
        os.removedirs(deep)
        step.mkdir(exist_ok=True)


# Discovery: ignore files


def test_an_ignore_file_leaves_out_what_git_would():
    """Files, folders, negations, anchors; a folder that is ignored is not entered."""
    write({"d/.gitignore": "# drafts\n*.md\n!keep.md\n/top.txt\ncut/\n!cut/a.txt\r\n"})
    write(dict.fromkeys(["d/a.md", "d/keep.md", "d/top.txt", "d/e/top.txt", "d/cut/a.txt"], ""))
    assert [item.path for item in read(["d"])] == ["d/e/top.txt", "d/keep.md"]


def test_deeper_ignore_files_override_shallower_ones():
    """A folder can take back in what its parent leaves out."""
    write({"d/.gitignore": "*.txt\nold\n", "d/e/.gitignore": "!a.txt\n!old/\n"})
    write(dict.fromkeys(["d/a.txt", "d/e/a.txt", "d/e/b.txt", "d/old/a.md", "d/e/old/a.md"], ""))
    assert found("d") == ["d/e/a.txt", "d/e/old/a.md"]


def test_everything_but_one_kind_of_file():
    """`*`, `!*/`, `!*.txt` is the common way to say it, and folders must be entered."""
    write({"d/.gitignore": "*\n!*/\n!*.txt\n"})
    write(dict.fromkeys(["d/a.txt", "d/a.md", "d/e/f/b.txt", "d/e/f/b.md"], ""))
    assert [item.path for item in read(["d"])] == ["d/a.txt", "d/e/f/b.txt"]


def test_dupfindignore_overrides_gitignore():
    """Of the same folder, for what git and dupfind should see differs."""
    write({"d/.gitignore": "*.md\n", "d/.dupfindignore": "!a.md\n*.txt\n"})
    write(dict.fromkeys(["d/a.md", "d/b.md", "d/c.txt"], ""))
    assert found("d") == ["d/a.md"]


def test_ignore_files_hold_from_the_root_of_the_repository():
    """When a folder inside it is scanned; those above the root do not."""
    write({".gitignore": "a.txt\n", "r/.git/config": "", "r/.gitignore": "b.txt\n/d/c.txt\n"})
    write(dict.fromkeys(["r/d/a.txt", "r/d/b.txt", "r/d/c.txt", "r/d/e/c.txt"], ""))
    assert found("r/d") == found("r") == ["r/d/a.txt", "r/d/e/c.txt"]


def test_without_a_repository_only_the_folder_itself_counts():
    """Ignore files above the named folder are not looked for."""
    write({".gitignore": "a.txt\n", ".dupfindignore": "a.txt\n", "d/a.txt": ""})
    assert found("d") == ["d/a.txt"]


@pytest.mark.parametrize("rule", ["/out", "out/*", "*", "d/"])
def test_a_named_folder_that_is_ignored_is_walked(rule):
    """The rules above that leave it out are set aside; those inside it hold."""
    write({".git/config": "", ".gitignore": rule, "out/d/.gitignore": "b.txt"})
    write(dict.fromkeys(["out/d/a.txt", "out/d/b.txt"], ""))
    assert found("out/d") == ["out/d/a.txt"]


def test_ignored_links_and_others_are_not_reported():
    """What the user does not want to see is not counted as passed over."""
    write({"d/.gitignore": "*.bin\nl\n", "d/a.bin": b"\0"})
    Path("d/l").symlink_to("a.bin")
    assert list(read(["d"])) == []


def test_an_ignore_file_of_nonsense_is_harmless():
    """Broken patterns match nothing, the others hold; names are bytes."""
    write({"d/.gitignore": b"\xef\xbb\xbf[z-a]\nx\\\n[\n[[:alpha:]]\n!/\n\xff.txt\na.txt\n"})
    write({"d/a.txt": "", "d/b.txt": "", b"d/\xff.txt".decode(errors="surrogateescape"): ""})
    assert found("d") == ["d/b.txt"]


def test_an_ignore_file_that_is_a_link_or_folder_counts_as_empty():
    """As for git, which does not follow it."""
    write({"d/a.txt": "", "rules": "a.txt", "d/e/.gitignore/x": "", "d/e/b.txt": ""})
    Path("d/.gitignore").symlink_to("../rules")
    assert found("d") == ["d/a.txt", "d/e/b.txt"]


RULES = st.sampled_from(
    [
        "*",
        "*/",
        "!*/",
        "*.txt",
        "!*.txt",
        "a",
        "!a",
        "a/",
        "!a/",
        "/a",
        "!/a",
        "a/b",
        "!a/b",
        "a/*",
        "a/**",
        "!a/**",
        "**/b",
        "**/b/",
        "a/**/b",
        "a/**/",
        "**",
        "**/",
        "/*",
        "!/a/",
        "[ab]",
        "[!a].txt",
        "?",
        "*/b",
        "a.txt",
        "!a.txt",
        "/a.txt",
        "\\a",
        " a",
        "a ",
    ]
)


@pytest.mark.skipif(not shutil.which("git"), reason="needs git to compare with")
@given(st.lists(RULES, max_size=4), st.lists(RULES, max_size=3), st.lists(RULES, max_size=3))
@settings(deadline=None, max_examples=30)
def test_git_finds_the_same_files(tmp_path_factory, top, middle, low):
    """With rules at three levels, whatever they are."""
    root = tmp_path_factory.mktemp("git")
    folders = ["", "a/", "b/", "a/a/", "a/b/", "b/a/"]
    tree = {f"{folder}{name}.txt" for folder in folders for name in "ab"}
    write({root / path: "" for path in tree})
    for folder, rules in {"": top, "a": middle, "a/b": low}.items():
        write({root / folder / ".gitignore": "\n".join(rules)})
    clean = os.environ | {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1"}
    subprocess.run(["git", "init", "-q"], cwd=root, env=clean, check=True)
    listing = ["git", "ls-files", "--others", "--exclude-standard"]
    git = subprocess.run(listing, cwd=root, env=clean, check=True, capture_output=True, text=True)
    ours = [os.path.relpath(path, root) for path in found(root)]
    assert set(ours) == set(git.stdout.split()) & tree


# Paths


def test_paths_are_relative_to_the_working_directory():
    """POSIX, `..` where they must, never absolute."""
    write({"d/a.txt": "", "e/b.txt": "", "c.txt": ""})
    assert found(".") == ["c.txt", "d/a.txt", "e/b.txt"]
    assert found("./d/", str(Path("e").resolve())) == ["d/a.txt", "e/b.txt"]
    os.chdir("d")
    assert found("..") == ["../c.txt", "../d/a.txt", "../e/b.txt"]


@pytest.mark.parametrize("name", ["a b.txt", "[draft].txt", "line\nbreak.txt", "*.txt", "-x.txt"])
def test_names_of_any_kind_work(name):
    """Spaces, brackets, line ends: named or found, and ignored by name."""
    write({f"d/{name}": "x"})
    assert found("d") == found(f"d/{name}") == [f"d/{name}"]
    write({"d/.gitignore": "*.txt"})
    assert found("d") == []


@pytest.mark.skipif(sys.platform in {"darwin", "win32"}, reason="names are Unicode here")
def test_bytes_of_a_name_that_are_not_utf8_are_escaped():
    """In the path shown; the real name opens the file."""
    folder, name = (raw.decode(errors="surrogateescape") for raw in (b"d\xe9", b"caf\xe9 \xc3.txt"))
    write({f"{folder}/{name}": "text"})
    Path(folder, "z").symlink_to(name)
    document, link = read([folder])
    assert document == Document(path="d\\xe9/caf\\xe9 \\xc3.txt", text="text")
    assert link.detail == "points to caf\\xe9 \\xc3.txt"
    assert found(f"{folder}/{name}") == [document.path]


# Texts


def test_a_text_is_kept_as_it_is():
    """Line ends and blanks stay, for offsets count in it; a byte order mark goes."""
    write({"a.txt": b"\xef\xbb\xbfone\r\ntwo\rthree \xe2\x82\xac\n\n"})
    assert only("a.txt").text == "one\r\ntwo\rthree €\n\n"


def test_an_empty_file_is_a_document():
    """It is for later stages to call it too short."""
    write({"a.txt": "", "b.jsonl": ""})
    assert list(read(["a.txt", "b.jsonl"])) == [Document(path="a.txt", text="")]


def test_a_nul_byte_in_the_head_makes_a_file_binary():
    """Not one further down."""
    write({"a.txt": "x" * 8191 + "\0", "b.txt": "x" * 8192 + "\0"})
    assert skipped("a.txt") == [("a.txt", "binary", None)]
    assert found("b.txt") == ["b.txt"]


def test_a_text_that_is_not_utf8_says_where():
    """The byte and its offset in the file, the byte order mark counted."""
    write({"a.txt": b"caf\xe9 noir", "b.txt": b"\xef\xbb\xbfa\xc3"})
    assert skipped("a.txt", "b.txt") == [
        ("a.txt", "undecodable", "byte 0xe9 at offset 3 is not UTF-8"),
        ("b.txt", "undecodable", "byte 0xc3 at offset 4 is not UTF-8"),
    ]


def test_packed_files_are_unpacked():
    """Texts, Markdown and records; also other files that are named."""
    packed = gzip.compress(b"# Two words\n")
    write({"d/a.txt.gz": packed, "d/b.md.gz": packed, "n.gz": packed})
    write({"d/c.jsonl.gz": gzip.compress(b'{"text": "t"}')})
    want = ["# Two words\n", "# Two words\n", "t", "# Two words\n"]
    assert texts(read(["d", "n.gz"])) == want
    assert [item.title for item in read(["d"])] == ["# Two words", "Two words", None]


@pytest.mark.parametrize(
    "broken",
    [
        b"no gzip",
        gzip.compress(b"text" * 99)[:-9],
        gzip.compress(b"x" * 99)[:-8] + b"\x01" * 8,
        b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\x00\xff\xff",
    ],
)
def test_a_broken_gzip_stream_is_invalid(broken):
    """Another format, cut off, wrong checksum, wrong block: the reason is given."""
    write({"a.txt.gz": broken})
    ((path, reason, detail),) = skipped("a.txt.gz")
    assert (path, reason) == ("a.txt.gz", "invalid")
    assert detail.startswith("broken gzip: ")


# Titles


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("Talks fail in Beijing\n\nBEIJING -- They did.", "Talks fail in Beijing"),
        ("\n \nBack To Top\n\nAdvertisement...\r\n\r\nTalks  fail \r\n\r\nText", "Talks fail"),
        ("Talks fail", "Talks fail"),
        ("Talks fail\n", "Talks fail"),
        ("Biegun seeks nuke talks with N.K.\n\nText", "Biegun seeks nuke talks with N.K."),
        ("Is it over ...\n\nText", "Is it over ..."),
        ("Is it over…\n\nText", "Is it over…"),
        ("‘We leave the U.S.’\n\nText", "‘We leave the U.S.’"),
        ("北朝鮮との対話\n\n本文。", "北朝鮮との対話"),
        ("Talks fail\nand go on\n\nText", None),
        ("Talks\n\nText", None),
        ("They went home.\n\nText", None),
        ("He said, “We leave.”\n\nText", None),
        ("BEIJING, May 3,\n\nText", None),
        ("In short:\n\nText", None),
        ("going " * 34 + "\n\nText", None),
        ("# Talks fail\nText", None),
        ("", None),
        (" \n\n", None),
        ("\n" * 5000 + "Talks fail\n\nText", None),
        ("x" * 4090 + "\n\nTalks fail", None),
    ],
)
def test_the_title_of_a_text(text, title):
    """Is its first line that is no furniture, where it looks like a headline."""
    assert find_title(text) == title


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("# Talks fail\nText", "Talks fail"),
        ("  ## Talks fail ##  \n\nText", "Talks fail"),
        ("# Advertisement\n\n# Talks fail", "Talks fail"),
        ("---\ntitle: x\n---\n\n# Talks fail\nText", "Talks fail"),
        ("---\nnever closed\n\nText", None),
        ("#Talks fail\nText", None),
        ("# \n\nTalks fail\n\nText", "Talks fail"),
        ("Talks fail\n\nText", "Talks fail"),
    ],
)
def test_the_title_of_a_markdown_page(text, title):
    """May be a heading, whose marks go; a block of metadata is passed over."""
    assert find_title(text, markdown=True) == title


@given(st.text())
def test_a_title_is_one_line_of_two_words_or_more(text):
    """Whatever the text."""
    for markdown in (False, True):
        title = find_title(text, markdown=markdown)
        assert title is None or (title == " ".join(title.split()) and 3 <= len(title) <= 200)


# Records


def test_a_record_is_a_document():
    """With its id, title and date; what else it holds is passed over."""
    line = (
        '{"id": "x1", "date": "2019-12-20", "title": " A\\n b ", "more": [1, {}], "text": "T\\n"}'
    )
    assert records(line) == [
        Document(
            path="r.jsonl",
            record="x1",
            line=1,
            number=1,
            title="A b",
            published="2019-12-20",
            text="T\n",
        )
    ]


@pytest.mark.parametrize(
    ("given", "name"),
    [
        ("7", 7),
        ("-7", -7),
        ('"7"', "7"),
        ('"\\u00e9\\""', 'é"'),
        ("1.50", "1.50"),
        ("true", "true"),
        ('[1, "a"]', '[1, "a"]'),
        ('{"é": null}', '{"é": null}'),
        ("9" * 19, "9" * 19),
        ("9" * 5000, "9" * 5000),
        ("null", 2),
        ('""', 2),
        ("1e999", "1e999"),
    ],
)
def test_a_record_is_called_by_its_id_or_its_line(given, name):
    """Strings and integers as they are, the rest as its JSON text."""
    (document,) = records("", f'{{"text": "t", "id":  {given} }}')
    assert document.record == name


def test_the_title_of_a_record_falls_back_on_its_text():
    """Where there is none, or it is blank or no string."""
    rest = '"text": "Talks fail\\n\\nText"'
    items = records(*(f'{{"title": {value}, {rest}}}' for value in ('"T"', '" "', "null", "[]")))
    assert [item.title for item in items] == ["T"] + ["Talks fail"] * 3


def test_published_stands_in_for_a_date():
    """Only where the date is missing."""
    items = records(
        '{"text": "", "published": "2019-12-20"}',
        '{"text": "", "date": null, "published": 0}',
        '{"text": "", "date": "2020-01-01", "published": "2019-12-20"}',
        '{"text": "", "date": {}}',
    )
    dates = ["2019-12-20", "1970-01-01T00:00:00+00:00", "2020-01-01", None]
    assert [item.published for item in items] == dates


@pytest.mark.parametrize(
    "line",
    [
        "{",
        "[1]",
        "1",
        "null",
        "{}",
        '{"text": 1}',
        '{"text": null}',
        '{"text": "a"} x',
        "text",
        '{"text": "\\ud800"}',
        '{"text": "a", "title": "\\udc00"}',
        '{"text": "a\x01"}',
        '{"text": "a", "x": ' + "[" * 100000 + "]" * 100000 + "}",
    ],
)
def test_a_line_that_is_no_record_is_invalid(line):
    """It is named by its number, with a reason of one line; the others are read."""
    before, broken, after = records('{"text": "a"}', " ", line, '{"text": "b"}')
    assert (before.text, after.text, after.record) == ("a", "b", 4)
    assert (broken.reason, broken.record) == ("invalid", 3)
    assert broken.detail
    assert "\n" not in broken.detail


def test_a_line_that_is_not_utf8_is_undecodable():
    """Also in a field that nobody looks at."""
    write({"a.jsonl": b'{"text": "a"}\n{"text": "b", "x": "\xe9"}\n{"text": "\xff"}\n'})
    document, *broken = read(["a.jsonl"])
    assert document.record == 1
    assert [(item.reason, item.record, item.detail) for item in broken] == [
        ("undecodable", 2, "byte 0xe9 at offset 20 is not UTF-8 (offset in the record)"),
        ("undecodable", 3, "byte 0xff at offset 10 is not UTF-8 (offset in the record)"),
    ]


def test_line_ends_and_byte_order_marks_do_not_matter():
    """CRLF, blank lines, no end of the last line, a mark before the first."""
    write({"a.jsonl": b'\xef\xbb\xbf{"text": "a"}\r\n\r\n \n{"text": "b\xe2\x80\xa8"}'})
    assert [(item.record, item.text) for item in read(["a.jsonl"])] == [(1, "a"), (4, "b\u2028")]


def test_a_whole_surrogate_pair_is_a_character():
    """As JSON writes what does not fit its escapes."""
    assert texts(records('{"text": "\\ud83d\\ude00"}')) == ["😀"]


def test_records_before_the_break_of_a_packed_file_are_kept():
    """The break is reported once, for the file."""
    lines = "".join(json.dumps({"text": f"{number:x} " * 50}) + "\n" for number in range(2000))
    write({"a.jsonl.gz": gzip.compress(lines.encode())[:-2000]})
    *documents, broken = read(["a.jsonl.gz"])
    assert [item.record for item in documents] == list(range(1, len(documents) + 1))
    assert 100 < len(documents) < 2000
    assert (broken.reason, broken.record) == ("invalid", None)
    assert "end-of-stream" in broken.detail


def test_records_are_read_as_the_file_is():
    """Line by line: what comes after a line is not needed to give it."""
    read_end, write_end = os.pipe()
    Path("a.jsonl").symlink_to(f"/dev/fd/{read_end}")
    os.write(write_end, b'{"text": "a"}\n')
    assert only("a.jsonl").reason == "special"
    os.close(write_end)
    os.close(read_end)


# Dates


@pytest.mark.parametrize(
    ("value", "date"),
    [
        ("2019-12-20", "2019-12-20"),
        (" 20191220 ", "2019-12-20"),
        ("2019-12-20T09:30:00", "2019-12-20T09:30:00"),
        ("2019-12-20 09:30", "2019-12-20T09:30:00"),
        ("2019-12-20T09:30:00Z", "2019-12-20T09:30:00+00:00"),
        ("2019-12-20t18:30:00.5+09:00", "2019-12-20T09:30:00.500000+00:00"),
        ("Fri, 20 Dec 2019 18:30:00 +0900", "2019-12-20T09:30:00+00:00"),
        ("20 Dec 2019 09:30 GMT", "2019-12-20T09:30:00+00:00"),
        ("20 Dec 2019 09:30:00", "2019-12-20T09:30:00"),
        ("20 dec 2019", "2019-12-20"),
        ("26-FEB-1987 15:01:01.79", "1987-02-26T15:01:01.790000"),
        (" 6-FEB-1987  5:01", "1987-02-06T05:01:00"),
        (0, "1970-01-01T00:00:00+00:00"),
        (1576834200.25, "2019-12-20T09:30:00.250000+00:00"),
        (-1, "1969-12-31T23:59:59+00:00"),
    ],
)
def test_a_date_is_given_in_iso_8601(value, date):
    """In UTC where its zone is known; without a time where it had none."""
    assert parse_date(value) == date


@pytest.mark.parametrize(
    "value",
    [
        "",
        "Friday",
        "2019-02-30",
        "31-FEB-1987",
        "26-XYZ-1987 15:01",
        "20 Dec 2019 25:00 GMT",
        "0001-01-01T00:00:00+09:00",
        "20 Dec 2019 09:30 +9999",
        "1 2 3",
        "١٢-FEB-1987",
        1e18,
        10**400,
        float("inf"),
        float("nan"),
        True,
        None,
        [],
        {},
    ],
)
def test_what_is_no_date_is_none(value):
    """Or no calendar holds it."""
    assert parse_date(value) is None


# Anything at all


DATES = st.one_of(st.text(), st.from_regex(r"[0-9]{1,2} [a-zA-Z]{3} [0-9]{4} [0-9]:[0-9]{2}.*"))


@given(st.one_of(DATES, st.floats(), st.integers()))
def test_no_date_raises(value):
    """Whatever a record calls its date."""
    date = parse_date(value)
    assert date is None or len(date) >= 10


@given(st.binary(), st.sampled_from(["txt", "md", "jsonl", "bin", "txt.gz", "jsonl.gz"]))
@settings(deadline=None)
def test_no_bytes_raise(tmp_path_factory, data, ending):
    """Named or found, whatever the extension promises."""
    folder = tmp_path_factory.mktemp("any")
    path = folder / f"a.{ending}"
    for content in (data, gzip.compress(data)):
        path.write_bytes(content)
        check(read([path]))
        check(read([folder]))


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=5,
)
KEYS = st.sampled_from(["text", "id", "title", "date", "published", "x"])


@given(st.lists(st.dictionaries(KEYS, JSON), max_size=5), st.booleans())
@settings(deadline=None)
def test_no_records_raise(tmp_path_factory, rows, escape):
    """Whatever they hold, each line gives one document or one reason."""
    path = tmp_path_factory.mktemp("any") / "a.jsonl"
    lines = [json.dumps(row, ensure_ascii=escape) for row in rows]
    path.write_text("\n".join(lines), encoding="utf-8", errors="surrogatepass", newline="")
    items = list(read([path]))
    check(items)
    assert len(items) == len(rows)
    for row, item in zip(rows, items, strict=True):
        if isinstance(item, Document):
            assert item.text == row["text"]


NAMES = st.binary(min_size=1, max_size=40).filter(
    lambda raw: b"/" not in raw and b"\0" not in raw and raw[:1] != b"."
)


@pytest.mark.skipif(sys.platform in {"darwin", "win32"}, reason="names are Unicode here")
@given(NAMES)
@settings(deadline=None)
def test_no_name_raises(tmp_path_factory, raw):
    """Whatever its bytes, it is found, read and shown."""
    folder = tmp_path_factory.mktemp("any")
    path = folder / os.fsdecode(raw)
    path.write_bytes(b"")
    check(read([path]))
    (item,) = read([folder])
    check([item])

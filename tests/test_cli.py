import json
import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import jsonschema
import pytest
from conftest import ROOT, on_terminal

from dupfind.cli.output import open_output
from dupfind.reports import FORMS

STORY = (
    "Rivers rose again on Monday along the northern plain, and officials asked people in "
    "twelve villages to leave their homes before dark, saying that the old levees might not "
    "hold if the rain went on through the night as forecasters expect it to do."
)
OTHER = (
    "The national museum will open its new wing to visitors next spring, its director said, "
    "after eight years of work that cost twice what had been planned and kept the best known "
    "paintings of the collection in a depot outside the city for most of that time."
)


def write(folder: Path, **texts: str) -> Path:
    """Write texts as files NAME.txt."""
    for name, text in texts.items():
        (folder / f"{name}.txt").write_text(text)
    return folder


def test_version(dupfind):
    """Prints the program's name and version."""
    done = dupfind("--version")
    assert (done.returncode, done.stdout) == (0, b"dupfind 0.1.0\n")


@pytest.mark.parametrize(
    "arguments",
    [
        ["--version"],
        ["--help"],
        ["scan", "--help"],
        ["scan", "--nope"],
        ["scan", "--rows", "x"],
        ["compare", "--help"],
        ["report", "--help"],
        ["report", "nowhere.json"],
        ["check", "--help"],
        ["check", "seeds", "--write-baseline"],
        ["dedupe", "seeds"],
        ["config"],
        ["scan", "seeds", "--config", "README.md"],
    ],
)
def test_light_commands_import_nothing_heavy(arguments):
    """Help, version and errors in options load neither numpy, scipy, datasketch nor rich."""
    done = subprocess.run(
        [sys.executable, "-X", "importtime", "-m", "dupfind", *arguments],
        capture_output=True,
        text=True,
        check=False,
    )
    loaded = {
        line.rpartition("|")[2].strip().partition(".")[0] for line in done.stderr.splitlines()
    }
    assert "click" in loaded
    assert not loaded & {"numpy", "scipy", "datasketch", "rich"}


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["scan"], "name files or folders to read, `-`, or --files-from"),
        (["scan", "-", "--files-from", "-"], "standard input cannot be both"),
        (["scan", "--files-from", "nowhere"], "'nowhere' cannot be read for paths"),
        (["scan", "seeds", "--max-size", "3x"], "'3x' is no size; use a number such as 500K"),
        (["scan", "seeds", "--since", "May"], "since is 'May'; it must be a year, a month"),
        (["scan", "seeds", "--include", "[z-a]"], "include has a pattern that makes no sense"),
        (["scan", "seeds", "--encoding", "rot13"], "encoding is 'rot13', which is unknown"),
        (["scan", "--nope", "seeds"], "No such option"),
        (["scan", "nowhere"], "'nowhere' does not exist; check its spelling"),
        (["scan", "seeds", "--threshold", "0"], "'--threshold': 0.0 is not in the range 0<x<=1"),
        (["scan", "seeds", "--threshold", "nan"], "threshold is nan"),
        (["scan", "seeds", "--bands", "65"], "bands x rows is 65 x 2 = 130; it must not exceed"),
        (["scan", "seeds", "--guarantee", "4"], "guarantee is 4; it must be at least"),
        (["scan", "seeds", "--min-words", "0"], "'--min-words': 0 is not in the range x>=1"),
        (["scan", "seeds", "--jobs", "0"], "'--jobs': 0 is not in the range x>=1"),
        (["scan", "seeds", "-o", "report.xyz"], "no form has this extension; use .csv, .htm,"),
        (["scan", "seeds", "-o", "xyz:report"], "'xyz:report': no form has this extension"),
        (["scan", "seeds", "-o", "json:"], "'json:' names no file; write json:FILE, or json:-"),
        (["scan", "seeds", "-o", "-", "-o", "csv:-"], "'csv:-' is where another report goes"),
        (["scan", "seeds", "-o", "no/such/report.json"], "its folder does not exist"),
        (["scan", "seeds", "-o", "seeds", "--format", "json"], "is a folder; name a file in it"),
        (["nope"], "No such command 'nope'"),
    ],
)
def test_what_cannot_be_done_is_said_in_a_line(dupfind, arguments, message):
    """A wrong option, path or output exits with 2, without a traceback or a report."""
    done = dupfind(*arguments)
    assert (done.returncode, done.stdout) == (2, b"")
    assert message in " ".join(done.stderr.decode().split())
    assert b"Traceback" not in done.stderr


def test_json_on_a_pipe(dupfind):
    """Standard output is the JSON report and nothing else, even with -v."""
    done = dupfind("scan", "seeds", "--format", "json", "-v")
    report = json.loads(done.stdout)
    assert (done.returncode, report["summary"]["clusters"]) == (0, 4)
    assert b"sketching: 15 documents" in done.stderr
    assert done.stderr.decode().splitlines()[-1].startswith("15 documents, 4 clusters, 5 redundant")


def test_quiet(dupfind):
    """-q leaves standard error empty."""
    assert dupfind("scan", "seeds", "-q").stderr == b""


def test_outputs_are_written_whole_and_beside_each_other(dupfind, tmp_path):
    """-o repeats, takes its form from the extension, and leaves no other file behind."""
    (tmp_path / "a.json").write_text("old")
    done = dupfind("scan", "seeds", "-o", tmp_path / "a.json", "-o", tmp_path / "b.txt", "-o", "-")
    assert json.loads((tmp_path / "a.json").read_text())["status"] == "complete"
    assert (tmp_path / "b.txt").read_bytes() == done.stdout
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.json", "b.txt"]


@pytest.mark.parametrize(
    ("name", "form", "path"),
    [
        ("results.json", "json", "results.json"),
        ("sarif:results.json", "sarif", "results.json"),
        ("results.sarif.json", "sarif", "results.sarif.json"),
        ("RESULTS.SARIF", "sarif", "RESULTS.SARIF"),
        ("report.md", "markdown", "report.md"),
        ("report.htm", "html", "report.htm"),
        ("junit:-", "junit", None),
        ("-", "terminal", None),
        ("csv:a:b.json", "csv", "a:b.json"),
        ("C:results.json", "json", "C:results.json"),
        ("xml:results.json", "json", "xml:results.json"),
        ("./csv:results.json", "json", "csv:results.json"),
    ],
)
def test_an_output_says_its_form(name, form, path, tmp_path, monkeypatch):
    """By a form's name before a colon, else its extension; any other colon is part of the name."""
    monkeypatch.chdir(tmp_path)
    assert open_output(name, None) == (Path(path) if path else None, form)
    prefixed = name.partition(":")[0] in FORMS
    assert open_output(name, "gitlab").form == (form if prefixed else "gitlab")


def test_every_form_at_once(dupfind, tmp_path):
    """One run writes as many reports as are asked for."""
    names = ["a.json", "b.txt", "c.sarif", "d.xml", "e.md", "f.csv", "g.jsonl"]
    outputs = [f"-o{tmp_path / name}" for name in names] + ["-o", "paths:-"]
    done = dupfind("scan", "seeds", "-q", *outputs)
    assert (done.returncode, done.stdout.count(b"\n"), done.stderr) == (0, 5, b"")
    assert sorted(path.name for path in tmp_path.iterdir()) == names
    assert json.loads((tmp_path / "c.sarif").read_text())["version"] == "2.1.0"


def test_paths_for_xargs(dupfind):
    """-0 ends them with NUL."""
    lines, nul = (dupfind("scan", "seeds", "-q", "-f", "paths", *o).stdout for o in ((), ("-0",)))
    assert nul == lines.replace(b"\n", b"\0")
    assert nul.count(b"\0") == 5


def test_no_form_steers_the_terminal(tmp_path):
    """Control characters of names are shown as escapes where a terminal would obey them."""
    write(tmp_path, a=f"{STORY} Again.")
    (tmp_path / "\x1b[31mred\x9b.txt").write_text(STORY)
    for form in ("paths", "json", "csv"):
        shown = on_terminal(["scan", str(tmp_path), "-q", "-f", form], 80)
        assert "\\u001b[31mred\\u009b.txt" in shown
        assert not set(shown) & set("\x1b\x9b")


@pytest.mark.parametrize("name", ["report.json", "report.csv"])
def test_a_full_disk_leaves_the_old_report(tmp_path, name):
    """Exits with 2 and one line; what stood there stays, and nothing else is left."""
    report = tmp_path / name
    report.write_text("old")
    command = f"ulimit -f 1; {sys.executable} -m dupfind scan seeds -o {report}"
    done = subprocess.run(["bash", "-c", command], cwd=ROOT, capture_output=True, check=False)
    assert (done.returncode, done.stdout) == (2, b"")
    assert done.stderr.decode() == f"dupfind: {str(report)!r} cannot be written: File too large\n"
    assert [(path.name, path.read_text()) for path in tmp_path.iterdir()] == [(name, "old")]


def test_a_full_disk_under_the_files_of_a_run(tmp_path):
    """Exits with 2 and one line that says where room is needed, whoever needs it first."""
    words = " ".join(f"w{number * 31 % 9973}" for number in range(1000))
    (tmp_path / "many.jsonl").write_text(f"{json.dumps({'text': words})}\n" * 1000)
    command = f"ulimit -f 1; {sys.executable} -m dupfind scan many.jsonl --jobs 2"
    done = subprocess.run(
        ["bash", "-c", command],
        cwd=tmp_path,
        env={**os.environ, "TMPDIR": str(tmp_path)},
        capture_output=True,
        check=False,
    )
    assert (done.returncode, done.stdout) == (2, b"")
    assert done.stderr.decode() == (
        f"dupfind: cannot write to {str(tmp_path)!r}: File too large; the files of a run need "
        "room: set TMPDIR, or --work-dir, to a folder that has more, or --memory\n"
    )
    assert [path.name for path in tmp_path.iterdir()] == ["many.jsonl"]


def test_a_device_stays_a_device(dupfind):
    """-o /dev/full is written to, never replaced."""
    done = dupfind("scan", "seeds", "--format", "json", "-o", "/dev/full")
    assert (done.returncode, Path("/dev/full").is_char_device()) == (2, True)
    assert done.stderr == b"dupfind: '/dev/full' cannot be written: No space left on device\n"


def test_a_mistake_of_ours(tmp_path, dupfind):
    """Exits with 2, not with the 1 of `check`, and asks to be told of it."""
    (tmp_path / "datasketch.py").write_text("raise ZeroDivisionError('broken')")
    path = os.pathsep.join([str(tmp_path), str(ROOT)])
    done = dupfind("check", "seeds", PYTHONPATH=path)
    assert (done.returncode, done.stdout) == (2, b"")
    assert b"ZeroDivisionError: broken" in done.stderr
    assert done.stderr.endswith(b"dupfind: this is a bug; please report the lines above\n")


def test_a_full_standard_output():
    """Exits with 2 and says so."""
    with open("/dev/full", "wb") as full:  # noqa: PTH123
        done = subprocess.run(
            [sys.executable, "-m", "dupfind", "scan", "seeds", "--format", "json"],
            cwd=ROOT,
            stdout=full,
            stderr=subprocess.PIPE,
            check=False,
        )
    assert done.returncode == 2
    assert b"Traceback" not in done.stderr
    assert b"No space left" in done.stderr


@pytest.mark.parametrize("form", ["terminal", "jsonl"])
def test_a_reader_that_leaves(form):
    """A closed pipe exits with 141, silently."""
    with subprocess.Popen(
        [sys.executable, "-m", "dupfind", "scan", "seeds", "-q", "-f", form],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as process:
        process.stdout.close()
        error = process.stderr.read()
    assert (process.returncode, error) == (141, b"")


@pytest.mark.parametrize("seconds", [0.8, 2.0])
def test_an_interrupt(tmp_path, seconds):
    """Ctrl-C exits with 130 and a line, whether or not worker processes are at work."""
    lines = []
    for number in range(10_000):
        words = " ".join(f"w{number * 31 % 9973 + place * 7 % 997}" for place in range(80))
        lines.append(json.dumps({"text": words}) + "\n")
    (tmp_path / "many.jsonl").write_text("".join(lines * 10))  # some ten seconds of work
    with subprocess.Popen(
        [sys.executable, "-m", "dupfind", "scan", tmp_path, "--jobs", "2", "-v"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=True,
    ) as process:
        assert process.stderr.readline().startswith(b"64 bands")
        time.sleep(seconds)
        os.killpg(process.pid, signal.SIGINT)
        out, error = process.communicate()
    assert (process.returncode, out) == (130, b"")
    assert error.endswith(b"dupfind: interrupted\n")
    assert b"Traceback" not in error


def test_nothing_found_names_the_nearest_pair(dupfind, tmp_path):
    """An empty result is never silent: it says which pair came closest and why it fails."""
    tail = " ".join(OTHER.split()[:15])
    write(tmp_path, a=STORY + " " + STORY[::-1], b=OTHER, c=f"{STORY[::-1]} {tail}")
    done = dupfind("scan", ".", "--threshold", "0.9", cwd=write(tmp_path))
    assert "No overlap found in 3 documents." in done.stdout.decode()
    assert "less than the threshold of 90%" in done.stdout.decode()


def test_nothing_in_common_at_all(dupfind, tmp_path):
    """Two documents without a common key are said to share nothing."""
    done = dupfind("scan", ".", cwd=write(tmp_path, a=STORY, b=OTHER))
    assert "No two of them share a run of 20 words" in done.stdout.decode()


def test_an_empty_folder(dupfind, tmp_path):
    """Runs to the end and says that there was nothing."""
    done = dupfind("scan", ".", cwd=tmp_path)
    assert (done.returncode, done.stdout) == (0, b"No overlap found in 0 documents.\n\n")


NAMES = [
    b"a b.txt",
    b"[draft] a b,c:100%.md",
    b"new\nline.txt",
    b"caf\xe9.txt",
    "日本語.txt".encode(),
    b"\x1b[31mred.txt",
    b"--color.txt",
]


def test_strange_names(dupfind, tmp_path):
    """Come through in JSON; the terminal report shows control characters as escapes."""
    for name in NAMES:
        (tmp_path / os.fsdecode(name)).write_text(STORY)
    report = json.loads(dupfind("scan", ".", "--format", "json", cwd=tmp_path).stdout)
    names = {document["path"] for document in report["documents"]}
    assert names == {
        "a b.txt",
        "[draft] a b,c:100%.md",
        "new\nline.txt",
        "caf\\xe9.txt",
        "日本語.txt",
        "\x1b[31mred.txt",
        "--color.txt",
    }
    shown = dupfind("scan", ".", cwd=tmp_path, COLUMNS="20").stdout.decode()
    for name in names:
        assert name.replace("\n", "\\n").replace("\x1b", "\\x1b") in shown


def test_nothing_is_wrapped_on_a_pipe(dupfind):
    """However narrow the terminal is said to be, a line of a pipe stays whole."""
    wide, narrow = (dupfind("scan", "seeds", COLUMNS=columns).stdout for columns in ("200", "40"))
    assert wide == narrow


@pytest.mark.parametrize(
    ("color", "environment", "colored"),
    [
        ("auto", {}, False),
        ("auto", {"FORCE_COLOR": "1"}, True),
        ("auto", {"FORCE_COLOR": "1", "NO_COLOR": "1"}, False),
        ("auto", {"NO_COLOR": "1"}, False),
        ("always", {"NO_COLOR": "1"}, True),
        ("never", {"FORCE_COLOR": "1"}, False),
    ],
)
def test_color(dupfind, color, environment, colored):
    """Follows --color, then NO_COLOR, then FORCE_COLOR; without it, changes have marks."""
    shown = dupfind("scan", "seeds", "--color", color, **environment).stdout
    assert (b"\x1b[" in shown) == colored
    assert (b"{+raised+}" in shown) == (not colored)


@pytest.mark.parametrize("columns", [40, 80, 200])
def test_lines_fit_the_terminal(columns):
    """On a terminal the report is colored and wrapped to its width."""
    shown = on_terminal(["scan", "seeds", "-q"], columns)
    plain = shown.replace("\r", "")
    assert "\x1b[" in plain
    lines = re.sub(r"\x1b\[[0-9;?]*[a-zA-Z]", "", plain).split("\n")
    assert max(map(len, lines)) <= columns
    assert len(lines) > 50


def test_progress_is_shown_on_a_terminal_only(dupfind):
    """Bars appear on a terminal; on a pipe nothing but the summary does."""
    assert "sketching" in on_terminal(["scan", "seeds", "--no-diff"], 80)
    assert dupfind("scan", "seeds").stderr.count(b"\n") == 1


HOSTILE = "\x1b]0;title\x07 [bold red]mark[/] \u202eevil\u202c \x9b31m :smile: {+fake+}"


def test_text_is_never_markup_nor_control(dupfind, tmp_path):
    """Escape codes and direction overrides of a text are shown as escapes, markup as it is."""
    write(tmp_path, a=STORY, b=f"{STORY} {HOSTILE} {OTHER}")
    shown = dupfind("scan", ".", "--color", "always", cwd=tmp_path).stdout.decode()
    assert "\\x1b]0;title\\x07 [bold red]mark[/] \\u202eevil\\u202c \\x9b31m :smile:" in shown
    assert not set(shown) & set("\x07\x9b\u202e\u202c")


def test_an_output_that_knows_little(dupfind, tmp_path):
    """What the locale cannot encode is shown as an escape, never an error."""
    write(tmp_path, a=STORY, b=f"{STORY} 日本 {OTHER}")
    done = dupfind("scan", ".", cwd=tmp_path, PYTHONIOENCODING="ascii")
    assert done.returncode == 0
    assert b"\\u65e5\\u672c" in done.stdout


def test_skipped_files_are_named(dupfind, tmp_path):
    """What could not be read is in both reports, with its reason."""
    write(tmp_path, a=STORY)
    (tmp_path / "logo.png").write_bytes(b"\x89PNG\0\0")
    (tmp_path / "latin.txt").write_bytes(b"caf\xe9")
    (tmp_path / "void.txt").write_bytes(b"")
    report = json.loads(dupfind("scan", ".", "--format", "json", cwd=tmp_path).stdout)
    assert [(item["path"], item["reason"]) for item in report["skipped"]] == [
        ("latin.txt", "undecodable"),
        ("logo.png", "binary"),
        ("void.txt", "empty"),
    ]
    shown = dupfind("scan", ".", cwd=tmp_path).stdout.decode()
    assert "1 binary, 1 empty, 1 undecodable" in shown
    assert "latin.txt  undecodable: byte 0xe9 at offset 3 is not UTF-8" in shown


def test_the_published_schema(dupfind):
    """Is what the model says, and the report of the example stories keeps to it."""
    from dupfind.reports.json import make_schema  # noqa: PLC0415

    published = json.loads((ROOT / "dupfind" / "report.schema.json").read_text())
    assert published == json.loads(json.dumps(make_schema())), (
        "generate it anew: see docs/architecture.md"
    )
    for options in ([], ["--passages"], ["--threshold", "1", "--min-words", "1000"]):
        report = json.loads(dupfind("scan", "seeds", "--format", "json", *options).stdout)
        jsonschema.Draft202012Validator(published).validate(report)


def test_golden_terminal(dupfind, golden):
    """The terminal report of the example stories, without color, is what it was."""
    golden("seeds.txt", dupfind("scan", "seeds", "--passages").stdout)


def test_golden_color(dupfind, golden):
    """The terminal report in color is what it was."""
    golden("seeds.ansi", dupfind("scan", "seeds", "--color", "always").stdout)


def test_golden_json(dupfind, golden):
    """The JSON report of the example stories is what it was."""
    golden("seeds.json", dupfind("scan", "seeds", "--passages", "--format", "json").stdout)

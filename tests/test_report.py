import json
import random
import shutil
import subprocess
import sys
from functools import reduce

import pytest
from conftest import ROOT

from dupfind.assembly import Findings
from dupfind.errors import SourceError
from dupfind.reports import FORMS, Style, render
from dupfind.reports.saved import load

STORY = "Nobody has said so, and nothing of it is true.\n" * 40


@pytest.fixture(scope="module")
def saved(tmp_path_factory, dupfind):
    """Give a folder with the example stories, some as records, and the report on them."""
    folder = tmp_path_factory.mktemp("saved")
    shutil.copytree(ROOT / "seeds", folder / "seeds")
    stories = sorted((folder / "seeds").glob("port-*.txt"))
    lines = [json.dumps({"id": path.stem, "text": path.read_text()}) for path in stories]
    (folder / "seeds" / "records.jsonl").write_text("\n".join(lines))
    for path in stories[1:]:
        path.unlink()
    (folder / "report.json").write_bytes(
        dupfind("scan", "seeds", "--passages", "-f", "json", cwd=folder).stdout
    )
    return folder


def test_is_as_if_it_had_just_been_found(dupfind, saved):
    """A saved report gives the same bytes in every form as the run that saved it."""
    forms = [form for form in FORMS if form != "html"]
    outputs = [[f"-o{form}:{run}.{form}" for form in forms] for run in ("fresh", "again")]
    assert dupfind("scan", "seeds", "--passages", *outputs[0], cwd=saved).returncode == 0
    done = dupfind("report", "report.json", *outputs[1], cwd=saved)
    assert (done.returncode, done.stdout, done.stderr) == (0, b"", b"")
    for form in forms:
        fresh, again = (saved / f"{run}.{form}" for run in ("fresh", "again"))
        assert again.read_text() == fresh.read_text()


def test_reads_standard_input(saved):
    """A report can come from a pipe."""
    command = [sys.executable, "-m", "dupfind", "report", "-", "-f", "paths"]
    report = (saved / "report.json").read_bytes()
    done = subprocess.run(command, input=report, capture_output=True, check=True)
    assert b"seeds/storm-northline.txt\n" in done.stdout


def test_documents_that_are_gone_or_changed(dupfind, saved, tmp_path):
    """Are shown by measures and places; one line says how many, if texts are to be shown."""
    folder = tmp_path / "moved"
    shutil.copytree(saved, folder)
    (folder / "seeds" / "storm-northline.txt").unlink()
    with (folder / "seeds" / "news-in-brief.txt").open("a") as file:
        file.write("x")
    (folder / "seeds" / "port-strike-northline.txt").unlink()
    (folder / "seeds" / "port-strike-northline.txt").mkdir()
    done = dupfind("report", "report.json", cwd=folder)
    message = "dupfind: shown without their texts: 2 missing, 1 changed since, of 15 documents\n"
    assert (done.returncode, done.stderr.decode()) == (0, message)
    assert "\n    (136 shared words, line 7, line 3 there)\n" in done.stdout.decode()
    assert "MUSEUM REOPENS" not in done.stdout.decode()
    assert "{+raised+}" in done.stdout.decode()
    for options in (["--no-diff"], ["-f", "sarif"]):
        assert dupfind("report", "report.json", *options, cwd=folder).stderr == b""


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("{", "{{", "JSON is malformed: "),
        ("{", "[{", "Expected `object`, got `array`"),
        ('"a": 5,', '"a": "5",', "Expected `int`, got `str` - at `$.clusters[0].matches[0].a`"),
        ('"a": 5,', '"a": 99,', "There is no document 99 - at `$.clusters[0].matches[0]`"),
        (
            '"revision"',
            '"edit\\u001b"',
            "Invalid enum value 'edit\\x1b' - at `$.summary.relations`",
        ),
        (
            ': "revision"',
            ': "edit"',
            "Invalid enum value 'edit' - at `$.clusters[1].matches[0].rel",
        ),
        ('"threshold": 0.3', '"threshold": 7', "threshold is 7; it must be above 0"),
        ('"lead": ', '"lead": 1', "The lead is not a member - at `$.clusters[0].lead`"),
        ('"place": 1', '"place": null', "A version is told in part - at `$.clusters[0].versions`"),
        ('"status"', '"state"', "Object missing required field `status`"),
    ],
)
def test_what_is_no_report_is_refused(saved, old, new, message):
    """One line says where in the file it is wrong."""
    text = (saved / "report.json").read_text().replace(old, new, 1)
    with pytest.raises(SourceError) as refused:
        load(text.encode(), "r.json")
    assert str(refused.value).startswith(f"'r.json' is not a report of dupfind: {message}")
    assert "\n" not in str(refused.value)


def leaves(value, *place):
    """Give the places of all values in what JSON holds."""
    inside = value.items() if isinstance(value, dict) else enumerate(value)
    for key, item in inside:
        if isinstance(item, dict | list):
            yield from leaves(item, *place, key)
        else:
            yield *place, key


def test_what_is_accepted_can_be_shown(saved):
    """However a report was tampered with, it is refused or every form can show it."""
    text = (saved / "report.json").read_text()
    chance = random.Random(5)
    odd = [-1, 0, 3, 99, 1 << 63, 1 << 70, 1e308, "", "/", "\x1b[31m", "identical", None, True]
    places = list(leaves(json.loads(text)))
    shown = 0
    for _ in range(120):
        report = json.loads(text)
        *above, last = chance.choice(places)
        inner = reduce(lambda value, key: value[key], above, report)
        same = [value for value in odd if type(value) is type(inner[last])]
        inner[last] = chance.choice(same or odd)
        try:
            loaded = load(json.dumps(report).encode(), "r.json")
        except SourceError:
            continue
        shown += 1
        findings = Findings(loaded, [STORY] * len(loaded.documents))
        for form in FORMS:
            if form != "html":
                assert all(isinstance(piece, bytes) for piece in render(form, findings, Style()))
    assert 40 < shown < 120


def test_says_who_made_what_it_cannot_read(saved):
    """A report of another version of dupfind may hold what this one does not know."""
    text = (saved / "report.json").read_text().replace('"version": "', '"version": "9', 1)
    assert load(text.encode(), "r.json").tool.version == "90.1.0"
    with pytest.raises(
        SourceError, match=r"unknown field `new`.*made by version 90\.1\.0, this is"
    ):
        load(text.replace('"threshold"', '"new": 1, "threshold"', 1).encode(), "r.json")


def test_a_report_of_a_newer_version_is_refused(dupfind, tmp_path):
    """Whatever else it holds, it is told to be newer."""
    report = {"schema_version": 2, "tool": {"name": "dupfind", "version": "9"}, "new": {}}
    (tmp_path / "r.json").write_text(json.dumps(report))
    done = dupfind("report", "r.json", cwd=tmp_path)
    assert done.returncode == 2
    assert done.stderr.decode() == (
        "dupfind: 'r.json' is a report of version 2, and this dupfind knows 1; "
        "read it with a newer one\n"
    )


def test_a_file_that_is_not_there(dupfind, tmp_path):
    """The line says so."""
    done = dupfind("report", "r.json", cwd=tmp_path)
    assert done.returncode == 2
    assert done.stderr.startswith(b"dupfind: 'r.json' cannot be read: No such file or directory")


def test_a_path_that_is_a_folder_is_not_walked(dupfind, saved, tmp_path):
    """A report cannot have folders searched by calling them documents."""
    text = (saved / "report.json").read_text().replace("seeds/storm-northline.txt", "..")
    (tmp_path / "r.json").write_text(text)
    done = dupfind("report", "r.json", cwd=tmp_path)
    assert done.stderr.decode().startswith("dupfind: shown without their texts: 15 missing, of 15")

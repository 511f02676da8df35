import json
import os
import sys
from pathlib import Path
from zipfile import ZipFile

import pytest
from conftest import ROOT
from hypothesis import given
from hypothesis import strategies as st
from test_baseline import commit, git, story

from dupfind import Settings, check, scan
from dupfind.assembly import Findings
from dupfind.errors import SourceError
from dupfind.hiding import hide, split_paragraphs
from dupfind.model import Document, Verdict
from dupfind.narrowing import narrow
from dupfind.tokens import tokenize


def write(folder: Path, **texts: str) -> Path:
    """Write texts as files NAME.txt."""
    folder.mkdir(exist_ok=True, parents=True)
    for name, text in texts.items():
        (folder / f"{name}.txt").write_text(text)
    return folder


def paths_of(report) -> list[list[str]]:
    """Give the file names of each cluster."""
    return [
        [Path(report.documents[member].path).name for member in cluster.members]
        for cluster in report.clusters
    ]


def test_a_clean_folder(dupfind, tmp_path):
    """Exits with 0."""
    write(tmp_path, a=story(1), b=story(2))
    assert dupfind("check", ".", cwd=tmp_path).returncode == 0


def test_every_report_is_written_before_it_fails(dupfind, tmp_path):
    """Exits with 1, and says what to do about it."""
    write(tmp_path, a=story(1), b=story(1))
    done = dupfind("check", ".", "-o", "r.json", "-o", "r.txt", "-o", "-", cwd=tmp_path)
    assert done.returncode == 1
    assert done.stdout == (tmp_path / "r.txt").read_bytes()
    report = json.loads((tmp_path / "r.json").read_bytes())
    assert (report["status"], report["verdict"]["failed"]) == ("complete", 1)
    assert done.stderr.endswith(b"1 not accepted (--write-baseline accepts what is there)\n")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["seeds", "--nope"], "No such option"),
        (["nowhere"], "'nowhere' does not exist; check its spelling"),
        (["seeds", "-o", "no/such/report.json"], "its folder does not exist"),
        (["seeds", "-q", "--format", "json", "-o", "/dev/full"], "'/dev/full' cannot be written"),
        (["seeds", "--fail-on", "everything"], "'everything' is not one of 'identical'"),
        (["seeds", "--baseline", "gone.txt"], "'gone.txt' cannot be read: No such file or direct"),
        (["seeds", "--baseline", "seeds"], "'seeds' cannot be read: Is a directory"),
        (["seeds", "--baseline", "README.md"], "'README.md': line 3 is no line of a baseline"),
        (["seeds", "--write-baseline"], "name a --baseline FILE"),
        (
            ["seeds", "--write-baseline", "--baseline", "no/such/base.txt", "-q"],
            "'no/such/base.txt' cannot be written: No such file or directory",
        ),
        (["seeds", "--reference", "nowhere"], "'nowhere' does not exist; check its spelling"),
        (["seeds", "--boilerplate", "nowhere"], "'nowhere' does not exist; check its spelling"),
        (["seeds", "--boilerplate", sys.executable], "is no text of boilerplate: binary"),
        (["seeds", "--changed-since", "no/such"], "git does not know the commit 'no/such'; is it"),
        (["seeds", "--changed-since", "--help"], "git does not know the commit '--help'; is it"),
    ],
)
def test_what_cannot_be_done_is_said_in_a_line(dupfind, arguments, message):
    """A wrong option, path, baseline or output exits with 2, without a traceback."""
    done = dupfind("check", *arguments)
    assert done.returncode == 2
    assert message in " ".join(done.stderr.decode().split())
    assert b"Traceback" not in done.stderr


def test_strict(dupfind, tmp_path):
    """With --strict anything skipped exits with 2, after the reports; the baseline stays."""
    write(tmp_path, a=story(1), b=story(1), short="few words")
    (tmp_path / "c.txt").write_bytes(b"\0")
    arguments = ("--strict", "-o", "r.json", "--baseline", ".base", "--write-baseline")
    done = dupfind("check", ".", *arguments, cwd=tmp_path)
    assert done.returncode == 2
    assert done.stderr.endswith(
        b"dupfind: with --strict nothing may be skipped, but something was: 1 binary, 1 short\n"
    )
    assert sorted(os.listdir(tmp_path)) == ["a.txt", "b.txt", "c.txt", "r.json", "short.txt"]  # noqa: PTH208


def test_writing_a_baseline_shows_a_report_where_asked(dupfind, tmp_path):
    """What was accepted is told; with -f or -o there is the report, too."""
    write(tmp_path, a=story(1), b=story(1))
    arguments = ("check", ".", "--baseline", ".base", "--write-baseline")
    assert dupfind(*arguments, cwd=tmp_path).stdout == b""
    assert json.loads(dupfind(*arguments, "-f", "json", cwd=tmp_path).stdout)["verdict"]
    assert dupfind(*arguments, "-q", cwd=tmp_path).stderr == b""


def test_an_accepted_cluster_is_not_shown_but_told(dupfind, tmp_path):
    """The report has its entry and its reason; the terminal says that nothing fails."""
    write(tmp_path, a=story(1), b=story(1))
    baseline = tmp_path / ".baseline"
    arguments = ("check", ".", "--baseline", baseline)
    dupfind(*arguments, "--write-baseline", cwd=tmp_path)
    name = baseline.read_text().partition("\nc-")[2][:12]
    with baseline.open("a") as file:
        file.write(f"c-{name} reason both are on purpose\n")
    done = dupfind(*arguments, "-o", "-", "-o", "r.json", cwd=tmp_path)
    assert done.stdout == b"No cluster fails in 2 documents.\n\n"
    for form in ("html", "junit"):
        shown = dupfind(*arguments, "-f", form, cwd=tmp_path).stdout
        assert (b"o cluster fails in 2 documents" in shown, b"o overlap" in shown) == (True, False)
    report = json.loads((tmp_path / "r.json").read_bytes())
    assert report["verdict"]["accepted"] == [
        {"id": f"c-{name}", "reason": "both are on purpose", "documents": 2}
    ]
    assert (report["clusters"], report["documents"]) == ([], [])


def test_relations_that_fail(tmp_path):
    """Only the relations asked for fail; among them those that join no clusters."""
    edited = story(1).split()
    edited[40] = "edited"
    write(tmp_path, a=story(1), b=" ".join(edited))
    write(tmp_path, c=f"{story(3, 25)} {story(4)}", d=f"{story(5)} {story(3, 25)} {story(6)}")
    verdicts = {
        relations: check([tmp_path], fail_on=relations.split()).verdict
        for relations in ("identical", "near-duplicate", "shared-passage near-duplicate")
    }
    assert {name: (verdict.failed, verdict.tolerated) for name, verdict in verdicts.items()} == {
        "identical": (0, 1),
        "near-duplicate": (1, 0),
        "shared-passage near-duplicate": (2, 0),
    }
    report = check([tmp_path], Settings(passages=True))
    assert (report.verdict.failed, len(report.passages)) == (1, 1)


def test_a_pair_outside_the_clusters_can_be_accepted(dupfind, tmp_path):
    """It is an entry like any other."""
    write(tmp_path, c=f"{story(3, 25)} {story(4)}", d=f"{story(5)} {story(3, 25)} {story(6)}")
    arguments = ("check", ".", "--baseline", ".base", "--fail-on", "shared-passage")
    assert dupfind(*arguments, "--write-baseline", cwd=tmp_path).returncode == 0
    assert dupfind(*arguments, cwd=tmp_path).returncode == 0
    assert dupfind(*arguments[:2], *arguments[-2:], cwd=tmp_path).returncode == 1


@pytest.fixture
def repository(tmp_path) -> Path:
    """Make a repository with two pairs of copies, on a branch."""
    git(tmp_path, "init", "--quiet", "--initial-branch=main")
    for number in (1, 2):
        write(tmp_path, **{f"{name}{number}": story(number) for name in "ab"})
    commit(tmp_path)
    git(tmp_path, "switch", "--quiet", "--create", "branch")
    return tmp_path


def changed(folder: Path, ref: str = "main") -> tuple[list[list[str]], int]:
    """Check what has changed: the clusters, and how many are left out."""
    report = check([folder], changed_since=ref)
    return paths_of(report), report.verdict.untouched


def test_changes_are_what_this_branch_did(repository):
    """Edits and files of any state count, renames too; what others did since does not."""
    assert changed(repository) == ([], 2)
    write(repository, c1=story(1))
    assert changed(repository) == ([["a1.txt", "b1.txt", "c1.txt"]], 1)
    git(repository, "add", ".")
    assert changed(repository) == ([["a1.txt", "b1.txt", "c1.txt"]], 1)
    commit(repository)
    assert changed(repository) == ([["a1.txt", "b1.txt", "c1.txt"]], 1)
    git(repository, "mv", "b2.txt", "new line\n\xe9.txt")
    assert len(changed(repository)[0]) == 2
    assert changed(repository, "HEAD") == ([["a2.txt", "new line\n\xe9.txt"]], 1)

    git(repository, "stash", "--quiet")
    git(repository, "switch", "--quiet", "main")
    write(repository, a2=story(2) + "edited")
    commit(repository)
    git(repository, "switch", "--quiet", "branch")
    assert changed(repository) == ([["a1.txt", "b1.txt", "c1.txt"]], 1)


def test_changes_are_told_from_wherever_it_is_called(dupfind, repository):
    """From a folder below, through a link, and with a name that is not UTF-8."""
    (repository / os.fsdecode(b"caf\xe9.txt")).write_text(story(1))
    (repository / "below").mkdir()
    (repository.parent / "link").symlink_to(repository)
    for folder, path in ((repository / "below", ".."), (repository.parent, "link")):
        arguments = ("check", path, "--changed-since", "main", "-f", "json")
        verdict = json.loads(dupfind(*arguments, cwd=folder).stdout)["verdict"]
        assert (verdict["failed"], verdict["untouched"]) == (1, 1)


def test_only_what_has_changed_is_accepted(dupfind, repository, tmp_path):
    """A baseline written for a change leaves what others did as it is; references lie anywhere."""
    write(repository, c1=story(1), c3=story(3))
    ours = write(tmp_path.parent / "ours", d=story(3))
    arguments = [
        "check",
        ".",
        "--reference",
        ours,
        "--changed-since",
        "main",
        "--baseline",
        ".base",
    ]
    done = dupfind(*arguments, "--write-baseline", cwd=repository)
    assert b"2 accepted, 0 kept, 0 removed" in done.stderr
    done = dupfind(*arguments, "-f", "json", cwd=repository)
    assert done.stderr.endswith(b"overlaps: 2 accepted, 1 without a changed document\n")


def test_what_is_in_an_archive_changes_with_it(dupfind, repository, tmp_path):
    """Its documents are looked at where it was, and their entries are told to be stale."""
    packed, baseline = repository / "wires.zip", tmp_path / ".baseline"

    def pack(**texts: str) -> None:
        with ZipFile(packed, "w") as archive:
            for name, text in texts.items():
                archive.writestr(f"{name}.txt", text)

    pack(c=story(3), d=story(3))
    assert changed(repository) == ([["wires.zip!c.txt", "wires.zip!d.txt"]], 2)
    dupfind("check", packed, "--baseline", baseline, "--write-baseline")
    assert len(check([packed], baseline=baseline).verdict.accepted) == 1
    pack(c=story(3))
    assert len(check([packed], baseline=baseline).verdict.stale) == 1


def test_a_record_changes_with_its_lines(repository):
    """One that was added, edited or grew counts, not those that stand beside or moved down."""
    wires = repository / "wires.jsonl"
    rows = repository / "rows.csv"

    def put(texts: list[str], cells: list[str]) -> None:
        wires.write_text("".join(f"{json.dumps({'text': text})}\n" for text in texts))
        rows.write_text("id,text\n" + "".join(f'x,"{cell}"\n' for cell in cells))

    old, short = [story(3), story(3), story(4)], [f"{story(5)}\n.", f"{story(5)}."]
    put(old, [*short, story(6)])
    git(repository, "switch", "--quiet", "main")
    commit(repository)
    git(repository, "switch", "--quiet", "-C", "branch")
    put([story(7), *old, story(4)], [*short, story(6)])
    assert changed(repository) == ([["wires.jsonl"] * 2], 4)
    commit(repository)
    put([*old, story(7)], [*short, story(6), story(8)])
    assert changed(repository) == ([], 4)
    put(old, [f"{story(9)}\n{story(5)}\n.", short[1], story(6)])
    assert changed(repository) == ([["rows.csv"] * 2], 3)
    put(old, [f"{story(5).rstrip()}.", short[1], story(6)])
    assert changed(repository) == ([["rows.csv"] * 2], 3)
    rows.write_bytes(rows.read_bytes().replace(b"x,", b"x\r,", 1))
    assert changed(repository)[0] == [["rows.csv"] * 2]


def test_changes_need_a_repository(dupfind, tmp_path, repository):
    """One line says so, and one that there is no common history."""
    apart = write(tmp_path.parent / "apart", a=story(1))
    done = dupfind("check", ".", "--changed-since", "main", cwd=apart)
    assert done.returncode == 2
    assert done.stderr.startswith(b"dupfind: '.': changes can only be told in a git repository (f")
    assert done.stderr.count(b"\n") == 1
    git(repository, "switch", "--quiet", "--orphan", "other")
    git(repository, "commit", "--quiet", "--allow-empty", "--message", "Begin")
    with pytest.raises(SourceError, match="nothing that 'main' and this branch have in common"):
        check([repository], changed_since="main")


def test_a_reference_is_compared_with_but_not_reported(tmp_path):
    """Copies in it are not its own clusters, and a path on both sides is no reference."""
    ours = write(tmp_path / "ours", a=story(1), b=story(1), c=story(2), d=story(2) + " edited")
    new = write(tmp_path / "new", e=story(2) + " and a tail", f=story(3))
    assert paths_of(check([new], reference=[ours])) == [["e.txt", "c.txt", "d.txt"]]
    assert paths_of(check([new, ours], reference=[ours])) == paths_of(check([new, ours]))
    assert paths_of(check([tmp_path], reference=[ours])) == paths_of(scan([tmp_path]))
    assert paths_of(scan([ours / "a.txt"], reference=[ours])) == [["a.txt", "b.txt"]]


def test_a_copy_of_a_reference_is_still_compared_with_the_others(tmp_path):
    """However early the reference is dated, it does not stand for the copy."""
    records = [
        {"date": "2019-12-01", "text": story(1)},
        {"date": "2019-12-02", "text": story(1) + " and a tail"},
    ]
    (tmp_path / "ours.jsonl").write_text("\n".join(map(json.dumps, records)))
    (tmp_path / "new.jsonl").write_text(json.dumps({"date": "2020-01-01", "text": story(1)}))
    report = scan([tmp_path / "new.jsonl"], reference=[tmp_path / "ours.jsonl"])
    relations = [match.relation.value for match in report.clusters[0].matches]
    assert sorted(relations) == ["identical", "near-duplicate"]


def test_boilerplate_does_not_count(tmp_path):
    """Documents that share nothing but its paragraphs share nothing."""
    notice = story(9, 60)
    write(
        tmp_path, a=f"{story(1)}\n{notice.upper()}", b=f"{notice.replace(' ', chr(10))} {story(2)}"
    )
    frame = tmp_path / "frame"
    frame.write_text(f"Read  more\n\n{notice}\n \n")
    settings = Settings(threshold=0.1)
    assert len(scan([tmp_path / "a.txt", tmp_path / "b.txt"], settings).clusters) == 1
    paths = [tmp_path / "a.txt", tmp_path / "b.txt"]
    assert scan(paths, settings, boilerplate=[frame]).clusters == ()
    write(tmp_path, c=story(1))
    (cluster,) = scan([*paths, tmp_path / "c.txt"], boilerplate=[frame]).clusters
    assert cluster.matches[0].relation == "identical"


def test_what_is_read_and_how_holds_for_all_that_is_named(dupfind, tmp_path):
    """For references, too; boilerplate alone counts whatever its date is."""
    records = [{"date": f"{year}-01-01", "wire": story(1) + story(9)} for year in (2018, 2020)]
    for name in ("new", "ours"):
        (tmp_path / f"{name}.jsonl").write_text("\n".join(map(json.dumps, records)))
    (tmp_path / "frame.jsonl").write_text(json.dumps({"wire": story(9)}))
    (tmp_path / "list").write_bytes(b"new.jsonl\0")
    done = dupfind(
        *("check", "--files-from", "list", "-0", "--reference", "ours.jsonl"),
        *("--boilerplate", "frame.jsonl", "--since", "2019", "--text-field", "wire", "-f", "json"),
        cwd=tmp_path,
    )
    report = json.loads(done.stdout)
    assert [entry["path"] for entry in report["documents"]] == ["new.jsonl", "ours.jsonl"]
    assert [entry["words"] for entry in report["documents"]] == [80, 80]


SHORT = st.lists(st.sampled_from("ab"), min_size=1, max_size=3).map(" ".join)


@given(st.lists(st.lists(st.sampled_from(["a", "b", ".", "\n"]), max_size=12).map(" ".join)),
       st.lists(SHORT), st.integers(0, 3))  # fmt: skip
def test_what_is_hidden_is_every_run_of_the_same_words(texts, paragraphs, begin):
    """Held against a search in each text; what was hidden before stays hidden."""
    documents = [
        Document(path="", text=text, hidden=((begin, begin + 2),) if len(text) > 6 else ())
        for text in texts
    ]
    for own, document in zip(documents, hide(documents, paragraphs), strict=True):
        text = own.text
        tokens = tokenize([own.compared], spans=True)
        covered = {place for start, end in own.hidden for place in range(start, end)}
        words = [text[start:end] for start, end in zip(tokens.starts, tokens.ends, strict=True)]
        for paragraph in map(str.split, paragraphs):
            for at in range(len(words) - len(paragraph) + 1):
                if words[at : at + len(paragraph)] == paragraph:
                    end = int(tokens.ends[at + len(paragraph) - 1])
                    covered |= set(range(int(tokens.starts[at]), end))
        hidden = [place for start, end in document.hidden for place in range(start, end)]
        assert hidden == sorted(covered)


def test_paragraphs_are_parted_by_blank_lines():
    """Each is given once, whatever the line ends are."""
    assert split_paragraphs(["a\r\nb\r\n \r\nc", "\n\na\nb\n", ""]) == ["a\nb", "c"]


def test_a_report_narrowed_to_all_is_the_same():
    """And to a part, it is as if nothing else had been there."""
    report = scan([ROOT / "seeds"], Settings(passages=True))
    findings = Findings(report, [""] * len(report.documents), range(len(report.documents)))
    verdict = Verdict(failed=0, accepted=(), untouched=0, tolerated=0, stale=())
    every = range(len(report.clusters)), range(len(report.passages))
    whole = narrow(findings, *every, verdict)
    assert whole.report.documents == report.documents
    assert (whole.report.clusters, whole.report.passages) == (report.clusters, report.passages)
    assert whole.report.summary == report.summary

    chosen = report.clusters[1]
    part = narrow(findings, [1], [], verdict)
    (cluster,) = part.report.clusters
    names = [entry.path.rpartition("/")[2] for entry in part.report.documents]
    assert names == ["biegun-ends-beijing-trip.txt", "biegun-seeks-beijing-help.txt"]
    assert (cluster.members, cluster.lead, len(cluster.matches)) == ((0, 1), 0, 1)
    assert list(part.numbers) == list(chosen.members)


def test_versions_keep_their_documents_when_a_report_is_narrowed():
    """Their numbers are those of the documents that are listed, not of all that were found."""
    report = scan([ROOT / "seeds"])
    findings = Findings(report, [""] * len(report.documents), range(len(report.documents)))
    verdict = Verdict(failed=0, accepted=(), untouched=0, tolerated=0, stale=())
    part = narrow(findings, [0], [], verdict).report

    def name(found):
        return [
            (found.documents[version.member].path, version.before is not None)
            for version in found.clusters[0].versions
        ]

    assert name(part) == name(report)
    assert [version.before for version in part.clusters[0].versions] == [None, 2, 1]

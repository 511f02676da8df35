import csv
import json
import os
import re
import tracemalloc
from html import unescape
from io import StringIO
from pathlib import Path
from urllib.parse import unquote
from xml.etree import ElementTree as ET

import jsonschema
import msgspec
import pytest
from conftest import ROOT
from markdown_it import MarkdownIt

from dupfind.assembly import Findings
from dupfind.model import Verdict
from dupfind.pipeline import find
from dupfind.reports import FORMS, Style, render
from dupfind.reports.overlaps import list_overlaps
from dupfind.running import Inline, ignore
from dupfind.settings import Settings
from dupfind.sources import read

STORY = (
    "The harbor office said on Friday that the eastern lock stays closed until the new gates "
    "have been tested, and asked skippers to wait in the outer basin or to take the canal by "
    "Tolland, where two more pilots have been put on duty for the days of the closure."
)
CRAFTED = (
    "</details></script><img src=x onerror=alert(1)> ``` ~~~ ::error::forged %0A [a](http://b) "
    "| @all \x1b]0;title\x07 \u202eevil\u202c {0} ]]> &amp; =1+1"
)
NAMES = [
    "[draft] a b,c:100%.md",
    "new\nline.txt",
    "\x1b[31mred.txt",
    "-rf.txt",
    "=1+1.txt",
    "@all <b>&amp;.txt",
    "a`b``c|d\\|e.txt",
    "back\\slash].txt",
    "{0}.txt",
    "日本語 #1.txt",
    "::error file=x::.txt",
]
WRITTEN = [form for form in FORMS if form != "html"]  # the page in a browser has its own tests


@pytest.fixture(scope="module")
def sample(tmp_path_factory) -> Findings:
    """Give the findings on the example stories and on a folder of hostile names and texts."""
    folder = tmp_path_factory.mktemp("sample")
    (folder / "seeds").symlink_to(ROOT / "seeds")
    (folder / "hostile").mkdir()
    for number, name in enumerate(NAMES):
        text = f"{CRAFTED}\n\n{STORY} It named {number} ships.\n"
        (folder / "hostile" / name).write_text(text)
    records = [{"id": "@1|`", "text": STORY}, {"text": f"{STORY} No date was given."}]
    lines = "".join(f"{json.dumps(record)}\n" for record in records)
    (folder / "hostile" / "records.jsonl").write_text(lines)
    (folder / "hostile" / "void.txt").write_text("")
    before = Path.cwd()
    os.chdir(folder)
    try:
        return find(read(["seeds", "hostile"]), Settings(passages=True), Inline(), ignore)
    finally:
        os.chdir(before)


def show(form: str, findings: Findings, style: Style = Style()) -> str:  # noqa: B008
    """Render a report to text."""
    return b"".join(render(form, findings, style)).decode()


def paths(findings: Findings) -> set[str]:
    """Give the paths of the documents that a report lists in clusters, but for the leads'."""
    report = findings.report
    return {
        report.documents[member].path
        for cluster in report.clusters
        for member in cluster.members
        if member != cluster.lead
    }


@pytest.mark.parametrize("form", WRITTEN)
def test_golden(form, sample, golden):
    """Every form of the sample report is what it was."""
    golden(f"sample.{form}", show(form, sample).encode())


def test_golden_page(sample, golden):
    """The page is what it was, but for its style and script, which a browser tests."""
    page = re.sub(r"(?s)(<style>|<script>).*?(?=</s)", r"\1", show("html", sample))
    golden("sample.html", re.sub(r"sha256-[\w+/=]+", "sha256-", page).encode())


@pytest.mark.parametrize("form", [form for form in WRITTEN if form != "terminal"])
def test_forms_for_tools_do_not_look_at_the_terminal(form, sample):
    """Neither its width nor its colors change a byte."""
    narrow = Style(colored=True, width=40, encoding="ascii", paired=True)
    assert show(form, sample, narrow) == show(form, sample)


def test_the_terminal_shows_names_whole(sample):
    """In one piece, with control characters as escapes."""
    shown = show("terminal", sample)
    for name in NAMES:
        assert name.replace("\n", "\\n").replace("\x1b", "\\x1b") in shown
    assert not set(shown) & set("\x1b\x07\u202e")


def test_the_sample_holds_what_hurts(sample):
    """All hostile names but one, the lead's, are to be found in its clusters."""
    assert len(paths(sample) & {f"hostile/{name}" for name in NAMES}) >= len(NAMES) - 1
    assert len(sample.report.clusters) == 5


def test_concise_is_a_line_an_overlap(sample):
    """Each line is `path:line: message`, with names intact but for control characters."""
    lines = show("concise", sample).splitlines()
    assert len(lines) == len(list(list_overlaps(sample.report)))
    draft = r"hostile/\[draft\] a b,c:100%\.md:1: near-duplicate.*: 65 shared words, .*"
    assert any(re.fullmatch(draft, line) for line in lines)
    assert any(line.startswith("hostile/new\\nline.txt:1: ") for line in lines)
    assert any(line.startswith("hostile/records.jsonl#2:1: ") for line in lines)


def test_paths_are_the_redundant_documents(sample):
    """Each ends as asked; names are to the byte what they are, and never an option."""
    shown = show("paths", sample, Style(null=True)).split("\0")
    files = {path for path in shown if "records.jsonl" not in path}
    assert files == {path for path in paths(sample) if "records" not in path} | {""}
    assert show("paths", sample) == "\n".join(shown)
    assert "hostile/records.jsonl#2" in shown
    report = msgspec.structs.replace(
        sample.report,
        documents=tuple(
            msgspec.structs.replace(entry, path=entry.path.removeprefix("hostile/"))
            for entry in sample.report.documents
        ),
    )
    assert "./-rf.txt" in show("paths", Findings(report, sample.texts)).splitlines()


def test_jsonl_stands_line_by_line(sample):
    """Clusters come with their documents; the summary closes the report."""
    header, *lines, summary = map(json.loads, show("jsonl", sample).splitlines())
    report = json.loads(show("json", sample))
    assert (header["kind"], header["settings"]) == ("header", report["settings"])
    assert (summary["kind"], summary["summary"]) == ("summary", report["summary"])
    clusters = [line for line in lines if line["kind"] == "cluster"]
    assert [line["cluster"] for line in clusters] == report["clusters"]
    for line in clusters:
        members = line["cluster"]["members"]
        assert line["documents"] == [report["documents"][member] for member in members]
    assert [line["kind"] for line in lines].count("passage") == len(report["passages"])
    for kind in ("skipped", "furniture"):
        assert [line[kind] for line in lines if kind in line] == report[kind]
    verdict = Verdict(failed=1, accepted=(), untouched=0, tolerated=0, stale=())
    judged = sample._replace(report=msgspec.structs.replace(sample.report, verdict=verdict))
    *_, told, _ = map(json.loads, show("jsonl", judged).splitlines())
    assert (told["kind"], told["verdict"]["failed"]) == ("verdict", 1)


def test_csv_is_a_row_a_pair(sample):
    """Names come back as they were; no cell begins as a formula does."""
    rows = list(csv.DictReader(StringIO(show("csv", sample), newline="")))
    report = sample.report
    pairs = [match for cluster in report.clusters for match in cluster.matches]
    pairs += report.passages
    assert [(row["a"], row["b"]) for row in rows] == [
        (report.documents[match.a].path, report.documents[match.b].path) for match in pairs
    ]
    assert [float(row["coverage_b"]) for row in rows] == [match.coverage[1] for match in pairs]
    cells = [row[column] for row in rows for column in ("a", "b", "a_record", "b_record")]
    assert "'@1|`" in cells
    assert not [cell for cell in cells if cell[:1] and cell[0] in "=+-@\t\r"]


def spans(text: str) -> set[str]:
    """Give the code spans of a Markdown text, as a reader sees them."""
    return {
        child.content
        for token in MarkdownIt("gfm-like", {"linkify": False}).parse(text)
        for child in token.children or []
        if child.type == "code_inline"
    }


def test_markdown_is_never_what_a_text_says(sample):
    """Names stand in code spans; of the crafted text there is no link, tag or mention."""
    shown = show("markdown", sample)
    names = {f"hostile/{name}" for name in NAMES if not re.search(r"[\x00-\x1f]", name)}
    assert names <= spans(shown)
    html = MarkdownIt("gfm-like", {"linkify": False}).render(shown)
    tags = set(re.findall(r"<(/?\w+)", html))
    assert not tags & {"a", "img", "script", "b"}
    assert html.count("<details>") == html.count("</details>") > 10
    outside = re.sub(r"<(code|pre|summary)\b.*?</\1>", "", html, flags=re.DOTALL)
    assert "@" not in outside
    assert "\x1b" not in shown
    plain = show("markdown", sample, Style(diff=False))
    assert "<details>" not in plain


def test_a_record_is_where_it_begins(sample):
    """Its line in the file is told, not that of its text."""
    (run,) = json.loads(show("sarif", sample))["runs"]
    regions = {
        place["logicalLocations"][0]["name"]: place["physicalLocation"]["region"]["startLine"]
        for result in run["results"]
        for place in (*result["locations"], *result["relatedLocations"])
        if "logicalLocations" in place
    }
    assert regions == {"@1|`": 1, "2": 2}
    assert 'file="hostile/records.jsonl" line="2"' in show("junit", sample)
    assert '"path":"hostile/records.jsonl","lines":{"begin":2}' in show("gitlab", sample)


SARIF = json.loads((ROOT / "tests" / "schemas" / "sarif-2.1.0.json").read_text())


def test_sarif_keeps_to_its_schema(sample):
    """The schema of OASIS holds, and what GitHub asks for beyond it."""
    log = json.loads(show("sarif", sample))
    jsonschema.Draft4Validator(SARIF).validate(log)
    (run,) = log["runs"]
    rules = run["tool"]["driver"]["rules"]
    assert all(rule["help"]["text"] and rule["help"]["markdown"] for rule in rules)
    for result in run["results"]:
        (location,), (related,) = result["locations"], result["relatedLocations"]
        assert rules[result["ruleIndex"]]["id"] == result["ruleId"]
        assert location["physicalLocation"]["region"]["startLine"] >= 1
        assert related["id"] == 1
        for place in (location, related):
            uri = place["physicalLocation"]["artifactLocation"]["uri"]
            assert re.fullmatch(r"[A-Za-z0-9/%._~-]+", uri)
    prints = [result["partialFingerprints"]["primaryLocationLineHash"] for result in run["results"]]
    assert len(set(prints)) == len(prints) == len(list(list_overlaps(sample.report)))
    assert all(re.fullmatch(r"[0-9a-f]{32}:[0-9]+", found) for found in prints)


def read_message(text: str) -> str:
    """Read a SARIF message as a viewer does: links to their text, escapes undone."""
    text = re.sub(r"\[((?:[^\\\[\]]|\\[\\\[\]])*)\]\(1\)", lambda link: f"<{link[1]}>", text)
    text = re.sub(r"\\([\\\[\]])", r"\1", text)
    return text.replace("{{", "{").replace("}}", "}")


def test_sarif_names_are_intact(sample):
    """URIs lead back to the paths, and messages link to the other document by its name."""
    (run,) = json.loads(show("sarif", sample))["runs"]
    report = sample.report
    for overlap, result in zip(list_overlaps(report), run["results"], strict=True):
        other = report.documents[overlap.other]
        place = result["relatedLocations"][0]["physicalLocation"]
        assert unquote(place["artifactLocation"]["uri"]) == other.path
        if other.record is None and other.path.isprintable():
            assert f"<{other.path}>" in read_message(result["message"]["text"])


def unescape_property(text: str) -> str:
    """Undo the escapes of a workflow command."""
    for code, character in (("%3A", ":"), ("%2C", ","), ("%0A", "\n"), ("%0D", "\r"), ("%25", "%")):
        text = text.replace(code, character)
    return text


def test_github_annotations(sample):
    """Each is one command, its file the path; of each level there are ten at most."""
    lines = show("github", sample).splitlines()
    assert all(re.match(r"::(warning|notice) ", line) for line in lines)
    assert [line.split()[0] for line in lines].count("::warning") == 10
    known = {entry.path for entry in sample.report.documents}
    files = [found[1] for line in lines if (found := re.search(r" file=(.*?)(?:,|::)", line))]
    assert {unescape_property(file) for file in files} <= known
    rest = len(list(list_overlaps(sample.report))) - len(lines) + 1
    assert f"::warning title=dupfind::and {rest} more overlaps; the JSON report names all" in lines


def test_gitlab_code_quality(sample):
    """Holds what GitLab requires of each issue; no fingerprint comes twice."""
    issues = json.loads(show("gitlab", sample))
    assert {issue["location"]["path"] for issue in issues} >= paths(sample)
    assert len({issue["fingerprint"] for issue in issues}) == len(issues)
    assert {issue["severity"] for issue in issues} <= {"info", "minor", "major"}
    assert all(issue["location"]["lines"]["begin"] >= 1 for issue in issues)
    assert all(issue["description"] and issue["check_name"] for issue in issues)


def test_junit_is_valid_xml(sample):
    """It parses, counts what it holds, and names what was skipped."""
    root = ET.fromstring(show("junit", sample))  # noqa: S314 - our own
    cases = list(root.iter("testcase"))
    overlaps = len(list(list_overlaps(sample.report)))
    assert len(list(root.iter("failure"))) == int(root.get("failures")) == overlaps
    assert len(cases) == int(root.get("tests")) == overlaps + 1
    assert [case.get("name") for case in cases if case.find("skipped") is not None] == [
        "hostile/void.txt"
    ]
    names = {case.get("name") for case in cases}
    assert paths(sample) - names == {"hostile/new\nline.txt", "hostile/records.jsonl"}


@pytest.mark.parametrize("form", WRITTEN)
def test_nothing_found(form):
    """A report without overlaps is whole in every form."""
    findings = find(read([ROOT / "seeds" / "news-in-brief.txt"]), Settings(), Inline(), ignore)
    shown = show(form, findings)
    if form in {"json", "gitlab", "sarif"}:
        json.loads(shown)
    elif form == "junit":
        assert ET.fromstring(shown).get("failures") == "0"  # noqa: S314 - our own
    else:
        assert shown.count("\n") == {"terminal": 2, "markdown": 4, "jsonl": 2, "csv": 1}.get(
            form, 0
        )


def test_the_newer_document_is_the_one_to_look_at(tmp_path):
    """Where dates tell which it is, be it the lead; the other is what it is held against."""
    records = [
        {"id": "old", "date": "2019-12-20", "text": STORY},
        {"id": "new", "date": "2019-12-21", "text": f"{STORY} It is the longest, and so the lead."},
        {"id": "undated", "text": f"{STORY} No date."},
    ]
    (tmp_path / "a.jsonl").write_text("".join(f"{json.dumps(record)}\n" for record in records))
    report = find(read([tmp_path]), Settings(), Inline(), ignore).report
    told = [
        tuple(report.documents[number].record for number in (overlap.document, overlap.other))
        for overlap in list_overlaps(report)
    ]
    assert report.documents[report.clusters[0].lead].record == "new"
    assert told == [("new", "old"), ("undated", "new")]


def test_two_records_with_the_same_id(tmp_path):
    """Their overlaps still have fingerprints of their own."""
    texts = [STORY, STORY, f"{STORY} More is not known.", f"{STORY} Nothing else is known."]
    lines = "".join(json.dumps({"id": "same", "text": text}) + "\n" for text in texts)
    (tmp_path / "a.jsonl").write_text(lines)
    findings = find(read([tmp_path]), Settings(), Inline(), ignore)
    issues = json.loads(show("gitlab", findings))
    assert len({issue["fingerprint"] for issue in issues}) == len(issues) == 3


@pytest.fixture(scope="module")
def many(sample) -> Findings:
    """Give a report of 10,000 clusters, made of one."""
    report = sample.report
    first = report.clusters[0]
    clusters = tuple(
        msgspec.structs.replace(first, id=f"c-{number:012x}") for number in range(10_000)
    )
    return sample._replace(report=msgspec.structs.replace(report, clusters=clusters))


def test_ten_thousand_clusters_fit_where_they_go(many):
    """Annotations, summaries and code scanning stay inside their limits and say what is left."""
    assert show("github", many).count("::warning") == 10
    for style in (Style(), Style(diff=False)):
        shown = show("markdown", many, style)
        assert 900_000 < len(shown.encode()) < 1 << 20
        (rest,) = re.findall(r"And ([\d,]+) more clusters; the JSON report names all\.", shown)
        assert shown.count("\n### ") - 2 + int(rest.replace(",", "")) == 10_000
        assert shown.endswith("`hostile/void.txt` `empty`\n\n")
    (run,) = json.loads(show("sarif", many))["runs"]
    assert len(run["results"]) == 25_000
    (notification,) = run["invocations"][0]["toolExecutionNotifications"]
    assert "more overlaps are not in this file" in notification["message"]["text"]


@pytest.mark.parametrize("form", ["jsonl", "csv", "paths"])
def test_lines_take_no_memory(form, many):
    """Forms of lines are written as they are made, however many clusters there are."""
    clusters = many.report.clusters[:1000]
    findings = many._replace(report=msgspec.structs.replace(many.report, clusters=clusters))
    tracemalloc.start()
    for _ in render(form, findings, Style()):
        pass
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 500_000


def test_a_record_with_a_giant_name(sample):
    """However long the names are, a summary keeps to its budget."""
    documents = tuple(
        msgspec.structs.replace(entry, record="`|" * 500_000) for entry in sample.report.documents
    )
    report = msgspec.structs.replace(sample.report, documents=documents)
    assert len(show("markdown", Findings(report, sample.texts)).encode()) < 1 << 20


def test_a_text_that_is_gone():
    """Its matches are told by measures and places; texts that are at hand are still compared."""
    findings = find(read([ROOT / "seeds"]), Settings(), Inline(), ignore)
    names = [entry.path for entry in findings.report.documents]
    texts = [
        None if name.endswith("ends-beijing-trip.txt") else text
        for name, text in zip(names, findings.texts, strict=True)
    ]
    shown = show("terminal", Findings(findings.report, texts))
    assert "\n    (119 shared words, line 13, line 15 there)\n" in shown
    assert "\n  > moved here from line 21 (43 shared words, line 7, line 21 there)\n" in shown
    assert "Pyongyang" not in shown
    assert "{+" in shown
    assert "  (119 shared words, line 13, line 15 there)\n" in unescape(
        show("markdown", Findings(findings.report, texts))
    )

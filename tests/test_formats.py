"""Every format: what is read of real files, and that offsets stay true."""

import re
import tarfile
from collections.abc import Iterator
from importlib import import_module
from io import BufferedReader, BytesIO
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dupfind import Document, Reading, Report, Settings, Skipped, scan
from dupfind.sources import read
from dupfind.sources.about import About
from dupfind.sources.formats import FORMATS
from dupfind.tokens import tokenize

SAMPLES = Path("tests/samples")
NAMES = [form.name for form in FORMATS]
PLACES = {"number", "path", "record", "text", "hidden"}


def about(name: str) -> About:
    """Give what the reader of a format says of itself."""
    found: About = import_module(f"dupfind.sources.formats.{name}").ABOUT
    return found


def read_bytes(name: str, data: bytes, **reading: object) -> list[Document | Skipped]:
    """Read bytes as a file of a format."""
    module = import_module(f"dupfind.sources.formats.{name}")
    stream = BufferedReader(BytesIO(data))
    return list(module.read(stream, f"x.{name}", Reading(**reading)))


def show(item: Document | Skipped) -> Iterator[str]:
    """Show what was read: the fields that are filled, and the text, its hidden stretches ⟦so⟧."""
    yield f"=== {item.path}"
    for field in item.__struct_fields__:
        value = getattr(item, field)
        if field not in {"path", "text", "hidden"} and value not in (None, ()):
            yield f"{field}: {value}"
    if isinstance(item, Document):
        yield ""
        at = 0
        shown = ""
        for start, end in (*item.hidden, (len(item.text), len(item.text))):
            hidden = f"⟦{item.text[start:end]}⟧" if end > start else ""
            shown += item.text[at:start] + hidden
            at = end
        yield re.sub(r"[\x00-\x09\x0b-\x1f]", lambda sign: f"\\x{ord(sign[0]):02x}", shown)


@pytest.mark.parametrize("name", NAMES)
def test_samples_are_read_as_the_golden_file_says(name, golden):
    """Each sample gives these fields, this text and these hidden stretches."""
    shown = [line for item in read([SAMPLES / name]) for line in show(item)]
    golden(f"readings/{name}.txt", "\n".join([*shown, ""]).encode())


@pytest.mark.parametrize("name", NAMES)
def test_a_reader_fills_the_fields_it_declares(name):
    """Over its samples a reader fills exactly the fields that its table entry names."""
    filled = {
        field
        for document in read([SAMPLES / name])
        if isinstance(document, Document)
        for field in document.__struct_fields__
        if field not in PLACES and getattr(document, field) not in (None, False, ())
    }
    assert filled == set(about(name).fields)


def test_one_story_in_many_formats_is_one_cluster():
    """The same story in 19 formats: one cluster, all copies or near-duplicates."""
    report = scan([SAMPLES / "one-story"])
    (cluster,) = report.clusters
    assert len(cluster.members) == 19
    assert not report.skipped
    assert {match.relation for match in cluster.matches} == {"identical", "near-duplicate"}


def test_passages_are_the_same_words_in_every_format():
    """The texts cut at the reported offsets hold the same words, whatever the formats."""
    texts = {item.path: item.text for item in read([SAMPLES / "one-story"])}
    report = scan([SAMPLES / "one-story"])
    matches = [match for match in report.clusters[0].matches if match.passages]
    for match in matches:
        a, b = (texts[report.documents[which].path] for which in (match.a, match.b))
        for passage in match.passages:
            cut = (a[passage.a.start : passage.a.end], b[passage.b.start : passage.b.end])
            first, last = (list(tokenize([words]).hashes[[0, -1]]) for words in cut)
            assert first == last
            assert a.count("\n", 0, passage.a.start) + 1 == passage.a.line
    assert matches


def test_an_article_stands_on_the_lines_of_its_page():
    """The text of an HTML article has the line numbers of the file."""
    (page,) = read([SAMPLES / "one-story" / "bell.html"])
    source = (SAMPLES / "one-story" / "bell.html").read_text("utf-8")
    line = page.text.count("\n", 0, page.text.index("Divers working"))
    assert "Divers working" in source.split("\n")[line]


def test_all_that_is_visible_can_be_read():
    """With html=visible nothing is hidden, and no extra is needed."""
    (page,) = read([SAMPLES / "one-story" / "bell.html"], reading=Reading(html="visible"))
    assert not page.hidden
    assert "You may also like" in page.text
    assert "window.page" not in page.text


@pytest.mark.parametrize(
    ("name", "library", "sample"),
    [("html", "trafilatura", "html/article.html"), ("pdf", "pypdf", "pdf/two-pages.pdf")],
)
def test_a_missing_extra_is_named(name, library, sample, monkeypatch):
    """Without its library a file is skipped, and the line says what to install."""
    monkeypatch.setitem(__import__("sys").modules, library, None)
    (skipped,) = read([SAMPLES / sample])
    assert skipped.reason == "extra"
    assert f"pip install 'dupfind[{about(name).extra}]'" in skipped.detail


def test_drafts_are_passed_over_where_asked():
    """A page whose front matter says draft is read, unless drafts are not wanted."""
    assert isinstance(next(read([SAMPLES / "markdown/draft.md"])), Document)
    (skipped,) = read([SAMPLES / "markdown/draft.md"], reading=Reading(drafts=False))
    assert skipped.reason == "draft"


@pytest.mark.parametrize("sample", ["markdown/copy.md", "html/copy.html"])
def test_copies_are_passed_over_where_asked(sample):
    """A page that names another as canonical is read, unless only originals are wanted."""
    assert isinstance(next(read([SAMPLES / sample])), Document)
    (skipped,) = read([SAMPLES / sample], reading=Reading(canonical=True))
    assert skipped.reason == "canonical"
    assert "https://harborwire.example/original" in skipped.detail


def test_a_page_that_is_its_own_original_is_read():
    """A canonical address without another one beside it makes no copy of a saved page."""
    (page,) = read([SAMPLES / "one-story/bell.html"], reading=Reading(canonical=True))
    assert page.url == "https://harborwire.example/2026/bell"


WORDS = st.lists(st.from_regex(r"w[a-z]{0,6}", fullmatch=True), min_size=1, max_size=30)
MARKUP = {
    "markdown": (
        [
            *("{}", "**{}**", "`{}`", '[{}](hidden/a_(b) "hidden")', "[{}][ref]", "\\[{}\\]"),
            *('<b title="hidden>">{}</b>', "{}<!-- hidden -->", "{}&nbsp;", "![{}](hidden.png)"),
            *("{{{{< hidden >}}}}{}", "{}{{% hidden %}}", "{}[^hidden]"),
        ],
        [" ", "\n", "\n\n", "\n\n```\nhidden\n```\n\n", "\n\n> ", "\n- ", "\n\n# ", " | ", "\r\n"],
        "---\nauthor: hidden\n---\n\n",
        "\n\n[ref]: https://hidden.example 'hidden'\n",
    ),
    "mdx": (
        ["{}", "**{}**", "[{}](hidden)", "<B c={{hidden > 1}}>{}</B>", "{}{{/* hidden */}}"],
        [" ", "\n", "\n\n", "\n\n```\nhidden\n```\n\n", "\n\nimport hidden from 'hidden'\n\n"],
        "---\nauthor: hidden\n---\n\nexport const hidden = {\n\n}\n\n",
        "\n",
    ),
    "rst": (
        ["{}", "*{}*", "``{}``", ":hidden:`{}`", "`{} <hidden>`_", "{} [hidden]_", "{} |hidden|"],
        [
            " ",
            "\n",
            "\n\n",
            "\n\n.. hidden\n   hidden\n\n",
            "\n\n.. note:: ",
            "\n\n.. hidden::\n\n",
        ],
        ".. hidden\n\n",
        "\n\n::\n\n    hidden\n",
    ),
    "asciidoc": (
        [
            *("{}", "*{}*", "link:hidden[{}]", "https://hidden.example[{}]", "<<hidden,{}>>"),
            *("{}{{hidden}}", "{}&nbsp;", "{} [[hidden]]", "xref:hidden[{}]"),
        ],
        [" ", "\n", "\n\n", "\n\n----\nhidden\n----\n\n", "\n// hidden\n", "\n[hidden]\n"],
        "\n",
        "\n\n////\nhidden\n////\n",
    ),
}


@pytest.mark.parametrize("name", MARKUP)
@given(data=st.data())
def test_text_cut_at_the_offsets_gives_the_words(name, data):
    """Whatever markup stands around the words, they are found where they stand in the file."""
    wraps, gaps, top, bottom = MARKUP[name]
    words = data.draw(WORDS)
    text = top
    for word in words:
        text += data.draw(st.sampled_from(wraps)).format(word) + data.draw(st.sampled_from(gaps))
    text += bottom
    (document,) = read_bytes(name, text.encode())
    assert document.text == text
    tokens = tokenize([document.compared], spans=True)
    assert [text[a:b] for a, b in zip(tokens.starts, tokens.ends, strict=True)] == words


def list_formats() -> str:
    """Write the table of formats."""
    rows = [
        "| format | extensions | a document is | fields | not compared | text | extra |",
        "|---|---|---|---|---|---|---|",
    ]
    for form in FORMATS:
        self = about(form.name)
        rows.append(
            f"| {self.name} | {' '.join(f'`{each}`' for each in form.extensions)} "
            f"| {self.document} | {', '.join(self.fields)} | {self.left_out} "
            f"| {'in place' if self.in_place else 'extracted'} "
            f"| {f'`{self.extra}`' if self.extra else ''} |"
        )
    return "\n".join(rows)


def test_the_table_of_formats_is_what_the_readers_say(request):
    """The table in docs/formats.md is made from the readers' own words."""
    page = Path("docs/formats.md")
    text = page.read_text("utf-8")
    table = f"<!-- formats -->\n{list_formats()}\n<!-- /formats -->"
    fresh = re.sub(r"<!-- formats -->.*<!-- /formats -->", lambda _: table, text, flags=re.DOTALL)
    if request.config.getoption("--update-golden"):
        page.write_text(fresh, "utf-8")
    assert fresh == page.read_text("utf-8")


WRAPPED = """---
external help file: Harbor.Tools.dll-Help.xml
module: Harbor.Tools, for those who keep watch over tides, lamps, bells, ropes and all the rest
online version: https://learn.example/harbor?view=7.4&WT.mc_id=get-help
---

# {0} reads the tide

{1}

```sh
get-tide --gauge north --since midnight --format table | sort --by height | head --lines 3
set-lamp --rock outer --state lit --until sunrise && ring-bell --times 4 --every 20
```

{2}

[1]: https://docs.example/one/two/three/four/five/six/seven/eight/nine/ten/eleven/of/the/manual
[2]: https://docs.example/two/three/four/five/six/seven/eight/nine/ten/eleven/twelve/of/the/manual
"""


@pytest.mark.parametrize(("ending", "pairs"), [("md", set()), ("txt", {"ab", "ac", "bc"})])
def test_what_nobody_reads_makes_no_pages_alike(ending, pairs, tmp_path, monkeypatch):
    """Front matter, code and targets pair three pages as plain text, and none as Markdown."""
    monkeypatch.chdir(tmp_path)
    for letter in "abc":
        first, last = (" ".join(f"{letter}{end}{n}" for n in range(40)) for end in "xy")
        Path(f"{letter}.{ending}").write_text(WRAPPED.format(letter, first, last))
    report = scan(["."], Settings(passages=True))
    matches = [*report.passages, *(each for found in report.clusters for each in found.matches)]
    paths = [entry.path[0] for entry in report.documents]
    assert {paths[match.a] + paths[match.b] for match in matches} == pairs


def test_an_archive_gives_the_clusters_of_its_folder(tmp_path, monkeypatch):
    """All samples, unpacked and packed: the same clusters of the same members."""
    root = SAMPLES.resolve()
    monkeypatch.chdir(tmp_path)
    with tarfile.open("s.tar.gz", "w:gz") as archive:
        archive.add(root, "s")
    Path("s").symlink_to(root)
    found = [told(scan([name])) for name in ("s", "s.tar.gz")]
    assert found[0] == found[1]
    assert found[0]


def told(report: Report) -> list[list[tuple[str, object]]]:
    """Tell the members of each cluster, as if they had not been packed."""
    names = [(entry.path.rpartition("!")[2], entry.record) for entry in report.documents]
    return [[names[member] for member in cluster.members] for cluster in report.clusters]

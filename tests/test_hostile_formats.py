"""Every format against content made to hurt: it is read, or refused in one line, and soon."""

import io
import json
import time
import zipfile
from importlib import import_module
from io import BufferedReader, BytesIO
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dupfind import Document, Reading, Skipped
from dupfind.sources.formats import FORMATS, Note
from dupfind.sources.streams import RefusedError

NAMES = [form.name for form in FORMATS if (Path("tests/samples") / form.name).is_dir()]
SAMPLES = {
    name: [path.read_bytes() for path in sorted((Path("tests/samples") / name).iterdir())]
    for name in NAMES
}
TEXTUAL = ("text", "markdown", "mdx", "rst", "asciidoc", "html", "anpa", "mail", "ninjs")


def read_bytes(name: str, data: bytes, **reading: object) -> list[Document | Skipped]:
    """Read bytes as a file of a format; a refusal is a `Skipped`, as for the program."""
    module = import_module(f"dupfind.sources.formats.{name}")
    try:
        found = module.read(BufferedReader(BytesIO(data)), "x", Reading(**reading))
        return [item for item in found if not isinstance(item, Note)]
    except RefusedError as refused:
        return [refused.skip("x")]


def check(found: list[Document | Skipped]) -> None:
    """Hold what was read to what every reader promises."""
    for item in found:
        if isinstance(item, Skipped):
            assert item.reason.isalpha()
            assert "\n" not in (item.detail or "")
            continue
        item.text.encode()
        for field in ("title", "byline", "place", "agency", "language", "version", "slug", "url"):
            value = getattr(item, field)
            assert value is None or len(value.splitlines()) == 1
        ends = [place for stretch in item.hidden for place in stretch]
        assert ends == sorted(set(ends))
        assert not ends or (ends[0] >= 0 and ends[-1] <= len(item.text))
        assert len(item.compared) == len(item.text)


SIGNS = (
    *("<", ">", "[", "](", ")", "`", "```\n", "~~~", "*", "_", "!", "\\", "|", "&", "&#x", ";"),
    *("{", "}", "{{<", ">}}", "{%", "<!--", "-->", "<a ", "='", '="', "</", "<script>", "\n"),
    *("\n\n", "\r", "    ", "\t", "> ", "- ", "1. ", "# ", "---\n", "+++\n", "a: ", "[^a]", "]:"),
    *(".. ", "::", ":a:", "----\n", "====", "[[", "<<", "link:", "import ", "export {", "word"),
    *("\x01", "\x02", "\x03", "\x1f", "^", "From ", "\nContent-Type: multipart/mixed; boundary=a"),
    *("\n--a\n", "é", "\u2028", "\x00", "\ufeff", "<p>", "<![CDATA[", "]]>", "<?", "<!DOCTYPE "),
)


@pytest.mark.parametrize("name", TEXTUAL)
@given(signs=st.lists(st.sampled_from(SIGNS) | st.text(max_size=5), max_size=40))
@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
def test_no_markup_breaks_a_reader(name, signs):
    """Any signs of markup in any order are read, or refused in one line."""
    check(read_bytes(name, "".join(signs).encode("utf-8", "replace")))


@pytest.mark.parametrize("name", NAMES)
@given(data=st.data())
@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
def test_no_damage_to_a_file_breaks_a_reader(name, data):
    """A real file with some bytes changed, cut or doubled is read, or refused in one line."""
    content = bytearray(data.draw(st.sampled_from(SAMPLES[name])))
    for _ in range(data.draw(st.integers(0, 4))):
        at = data.draw(st.integers(0, len(content)))
        count = data.draw(st.integers(0, 20))
        content[at : at + count] = data.draw(st.binary(max_size=20))
    check(read_bytes(name, bytes(content)))


@pytest.mark.parametrize("name", NAMES)
@given(content=st.binary(max_size=200))
@settings(deadline=None)
def test_no_bytes_break_a_reader(name, content):
    """Any bytes at all are read, or refused in one line."""
    check(read_bytes(name, content))


@pytest.mark.parametrize("name", NAMES)
def test_a_file_above_the_limit_is_refused(name):
    """One byte more than allowed is too much, and the line names the option."""
    largest = max(SAMPLES[name], key=len)
    found = read_bytes(name, largest, max_size=10)
    assert {item.reason for item in found} - {"invalid"} == {"large"}


UNITS = (
    *("[", "![", "](", "[](", "[a](b '", "[a][", "<", "<a ", "<a b='", "<a b=\"'", "<!--", "</a"),
    *(
        "*",
        "_",
        "`",
        "` ``",
        "(",
        "((",
        "{",
        "{{<",
        "{%",
        "{:",
        "&",
        "&a",
        "\\",
        "> ",
        ">\n",
        "> > a\n",
    ),
    *(
        "- ",
        "- a\n",
        "1. a\n",
        "#\n",
        "a\n=\n",
        "|a",
        "|-|-\n",
        "[a]: b\n",
        "[a]:\n",
        "```\n",
        "~~~ a\n",
    ),
    *(
        "<div>\n",
        "<p",
        "<script>",
        "<svg>",
        "<title>",
        "<h1>",
        "<meta a=b>",
        "---\n",
        "a: b\n",
        "a: [",
        "import a\n",
    ),
    *(
        "export {\n",
        ".. a::\n",
        "::\n\n",
        ":a:",
        "`a <",
        "|a ",
        "----\n",
        "link:",
        "<<a",
        "//\n",
        ":a: b\n",
    ),
    *(
        "\x01",
        "\x01\x02",
        "^a\n",
        "\n",
        "\r",
        " ",
        "\t",
        "a ",
        "word",
        "From a\n",
        "\n\nFrom a\n\n",
    ),
    *('{"a":', "[{", '"', "é", "\u0301", "&amp;", "-->", "=\n", "..\n", "  " * 50 + "- a\n"),
)


def assert_soon(name: str, content: bytes, seconds: float) -> None:
    """Hold a reader to a time that is far above what it takes, and far below its square."""
    begin = time.process_time()
    check(read_bytes(name, content, html="visible"))
    assert time.process_time() - begin < seconds


@pytest.mark.slow
@pytest.mark.parametrize("unit", UNITS, ids=repr)
@pytest.mark.parametrize("name", TEXTUAL)
def test_time_grows_with_the_length_alone(name, unit):
    """A short piece of markup over and over is read in time, however long."""
    assert_soon(name, (unit * (100_000 // len(unit))).encode(), 5)


@pytest.mark.slow
@pytest.mark.parametrize("unit", ["[", "<", "*", "`", "((((", "> ", "<a "])
@pytest.mark.parametrize("name", ["markdown", "mdx", "rst", "asciidoc", "html"])
def test_five_megabytes_of_one_sign_are_read(name, unit):
    """Five megabytes of one sign are read in time."""
    assert_soon(name, (unit * (5_000_000 // len(unit))).encode(), 60)


@pytest.mark.parametrize("name", TEXTUAL)
def test_nothing_repeated_breaks_a_reader(name):
    """Each piece of markup, repeated some hundred times, is read or refused."""
    for unit in UNITS:
        check(read_bytes(name, unit.encode() * 300, html="visible"))


def test_deep_html_is_read_without_its_article():
    """Elements nested 100,000 deep: the page is read as it is seen."""
    words = b"One two three four five six seven eight nine ten. " * 5
    page = b"<html><body>" + b"<div>" * 100_000 + words + b"</div>" * 100_000
    (document,) = read_bytes("html", page)
    assert document.compared.split() == words.decode().split()


def test_long_html_is_read_without_its_article():
    """A page of 60,000 elements, or with 60,000 attributes, is read as it is seen."""
    (document,) = read_bytes("html", b"<html><body>" + b"<b>word</b> " * 60_000)
    assert document.text.split() == ["word"] * 60_000
    attributes = b" ".join(b"a%d=b" % number for number in range(60_000))
    (document,) = read_bytes("html", b"<html><body><p %s>word</p>" % attributes)
    assert document.text.split() == ["word"]


@pytest.mark.parametrize("name", ["nitf", "newsml", "feed"])
@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"<a>" * 100_000, "invalid"),
        (b"<a " * 100_000, "invalid"),
        (b'<!DOCTYPE a [<!ENTITY x "y"><!ENTITY z "&x;&x;">]><a>&z;</a>', "unsafe"),
        (b'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>', "unsafe"),
        (b'<!DOCTYPE a [<!ENTITY % x SYSTEM "http://a.example/x">%x;]><a/>', "unsafe"),
        (b"<a>\xff</a>", "undecodable"),
        (b"<a>\x00</a>", "invalid"),
        (b"<a>&#xD800;</a>", "invalid"),
        (b"", "invalid"),
    ],
    ids=["deep", "open", "bomb", "file", "network", "bytes", "nul", "surrogate", "empty"],
)
def test_harmful_xml_is_refused(name, content, reason):
    """Bombs, outside files and broken markup are refused before they do anything."""
    (skipped,) = read_bytes(name, content)
    assert skipped.reason == reason


@pytest.mark.slow
def test_many_elements_are_refused():
    """A feed of more elements than fit into memory as objects is refused."""
    (skipped,) = read_bytes("feed", b"<rss>" + b"<a/>" * 2_000_001)
    assert skipped.reason == "large"


def pack(part: str, content: bytes) -> bytes:
    """Make an office document of one part, deflated."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(part, content)
    return stream.getvalue()


@pytest.mark.parametrize(
    ("name", "part"),
    [("docx", "word/document.xml"), ("odt", "content.xml"), ("epub", "META-INF/container.xml")],
)
def test_a_part_that_unpacks_to_too_much_is_refused(name, part):
    """A document whose part unpacks to 300 times its size, or above the limit, is refused."""
    bomb = pack(part, b" " * 100_000_000)
    (skipped,) = read_bytes(name, bomb)
    assert skipped.reason == "bomb"
    (skipped,) = read_bytes(name, bomb, max_size=1_000_000)
    assert skipped.reason == "large"
    (skipped,) = read_bytes(name, pack(part, b'<!DOCTYPE a [<!ENTITY x "y">]><a/>'))
    assert skipped.reason == "unsafe"


def test_parts_of_mail_nested_without_end_are_refused():
    """A message of parts in parts in parts is refused at some depth."""
    head = "Content-Type: multipart/mixed; boundary={0}\n\n--{0}\n"
    mail = "".join(head.format(f"b{depth}.") for depth in range(10_000))
    (skipped,) = read_bytes("mail", mail.encode())
    assert skipped.reason == "nested"


def test_json_nested_without_end_is_refused():
    """An item nested 100,000 deep is refused."""
    (skipped,) = read_bytes("ninjs", b'{"versioncreated":' * 100_000)
    assert skipped.reason == "invalid"


def test_deep_front_matter_is_read_as_lines():
    """YAML nested deeper than any page needs neither crashes nor hides the title."""
    page = f"---\ntitle: Here\ntags: {'[' * 8000}\n---\n\nText.\n"
    (document,) = read_bytes("markdown", page.encode())
    assert document.title == "Here"
    assert document.compared.split() == ["Text."]


def test_lone_surrogates_in_json_are_refused():
    """An escaped half of a character is no text."""
    (skipped,) = read_bytes("ninjs", json.dumps({"body_text": "\ud800"}).encode())
    assert skipped.reason == "invalid"

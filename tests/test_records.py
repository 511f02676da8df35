"""How records become documents: JSON, CSV, tables, web archives."""

import csv
import gzip
import io
import json
import os

import pyarrow as pa
import pyarrow.ipc
import pyarrow.parquet
import pytest
from files import check, only, skipped, texts, write
from hypothesis import given, settings
from hypothesis import strategies as st

from dupfind import scan
from dupfind.model import Document, Skipped
from dupfind.reading import Reading
from dupfind.settings import Settings
from dupfind.sources import read
from dupfind.sources.json_scanner import scan_objects


@pytest.fixture(autouse=True)
def here(tmp_path, monkeypatch):
    """Work in an empty folder."""
    monkeypatch.chdir(tmp_path)


def as_json(rows):
    """Give rows as a JSON array."""
    return json.dumps(rows, ensure_ascii=False).encode()


def as_lines(rows):
    """Give rows as JSON Lines."""
    return "".join(json.dumps(row) + "\n" for row in rows).encode()


def as_csv(rows, delimiter=","):
    """Give rows as CSV."""
    made = io.StringIO(newline="")
    writer = csv.DictWriter(made, rows[0], delimiter=delimiter)
    writer.writeheader()
    writer.writerows(rows)
    return made.getvalue().encode()


def as_parquet(rows):
    """Give rows as Parquet."""
    made = io.BytesIO()
    pyarrow.parquet.write_table(pa.Table.from_pylist(rows), made)
    return made.getvalue()


def as_arrow(rows, write=pyarrow.ipc.new_file):
    """Give rows as an Arrow file or stream."""
    made = io.BytesIO()
    table = pa.Table.from_pylist(rows)
    with write(made, table.schema) as writer:
        writer.write_table(table)
    return made.getvalue()


FORMATS = {
    "json": as_json,
    "jsonl": as_lines,
    "csv": as_csv,
    "tsv": lambda rows: as_csv(rows, "\t"),
    "parquet": as_parquet,
    "arrow": as_arrow,
    "arrows": lambda rows: as_arrow(rows, pyarrow.ipc.new_stream),
}


# Fields


@pytest.mark.parametrize("ending", FORMATS)
def test_the_usual_fields_are_found(ending):
    """Whatever the format; what else a record holds is passed over."""
    row = {
        "guid": "g1",
        "headline": "Talks  fail\n",
        "body": "Text,\r\n\"quoted\" 'é'",
        "pubDate": "Fri, 20 Dec 2019 09:30:00 +0000",
        "modified": "2019-12-21",
        "author": "A. Writer",
        "dateline": "BEIJING",
        "source": "Wire",
        "lang": "en-US",
        "version": "2",
        "status": "usable",
        "keywords": "talks, north",
        "url": "https://example.org/a",
        "price": "1",
    }
    write({f"a.{ending}": FORMATS[ending]([row])})
    document = only(f"a.{ending}")
    assert document == Document(
        path=f"a.{ending}",
        text=row["body"],
        record="g1",
        title="Talks  fail",
        published="2019-12-20T09:30:00+00:00",
        updated="2019-12-21",
        byline="A. Writer",
        place="BEIJING",
        agency="Wire",
        language="en-US",
        version="2",
        status="usable",
        slug="talks, north",
        url="https://example.org/a",
        line=document.line,
        number=1,
    )


@pytest.mark.parametrize("ending", FORMATS)
def test_the_user_may_name_the_fields(ending):
    """Then only those count."""
    row = {"text": "no", "story": "yes", "key": "k", "head": "Two words", "when": "2019-12-20"}
    write({f"a.{ending}": FORMATS[ending]([row])})
    reading = Reading(text_field="story", id_field="key", title_field="head", date_field="when")
    document = only(f"a.{ending}", reading=reading)
    assert (document.text, document.record) == ("yes", "k")
    assert (document.title, document.published) == ("Two words", "2019-12-20")


@pytest.mark.parametrize("ending", ["json", "jsonl", "parquet", "arrow"])
def test_fields_may_be_nested(ending):
    """A dotted path leads to them; of a list the first one counts."""
    row = {"meta": {"text": ["yes", "no"], "ids": [{"id": "k"}]}, "a.b": "Two words"}
    write({f"a.{ending}": FORMATS[ending]([row])})
    reading = Reading(text_field="meta.text.0", id_field="meta.ids.id", title_field="a.b")
    assert only(f"a.{ending}", reading=reading).reason == "invalid"
    row["meta"]["text"] = "yes"
    write({f"a.{ending}": FORMATS[ending]([row])})
    reading = Reading(text_field="meta.text", id_field="meta.ids.id", title_field="a.b")
    document = only(f"a.{ending}", reading=reading)
    assert (document.text, document.record, document.title) == ("yes", "k", "Two words")


@pytest.mark.parametrize("ending", FORMATS)
def test_a_record_without_text_says_how_to_name_it(ending):
    """The others are not affected."""
    write({f"a.{ending}": FORMATS[ending]([{"words": "x"}])})
    ((_, reason, detail),) = skipped(f"a.{ending}")
    assert reason == "invalid"
    assert "--text-field names the one that" in detail


def test_which_fields_are_used_is_told():
    """Once for each file of records."""
    write({"a.jsonl": as_lines([{"body": "b", "headline": "h", "x": 1}] * 3)})
    notes = []
    list(read(["a.jsonl"], tell=notes.append))
    assert [note.text for note in notes] == ["jsonlines", "text from 'body', title from 'headline'"]


def test_records_may_differ():
    """Each one is held against all usual names; the first of them that is not null counts."""
    rows = [{"body": "one"}, {"text": "two", "body": "no"}, {"text": None, "content": "three"}]
    write({"a.jsonl": as_lines(rows), "b.json": as_json(rows)})
    assert texts(read(["a.jsonl", "b.json"])) == ["one", "two", "three"] * 2


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ('["A. Writer", "B. Other"]', "A. Writer, B. Other"),
        ('{"name": "A. Writer"}', "A. Writer"),
        ('[{"name": "A"}, {"name": "B"}]', "A, B"),
        ('" A\\n\\u0007b "', "A \x07b"),
        ("7", "7"),
        ("[]", None),
        ("true", None),
        ('{"x": 1}', None),
    ],
)
def test_what_is_told_of_a_document_is_one_line(given, shown):
    """However many values there are, and of whatever kind."""
    write({"a.jsonl": f'{{"text": "t", "author": {given}}}'})
    assert only("a.jsonl").byline == (shown and " ".join(shown.split()))


def test_zero_is_an_id():
    """Also where it is false to Python."""
    write({"a.jsonl": as_lines([{"text": "t", "id": 0}, {"text": "t", "id": ""}])})
    assert [item.record for item in read(["a.jsonl"])] == [0, 2]


# JSON


@pytest.mark.parametrize("indent", [None, 0, 2])
def test_an_array_is_read_object_by_object(indent):
    """With the line that each one begins on."""
    rows = [{"text": "one\n[{"}, {"text": '"two" \\', "x": [{"y": {}}]}, {"text": "three"}]
    content = json.dumps(rows, indent=indent)
    write({"a.json": content, "b": f"\ufeff\n{content}\n"})
    documents = list(read(["a.json", "b"]))
    assert [item.text for item in documents] == [row["text"] for row in rows] * 2
    lines = content.split("\n")
    for item in documents[:3]:
        assert lines[item.line - 1].lstrip("[").lstrip().startswith("{")
    assert [item.line for item in documents[3:]] == [item.line + 1 for item in documents[:3]]


@pytest.mark.parametrize(
    ("content", "want"),
    [
        ('{"text": "a"}', ["a"]),
        ('{\n"text": "a"\n}\n{\n"text": "b"\n}', ["a", "b"]),
        ("[]", []),
        ("", []),
        ("[1, 2]", ["line 1: something else than an object between records"]),
        ('[{"text": "a"} {"text": "b"}]', ["a", "b"]),
        ('[{"text": "a"},, {"text": "b"}]', ["a", "line 1: something else", "b"]),
        ('[{"text": "a"}, {"text": "b"', ["a", "ends inside a record"]),
        ('[{"text": "a"}, {"text": "b]}]', ["a", "ends inside a record"]),
        ('[{"text": "a"},', ["a", "line 1: brackets do not match"]),
        ('[{"text": "a"}]\n]', ["a", "line 1: brackets do not match"]),
        ('[{"text": "a"}] x', ["a", "line 1: something else"]),
        ('[{"text": "a"}, {x}, {"text": "b"}]', ["a", "JSON is malformed", "b"]),
        ('[[{"text": "a"}], {"text": "b"}]', ["Expected `object`", "b"]),
        ("]", ["line 1: brackets do not match"]),
        ("[" * 5000, ["nested too deeply"]),
    ],
)
def test_what_is_no_array_of_objects_is_told(content, want):
    """The objects beside it are read."""
    write({"a.json": content})
    items = check(read(["a.json"]))
    assert len(items) == len(want)
    for item, told in zip(items, want, strict=True):
        assert (item.text if isinstance(item, Document) else item.detail).startswith(told)


class Trickle:
    """A stream that comes in small pieces."""

    def __init__(self, data, size):
        self.data, self.size = io.BytesIO(data), size

    def read(self, _size):
        """Give the next piece."""
        return self.data.read(self.size)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text('ab"\\{}[],\n é'),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text('a"\\{'), inner),
    max_leaves=6,
)


@given(st.lists(st.dictionaries(st.text('a"\\{'), JSON)), st.integers(1, 9), st.booleans())
def test_objects_are_found_however_the_stream_is_cut(rows, size, escape):
    """Json itself says where they begin and end."""
    data = json.dumps(rows, ensure_ascii=escape).encode()
    pieces = list(scan_objects(Trickle(data, size), 1 << 20))
    assert [json.loads(piece.data) for piece in pieces] == rows


@given(st.text('{}[]",:\\ a\n', max_size=60), st.integers(1, 9))
def test_no_text_stops_the_scanner(text, size):
    """Whatever it is, cut in whatever pieces, the outcome is the same."""
    whole, cut = (list(scan_objects(Trickle(text.encode(), n), 50)) for n in (100, size))
    for one, other in zip(whole, cut, strict=True):
        assert (one.line, str(one.data)) == (other.line, str(other.data))


def test_an_object_that_is_too_large_is_refused():
    """Those after it are read, and on the right lines."""
    write({"a.json": '[{"text": "a"},\n{"text": "' + "b" * 900_000 + '"},\n{"text": "c"}]'})
    one, two, three = read(["a.json"], reading=Reading(max_size=100_000))
    assert (one.text, three.text, three.line) == ("a", "c", 3)
    assert (two.reason, two.detail) == ("large", "more than 100,000 bytes; --max-size allows more")


def test_a_line_that_is_too_long_is_refused():
    """It is not held; the lines after it keep their numbers."""
    long = '{"text": "' + "b" * 300_000 + '"}'
    write({"a.jsonl": f'{{"text": "a"}}\n{long}\n{{"text": "c"}}\n{long}'})
    one, two, three, four = read(["a.jsonl"], reading=Reading(max_size=100_000))
    assert (one.record, three.record, three.text) == (1, 3, "c")
    assert [(item.reason, item.record) for item in (two, four)] == [("large", 2), ("large", 4)]


# CSV


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_the_delimiter_is_told_by_the_first_line(delimiter):
    """Or by what a spreadsheet puts before it."""
    rows = [{"id": "1", "text": "a,b;c\td|e"}, {"id": "2", "text": 'line\r\n"two"'}]
    write({"a.csv": as_csv(rows, delimiter), "b.csv": b"sep=|\r\n" + as_csv(rows, "|")})
    assert texts(read(["a.csv"])) == [row["text"] for row in rows]
    assert [(item.record, item.line) for item in read(["a.csv"])] == [("1", 2), ("2", 3)]
    assert [(item.record, item.line) for item in read(["b.csv"])] == [("1", 3), ("2", 4)]


@pytest.mark.parametrize(
    ("content", "want"),
    [
        ("", []),
        ("text\n", []),
        ("text\n\na\n", ["a"]),
        ("id,text\n1\n2,b,extra\n", ["no field holds a text", "b"]),
        ('id,text\n1,"never closed\n2,b', ["never closed\n2,b"]),
        ("id,text\n1,\n", [""]),
        (b"id,text\n1,caf\xe9\n2,b\n", ["no"]),
        (b"id,text\n" + b"0,a\n" * 20_000 + b"1,caf\xe9\n2,b\n", None),
        ("id,text\n1,a\0b\n", ["a\0b"]),
    ],
)
def test_rows_of_any_kind(content, want):
    """Give a text or a reason each."""
    write({"a.csv": content})
    items = check(read(["a.csv"]))
    if want is None:
        assert [item.record for item in items if isinstance(item, Skipped)] == [20_001]
        assert items[20_000].detail == "a byte that is not UTF-8"
        assert items[20_001].text == "b"
    elif want == ["no"]:
        assert items[0].reason == "undecodable"
    else:
        assert len(items) == len(want)
        for item, told in zip(items, want, strict=True):
            assert (item.text if isinstance(item, Document) else item.detail).startswith(told)


def test_rows_that_are_too_large_are_refused():
    """A field that never ends does not fill the memory."""
    row = "x" * 500 + "\n"
    write(
        {"a.csv": 'id,text\n1,"' + row * 1000 + '"\n2,b\n', "b.csv": "id,text\n1," + "x" * 99_999}
    )
    assert {item.reason for item in read(["a.csv"], reading=Reading(max_size=9999))} == {"invalid"}
    assert only("b.csv", reading=Reading(max_size=9999)).reason == "large"


# Tables


@pytest.mark.parametrize("ending", ["parquet", "arrow", "arrows"])
def test_a_table_may_be_packed(ending):
    """Then it is held in memory, as far as it is allowed."""
    rows = [{"id": n, "text": f"text {n}"} for n in range(700)]
    write({f"a.{ending}.gz": gzip.compress(FORMATS[ending](rows))})
    assert [item.record for item in read(["."])] == list(range(700))


@pytest.mark.parametrize("ending", ["parquet", "arrow", "arrows"])
def test_a_broken_table_is_invalid(ending):
    """The rows before the break are kept where there are any."""
    data = FORMATS[ending]([{"text": "a" * 999}])
    write({f"a.{ending}": data[: len(data) // 2]})
    assert [(item.reason, "\n" in item.detail) for item in read(["."])] == [("invalid", False)]


def test_a_text_that_is_stored_once_for_many_rows_is_a_bomb():
    """A table of two kilobytes that stands for a hundred gigabytes."""
    places = pa.array([0] * 2000, pa.int32())
    texts = pa.DictionaryArray.from_arrays(places, pa.array(["x" * 50_000_000]))
    table = pa.table({"text": texts})
    options = {"compression": "zstd", "dictionary_pagesize_limit": 10**9}
    pyarrow.parquet.write_table(table, "a.parquet", **options)
    pyarrow.parquet.write_table(table, "b.parquet", store_schema=False, **options)
    for name in ("a.parquet", "b.parquet"):
        *documents, bomb = read([name])
        assert (len(documents), bomb.reason) == (1, "bomb")


# Web archives


def crawl(*pages, packed=True):
    """Make a web archive of pages: a status, a media type, a body, and headers."""
    made = b""
    for number, (status, media, body, *headers) in enumerate(pages):
        lines = [f"HTTP/1.1 {status}", f"Content-Type: {media}", *headers]
        block = "\r\n".join([*lines, "", ""]).encode() + body
        lines = [
            "WARC/1.0",
            "WARC-Type: response",
            f"WARC-Target-URI: http://example.org/{number}",
            "Content-Type: application/http; msgtype=response",
            f"Content-Length: {len(block)}",
        ]
        record = "\r\n".join([*lines, "", ""]).encode() + block + b"\r\n\r\n"
        made += gzip.compress(record) if packed else record
    return made


def test_the_pages_of_a_crawl_are_read():
    """Those that the server gave, in the encoding that it said."""
    pages = [
        ("200 OK", "text/plain; charset=windows-1251", "Да, новости".encode("cp1251")),
        ("404 Not Found", "text/plain", b"gone"),
        ("200 OK", "image/png", b"\x89PNG"),
        ("200 OK", "TEXT/PLAIN", b"4\r\nfour\r\n0\r\n\r\n", "Transfer-Encoding: chunked"),
    ]
    for packed in (True, False):
        write({"a.warc": crawl(*pages, packed=packed)})
        items = list(read(["a.warc"]))
        assert [(item.record, item.url, item.text) for item in items] == [
            (1, "http://example.org/0", "Да, новости"),
            (4, "http://example.org/3", "four"),
        ]


def test_a_page_that_unpacks_to_too_much_is_refused():
    """The others are read."""
    bomb = ("200 OK", "text/plain", gzip.compress(b" " * 50_000_000), "Content-Encoding: gzip")
    write({"a.warc": crawl(bomb, ("200 OK", "text/plain", b"b"))})
    large, document = read(["a.warc"])
    assert (large.reason, large.record, document.text) == ("large", 1, "b")


@pytest.mark.parametrize(
    "data",
    [
        b"WARC/1.0\r\n",
        b"WARC/1.0\r\n" + b"x" * 5_000_000,
        b"WARC/1.0\r\n" + b"x: y\r\n" * 500_000,
        b"WARC/1.0\r\nContent-Length: 99999999999\r\nWARC-Type: response\r\n\r\nHTTP/1.0 200\r\n",
        b"WARC/1.0\r\nContent-Length: x\r\n\r\n",
    ],
)
def test_a_broken_crawl_ends_with_a_reason(data):
    """Quickly, whatever is wrong with its headers."""
    write({"a.warc": data})
    check(read(["a.warc"]))


def test_a_crawl_whose_records_are_longer_than_they_say(capfd):
    """It is told in the reader's own words, and nothing is written past it."""
    pages = crawl(("200 OK", "text/plain", b"a page"), packed=False).replace(b"page", b"long page")
    write({"a.warc": pages})
    told = []
    list(read(["a.warc"], tell=told.append))
    assert "1 pages among 1 records, 1 of another length than they say" in str(told)
    assert capfd.readouterr() == ("", "")


# Offsets


STORY = " ".join(f"word{n}" for n in range(60))


@pytest.mark.parametrize("ending", [*FORMATS, "txt", "md"])
@given(st.text("ab é𝄞\n\"'\\,;\t{}[]<>&", max_size=40), st.text('x 𝄞\r\n"', max_size=40))
@settings(deadline=None, max_examples=8)
def test_passages_are_cut_from_the_text_as_reported(tmp_path_factory, ending, before, after):
    """Whatever stands around them, the offsets are those of the story."""
    folder = tmp_path_factory.mktemp("any")
    bodies = [f"{before}\n{STORY}\n{after}", f"{after} . {STORY}"]
    if ending in FORMATS:
        rows = [{"id": f"r{n}", "text": text} for n, text in enumerate(bodies)]
        (folder / f"a.{ending}").write_bytes(FORMATS[ending](rows))
    else:
        for n, text in enumerate(bodies):
            (folder / f"{n}.{ending}").write_bytes(text.encode())
    os.chdir(folder)
    texts = {(item.path, item.record): item.text for item in read(["."])}
    report = scan(["."], Settings(min_words=5))
    (match,) = report.clusters[0].matches
    cut = {}
    for passage in match.passages:
        for number, place in ((match.a, passage.a), (match.b, passage.b)):
            entry = report.documents[number]
            text = texts[entry.path, entry.record]
            assert text.count("\n", 0, place.start) + 1 >= 1
            cut.setdefault(number, []).append(text[place.start : place.end])
    assert all(STORY in "".join(pieces) for pieces in cut.values())

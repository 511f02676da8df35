"""Which bytes are which text, and which are refused."""

import codecs
import re
from contextlib import suppress

import pytest
from files import only, write
from hypothesis import given
from hypothesis import strategies as st

from dupfind.encodings import python_name
from dupfind.reading import Reading
from dupfind.sources.decoding import decode
from dupfind.sources.streams import RefusedError

FRENCH = (
    "Le ministre a déclaré à l'Élysée que les négociations, très difficiles, étaient achevées. "
    "Le gouvernement présentera dès l'été un projet de loi."
)
GERMAN = (
    "Die Gespräche über das Abkommen wurden in München für gescheitert erklärt. Die "
    "Außenministerin äußerte sich nicht; größere Änderungen seien unmöglich."
)
RUSSIAN = "Министр заявил, что переговоры завершены, и отказался от комментариев."
GREEK = "Ο υπουργός δήλωσε ότι οι συνομιλίες ολοκληρώθηκαν και η κατάσταση παραμένει δύσκολη."
KOREAN = "장관은 월요일에 협상이 끝났다고 말하고 더 이상의 언급을 거부했다."
CZECH = "Ministr řekl, že jednání skončila, a odmítl další komentář. Příští schůzka bude těžká."


@pytest.fixture(autouse=True)
def here(tmp_path, monkeypatch):
    """Work in an empty folder."""
    monkeypatch.chdir(tmp_path)


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-be", "utf-32", "utf-32-be"])
@pytest.mark.parametrize("name", ["a.txt", "a.jsonl", "a.json", "a.csv"])
def test_a_byte_order_mark_tells_the_encoding(name, encoding):
    """Whatever the format; the mark is no part of the text."""
    text = "Grüße 𝄞, 新闻"
    body = {"txt": text, "jsonl": f'{{"text": "{text}"}}\n', "json": f'[{{"text": "{text}"}}]'}
    content = body.get(name[2:], f'id,text\n1,"{text}"\n')
    mark = "\ufeff" if encoding.endswith("be") else ""
    write({name: f"{mark}{content}".encode(encoding)})
    assert only(name).text == text


@pytest.mark.parametrize("broken", [b"\xff\xfea", b"\xff\xfe\x00\xd8a\x00", b"\xfe\xff\xdc\x00"])
def test_broken_utf16_is_undecodable(broken):
    """Half a unit, half a pair: nothing of it is made up."""
    write({"a.txt": broken})
    item = only("a.txt")
    assert (item.reason, item.detail) == ("undecodable", "starts as UTF-16 and does not go on so")


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        (FRENCH, "cp1252"),
        (GERMAN, "cp1252"),
        (RUSSIAN, "cp1251"),
        (RUSSIAN, "koi8-r"),
        (RUSSIAN, "cp866"),
        (GREEK, "cp1253"),
        (KOREAN, "euc-kr"),
    ],
)
def test_an_encoding_without_doubt_is_detected(text, encoding):
    """Of a text that declares none and is not UTF-8."""
    write({"a.txt": text.encode(encoding), "b.csv": f'text,id\n"{text}",1'.encode(encoding)})
    assert only("a.txt").text == only("b.csv").text == text


@pytest.mark.parametrize(
    "data",
    [
        "café noir".encode("cp1252"),
        CZECH.encode("cp1250"),
        CZECH.encode("iso8859-2"),
        FRENCH.encode().replace(b" ", b" \xfe", 1),
        FRENCH.encode()[:-1] + b"\xc3",
        RUSSIAN.encode()[:41] + RUSSIAN.encode()[42:],
        bytes(range(1, 256)) * 9,
    ],
)
def test_an_encoding_in_doubt_is_not_guessed(data):
    """A few accents, an alphabet that several encodings know, UTF-8 with a fault, no wire."""
    write({"a.txt": data})
    item = only("a.txt")
    assert item.reason == "undecodable"
    assert re.fullmatch(r"byte 0x[0-9a-f]{2} at offset \d+ is not (UTF-8|CP1252)", item.detail)


def test_the_user_may_say_the_encoding():
    """It holds for what is not UTF-8, and then strictly."""
    write({"a.txt": CZECH.encode("cp1250"), "b.txt": "é", "c.txt": b"\x81\x98"})
    reading = Reading(encoding="cp1250")
    assert only("a.txt", reading=reading).text == CZECH
    assert only("b.txt", reading=reading).text == "é"
    assert only("c.txt", reading=reading).detail == "byte 0x81 at offset 0 is not CP1250"


def test_garbled_text_is_left_as_it_is():
    """What was UTF-8 once, read as something else and written again, is text."""
    garbled = "dÃ©jÃ  vu"
    write({"a.txt": garbled})
    assert only("a.txt").text == garbled


@pytest.mark.parametrize(
    ("declared", "data", "text"),
    [
        ("iso-8859-1", b"\x93caf\xe9\x94", "“café”"),
        ("latin1", b"\xe9", "é"),
        ("US-ASCII", b"\xe9", "é"),
        (" Windows-1251 ", "Да".encode("cp1251"), "Да"),
        ("shift_jis", "新聞".encode("shift_jis"), "新聞"),
        ("utf-16", codecs.BOM_UTF8 + b"a", "a"),
        ("iso-8859-1", "é".encode("utf-16"), "é"),
        ("klingon", "é".encode(), "é"),
        ("x\0y", "é".encode(), "é"),
    ],
)
def test_a_declared_encoding_is_honored(declared, data, text):
    """As browsers read the label; a byte order mark wins, nonsense is passed over."""
    assert decode(data, declared) == text


@pytest.mark.parametrize(
    "label", ["rot13", "zip", "hex", "unicode_escape", "idna", "punycode", "utf-7", "undefined"]
)
def test_what_is_no_encoding_of_text_is_no_encoding(label):
    """Python has codecs that unpack, escape or take forever."""
    assert python_name(label) is None


@given(st.binary(), st.none() | st.text() | st.sampled_from(["utf-8", "cp932", "hz", "iso2022_jp"]))
def test_no_bytes_raise(data, declared):
    """Whatever they are and are said to be: a text that UTF-8 can hold, or a reason."""
    with suppress(RefusedError):
        decode(data, declared).encode()


@given(st.text())
def test_utf8_is_itself(text):
    """Whatever was declared about nothing."""
    assert decode(text.encode()) == text.removeprefix("\ufeff")

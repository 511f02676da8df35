"""Detection: the encoding of text that declares none, only where there is no doubt.

charset-normalizer proposes. It always finds something, also in a few accented letters or in
damaged UTF-8; what it finds counts only where every other encoding makes a worse text of it.
"""

import codecs
import re
from itertools import pairwise
from typing import Final

from charset_normalizer import from_bytes

__all__ = ["detect"]

_WIDE: Final = ["cp932", "euc_jp", "gb18030", "big5", "euc_kr"]
_NARROW: Final = [
    *("cp1252", "cp1250", "cp1251", "cp1253", "cp1254", "cp1255", "cp1256", "cp1257", "cp874"),
    *("iso8859_2", "iso8859_5", "iso8859_7", "koi8_r", "koi8_u", "cp866"),
]
"""The encodings that texts without a label are in."""

_SAMPLE: Final = 1 << 16  # bytes looked at
_EVIDENCE: Final = 8  # bytes beyond ASCII that it takes to tell
_DAMAGED: Final = 0.5  # share of them that is not UTF-8; below, it is UTF-8 with a fault
_NOISE: Final = 0.02  # of the measure of unlikely sequences of characters
_LANGUAGE: Final = 0.35  # least likeness to the letters of a language
_AHEAD: Final = 0.02  # by which the likeness is above that of the next encoding

_NARROW_KANA: Final = re.compile("[\uff61-\uff9f]")
"""What most bytes are in Shift JIS, and no text has."""
_ASCII: Final = bytes(range(128))
_LETTER: Final = r"[^\W\d_]"
_GARBLED: Final = re.compile(
    rf"(?<={_LETTER})(?![’‘´·\u00ad–—‐‑…])[^\x00-\x7f\w](?={_LETTER})"
    rf"|(?<={_LETTER})[²³¹¼½¾](?=\w)|[\x80-\x9f]"
)
"""Signs that stand inside no word: in text of a wrong encoding they do."""


def detect(data: bytes) -> str | None:
    """Give the encoding of text that is not UTF-8, or None where several are possible.

    Looks at the first 64 KB beyond the ASCII at the start; all of the text is in the encoding.
    """
    first = re.search(rb"[\x80-\xff]", data)
    if first is None:
        return None
    start = max(data.rfind(b"\n", 0, first.start()), 0)
    sample = data[start : start + _SAMPLE]
    sample = sample[: sample.rfind(b"\n")] if b"\n" in sample[1:] else sample
    beyond = len(sample.translate(None, _ASCII))
    kept = len(sample.decode("utf-8", "ignore").encode().translate(None, _ASCII))
    if beyond < _EVIDENCE or (beyond - kept) / beyond < _DAMAGED:
        return None
    for encoding in _find(sample):
        try:
            codecs.decode(data, encoding)
        except UnicodeDecodeError:
            continue
        return encoding
    return None


def _find(sample: bytes) -> list[str]:
    """Give the one encoding that a sample can be in, or none."""
    matches = [
        match
        for match in from_bytes(
            sample,
            cp_isolation=_NARROW + _WIDE,
            enable_fallback=False,
            preemptive_behaviour=False,
        )
        if match.chaos <= _NOISE
    ]
    texts = {match.encoding: sample.decode(match.encoding) for match in matches}
    wide = [name for name in texts if name in _WIDE and not _NARROW_KANA.search(texts[name])]
    narrow = [
        match
        for match in sorted(matches, key=lambda match: -match.coherence)
        if match.encoding in _NARROW and not _is_garbled(texts[match.encoding])
    ]
    likely = [match.encoding for match in narrow if match.coherence >= _LANGUAGE]
    if wide:
        return wide if len(wide) == 1 and not likely else []
    if len(narrow) > 1 and narrow[0].coherence - narrow[1].coherence < _AHEAD:
        return []
    return likely[:1]


def _is_garbled(text: str) -> bool:
    if _GARBLED.search(text):
        return True
    # A capital inside a word, such as that of UTF-8 read as something else.
    return any(
        before.islower() and after.isupper() and not (before.isascii() and after.isascii())
        for before, after in pairwise(text)
    )

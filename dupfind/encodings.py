"""Encodings: what the label of a text's encoding means, and which labels are honored."""

import codecs
import re
from typing import Final

__all__ = ["python_name"]

_HONEST: Final = re.compile(
    r"utf-(?:8|16|32)(?:-[lb]e)?|cp\d+|iso8859-\d+|koi8-\w|mac-\w+|gb(?:2312|k|18030)|hz|"
    r"big5(?:hkscs)?|euc_\w+|shift_jis\w*|iso2022_\w+|johab|tis-620|kz1048|ptcp154"
)
"""Python's encodings of text: others escape, compress or take time that grows with the square."""
_WEB: Final = {"ascii": "cp1252", "iso8859-1": "cp1252", "iso8859-9": "cp1254"}
"""What these labels mean in practice: https://encoding.spec.whatwg.org/#names-and-labels."""


def python_name(label: str) -> str | None:
    """Give Python's name of the encoding that a label stands for, or None if there is none."""
    try:
        name = codecs.lookup(label.strip()).name
    except (LookupError, ValueError):
        return None
    name = _WEB.get(name, name)
    return name if _HONEST.fullmatch(name) else None

"""The JSON report and its published schema."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

import msgspec
from msgspec.json import encode

from dupfind.listing import Listing
from dupfind.model import SCHEMA_VERSION, Report
from dupfind.reports import Style

if TYPE_CHECKING:
    from dupfind.assembly import Findings

__all__ = ["make_schema", "render"]


def render(findings: "Findings", _style: Style) -> Iterator[bytes]:
    """Render a report: UTF-8, indented, one line feed at the end; the same bytes every time."""
    # Piece by piece: all at once would be several times as large as the report itself.
    before = b"{"
    for name, value in msgspec.structs.asdict(findings.report).items():
        yield before + f'\n  "{name}": '.encode()
        if isinstance(value, Sequence) and not isinstance(value, str):
            listed = value.encoded() if isinstance(value, Listing) else map(encode, value)
            yield b"["
            at = b"\n    "
            for item in listed:
                yield at + _indent(item, b"\n    ")
                at = b",\n    "
            yield b"\n  ]" if value else b"]"
        else:
            yield _indent(encode(value), b"\n  ")
        before = b","
    yield b"\n}\n"


def _indent(encoded: bytes | memoryview, line: bytes) -> bytes:
    """Indent JSON whose lines are to begin with `line`; no string has one, for it is escaped."""
    return msgspec.json.format(encoded, indent=2).replace(b"\n", line)


def make_schema() -> dict[str, Any]:
    """Make the JSON Schema of the report, version 2020-12, from the model."""
    schema = msgspec.json.schema(Report)
    for definition in schema["$defs"].values():
        # Python versions differ in what they leave of a docstring's indentation.
        definition["description"] = " ".join(definition["description"].split())
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": f"dupfind report, version {SCHEMA_VERSION}",
        **schema,
    }

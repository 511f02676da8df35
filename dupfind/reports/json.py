"""The JSON report and its published schema."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import msgspec

from dupfind.model import SCHEMA_VERSION, Report
from dupfind.reports import Style

if TYPE_CHECKING:
    from dupfind.assembly import Findings

__all__ = ["make_schema", "render"]


def render(findings: "Findings", _style: Style) -> Iterator[bytes]:
    """Render a report: UTF-8, indented, one line feed at the end; the same bytes every time."""
    yield msgspec.json.format(msgspec.json.encode(findings.report), indent=2)
    yield b"\n"


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

"""The JSON report and its published schema."""

from typing import Any

import msgspec

from dupfind.model import SCHEMA_VERSION, Report

__all__ = ["encode", "make_schema"]


def encode(report: Report) -> bytes:
    """Encode a report: UTF-8, indented, one line feed at the end; the same bytes every time."""
    return msgspec.json.format(msgspec.json.encode(report), indent=2) + b"\n"


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

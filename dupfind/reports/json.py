"""The JSON report and its published schema."""

from typing import Any

import msgspec

from dupfind.model import Report

__all__ = ["encode", "make_schema"]


def encode(report: Report) -> bytes:
    """Encode a report: UTF-8, indented, one line feed at the end; the same bytes every time."""
    return msgspec.json.format(msgspec.json.encode(report), indent=2) + b"\n"


def make_schema() -> dict[str, Any]:
    """Make the JSON Schema of the report, version 2020-12, from the model."""
    schema = msgspec.json.schema(Report)
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "dupfind report, version 1",
        **schema,
    }

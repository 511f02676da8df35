"""Front matter: the block of metadata, YAML or TOML, that a page may begin with."""

import re
import tomllib
from collections.abc import Iterator
from typing import Any, Final

import yaml

__all__ = ["split"]

_LONGEST: Final = 1 << 14
"""Characters that are parsed: libyaml takes quadratic time for some."""
_DEEPEST: Final = 16
_LINE: Final = re.compile(r"([A-Za-z][\w.-]*)[ \t]*[:=][ \t]*(\S.*)")
_ENDS: Final = {
    "---": re.compile(r"^(?:---|\.\.\.)[ \t]*\r?$", re.MULTILINE),
    "+++": re.compile(r"^\+\+\+[ \t]*\r?$", re.MULTILINE),
}
_Loader: Final = getattr(yaml, "CBaseLoader", yaml.BaseLoader)
"""Knows strings only: `no` is a language, `1.10` a version."""


def split(text: str) -> tuple[dict[str, Any], int]:
    """Read the front matter of a page.

    Gives its fields, and where the page itself begins: no fields and 0 where it has none. Of
    front matter that is neither YAML nor TOML, the lines that look like fields are read.
    """
    end = _ENDS.get(text[:3])
    start = text.find("\n") + 1
    if end is None or not start or text[3 : start - 1].strip():
        return {}, 0
    close = end.search(text, start)
    if close is None or (text.startswith("---") and not _LINE.search(text, start, close.start())):
        return {}, 0  # A rule across the page, not the beginning of anything.
    inner = text[start : close.start()]
    return _fields(inner, is_toml=text.startswith("+++")), close.end()


def _fields(inner: str, *, is_toml: bool) -> dict[str, Any]:
    if len(inner) <= _LONGEST:
        try:
            found = tomllib.loads(inner) if is_toml else _load(inner)
        except (ValueError, RecursionError, yaml.YAMLError):
            pass
        else:
            return found if isinstance(found, dict) else {}
    lines = (_LINE.fullmatch(line.rstrip()) for line in inner[:_LONGEST].split("\n"))
    return {line[1]: line[2].strip("\"'") for line in lines if line}


def _load(inner: str) -> object:
    """Build strings, lists and dictionaries from YAML's events.

    The loaders' own way of building recurses without a limit, and crashes the interpreter.
    """
    events = yaml.parse(inner, Loader=_Loader)
    for event in events:
        if isinstance(event, yaml.NodeEvent):
            return _build(event, events, 0)
    return None


def _build(event: yaml.Event, events: Iterator[yaml.Event], depth: int) -> object:
    if depth > _DEEPEST:
        raise ValueError("nested too deeply")
    if isinstance(event, yaml.ScalarEvent):
        return event.value
    if isinstance(event, yaml.SequenceStartEvent):
        return list(_children(events, depth))
    if isinstance(event, yaml.MappingStartEvent):
        children = _children(events, depth)
        return {str(key): next(children, None) for key in children}
    return None  # An alias: what it stands for may be large.


def _children(events: Iterator[yaml.Event], depth: int) -> Iterator[object]:
    for event in events:
        if isinstance(event, yaml.CollectionEndEvent):
            return
        yield _build(event, events, depth + 1)

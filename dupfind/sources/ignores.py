"""Ignore files: which names in a folder are left out, by git's rules.

pathspec translates the patterns; the walk applies them itself. `GitIgnoreSpec.match_file`
answers for a whole path at once, parents included, which is a different question from the one
a walk asks: with `*`, `!*/`, `!*.txt` it calls every folder ignored, though git enters them.
A walk that enters no ignored folder needs only git's own rule: of the patterns that match the
entry itself, the last one of the deepest file decides.
"""

import os
import re
import stat
import warnings
from itertools import groupby
from operator import itemgetter
from pathlib import Path

import msgspec
from pathspec.patterns.gitignore.spec import GitIgnoreSpecPattern

__all__ = ["Layer", "compile_rules", "descend", "is_ignored", "layers_above", "layers_in"]

IGNORE_FILES = (".gitignore", ".dupfindignore")
"""The later ones override the earlier ones of the same folder."""


class Layer(msgspec.Struct, frozen=True):
    """The rules of one folder, as seen from that folder or from one below it."""

    rules: tuple[tuple[bool, re.Pattern[str]], ...]
    """Whether a path that matches is left out, and what matches; the last match decides."""
    below: str = ""
    """The way down from the folder of the rules: empty, or `a/b/`."""


def is_ignored(layers: tuple[Layer, ...], name: str) -> bool:
    """Tell whether a name in the current folder is left out.

    Takes the layers that hold there, the deepest last, and the name; a folder's ends in `/`.
    """
    for layer in reversed(layers):
        path = layer.below + name
        for leave_out, pattern in reversed(layer.rules):
            if pattern.fullmatch(path):
                return leave_out
    return False


def descend(layers: tuple[Layer, ...], name: str) -> tuple[Layer, ...]:
    """Give the layers as seen from the folder `name` of the current one."""
    return tuple(Layer(layer.rules, f"{layer.below}{name}/") for layer in layers)


def layers_in(folder: str | Path) -> tuple[Layer, ...]:
    """Read the ignore files of a folder: one layer, or none where there are no rules.

    A file that cannot be read counts as empty, as for git. Links are not followed (git does
    not), and nothing but a regular file is opened: a named pipe would block.
    """
    lines: list[str] = []
    for name in IGNORE_FILES:
        path = Path(folder, name)
        try:
            if stat.S_ISREG(path.lstat().st_mode):
                # Names that are not UTF-8 reach us with the same escapes.
                text = path.read_bytes().decode("utf-8", "surrogateescape")
                lines += text.removeprefix("\ufeff").split("\n")
        except OSError:
            continue
    return compile_rules(lines)


def compile_rules(lines: list[str]) -> tuple[Layer, ...]:
    """Give the layer of some patterns, or none where there are no rules."""
    rules = _compile(lines)
    return (Layer(rules),) if rules else ()


def layers_above(folder: str) -> tuple[Layer, ...]:
    """Read the ignore files from the root of the repository down to above a folder.

    Takes the real path of a folder that the user named. Gives the layers as seen from it: none
    where no ancestor holds `.git`. Rules that leave out the folder itself, or one it lies in,
    are set aside with all above them, for the user asked for it.
    """
    way = Path(folder)
    here = next((path for path in (way, *way.parents) if os.path.lexists(path / ".git")), way)
    layers: tuple[Layer, ...] = ()
    for step in way.relative_to(here).parts:
        layers += layers_in(here)
        layers = () if is_ignored(layers, f"{step}/") else descend(layers, step)
        here /= step
    return layers


def _compile(lines: list[str]) -> tuple[tuple[bool, re.Pattern[str]], ...]:
    """Translate patterns; neighbors of the same sign become one expression, for speed."""
    # `[[:alpha:]]` makes re warn of a future change; the user can do nothing about it.
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", FutureWarning)
        patterns = [pattern for line in lines if (pattern := _translate(line))]
        return tuple(
            (leave_out, re.compile("|".join(source for _, source in group), re.DOTALL))
            for leave_out, group in groupby(patterns, key=itemgetter(0))
        )


def _translate(line: str) -> tuple[bool, str] | None:
    """Translate a pattern into its sign and an expression for the whole path of an entry.

    pathspec's expressions also match what lies inside a matching folder; held against a whole
    path they do not. Two kinds need help for that: those without an anchor (`*`, `**/`) match
    at any depth, and those for the contents of a folder (`a/**`) end at its slash.
    """
    try:
        # `a/**/` leaves out the folders in a; pathspec takes a with them.
        pattern = GitIgnoreSpecPattern(re.sub(r"/\*\*/\s*$", "/**/*/", line))
        if pattern.include is None or pattern.regex is None:
            return None
        # Group names may not be repeated when expressions are joined.
        source = re.sub(r"\(\?P<\w+>", "(?:", pattern.regex.pattern)
        if not source.startswith("^"):
            source = f".*{source}"
        if source.endswith("/"):
            source = f"{source}.+"
        re.compile(source)
    except (ValueError, re.error):
        return None  # A pattern that makes no sense matches nothing, as for git.
    return pattern.include, f"(?:{source})"

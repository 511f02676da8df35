"""What has changed since a commit, by git."""

import os
import re
import subprocess
from collections.abc import Iterable
from typing import Final, NamedTuple

from dupfind.errors import SourceError

__all__ = ["Changes", "find_changes"]

_HINT: Final = "is it spelled right, and was its history fetched?"
_HUNK: Final = re.compile(rb"^@@ -\S+ \+(?P<line>\d+)(?:,(?P<count>\d+))? @@", re.MULTILINE)
_DIFF: Final = ("diff", "--no-renames", "--no-ext-diff", "--diff-filter=d", "--merge-base")
"""Against the commit that a branch has in common with another; renamed files are new ones."""


class _File(NamedTuple):
    """A file as git knows it."""

    root: str
    name: str
    """Below the root, as the system has it."""
    commit: str


class Changes:
    """The files that have changed."""

    def __init__(self, files: dict[str, _File]) -> None:
        self._files = files

    def __contains__(self, path: str) -> bool:
        r"""Tell of a real path, bytes that are not UTF-8 as `\xff`, whether its file has."""
        return path in self._files

    def name(self, path: str) -> str:
        """Give what opens a file."""
        file = self._files[path]
        return os.path.join(file.root, file.name)  # noqa: PTH118 - as sources opens it

    def find_lines(self, path: str) -> list[tuple[int, int]]:
        """Find which lines of a file have changed: the first and the last of each stretch.

        Where lines were only taken out, the last is the one before the gap and the first the
        one after it, so that what touches both has changed. Empty where git does not tell: of a
        new file that it does not know yet, and of one that is no text to it.
        """
        file = self._files[path]
        options = ("--unified=0", "--no-color", "--no-textconv", file.commit, "--", file.name)
        done = _ask_git(file.root, *_DIFF, *options)
        return [
            (line + (count == 0), line + count - (count > 0))
            for found in _HUNK.finditer(done.stdout)
            for line, count in [(int(found["line"]), int(found["count"] or 1))]
        ]


def find_changes(paths: Iterable[str | os.PathLike[str]], ref: str) -> Changes:
    """Find the files that differ from where this branch left another.

    Takes the paths that are looked at and the name of a commit. Finds files that were added,
    edited or renamed since the commit that `ref` and HEAD have in common: committed, staged,
    unstaged or untracked (but not ignored). Raises `SourceError` where a path is in no
    repository or it does not know `ref`.
    """
    roots = sorted({_find_root(os.fspath(path)) for path in paths})
    files = {}
    for root in roots:
        for file in _list_changed(root, ref):
            real = os.path.realpath(os.path.join(root, file.name))  # noqa: PTH118
            files[os.fsencode(real).decode("utf-8", "backslashreplace")] = file
    return Changes(files)


def _find_root(path: str) -> str:
    folder = path if os.path.isdir(path) else os.path.dirname(path)  # noqa: PTH112, PTH120
    done = _ask_git(folder or ".", "rev-parse", "--show-toplevel")
    if done.returncode:
        why = done.stderr.decode("utf-8", "replace").strip().partition("\n")[0]
        raise SourceError(f"{path!r}: changes can only be told in a git repository ({why})")
    return os.fsdecode(done.stdout.removesuffix(b"\n"))


def _list_changed(root: str, ref: str) -> list[_File]:
    # What looks like an option is no name of a commit.
    known = _ask_git(
        root, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{ref}^{{commit}}"
    )
    if known.returncode:
        raise SourceError(f"git does not know the commit {ref!r}; {_HINT}")
    commit = known.stdout.decode().strip()
    edited = _ask_git(root, *_DIFF, "--name-only", "-z", commit)
    if edited.returncode:
        raise SourceError(f"git finds nothing that {ref!r} and this branch have in common; {_HINT}")
    added = _ask_git(root, "ls-files", "--others", "--exclude-standard", "-z")
    names = (edited.stdout + added.stdout).split(b"\0")
    return [_File(root, os.fsdecode(name), commit) for name in names if name]


def _ask_git(folder: str, *arguments: str) -> subprocess.CompletedProcess[bytes]:
    command = ["git", "-C", folder, "--literal-pathspecs", *arguments]
    try:
        return subprocess.run(command, capture_output=True, check=False)  # noqa: S603
    except OSError as error:
        raise SourceError(f"git cannot be run: {error.strerror}; install it") from None

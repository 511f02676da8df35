"""What has changed since a commit, by git."""

import os
import subprocess
from collections.abc import Iterable
from typing import Final

from dupfind.errors import SourceError

__all__ = ["find_changed"]

_HINT: Final = "is it spelled right, and was its history fetched?"


def find_changed(paths: Iterable[str | os.PathLike[str]], ref: str) -> frozenset[str]:
    r"""Find the files that differ from where this branch left another.

    Takes the paths that are looked at and the name of a commit. Gives the real paths of files
    that were added, edited or renamed since the commit that `ref` and HEAD have in common:
    committed, staged, unstaged or untracked (but not ignored); bytes that are not UTF-8 as
    `\xff`. Raises `SourceError` where a path is in no repository or it does not know `ref`.
    """
    roots = {_find_root(os.fspath(path)) for path in paths}
    return frozenset(
        os.path.realpath(os.path.join(root, name))  # noqa: PTH118
        for root in roots
        for name in _list_changed(root, ref)
    )


def _find_root(path: str) -> str:
    folder = path if os.path.isdir(path) else os.path.dirname(path)  # noqa: PTH112, PTH120
    done = _ask_git(folder or ".", "rev-parse", "--show-toplevel")
    if done.returncode:
        why = done.stderr.decode("utf-8", "replace").strip().partition("\n")[0]
        raise SourceError(f"{path!r}: changes can only be told in a git repository ({why})")
    return os.fsdecode(done.stdout.removesuffix(b"\n"))


def _list_changed(root: str, ref: str) -> list[str]:
    # What looks like an option is no name of a commit.
    known = _ask_git(
        root, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{ref}^{{commit}}"
    )
    if known.returncode:
        raise SourceError(f"git does not know the commit {ref!r}; {_HINT}")
    commit = known.stdout.decode().strip()
    diff = ("diff", "--name-only", "-z", "--no-renames", "--no-ext-diff", "--diff-filter=d")
    edited = _ask_git(root, *diff, "--merge-base", commit)
    if edited.returncode:
        raise SourceError(f"git finds nothing that {ref!r} and this branch have in common; {_HINT}")
    added = _ask_git(root, "ls-files", "--others", "--exclude-standard", "-z")
    names = (edited.stdout + added.stdout).split(b"\0")
    return [name.decode("utf-8", "backslashreplace") for name in names if name]


def _ask_git(folder: str, *arguments: str) -> subprocess.CompletedProcess[bytes]:
    try:
        return subprocess.run(["git", "-C", folder, *arguments], capture_output=True, check=False)  # noqa: S603, S607
    except OSError as error:
        raise SourceError(f"git cannot be run: {error.strerror}; install it") from None

"""Choice: which files of folders and archives, and which documents, the user wants read."""

import re
import warnings

from pathspec import GitIgnoreSpec

from dupfind.errors import SettingsError
from dupfind.model import Document
from dupfind.reading import Selection
from dupfind.sources.ignores import compile_rules, is_ignored
from dupfind.sources.streams import RefusedError

__all__ = ["Choice"]


class Choice:
    """A `Selection`, ready to be asked. Raises `SettingsError` where a pattern makes no sense."""

    def __init__(self, selection: Selection) -> None:
        self.hidden = selection.hidden
        self.ignore_files = selection.ignore_files
        self._since = selection.since
        self._until = selection.until
        self._language = _normal(selection.language) if selection.language else None
        self._include = _compile("include", selection.include)
        # pathspec answers for a whole path; a walk asks for each step of it.
        self._exclude = (
            compile_rules(list(selection.exclude)) if _compile("exclude", selection.exclude) else ()
        )
        self.filters = bool(self._since or self._until or self._language)
        """Whether documents are left out, too."""

    def takes(self, path: str, *, included: bool = False) -> bool:
        """Tell whether a file or folder is chosen, in a folder that is.

        Takes its path below the folder that the user named; a folder's ends in `/`. What lies
        in an archive that was `included` itself is held against the other patterns only.
        """
        if self._exclude and is_ignored(self._exclude, path):
            return False
        if self._include is None or included or path.endswith("/"):
            return True
        return bool(self._include.match_file(path))

    def takes_member(self, path: str, *, included: bool) -> bool:
        """Tell whether a file of an archive is chosen; its folders may decide."""
        ends = [at for at, sign in enumerate(path) if sign == "/"] if self._exclude else []
        folders = [path[: end + 1] for end in ends]
        return all(self.takes(way, included=included) for way in (*folders, path))

    def judge(self, document: Document) -> str | RefusedError | None:
        """Tell why a document is left out: not asked for, or not known to be; None if it stays."""
        if self._since or self._until:
            time = document.published
            if time is None:
                return RefusedError("undated", "its date is not known")
            # Times of different precision agree where the longer one begins like the shorter.
            if self._since and time[: len(self._since)] < self._since[: len(time)]:
                return f"published before {self._since}"
            if self._until and time[: len(self._until)] > self._until[: len(time)]:
                return f"published after {self._until}"
        if self._language:
            if document.language is None:
                return RefusedError("language", "it declares none")
            if not f"{_normal(document.language)}-".startswith(f"{self._language}-"):
                return "in another language"
        return None


def _normal(tag: str) -> str:
    return tag.casefold().replace("_", "-")


def _compile(name: str, patterns: tuple[str, ...]) -> GitIgnoreSpec | None:
    try:
        # `[[:alpha:]]` makes re warn of a future change; the user can do nothing about it.
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", FutureWarning)
            return GitIgnoreSpec.from_lines(patterns) if patterns else None
    except (ValueError, re.error) as error:
        raise SettingsError(f"{name} has a pattern that makes no sense: {error}") from None

"""The tree of errors.

    DupfindError            the job could not be done; the command line exits 2
    ├── SettingsError       an option or a setting is wrong
    ├── SourceError         a path named by the user cannot be read at all
    ├── BaselineError       a baseline cannot be read, or is none
    └── OutputError         a report, or a file that the run needs, cannot be written

A single bad file never raises: it becomes a `Skipped` entry of the report.
Each message is one line that says what is wrong and what to do about it.
"""

__all__ = ["BaselineError", "DupfindError", "OutputError", "SettingsError", "SourceError"]


class DupfindError(Exception):
    """The job could not be done."""


class SettingsError(DupfindError):
    """An option or a setting is wrong."""


class SourceError(DupfindError):
    """A path named by the user cannot be read at all."""


class BaselineError(DupfindError):
    """A baseline cannot be read, or is none."""


class OutputError(DupfindError):
    """A report, or a file that the run needs, cannot be written."""

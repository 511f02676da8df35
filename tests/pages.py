"""What tests of the HTML report share: stories, what is found in them, and the page."""

import json
import shutil

from dupfind.engines.local import Workers
from dupfind.pipeline import find
from dupfind.reports import Style
from dupfind.reports.html import render
from dupfind.running import ignore
from dupfind.settings import Settings
from dupfind.sources import read

CHROMIUM = next(
    filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None
)


def write_records(folder, *records):
    """Write records as a JSON Lines file."""
    path = folder / "stories.jsonl"
    path.write_text("".join(f"{json.dumps(record)}\n" for record in records))
    return path


def find_overlap(*paths, **settings):
    """Find the overlap of files and folders."""
    with Workers(1) as workers:
        return find(read(paths), Settings(**settings), workers, ignore)


def write_page(findings, path):
    """Write the report of findings as a page and give its address."""
    with path.open("wb") as page:
        page.writelines(render(findings, Style()))
    return path.as_uri()

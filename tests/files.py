"""What the tests of sources share: files are written, read, and told shortly."""

from pathlib import Path

from dupfind.model import Document, Skipped
from dupfind.sources import read


def write(files):
    """Write files by path; bytes as they are, text as UTF-8."""
    for path, content in files.items():
        Path(path).parent.mkdir(parents=True, exist_ok=True)
        Path(path).write_bytes(content if isinstance(content, bytes) else content.encode())


def found(*paths, **choices):
    """Read, and give the paths of the documents."""
    return [item.path for item in read(paths, **choices) if isinstance(item, Document)]


def skipped(*paths, **choices):
    """Read, and give what was passed over, shortly."""
    return [
        (item.path, item.reason, item.detail)
        for item in read(paths, **choices)
        if isinstance(item, Skipped)
    ]


def only(path, **choices):
    """Read a path that gives one item."""
    (item,) = read([path], **choices)
    return item


def texts(items):
    """Give the texts of the documents among items."""
    return [item.text for item in items if isinstance(item, Document)]


def check(items):
    """Hold what was read against what every later stage may rely on; give it."""
    items = list(items)
    for item in items:
        line = item.text if isinstance(item, Document) else (item.detail or "")
        f"{item.path}{line}{getattr(item, 'title', '')}{item.record}".encode()
        assert isinstance(item, Document) or "\n" not in line
    return items

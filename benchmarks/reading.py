"""How fast documents are read, format by format: `python benchmarks/reading.py`.

The same made stories are written in every format and read on one core. MB/s are those of the
texts, up to the documents that the tokenizer takes; beside them stands what part of the time
each stage took. A second table tells what part of a whole scan each stage takes, reading first.
`--megabytes N` sets the volume, `--repeat N` the rounds, of which the best counts, `--folder DIR`
where the files go.
"""

import argparse
import csv
import gzip
import io
import json
import sys
import tarfile
import tempfile
import time
import zipfile
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any, Final, NamedTuple, TypeVar

from corpus import generate
from shares import lay_out, share

from dupfind.model import Document
from dupfind.sources import read
from dupfind.tokens import tokenize

_BATCH: Final = 1 << 20  # characters tokenized at once, as in the pipeline
_STORY: Final = 1250  # bytes of a made story, about


T = TypeVar("T")
Rows = list[dict[str, Any]]


class Row(NamedTuple):
    """What was measured of a format, in seconds of a processor."""

    name: str
    documents: int
    volume: int
    """Bytes of the texts."""
    loading: float
    """Reading the bytes of the files."""
    reading: float
    """From files to documents, loading included."""
    tokens: float
    """From documents to tokens."""


def main() -> None:
    """Write the stories in each format, read them and print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--megabytes", type=int, default=24)
    parser.add_argument("--repeat", type=int, default=3)
    parser.add_argument("--folder", type=Path)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(dir=options.folder) as folder:
        source = Path(folder, "source.jsonl")
        generate(options.megabytes * 1_000_000 // _STORY, source)
        rows = _join(json.loads(line)["text"] for line in source.open(encoding="utf-8"))
        print(
            f"{'format':12} {'MB/s':>6} {'documents/s':>12} {'loading':>8} {'parsing':>8}", end=""
        )
        print(f" {'to tokens, MB/s':>16}")
        for name, write in _WRITERS.items():
            path = Path(folder, name)
            try:
                write(rows, path)
            except ImportError as missing:
                print(f"{name:12} {missing.name} is not installed", file=sys.stderr)
                continue
            print(_tell(measure(name, path, options.repeat)), flush=True)
        whole = {name: share(Path(folder, name), options.repeat) for name in ("a.jsonl", "text")}
        print(f"\nA whole scan, in seconds of one processor:\n{lay_out(whole)}")


def _join(texts: Iterable[str]) -> Rows:
    """Make a record of every three stories: together they have the length of an agency's."""
    shared = {"date": "2019-12-20T09:30:00Z", "byline": "By A. Writer"}
    return [
        {
            "id": f"s{number}",
            "title": f"Story {number} of many",
            **shared,
            "text": "\n\n".join(three),
        }
        for number, three in enumerate(zip(*[iter(texts)] * 3, strict=False))
    ]


def measure(name: str, path: Path, rounds: int) -> Row:
    """Time the stages; of some rounds the best one counts."""
    files = [path] if path.is_file() else sorted(path.iterdir())
    loading = min(_time(lambda: [file.read_bytes() for file in files])[0] for _ in range(rounds))
    reading, found = min(
        (_time(lambda: list(read([path]))) for _ in range(rounds)), key=lambda timed: timed[0]
    )
    documents = [item for item in found if isinstance(item, Document)]
    if len(documents) < len(found):
        raise SystemExit(f"{name}: {len(found) - len(documents)} documents could not be read")
    tokens, _ = _time(lambda: [tokenize(batch) and None for batch in _cut(documents)])
    volume = sum(len(document.text.encode()) for document in documents)
    return Row(name, len(documents), volume, loading, reading, tokens)


def _time(task: Callable[[], T]) -> tuple[float, T]:
    began = time.process_time()
    done = task()
    return time.process_time() - began, done


def _cut(documents: Iterable[Document]) -> Iterator[list[str]]:
    """Give texts in batches such as the pipeline makes."""
    batch: list[str] = []
    room = 0
    for document in documents:
        batch.append(document.compared)
        room += len(document.text)
        if room >= _BATCH:
            yield batch
            batch, room = [], 0
    yield batch


def _tell(row: Row) -> str:
    loading = min(row.loading / row.reading, 1)
    return (
        f"{row.name:12} {row.volume / row.reading / 1e6:6.0f} {row.documents / row.reading:12,.0f}"
        f" {loading:8.0%} {1 - loading:8.0%} {row.volume / (row.reading + row.tokens) / 1e6:16.0f}"
    )


def _write_text(rows: Rows, path: Path) -> None:
    path.mkdir()
    for number, row in enumerate(rows):
        Path(path, f"{number:07}.txt").write_text(row["text"], encoding="utf-8")


def _write_markdown(rows: Rows, path: Path) -> None:
    path.mkdir()
    for number, row in enumerate(rows):
        page = f"# {row['title']}\n\n{row['text']}"
        Path(path, f"{number:07}.md").write_text(page, encoding="utf-8")


def _lines(rows: Rows) -> bytes:
    return "".join(json.dumps(row) + "\n" for row in rows).encode()


def _write_csv(rows: Rows, path: Path) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)


def _write_parquet(rows: Rows, path: Path) -> None:
    import pyarrow.parquet

    pyarrow.parquet.write_table(pyarrow.Table.from_pylist(rows), path)


def _write_arrow(rows: Rows, path: Path) -> None:
    import pyarrow.ipc

    table = pyarrow.Table.from_pylist(rows)
    with pyarrow.ipc.new_file(path, table.schema) as writer:
        writer.write_table(table)


def _write_zstd(rows: Rows, path: Path) -> None:
    import zstandard

    path.write_bytes(zstandard.compress(_lines(rows)))


def _write_zip(rows: Rows, path: Path) -> None:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for number, row in enumerate(rows):
            archive.writestr(f"{number}.txt", row["text"])


def _write_tar(rows: Rows, path: Path) -> None:
    with tarfile.open(path, "w:gz", compresslevel=6) as archive:
        for number, row in enumerate(rows):
            content = row["text"].encode()
            member = tarfile.TarInfo(f"{number}.txt")
            member.size = len(content)
            archive.addfile(member, io.BytesIO(content))


def _write_crawl(rows: Rows, path: Path) -> None:
    with path.open("wb") as file:
        for row in rows:
            block = row["text"].encode()
            head = f"WARC/1.0\r\nWARC-Type: conversion\r\nContent-Length: {len(block)}\r\n"
            file.write(f"{head}Content-Type: text/plain\r\n\r\n".encode() + block + b"\r\n\r\n")


_WRITERS: Final[dict[str, Callable[[Rows, Path], object]]] = {
    "text": _write_text,
    "markdown": _write_markdown,
    "a.jsonl": lambda rows, path: path.write_bytes(_lines(rows)),
    "a.json": lambda rows, path: path.write_bytes(json.dumps(rows).encode()),
    "a.csv": _write_csv,
    "a.parquet": _write_parquet,
    "a.arrow": _write_arrow,
    "a.jsonl.gz": lambda rows, path: path.write_bytes(gzip.compress(_lines(rows))),
    "a.jsonl.zst": _write_zstd,
    "a.zip": _write_zip,
    "a.tar.gz": _write_tar,
    "a.warc": _write_crawl,
}
"""Writes the stories in a format: a file, or a folder of files."""

if __name__ == "__main__":
    main()

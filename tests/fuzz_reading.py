"""Coverage-guided fuzzing of all readers: `python tests/fuzz_reading.py CORPUS -max_total_time=60`.

Needs atheris (`pip install atheris`). CORPUS is a folder; where it is empty, samples of the
formats are put there to begin with. An input is one byte that chooses the name of a file, and
what the file holds. A reader must end, must not raise, and must give what later stages rely on.
Other options are libFuzzer's.
"""

import bz2
import gzip
import io
import lzma
import sys
import tarfile
import tempfile
import zipfile
from importlib import import_module
from pathlib import Path

import atheris

with atheris.instrument_imports(include=["dupfind", "tarfile", "zipfile", "warcio"]):
    from dupfind.model import Document, Skipped
    from dupfind.reading import Reading, Selection
    from dupfind.sources import read
    from dupfind.sources.formats import FORMATS

    for form in FORMATS:
        # They load when they are needed; then it is too late to see which way they go.
        import_module(f"dupfind.sources.formats.{form.name}")

SAMPLES = Path(__file__).parent / "samples"
ENDINGS = sorted(
    {ending for form in FORMATS for ending in form.extensions}
    | {".gz", ".bz2", ".xz", ".zst", ".zip", ".tar", ".tgz", ""}
)
SELECTION = Selection(hidden=True)
READING = Reading(max_size=1 << 16)


def try_input(data: bytes) -> None:
    """Read an input as a file, and hold what comes of it against what is relied on."""
    if not data:
        return
    path = FOLDER / f"a{ENDINGS[data[0] % len(ENDINGS)]}"
    path.write_bytes(data[1:])
    for item in read([path], SELECTION, READING):
        if isinstance(item, Skipped):
            f"{item.path}{item.record}{item.detail}".encode()
            assert item.reason.isalpha()
            assert "\n" not in (item.detail or "")
        else:
            check_document(item)


def check_document(document: Document) -> None:
    """Hold a document against what later stages rely on."""
    fields = [getattr(document, name) for name in document.__struct_fields__]
    "".join(map(str, fields)).encode()
    flat = [place for stretch in document.hidden for place in stretch]
    assert flat == sorted(flat)
    assert not flat or (flat[0] >= 0 and flat[-1] <= len(document.text))
    assert len(document.compared) == len(document.text)


def make_samples(folder: Path) -> None:
    """Copy the samples of all formats, and pack some text in every way."""
    lines = b'{"id": 1, "text": "one \\u00e9"}\n{"id": "b", "text": "two\\n\\"x\\""}\n'
    zipped = io.BytesIO()
    with zipfile.ZipFile(zipped, "w") as archive:
        archive.writestr("a.txt", "Text in a file")
        archive.writestr("b/c.jsonl", lines)
    tarred = io.BytesIO()
    with tarfile.open(fileobj=tarred, mode="w") as archive:
        member = tarfile.TarInfo("a.txt")
        member.size = 4
        archive.addfile(member, io.BytesIO(b"Text"))
    samples = {
        "marked.txt": "Headline of it\n\nText <!-- dupfind: ignore-start --> é".encode(),
        "old.tsv": "id\ttext\n1\tdéjà".encode("cp1252"),
        "a.gz": gzip.compress(lines),
        "a.bz2": bz2.compress(b"Text"),
        "a.xz": lzma.compress(b"Text"),
        "a.zip": zipped.getvalue(),
        "a.tar": tarred.getvalue(),
        "wide": "Text".encode("utf-16"),
    }
    for path in sorted(SAMPLES.glob("*/*")):
        samples[f"{path.parent.name}-{path.name}"] = path.read_bytes()
    for name, data in samples.items():
        ending = Path(name).suffix
        number = ENDINGS.index(ending if ending in ENDINGS else "")
        Path(folder, name.replace(".", "-")).write_bytes(bytes([number]) + data)


if __name__ == "__main__":
    corpus = Path(next((name for name in sys.argv[1:] if not name.startswith("-")), "corpus"))
    corpus.mkdir(exist_ok=True)
    if not any(corpus.iterdir()):
        make_samples(corpus)
    FOLDER = Path(tempfile.mkdtemp(prefix="dupfind-fuzz-"))
    atheris.Setup(sys.argv, try_input)
    atheris.Fuzz()

"""The memory of a run: bounded by what it is allowed and by its documents, not by their length."""

import random
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

import pytest

DOCUMENTS = 2_000
FURNITURE = "Subscribe to the Harbor Letter"
LINUX = pytest.mark.skipif(sys.platform != "linux", reason="samples /proc")


def write(path, words):
    """Write documents of so many words: revisions, copies, a phrase of all and a line below."""
    draw = random.Random(words)
    told = [f"word{number}" for number in range(50_000)]
    with path.open("w") as file:
        for number in range(DOCUMENTS):
            if number % 5 == 0:
                text = draw.choices(told, k=words)
                # What more than 32 documents hold is paired otherwise, and told as boilerplate.
                for at in range(0, words, 500):
                    text[at : at + 30] = [f"phrase{at % 2_000 + word}" for word in range(30)]
            elif number % 5 == 1:
                text = [*text[: words // 2], "amended", *text[words // 2 :]]
            shown = " ".join(text if number % 5 < 3 else draw.choices(told, k=words))
            file.write(f'{{"text": "{shown}.\\n\\n{FURNITURE}"}}\n')


def watch(path):
    """Scan a file in 100 MiB, and give the peaks of its memory in MiB, by kind."""
    command = [sys.executable, "-m", "dupfind", "scan", path, "--memory", "100M", "--jobs", "1"]
    peaks = Counter()
    with subprocess.Popen([*command, "-f", "json", "-o", path.with_suffix(".json")]) as process:
        while process.poll() is None:
            status = Path(f"/proc/{process.pid}/status").read_text("ascii")
            told = dict(line.split(":", 1) for line in status.splitlines())
            for kind in {"RssAnon", "RssFile"} & told.keys():
                peaks[kind] = max(peaks[kind], int(told[kind].split()[0]) >> 10)
            time.sleep(0.005)
    assert process.returncode == 0
    return peaks


@LINUX
@pytest.mark.slow
def test_long_documents_take_no_more_memory(tmp_path):
    """Four times the text takes about the same memory, though it is more than is allowed."""
    peaks = []
    for words in (2_500, 10_000):
        path = tmp_path / f"{words}.jsonl"
        write(path, words)
        peaks.append(watch(path))
    few, many = peaks
    assert path.stat().st_size > 150 << 20
    assert many["RssAnon"] < min(few["RssAnon"] + 60, 320)
    assert many["RssFile"] < few["RssFile"] + 150

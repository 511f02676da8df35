"""The local engine, with real processes that really die."""

import json
import os
import random
import signal
import subprocess
import sys
import time
from multiprocessing import parent_process
from pathlib import Path
from threading import Timer

import numpy as np
import pytest

from dupfind.engines.local import Workers


def square(number):
    """Square a number, unless it is 0 and this is a worker: then die."""
    if number == 0 and parent_process() is not None:
        os.kill(os.getpid(), signal.SIGKILL)
    return number * number


def test_a_dead_worker(recwarn):
    """Its batches are named, and they and all others come out all the same, in order."""
    told = []
    with Workers(2, told.append) as workers:
        workers.prepare()
        assert list(workers(square, range(9), "squaring")) == [n * n for n in range(9)]
        assert list(workers(square, range(9), "squaring")) == [n * n for n in range(9)]
    (line,) = told
    assert line.startswith(
        "squaring: a worker process died, perhaps for want of memory; batch 1 and "
    )
    assert not recwarn


def test_a_dead_worker_warns():
    """A script that uses the engine is warned."""
    with Workers(2) as workers:
        workers.prepare()
        with pytest.warns(UserWarning, match="squaring: a worker process died"):
            assert list(workers(square, [0, 1], "squaring")) == [0, 1]


def answer_dying(number):
    """Answer at length and, where this is a worker, die in the midst of it."""
    if parent_process() is not None:
        Timer(0.05, os.kill, (os.getpid(), signal.SIGKILL)).start()
    return [bytes(number + 1)] * 3_000_000


def test_a_half_answer():
    """A worker that dies while it answers is not waited for."""
    told = []
    with Workers(2, told.append) as workers:
        workers.prepare()
        answers = list(workers(answer_dying, range(3), "answering"))
    assert [answer[-1] for answer in answers] == [b"\0", b"\0" * 2, b"\0" * 3]
    assert len(told) == 1


def test_a_single_batch_stays():
    """Nobody else has anything to do meanwhile."""
    with Workers(2) as workers:
        workers.prepare()
        assert list(workers(lambda number: -number, [3], "turning")) == [-3]


def tell_where(_):
    """Tell the process that works on a batch."""
    return os.getpid()


def test_the_last_batch_waits_for_nobody():
    """It stays here where the workers have others to do."""
    with Workers(2) as workers:
        workers.prepare()
        first, last = workers(tell_where, [1, 2], "telling")
    assert first != last == os.getpid()


def test_threads_keep_the_order():
    """What works in this process gets batches one by one, and gives results in their order."""
    with Workers(2) as workers:
        workers.prepare()
        assert list(workers.in_threads(square, iter(range(9)))) == [n * n for n in range(9)]


def spread(number):
    """Give many large arrays."""
    return [np.full(1 << 16, number + part, np.uint8) for part in range(20)]


@pytest.mark.skipif(not Path("/proc/self/fd").is_dir(), reason="needs Linux's /proc")
def test_a_result_keeps_one_file_open():
    """However many arrays it holds, and they are what they were."""
    before = len(list(Path("/proc/self/fd").iterdir()))
    with Workers(2) as workers:
        workers.prepare()
        answers = list(workers(spread, range(9), "spreading"))
        assert len(list(Path("/proc/self/fd").iterdir())) < before + 20
    for number, answer in enumerate(answers):
        assert all(map(np.array_equal, answer, spread(number)))


def fail(number):
    """Raise an error in a worker."""
    if parent_process() is not None:
        raise ValueError(number)


def test_an_error_in_a_worker():
    """It is raised where the result is waited for, and says what happened there."""
    with Workers(2) as workers:
        workers.prepare()
        with pytest.raises(ValueError, match="0") as caught:
            list(workers(fail, [0, 1], "failing"))
    assert "in fail\n" in caught.value.__notes__[0]


@pytest.mark.slow
@pytest.mark.parametrize("stage", [b"", b"reading and sketching"])
def test_a_killed_worker(dupfind, tmp_path, stage):
    """A scan whose worker is killed says so in a line, and gives the same report."""
    with (tmp_path / "many.jsonl").open("w") as file:
        for number in range(14_000):
            chosen = random.Random(number // 2).choices(range(10_000), k=80)
            text = " ".join(f"word{word}" for word in chosen[number % 2 :])
            file.write(json.dumps({"text": text}) + "\n")
    command = ["scan", "many.jsonl", "--jobs", "2", "-o", "report.json"]
    with subprocess.Popen(
        [sys.executable, "-m", "dupfind", *command, "-v"],
        cwd=tmp_path,
        stderr=subprocess.PIPE,
    ) as process:
        while not process.stderr.readline().startswith(stage):
            assert process.poll() is None
        while not (worker := find_worker(process.pid)):
            assert process.poll() is None
        os.kill(worker, signal.SIGKILL)
        _, error = process.communicate()
    told = [line for line in error.splitlines() if b"died" in line]
    assert process.returncode == 0
    assert len(told) == 1
    assert told[0].startswith(b"dupfind: ")
    assert b"Traceback" not in error
    found = (tmp_path / "report.json").read_bytes()
    assert dupfind("scan", "many.jsonl", "-f", "json", cwd=tmp_path).stdout == found


@pytest.mark.slow
@pytest.mark.parametrize(("ending", "code"), [("SIGINT", 130), ("SIGTERM", 143), ("SIGKILL", -9)])
def test_an_end_from_outside(tmp_path, ending, code):
    """Whoever ends a run ends its workers; where it can, it removes its files."""
    files = tmp_path / "files"
    files.mkdir()
    with (tmp_path / "many.jsonl").open("w") as file:
        for number in range(30_000):
            words = random.Random(number).choices(range(10_000), k=200)
            file.write(json.dumps({"text": " ".join(f"word{word}" for word in words)}) + "\n")
    with subprocess.Popen(
        [sys.executable, "-m", "dupfind", "scan", "many.jsonl", "--jobs", "2", "--memory", "100M"],
        cwd=tmp_path,
        env={**os.environ, "TMPDIR": str(files)},
    ) as process:
        # Not any file: `tempfile` tries the folder first, by one that it may be ended at.
        while not ((worker := find_worker(process.pid)) and any(files.glob("dupfind-*"))):
            assert process.poll() is None
        process.send_signal(getattr(signal, ending))
        assert process.wait() == code
    for _ in range(100):
        if not Path(f"/proc/{worker}").exists():
            break
        time.sleep(0.1)
    assert not Path(f"/proc/{worker}").exists()
    assert code < 0 or not any(files.iterdir())


def find_worker(parent):
    """Find the worker process that another process has started, by what it runs; 0 if none."""
    listed = subprocess.run(
        ["ps", "-eww", "-o", "pid=,ppid=,args="], capture_output=True, text=True, check=True
    )
    for line in listed.stdout.splitlines():
        pid, own, arguments = line.split(None, 2)
        if own == str(parent) and "spawn_main" in arguments:
            return int(pid)
    return 0

"""What tests share: the program as a real process, the example stories, golden files."""

import os
import pty
import select
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
SHARED = ROOT.parent / "shared"

Run = Callable[..., "subprocess.CompletedProcess[bytes]"]


def pytest_addoption(parser: pytest.Parser) -> None:
    """Let golden files be written anew: `pytest --update-golden`, then read the diff."""
    parser.addoption("--update-golden", action="store_true", help="write golden files anew")


@pytest.fixture
def golden(request: pytest.FixtureRequest) -> Callable[[str, bytes], None]:
    """Hold bytes against a file in tests/golden."""

    def check(name: str, found: bytes) -> None:
        path = ROOT / "tests" / "golden" / name
        if request.config.getoption("--update-golden"):
            path.write_bytes(found)
        assert found.decode() == path.read_text("utf-8")

    return check


@pytest.fixture(scope="session")
def dupfind() -> Run:
    """Run the program in a process of its own, by default from the root of the project."""

    def run(
        *arguments: str | os.PathLike[str], cwd: Path = ROOT, **environment: str
    ) -> "subprocess.CompletedProcess[bytes]":
        plain = {
            name: value
            for name, value in os.environ.items()
            if name not in {"NO_COLOR", "FORCE_COLOR", "COLUMNS"}
        }
        return subprocess.run(
            [sys.executable, "-m", "dupfind", *arguments],
            cwd=cwd,
            env={**plain, **environment},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=300,
            check=False,
        )

    return run


@pytest.fixture(scope="session")
def shared() -> Path:
    """Give the folder of development data; tests that need it are skipped without it."""
    if not (SHARED / "corpora").is_dir():
        pytest.skip("the development data is not here")
    return SHARED


def on_terminal(arguments: list[str], columns: int) -> str:
    """Run the program on a terminal of its own and give what it showed."""
    master, slave = pty.openpty()
    environment = {**os.environ, "COLUMNS": str(columns), "TERM": "xterm-256color"}
    environment.pop("NO_COLOR", None)
    with subprocess.Popen(
        [sys.executable, "-m", "dupfind", *arguments],
        cwd=ROOT,
        stdin=slave,
        stdout=slave,
        stderr=slave,
        env=environment,
    ) as process:
        os.close(slave)
        shown = b""
        while select.select([master], [], [], 60)[0]:
            try:
                shown += os.read(master, 65536)
            except OSError:  # the other side is closed
                break
    os.close(master)
    assert process.returncode == 0
    return shown.decode()

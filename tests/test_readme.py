"""What the pages show is what the program says; `pytest --update-golden` writes it anew."""

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest
from conftest import ROOT, on_terminal
from test_docs import PAGES as WITH_A_FOLDER

PAGES = [ROOT / "README.md", *sorted({*(ROOT / "docs").glob("*.md")} - {*WITH_A_FOLDER})]


def run_transcript(found: re.Match[str], _folder: Path) -> str:
    """Run a command as the page shows it, on a terminal of that width, without color."""
    columns, command = int(found["columns"]), found["command"]
    shown = on_terminal([*shlex.split(command)[1:], "--color", "never"], columns)
    lines = re.sub(r"\x1b\[[0-9;?]*[a-zA-Z]", "", shown).replace("\r", "").splitlines()
    # Of the progress bars nothing stays; the time is never the same.
    kept = "\n".join(line.rstrip() for line in lines if "━" not in line).strip("\n")
    kept = re.sub(r" in [\d.]+ s$", " in 0.7 s", kept)
    return f"{found['head']}$ {command}\n{kept}\n```"


def run_pipe(found: re.Match[str], folder: Path) -> str:
    """Run a line of shell in a folder that the page has to itself, and keep the first lines."""
    program = folder / "bin" / "dupfind"
    if not program.exists():
        (folder / "seeds").symlink_to(ROOT / "seeds")
        program.parent.mkdir()
        program.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m dupfind "$@"\n')
        program.chmod(0o755)
    path = f"{program.parent}{os.pathsep}{os.environ['PATH']}"
    done = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", found["command"]],
        cwd=folder,
        env={**os.environ, "PATH": path, "PYTHONPATH": str(ROOT)},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=True,
    )
    lines = done.stdout.rstrip().splitlines()
    most = int(found["lines"] or len(lines))
    kept = "\n".join([*lines[:most], *["…"] * (len(lines) > most)])
    return f"{found['head']}$ {found['command']}\n{kept}\n{found['fence']}"


def run_help(found: re.Match[str], _folder: Path) -> str:
    """Ask a command for its help."""
    command = [sys.executable, "-m", "dupfind", found["command"], "--help"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    return f"{found['head']}{done.stdout.rstrip()}\n```"


def run_python(found: re.Match[str], _folder: Path) -> str:
    """Run a block of Python."""
    command = [sys.executable, "-c", found["code"]]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    return f"{found['head']}{done.stdout.rstrip()}\n```"


BLOCKS = {
    r"(?P<head><!-- transcript: columns=(?P<columns>\d+) -->\n```console\n)"
    r"\$ (?P<command>.*)\n(?:.*\n)*?```": run_transcript,
    r"(?P<head><!-- output(?:: lines=(?P<lines>\d+))? -->\n(?P<fence>````*)console\n)"
    r"\$ (?P<command>.*)\n(?:.*\n)*?(?P=fence)": run_pipe,
    r"(?P<head><!-- help: (?P<command>\w+) -->\n```text\n)(?:.*\n)*?```": run_help,
    r"(?P<head>```python\n(?P<code>(?:.*\n)*?)```\n\n```text\n)(?:.*\n)*?```": run_python,
}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_a_page_shows_what_the_program_says(page, request, tmp_path):
    """Transcripts, output, help and the results of Python code are those of this version."""
    old = new = page.read_text("utf-8")
    for block, run in BLOCKS.items():
        new = re.sub(block, lambda found, run=run: run(found, tmp_path), new)
    if request.config.getoption("--update-golden"):
        page.write_text(new, "utf-8")
    assert old == new


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_lead_somewhere(page):
    """Every relative link of a page names a file of the repository."""
    prose = re.sub(r"^(```+).*?^\1", "", page.read_text("utf-8"), flags=re.MULTILINE | re.DOTALL)
    links = re.findall(r"\]\(([^)#:]+)\)", prose)
    assert [link for link in links if not (page.parent / link).exists()] == []

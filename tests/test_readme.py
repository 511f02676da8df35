"""What README shows is what the program says; `pytest --update-golden` writes it anew."""

import re
import shlex
import subprocess
import sys

from conftest import ROOT, on_terminal

README = ROOT / "README.md"


def run_transcript(found: re.Match[str]) -> str:
    """Run a command as README shows it, on a terminal of that width, without color."""
    columns, command = int(found["columns"]), found["command"]
    shown = on_terminal([*shlex.split(command)[1:], "--color", "never"], columns)
    lines = re.sub(r"\x1b\[[0-9;?]*[a-zA-Z]", "", shown).replace("\r", "").splitlines()
    # Of the progress bars nothing stays; the time is never the same.
    kept = "\n".join(line.rstrip() for line in lines if "━" not in line).strip("\n")
    kept = re.sub(r" in [\d.]+ s$", " in 0.7 s", kept)
    return f"{found['head']}$ {command}\n{kept}\n```"


def run_help(found: re.Match[str]) -> str:
    """Ask a command for its help."""
    command = [sys.executable, "-m", "dupfind", found["command"], "--help"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    return f"{found['head']}{done.stdout.rstrip()}\n```"


def run_python(found: re.Match[str]) -> str:
    """Run a block of Python."""
    command = [sys.executable, "-c", found["code"]]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    return f"{found['head']}{done.stdout.rstrip()}\n```"


def test_readme_shows_what_the_program_says(request):
    """Transcripts, help and the output of Python code are those of this version."""
    old = new = README.read_text("utf-8")
    new = re.sub(
        r"(?P<head><!-- transcript: columns=(?P<columns>\d+) -->\n```console\n)"
        r"\$ (?P<command>.*)\n(?:.*\n)*?```",
        run_transcript,
        new,
    )
    new = re.sub(
        r"(?P<head><!-- help: (?P<command>\w+) -->\n```text\n)(?:.*\n)*?```", run_help, new
    )
    new = re.sub(
        r"(?P<head>```python\n(?P<code>(?:.*\n)*?)```\n\n```text\n)(?:.*\n)*?```", run_python, new
    )
    if request.config.getoption("--update-golden"):
        README.write_text(new, "utf-8")
    assert old == new


def test_readme_links_lead_somewhere():
    """Every relative link names a file of the repository."""
    links = re.findall(r"\]\(([^)#:]+)\)", README.read_text("utf-8"))
    assert links
    assert [link for link in links if not (ROOT / link).exists()] == []

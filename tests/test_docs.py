"""What the pages in docs/ show is what happens; `pytest --update-golden` writes it anew."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import click
import pytest
import yaml
from conftest import ROOT
from test_baseline import commit, git

from dupfind.cli import group

NAMES = ("check-in-ci", "configure", "find-reprints", "clean-a-corpus", "read-the-json")
PAGES = [ROOT / "docs" / f"{name}.md" for name in NAMES]


@pytest.fixture
def folder(tmp_path) -> Path:
    """Make a repository with the example stories, and dupfind on its path."""
    shutil.copytree(ROOT / "seeds", tmp_path / "work" / "stories")
    (tmp_path / "work" / "stories" / "README.md").unlink()
    program = tmp_path / "bin" / "dupfind"
    program.parent.mkdir()
    program.write_text(f'#!/bin/sh\nexec {sys.executable} -m dupfind "$@"\n')
    program.chmod(0o755)
    git(tmp_path / "work", "init", "--quiet", "--initial-branch=main")
    commit(tmp_path / "work")
    return tmp_path / "work"


def run(folder: Path, command: list[str], **environment: str) -> subprocess.CompletedProcess:
    """Run a command in the folder, with dupfind on its path and ours as its package."""
    plain = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    path = f"{folder.parent / 'bin'}{os.pathsep}{os.environ['PATH']}"
    return subprocess.run(
        command,
        cwd=folder,
        env={**plain, "PATH": path, "PYTHONPATH": str(ROOT), **environment},
        capture_output=True,
        text=True,
        check=False,
    )


def answer(folder: Path, command: list[str]) -> str:
    """Give what a command says, seconds apart."""
    done = run(folder, command)
    assert "Traceback" not in done.stderr
    return re.sub(r"in [\d.]+ s$", "in 0.7 s", done.stdout + done.stderr, flags=re.MULTILINE)


def show_console(folder: Path, block: str) -> str:
    """Run the commands of a block, each followed by what it says."""
    commands = re.findall(r"^\$ (.*)$", block, re.MULTILINE)
    shown = (f"$ {command}\n{answer(folder, ['bash', '-c', command])}" for command in commands)
    return "".join(f"{piece.rstrip()}\n" for piece in shown)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_a_page_shows_what_happens(page, folder, request):
    """Its commands, run one after the other, say what it says they do."""
    old = page.read_text("utf-8")
    if "$ jq" in old and not shutil.which("jq"):
        pytest.skip("jq is not here")

    def show(found: re.Match[str]) -> str:
        if found["console"] is not None:
            return f"```console\n{show_console(folder, found['console'])}```"
        code = found["code"]
        return f"```python\n{code}```\n\n```text\n{answer(folder, [sys.executable, '-c', code])}```"

    block = r"(?:(?!```).*\n)*"
    console = rf"```console\n(?P<console>{block})```"
    python = rf"```python\n(?P<code>{block})```\n\n```text\n{block}```"
    new = re.sub(f"{console}|{python}", show, old)
    if request.config.getoption("--update-golden"):
        page.write_text(new, "utf-8")
    assert new == old


def test_every_command_has_an_example():
    """Somewhere a page shows how each is called, in what a test runs or in README."""
    pages = [*PAGES, ROOT / "README.md", ROOT / "docs" / "reports.md"]
    text = "\n".join(page.read_text("utf-8") for page in pages)
    shown = set(re.findall(r"^\$ (?:.*[ ;])?dupfind (\w+)", text, re.MULTILINE))
    assert shown >= set(group.list_commands(click.Context(group)))


def test_links_lead_somewhere():
    """Every relative link of a page names a file of the repository."""
    for page in PAGES:
        links = re.findall(r"\]\(([^)#:]+)\)", page.read_text("utf-8"))
        assert [link for link in links if not (page.parent / link).exists()] == []


def blocks(page: str, language: str) -> list[str]:
    """Give the blocks of a page in a language."""
    text = (ROOT / "docs" / f"{page}.md").read_text("utf-8")
    return re.findall(rf"^```{language}\n(.*?)^```", text, re.MULTILINE | re.DOTALL)


def test_the_examples_of_files_are_valid(folder):
    """What a page shows of dupfind.toml is taken."""
    examples = [*blocks("check-in-ci", "toml"), *blocks("configure", "toml")]
    assert len(examples) == 3
    for example in examples:
        (folder / "dupfind.toml").write_text(example)
        assert run(folder, ["dupfind", "config"]).returncode == 0


def snippets() -> list[dict]:
    """Give the examples for GitHub, GitLab and pre-commit."""
    return [yaml.safe_load(block) for block in blocks("check-in-ci", "yaml")]


@pytest.fixture
def accepted(folder) -> Path:
    """Make a repository with a baseline, and a branch that changed one story of a pair."""
    run(folder, ["dupfind", "check", "stories", "--baseline", ".dupfind-baseline", "-q",
                 "--write-baseline"])  # fmt: skip
    commit(folder)
    git(folder, "update-ref", "refs/remotes/origin/main", "main")
    git(folder, "switch", "--quiet", "--create", "branch")
    return folder


def copy_story(folder: Path) -> None:
    """Commit what should not pass."""
    shutil.copy(folder / "stories" / "storm-northline.txt", folder / "stories" / "again.txt")
    commit(folder)


def test_the_action(accepted, tmp_path):
    """Its step passes what is accepted and fails on a copy, with the inputs of the page."""
    action = yaml.safe_load((ROOT / "action.yml").read_text())
    install, check = action["runs"]["steps"]
    assert '"$GITHUB_ACTION_PATH"' in install["run"]
    assert check["env"] == {"PATHS": "${{ inputs.paths }}", "OPTIONS": "${{ inputs.options }}"}
    inputs = snippets()[0]["jobs"]["overlaps"]["steps"][1]["with"]
    assert inputs.keys() <= action["inputs"].keys()
    options = inputs["options"].replace("${{ github.base_ref }}", "main")
    (tmp_path / "dupfind").mkdir()
    (tmp_path / "dupfind" / "bin").symlink_to(accepted.parent / "bin")
    environment = {"RUNNER_TEMP": str(tmp_path), "PATHS": inputs["paths"], "OPTIONS": options}
    shell = ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", check["run"]]
    assert run(accepted, shell, **environment).returncode == 0
    copy_story(accepted)
    assert run(accepted, shell, **environment).returncode == 1


def test_the_job_for_gitlab(accepted):
    """Its script passes what is accepted and fails on a copy."""
    install, check = snippets()[1]["overlaps"]["script"]
    assert install.startswith("pip install ")
    base = git(accepted, "rev-parse", "main").strip()
    assert run(accepted, ["sh", "-c", check], CI_MERGE_REQUEST_DIFF_BASE_SHA=base).returncode == 0
    copy_story(accepted)
    assert run(accepted, ["sh", "-c", check], CI_MERGE_REQUEST_DIFF_BASE_SHA=base).returncode == 1


def test_the_hook_for_pre_commit(accepted):
    """pre-commit takes its manifest and the page's file, and runs it as they say."""
    pre_commit = [sys.executable, "-m", "pre_commit"]
    manifest = ROOT / ".pre-commit-hooks.yaml"
    assert run(accepted, [*pre_commit, "validate-manifest", str(manifest)]).returncode == 0
    (repository,) = snippets()[2]["repos"]
    (hook,) = yaml.safe_load(manifest.read_text())
    (asked,) = repository["hooks"]
    # In an environment of its own it would have to be installed, with all it needs.
    local = {"repo": "local", "hooks": [{**hook, **asked, "language": "system"}]}
    config = accepted / ".pre-commit-config.yaml"
    for repositories in ([repository], [local]):
        config.write_text(yaml.safe_dump({"repos": repositories}))
        assert run(accepted, [*pre_commit, "validate-config"]).returncode == 0
    commit(accepted)
    home = str(accepted.parent / "home")
    done = run(accepted, [*pre_commit, "run", "--all-files"], PRE_COMMIT_HOME=home)
    assert (done.returncode, "Passed" in done.stdout) == (0, True), done.stdout
    copy_story(accepted)
    done = run(accepted, [*pre_commit, "run", "--all-files"], PRE_COMMIT_HOME=home)
    assert (done.returncode, "stories/again.txt" in done.stdout) == (1, True)


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("dupfind che", {"check"}),
        ("dupfind ", {"check", "config", "dedupe", "scan"}),
        ("dupfind check --write", {"--write-baseline"}),
        ("dupfind dedupe --keep l", {"lead", "longest", "latest"}),
    ],
)
def test_the_shell_completes(folder, line, expected):
    """Commands, options and values are offered, even where the file has a mistake."""
    (folder / "dupfind.toml").write_text("nonsense")
    words = line.split(" ")
    environment = {"COMP_WORDS": line, "COMP_CWORD": str(len(words) - 1)}
    done = run(folder, ["dupfind"], _DUPFIND_COMPLETE="bash_complete", **environment)
    offered = {offer.partition(",")[2] for offer in done.stdout.splitlines()}
    assert (done.returncode, done.stderr) == (0, "")
    assert expected <= offered


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_the_line_for_each_shell(folder, shell):
    """Completion is set up by what the page says."""
    (lines,) = blocks("configure", "sh")
    assert f"_DUPFIND_COMPLETE={shell}_source dupfind" in lines
    done = run(folder, ["dupfind"], _DUPFIND_COMPLETE=f"{shell}_source")
    assert done.returncode == 0
    assert "_DUPFIND_COMPLETE" in done.stdout

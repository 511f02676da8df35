import json
import tomllib
from pathlib import Path

import click
import jsonschema
import pytest
from conftest import ROOT

from dupfind.cli import group
from dupfind.cli.configuration import find_commands, find_options, make_schema
from dupfind.reports import FORMS

STORY = " ".join(f"word{number}" for number in range(60))


@pytest.fixture
def folder(tmp_path) -> Path:
    """Make a folder with two copies of a story, and one below it."""
    (tmp_path / "a.txt").write_text(STORY)
    (tmp_path / "b.txt").write_text(STORY)
    (tmp_path / "below").mkdir()
    return tmp_path


def ask(dupfind, folder: Path, *arguments: str, **environment: str) -> dict[str, tuple]:
    """Ask `dupfind config` for the values that are not by default, and their sources."""
    done = dupfind("config", "--format", "json", *arguments, cwd=folder, **environment)
    assert (done.returncode, done.stderr) == (0, b"")
    options = json.loads(done.stdout)["options"]
    return {
        key: (option["value"], option["source"])
        for key, option in options.items()
        if option["source"] != "default"
    }


def test_the_nearest_file_wins(dupfind, folder):
    """From the working directory upwards; dupfind.toml goes before pyproject.toml."""
    (folder / "pyproject.toml").write_text("[tool.dupfind]\nbands = 8\n")
    below = folder / "below"
    assert ask(dupfind, below) == {"bands": (8, "../pyproject.toml")}
    (below / "pyproject.toml").write_text("[tool.other]\nbands = 4\n")
    assert ask(dupfind, below) == {"bands": (8, "../pyproject.toml")}
    (folder / "dupfind.toml").write_text("rows = 3\nbands = 9\n")
    assert ask(dupfind, below) == {"bands": (9, "../dupfind.toml"), "rows": (3, "../dupfind.toml")}
    (below / "pyproject.toml").write_text("[tool.dupfind]\n")
    assert ask(dupfind, below) == {}
    assert ask(dupfind, below, "--config", "../pyproject.toml")["bands"][0] == 8
    assert ask(dupfind, below, DUPFIND_CONFIG="../dupfind.toml")["bands"][0] == 9


def test_command_line_environment_file_default(dupfind, folder):
    """The first of them that names a value gives it."""
    (folder / "dupfind.toml").write_text("min-words = 31\nrows = 1\nbands = 9\n")

    def settings(*arguments: str, **environment: str) -> dict:
        done = dupfind("scan", ".", "-f", "json", *arguments, cwd=folder, **environment)
        return json.loads(done.stdout)["settings"]

    found = settings("--bands", "7", DUPFIND_BANDS="8", DUPFIND_ROWS="2", DUPFIND_PASSAGES="1")
    names = ("bands", "rows", "min_words", "passages", "num_perm")
    assert [found[name] for name in names] == [7, 2, 31, True, 128]


def test_every_option_is_a_key_and_a_variable(dupfind, tmp_path):
    """Whatever a command takes can be set in both ways, and `config` says which it was."""
    examples = {"boolean": True, "integer": 3, "string": "x", "array": ["x"]}
    known = find_options(find_commands(click.Context(group)))
    for key, description in make_schema(known)["properties"].items():
        value = description.get("default", examples.get(description.get("type"), 1 << 30))
        if choices := description.get("enum") or description.get("items", {}).get("enum"):
            value = choices[0] if "enum" in description else [choices[0]]
        text = value[0] if isinstance(value, list) else str(value)
        (tmp_path / "dupfind.toml").write_text(f"{key} = {json.dumps(value)}\n")
        assert ask(dupfind, tmp_path) == {key: (value, "dupfind.toml")}
        variable = f"DUPFIND_{key.upper().replace('-', '_')}"
        assert ask(dupfind, tmp_path, **{variable: text}) == {key: (value, variable)}


def test_all_mistakes_are_told_at_once(dupfind, folder):
    """Unknown keys with the nearest known one, wrong types and ranges: a line each, exit 2."""
    (folder / "pyproject.toml").write_text(
        "[tool.dupfind]\n"
        'treshold = 0.4\nmin_words = 3\nxyzzy = "x"\n'
        'rows = "two"\nbands = 0\nthreshold = 7\ndiff = 1\njobs = 1.5\n'
        'output = "a.json"\nformat = "jso"\ncolor = ["auto"]\n'
    )
    done = dupfind("scan", "below", cwd=folder / "below")
    assert (done.returncode, done.stdout) == (2, b"")
    expected = [
        "unknown key 'treshold'; did you mean 'threshold'?",
        "unknown key 'min_words'; did you mean 'min-words'?",
        "unknown key 'xyzzy'; `dupfind config` lists the keys",
        'rows is "two"; it must be a whole number of at least 1',
        "bands is 0; it must be a whole number of at least 2",
        "threshold is 7; it must be a number above 0 and at most 1",
        "diff is 1; it must be true or false",
        "jobs is 1.5; it must be a whole number of at least 1",
        'output is "a.json"; it must be a list, each a string',
        f'format is "jso"; it must be one of {", ".join(map(repr, FORMS))}',
        "color is [\"auto\"]; it must be one of 'auto', 'always', 'never'",
    ]
    told = done.stderr.decode().splitlines()
    assert told == [f"dupfind: ../pyproject.toml: {line}" for line in expected]


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("pyproject.toml", b"[tool.dupfind]\nbands 3", "this is not TOML: Expected '='"),
        ("pyproject.toml", b"[tool]\ndupfind = 3", "tool.dupfind must be a table"),
        ("pyproject.toml", b"tool = 3", "there is no table tool.dupfind in it"),
        ("dupfind.toml", b"\xff", "this is not TOML: 'utf-8' codec can't decode"),
        ("other.toml", b"threshold = nan", "threshold is NaN; it must be a number above 0"),
    ],
)
def test_a_file_that_is_no_configuration(dupfind, tmp_path, name, content, message):
    """Exits with 2 and one line that names the file."""
    (tmp_path / name).write_bytes(content)
    for command in (["scan", "."], ["config"]):
        done = dupfind(*command, "--config", name, cwd=tmp_path)
        assert (done.returncode, done.stdout) == (2, b"")
        assert done.stderr.decode().startswith(f"dupfind: {name}: {message}")
        assert done.stderr.count(b"\n") == 1
    done = dupfind("scan", ".", "--config", "gone.toml", cwd=tmp_path)
    assert done.stderr == b"dupfind: 'gone.toml' cannot be read: No such file or directory\n"


def test_a_wrong_variable(dupfind, tmp_path):
    """Exits with 2 and names the option."""
    for command in (["scan", "."], ["config"]):
        done = dupfind(*command, cwd=tmp_path, DUPFIND_BANDS="many")
        assert (done.returncode, done.stdout) == (2, b"")
        assert b"Invalid value for '--bands'" in done.stderr


def test_paths_of_a_file_count_from_its_folder(dupfind, folder):
    """A report goes to the same place wherever the command is called."""
    (folder / "dupfind.toml").write_text(
        'output = ["report.json", "csv:pairs.txt", "paths:-"]\nfiles-from = "list"\n'
    )
    (folder / "list").write_text("b.txt\n")
    done = dupfind("scan", "..", cwd=folder / "below")
    assert done.returncode == 2
    assert b"'b.txt' does not exist" in done.stderr
    (folder / "list").write_text("../b.txt\n")
    done = dupfind("scan", "..", cwd=folder / "below")
    assert done.stdout == b"../b.txt\n"
    assert json.loads((folder / "report.json").read_bytes())["status"] == "complete"
    assert (folder / "pairs.txt").read_bytes().startswith(b"cluster,a,")


def test_what_a_file_turns_off(dupfind, folder):
    """A key of a pair of flags says what it does: ignore = false reads what is ignored."""
    (folder / ".gitignore").write_text("b.txt")
    (folder / "dupfind.toml").write_text("ignore = false\nhidden = false\n")
    assert dupfind("scan", ".", "-q", "-f", "paths", cwd=folder).stdout == b"b.txt\n"
    assert dupfind("scan", ".", "-q", "-f", "paths", "--ignore", cwd=folder).stdout == b""


def test_the_list_for_people(dupfind, folder):
    """A line a key: where its value comes from, and the value."""
    (folder / "dupfind.toml").write_text("threshold = 0.4\n")
    lines = dupfind("config", cwd=folder, DUPFIND_ROWS="1").stdout.decode().splitlines()
    assert lines[0] == "# dupfind.toml"
    words = [line.split() for line in lines[1:]]
    assert ["threshold", "dupfind.toml", "0.4"] in words
    assert ["rows", "DUPFIND_ROWS", "1"] in words
    assert ["jobs", "default", "unset"] in words
    assert dupfind("config", cwd=folder / "below").stdout.startswith(b"# ../dupfind.toml\n")


def test_help_needs_no_file(dupfind, tmp_path):
    """A mistake in the file does not stand in the way of the help."""
    (tmp_path / "dupfind.toml").write_text("nonsense")
    assert dupfind("scan", "--help", cwd=tmp_path).returncode == 0


def test_the_published_schema_is_that_of_the_options():
    """dupfind/config.schema.json is in step, and tells the same mistakes from the rest."""
    schema = json.loads((ROOT / "dupfind" / "config.schema.json").read_text())
    assert schema == make_schema(find_options(find_commands(click.Context(group))))
    validator = jsonschema.Draft202012Validator(schema)
    validator.validate(tomllib.loads('threshold = 1\nmin-words = 5\noutput = ["a.json"]'))
    for mistake in ("threshold = 0", "bands = 'x'", "treshold = 1", "format = 'x'", "output = 'x'"):
        assert not validator.is_valid(tomllib.loads(mistake))

"""Options from a file and from the environment: every long option is a key and a variable.

`--threshold` is the key `threshold` of the table `[tool.dupfind]` in pyproject.toml, or of
dupfind.toml, and the variable `DUPFIND_THRESHOLD`. The command line comes before the
environment, the environment before the file, the file before the default. All of it is
derived from the options themselves: what a value may be, and the JSON Schema for editors.
"""

import json
import os
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from difflib import get_close_matches
from pathlib import Path
from typing import Annotated, Any, Final, Literal, NamedTuple

import click
import msgspec

from dupfind.cli.options import OutputPath, Size
from dupfind.cli.output import split_form
from dupfind.errors import SettingsError

__all__ = [
    "CONFIG",
    "Configuration",
    "configured",
    "find_commands",
    "find_options",
    "make_schema",
    "read_configuration",
    "variable_of",
]

_FILES: Final = ("dupfind.toml", "pyproject.toml")
_OF_ONE_CALL: Final = frozenset({"config", "show-files", "write-baseline"})
"""Options that say what this one call is to do: a file may not set them."""

CONFIG: Final[dict[str, Any]] = {
    "type": click.Path(),
    "metavar": "FILE",
    "envvar": "DUPFIND_CONFIG",
    "help": "Take options from FILE.  [default: the nearest dupfind.toml, or pyproject.toml with "
    "a table tool.dupfind]",
}
"""What the option --config is in each command."""


class Configuration(NamedTuple):
    """A file's options, checked."""

    file: str
    """As shown to the user."""
    values: dict[str, Any]


def _key_of(option: click.Option) -> str:
    """Name an option: by its long form, without the dashes."""
    return next(name for name in option.opts if name.startswith("--")).removeprefix("--")


def variable_of(option: click.Option) -> str:
    """Name the environment variable of an option."""
    return f"DUPFIND_{_key_of(option).upper().replace('-', '_')}"


def configured(command: click.Command) -> click.Command:
    """Let a command take its options from the environment and from a file, too."""
    for (option,) in find_options([command]).values():
        option.envvar = variable_of(option)
    command.params.append(
        click.Option(["--config"], **CONFIG, is_eager=True, expose_value=False, callback=_configure)
    )
    return command


def find_commands(context: click.Context) -> Iterator[click.Command]:
    """Find the commands that a file configures."""
    group = context.find_root().command
    if isinstance(group, click.Group):
        for name in group.list_commands(context):
            if (command := group.get_command(context, name)) and name != "config":
                yield command


def find_options(commands: Iterable[click.Command]) -> dict[str, list[click.Option]]:
    """Find the options that a file may set, by key; commands may share a key."""
    found: dict[str, list[click.Option]] = {}
    for command in commands:
        for option in command.params:
            if isinstance(option, click.Option) and (key := _key_of(option)) not in _OF_ONE_CALL:
                found.setdefault(key, []).append(option)
    return found


def read_configuration(given: str | None, known: dict[str, list[click.Option]]) -> Configuration:
    """Read the file given, or the nearest one from the working directory upwards, if any.

    Raises `SettingsError` that names all its mistakes, a line each.
    """
    path, table = (Path(given), _read_table(Path(given))) if given else _find_nearest()
    file = os.path.relpath(path) if path else ""
    if path and table is None:
        raise SettingsError(f"{file}: there is no table tool.dupfind in it")
    table = table or {}
    if mistakes := list(_find_mistakes(table, known)):
        raise SettingsError("\n".join(f"{file}: {mistake}" for mistake in mistakes))
    folder = path.parent if path else Path()
    return Configuration(
        file, {key: _anchor(value, known[key][0], folder) for key, value in table.items()}
    )


def make_schema(known: dict[str, list[click.Option]]) -> dict[str, Any]:
    """Make the JSON Schema of dupfind.toml, and of tool.dupfind, from the options."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "dupfind configuration",
        "type": "object",
        "additionalProperties": False,
        "properties": {key: _describe(options) for key, options in sorted(known.items())},
    }


def _configure(context: click.Context, _option: click.Parameter, given: str | None) -> None:
    """Make the file's values the defaults of this command's options."""
    if context.resilient_parsing:
        return  # A mistake in a file must not stop the completion of a command line.
    values = read_configuration(given, find_options(find_commands(context))).values
    # What another command alone can take is not for this one.
    context.default_map = {
        str(option.name): values[key]
        for key, (option,) in find_options([context.command]).items()
        if key in values and _fits(values[key], _kind(option))
    }


def _find_nearest() -> tuple[Path | None, dict[str, Any] | None]:
    here = Path.cwd()
    for folder in (here, *here.parents):
        for name in _FILES:
            path = folder / name
            if path.is_file() and (table := _read_table(path)) is not None:
                return path, table
    return None, None


def _read_table(path: Path) -> dict[str, Any] | None:
    """Read our table of a file; None where a pyproject.toml has none."""
    shown = os.path.relpath(path)
    try:
        table: Any = tomllib.loads(path.read_text("utf-8"))
    except OSError as error:
        raise SettingsError(f"{shown!r} cannot be read: {error.strerror}") from None
    except ValueError as error:
        raise SettingsError(f"{shown}: this is not TOML: {error}") from None
    if path.name == "pyproject.toml":
        tools = table.get("tool")
        table = tools.get("dupfind") if isinstance(tools, dict) else None
    if table is not None and not isinstance(table, dict):
        raise SettingsError(f"{shown}: tool.dupfind must be a table")
    return table


def _find_mistakes(
    table: Mapping[str, Any], known: Mapping[str, list[click.Option]]
) -> Iterator[str]:
    for key, value in table.items():
        if key not in known:
            near = get_close_matches(key.replace("_", "-"), known, 1)
            hint = f"did you mean {near[0]!r}?" if near else "`dupfind config` lists the keys"
            yield f"unknown key {key!r}; {hint}"
        elif not any(_fits(value, _kind(option)) for option in known[key]):
            words = dict.fromkeys(_word(option) for option in known[key])
            yield f"{key} is {_show(value)}; it must be {' or '.join(words)}"


def _fits(value: object, kind: Any) -> bool:  # noqa: ANN401 - a type, of any form
    try:
        msgspec.convert(value, kind)
    except msgspec.ValidationError:
        return False
    return True


def _show(value: object) -> str:
    """Show a value about as TOML writes it."""
    return json.dumps(value, ensure_ascii=False, default=str)


def _kind(option: click.Option) -> Any:  # noqa: ANN401 - a type, of any form
    """Give the Python type of an option's values in a file."""
    kind: Any = str
    match option.type:
        case click.Choice(choices=choices):
            kind = Literal[tuple(choices)]
        case click.IntRange() | click.FloatRange() as span:
            number = float if isinstance(span, click.FloatRange) else int
            bounds: dict[str, Any] = {"gt" if span.min_open else "ge": span.min, "le": span.max}
            kind = Annotated[number, msgspec.Meta(**bounds)]
        case click.types.IntParamType():
            kind = int
        case click.types.FloatParamType():
            kind = float
        case click.types.BoolParamType():
            kind = bool
        case Size():
            kind = int | str
    return list[kind] if option.multiple else kind


def _word(option: click.Option) -> str:
    """Say what an option's values in a file may be."""
    word = "a string"
    match option.type:
        case click.Choice(choices=choices):
            word = f"one of {', '.join(map(repr, choices))}"
        case click.IntRange() | click.FloatRange() as span:
            number = "a number" if isinstance(span, click.FloatRange) else "a whole number"
            least = f"{'above' if span.min_open else 'of at least'} {span.min}"
            word = f"{number} {least}" + ("" if span.max is None else f" and at most {span.max}")
        case click.types.IntParamType():
            word = "a whole number"
        case click.types.FloatParamType():
            word = "a number"
        case click.types.BoolParamType():
            word = "true or false"
        case Size():
            word = "a number of bytes, or a string such as '64M'"
    return f"a list, each {word}" if option.multiple else word


def _anchor(value: Any, option: click.Option, folder: Path) -> Any:  # noqa: ANN401 - of any type
    """Let the paths of a file count from the folder that it is in."""
    if isinstance(value, list):
        return [_anchor(item, option, folder) for item in value]
    form, name = split_form(value) if isinstance(option.type, OutputPath) else ("", value)
    if not isinstance(option.type, click.Path) or name in {"", "-"}:
        return value
    place = os.path.relpath(folder / name)
    return f"{form}:{place}" if form else place


def _describe(options: list[click.Option]) -> dict[str, Any]:
    option = options[0]
    schemas: list[dict[str, Any]] = []
    for other in options:
        if (schema := msgspec.json.schema(_kind(other))) not in schemas:
            schemas.append(schema)
    described = {
        "description": option.help,
        **(schemas[0] if not schemas[1:] else {"anyOf": schemas}),
    }
    if isinstance(option.default, bool | int | float | str):
        described["default"] = option.default
    return described

"""`dupfind config`: what the options hold, and where each value comes from."""

import json
from typing import Any, Final, NamedTuple

import click
from click.core import ParameterSource

from dupfind.cli.configuration import (
    CONFIG,
    find_commands,
    find_options,
    read_configuration,
    variable_of,
)

__all__ = ["config"]

_DEFAULT: Final = "default"


class _Setting(NamedTuple):
    value: Any
    source: str


@click.command()
@click.option(
    "-f",
    "--format",
    "form",
    type=click.Choice(["terminal", "json"]),
    default="terminal",
    show_default=True,
    help="Form of the list.",
)
@click.option("--config", "given", **CONFIG)
@click.pass_context
def config(context: click.Context, form: str, given: str | None) -> None:
    """Show what the options hold here, and where each value comes from.

    An option has its value from the command line, else from the environment (for --min-words
    DUPFIND_MIN_WORDS), else from the nearest dupfind.toml or pyproject.toml (min-words in its
    table tool.dupfind), else by default.
    """
    file = read_configuration(given, find_options(find_commands(context))).file
    settings: dict[str, _Setting] = {}
    for command in find_commands(context):
        for key, setting in _look(command, context, given, file).items():
            if key not in settings or settings[key].source == _DEFAULT:
                settings[key] = setting
    if form == "json":
        told = {key: setting._asdict() for key, setting in sorted(settings.items())}
        click.echo(json.dumps({"file": file, "options": told}, indent=2))
        return
    click.echo(
        f"# {file}" if file else "# no dupfind.toml, and no pyproject.toml with tool.dupfind"
    )
    longest = max(map(len, settings)), max(len(setting.source) for setting in settings.values())
    for key, (value, source) in sorted(settings.items()):
        click.echo(f"{key:{longest[0]}}  {source:{longest[1]}}  {_show(value)}")


def _look(
    command: click.Command, context: click.Context, given: str | None, file: str
) -> dict[str, _Setting]:
    """Give what a command's options hold where its command line names none."""
    arguments = [argument for argument in command.params if isinstance(argument, click.Argument)]
    call = ["--config", given] if given else []
    call += ["." for argument in arguments for _ in range(max(argument.nargs, 1))]
    own = command.make_context(command.name, call, parent=context.parent)
    settings = {}
    for key, (option,) in find_options([command]).items():
        name, source = str(option.name), _DEFAULT
        match own.get_parameter_source(name):
            case ParameterSource.ENVIRONMENT:
                source = variable_of(option)
            case ParameterSource.DEFAULT_MAP:
                source = file
        settings[key] = _Setting(own.params[name], source)
    return settings


def _show(value: object) -> str:
    return "unset" if value is None else json.dumps(value, ensure_ascii=False)

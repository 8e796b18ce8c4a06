"""What the documentation names is there: commands, their options, variables of the environment."""

import argparse
import re
from functools import cache
from importlib import import_module
from itertools import chain
from pathlib import Path

import pytest

from dure.cli.main import COMMANDS

COMMAND = re.compile(r"(?:^|[ `/(])dure ([a-z]+)\b([^\n`|#]*)", re.MULTILINE)
OPTION = re.compile(r"(?<!\S)--[a-z][a-z-]*")
VARIABLE = re.compile(r"\bDURE_[A-Z_]+\b")
CODE = re.compile(r"`[^`\n]+`|^(?: {4,}|\$ ).+$", re.MULTILINE)
PAGES = sorted((Path(__file__).parents[3] / "docs").rglob("*.md"))


@cache
def options_of(command: str) -> set[str]:
    parser = argparse.ArgumentParser(add_help=False)
    import_module(f"dure.cli.{command}").arguments(parser)
    below = [a.choices.values() for a in parser._actions if isinstance(a, argparse._SubParsersAction)]
    usages = "".join(one.format_usage() for one in [parser, *chain.from_iterable(below)])
    return set(re.findall(r"--[a-z][a-z-]*", usages))


@pytest.mark.parametrize("page", PAGES, ids=lambda page: "/".join(page.parts[-3:]))
def test_commands_and_their_options_exist(page) -> None:
    named = [call for code in CODE.findall(page.read_text(encoding="utf-8")) for call in COMMAND.findall(code)]

    strange = {
        f"dure {command} {option}"
        for command, rest in named
        for option in [*OPTION.findall(rest), ""]
        if command not in COMMANDS or (option and option not in options_of(command))
    }

    assert strange == set()


def test_variables_are_those_of_the_reference(library) -> None:
    known = set(VARIABLE.findall((library / "docs" / "reference" / "settings.md").read_text(encoding="utf-8")))

    strange = {(page.stem, name) for page in PAGES for name in VARIABLE.findall(page.read_text(encoding="utf-8"))}

    assert {named for named in strange if named[1] not in known} == set()

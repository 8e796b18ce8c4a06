"""The written reference of the command line has every command with its options, and no other."""

import argparse
import re
from collections.abc import Iterator

from dure.cli.main import COMMANDS, module_of

OPTION = re.compile(r"--[a-z][a-z-]*")


def options_of(command: str) -> set[str]:
    parser = argparse.ArgumentParser(add_help=False)
    module_of(command).arguments(parser)
    return {option for one in with_its_own(parser) for option in OPTION.findall(one.format_usage())}


def with_its_own(parser: argparse.ArgumentParser) -> Iterator[argparse.ArgumentParser]:
    """The parser and those of the words that it knows."""
    yield parser
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            yield from action.choices.values()


def test_reference_and_parsers_name_the_same_commands_and_options(library):
    page = (library / "docs" / "reference" / "cli.md").read_text(encoding="utf-8")
    _, *sections = re.split(r"^## `dure ([a-z]+)", page, flags=re.MULTILINE)
    rows = {name: re.findall(r"^\| (`--.*?) \|", text, re.MULTILINE) for name, text in commands_and_texts(sections)}

    written = {name: set(OPTION.findall(" ".join(found))) for name, found in rows.items()}

    assert written == {command: options_of(command) for command in COMMANDS}


def commands_and_texts(sections: list[str]) -> list[tuple[str, str]]:
    """Each command with the text under its heading."""
    return list(zip(sections[::2], sections[1::2], strict=True))

"""The written reference of the command line has every command with its options, and no other."""

import argparse
import re
from importlib import import_module

from dure.cli.main import COMMANDS

OPTION = re.compile(r"--[a-z][a-z-]*")


def options_of(command: str) -> set[str]:
    parser = argparse.ArgumentParser(add_help=False)
    import_module(f"dure.cli.{command}").arguments(parser)
    return set(OPTION.findall(parser.format_usage()))


def test_reference_and_parsers_name_the_same_commands_and_options(library):
    page = (library / "docs" / "reference" / "cli.md").read_text(encoding="utf-8")
    _, *sections = re.split(r"^## `dure ([a-z]+)", page, flags=re.MULTILINE)
    rows = {name: re.findall(r"^\| (`--.*?) \|", text, re.MULTILINE) for name, text in commands_and_texts(sections)}

    written = {name: set(OPTION.findall(" ".join(found))) for name, found in rows.items()}

    assert written == {command: options_of(command) for command in COMMANDS}


def commands_and_texts(sections: list[str]) -> list[tuple[str, str]]:
    """Each command with the text under its heading."""
    return list(zip(sections[::2], sections[1::2], strict=True))

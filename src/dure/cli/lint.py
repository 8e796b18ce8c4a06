"""`dure lint FILE…`: whether blueprints, programmes and agreements are sound; a line for each flaw."""

import argparse
import json
import os
import sys
from collections.abc import Iterator
from pathlib import Path

from dure.blueprint.document import Flaw
from dure.blueprint.lint import lint_files
from dure.cli.language import spoken
from dure.core.text import Text

SOUND, FLAWED, WRONG_CALL = 0, 1, 2
_NO_FILE = Text(
    ko="‘{path}’ 파일이 없거나 읽을 수 없습니다. 경로를 확인하세요.",
    en="There is no file {path}, or it cannot be read: check the path.",
)
_NO_YAML = Text(
    ko="‘{path}’ 폴더에 .yaml 파일이 없습니다.", en="There is no .yaml file in {path}: name another folder."
)


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("files", nargs="+", type=Path, metavar="FILE", help="a file, or a folder of .yaml files")
    parser.add_argument("--json", action="store_true", help="print one JSON document")
    parser.add_argument("--lang", choices=("ko", "en"), help="the language of the sentences; default by LANG")


def run(options: argparse.Namespace) -> int:
    language = options.lang or spoken()
    files: list[Path] = []
    for path in options.files:
        found = list(_files(path))
        if not found:
            text = _NO_YAML if path.is_dir() else _NO_FILE
            print(text.format(path=path)[language], file=sys.stderr)
            return WRONG_CALL
        files += found
    flaws = lint_files(dict.fromkeys(files))
    _print(flaws, len(set(files)), language, as_json=options.json)
    return FLAWED if flaws else SOUND


def _files(path: Path) -> Iterator[Path]:
    """The file itself, or every .yaml file of a folder; none where there is nothing to read."""
    if path.is_dir():
        yield from sorted(path.rglob("*.yaml"))
    elif path.is_file() and os.access(path, os.R_OK):
        yield path


def _print(flaws: list[Flaw], number: int, language: str, *, as_json: bool) -> None:
    if as_json:
        told = [{**flaw.as_dict(), "sentence": flaw.text[language]} for flaw in flaws]
        print(json.dumps({"sound": not flaws, "files": number, "flaws": told}, ensure_ascii=False, indent=1))
        return
    for flaw in flaws:
        print(flaw.say(language))

"""`dure kit ROUND [FILE]`: save a round's starter kit."""

import argparse
from pathlib import Path

from dure.cli.main import DONE
from dure.cli.participating import add_common, client_of, language_of, print_json
from dure.core.text import Text

_SAVED = Text(
    ko="{path}에 저장했습니다. 압축을 풀고 README.ko.md부터 읽으세요.",
    en="Saved as {path}. Unpack it and begin with README.md.",
)


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("round", metavar="ROUND", help="its name or id, as `dure rounds` prints them")
    parser.add_argument("file", metavar="FILE", type=Path, nargs="?", default=Path("kit.zip"), help="default: kit.zip")
    add_common(parser)


def run(options: argparse.Namespace) -> int:
    path = client_of(options).kit(options.round, options.file)
    if options.json:
        print_json({"path": str(path)})
    else:
        print(_SAVED.format(path=path)[language_of(options)])
    return DONE

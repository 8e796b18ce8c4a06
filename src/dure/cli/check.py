"""`dure check ROUND FILE`: the platform's own checker on this machine; no attempt is used up. Exit 1 with flaws."""

import argparse
from pathlib import Path

from dure.cli.main import DONE, FAILED
from dure.cli.participating import add_common, client_of, language_of, print_flaws, print_json
from dure.core.text import Text

_SOUND = Text(ko="채점할 수 있는 파일입니다.", en="This file can be scored.")


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("round", metavar="ROUND", help="its name or id, as `dure rounds` prints them")
    parser.add_argument("file", metavar="FILE", type=Path, help="a prediction file")
    add_common(parser)


def run(options: argparse.Namespace) -> int:
    language = language_of(options)
    checked = client_of(options).check(options.round, options.file)
    if options.json:
        print_json(checked)
    else:
        if checked.cause is None:
            print(_SOUND[language])
        print_flaws(checked, language)
    return FAILED if checked.cause else DONE

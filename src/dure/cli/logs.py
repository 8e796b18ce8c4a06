"""`dure logs ID`: how an attempt stands, and what its program printed."""

import argparse

from dure.cli.main import DONE
from dure.cli.participating import add_common, client_of, language_of, print_json, print_verdict


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("id", metavar="ID", help="the attempt, as `dure submit` prints it")
    add_common(parser)


def run(options: argparse.Namespace) -> int:
    found = client_of(options).submission(options.id)
    if options.json:
        print_json(found)
        return DONE
    print_verdict(found, language_of(options))
    if found.log:
        print(found.log)
    return DONE

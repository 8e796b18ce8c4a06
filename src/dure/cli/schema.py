"""`dure schema`: the JSON Schema of a blueprint, programme or agreement, for editors."""

import argparse
import json

from dure.blueprint.read import SHAPES
from dure.blueprint.schema import schema_of


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("sort", nargs="?", default="blueprint", choices=sorted(SHAPES), help="which of the three files")


def run(options: argparse.Namespace) -> int:
    print(json.dumps(schema_of(options.sort), ensure_ascii=False, indent=2))
    return 0

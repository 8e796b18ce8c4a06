"""`dure board ROUND`: the board that is shown now, to its end."""

import argparse
import sys

from dure.cli.main import DONE
from dure.cli.participating import add_common, client_of, language_of, moment, print_json, print_table
from dure.core.text import Text

HEADS = (
    Text(ko="순위", en="Place"),
    Text(ko="참가자", en="Who"),
    Text(ko="점수", en="Score"),
    Text(ko="제출 횟수", en="Attempts"),
    Text(ko="달성 시각", en="Reached"),
)
_EMPTY = Text(ko="아직 점수가 없습니다.", en="There are no scores yet.")


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("round", metavar="ROUND", help="its name or id, as `dure rounds` prints them")
    parser.add_argument("--part", choices=("public", "final"), help="default: final once the round is over")
    parser.add_argument("--csv", action="store_true", help="print CSV that no spreadsheet takes for formulas")
    add_common(parser)


def run(options: argparse.Namespace) -> int:
    client, language = client_of(options), language_of(options)
    if options.csv:
        sys.stdout.write(client.board_csv(options.round, part=options.part).decode())
        return DONE
    rows = list(client.board(options.round, part=options.part))
    if options.json:
        print_json({"rows": rows})
    elif rows:
        cells = [[f"{row.place}", row.title, f"{row.score}", f"{row.attempts}", moment(row.at)] for row in rows]
        print_table([head[language] for head in HEADS], cells)
    else:
        print(_EMPTY[language])
    return DONE

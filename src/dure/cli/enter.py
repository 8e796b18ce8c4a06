"""`dure enter PROGRAMME`: enter a programme whose start asks for nothing that needs a form."""

import argparse

from dure.cli.main import DONE
from dure.cli.participating import add_common, client_of, language_of, print_json
from dure.core.text import Text

_ENTERED = {
    "waiting": Text(
        ko="참가 신청을 접수했습니다. 다음 단계가 열리면 알려 드립니다.",
        en="You have entered. You are told when it opens.",
    ),
    "handed-in": Text(
        ko="참가 신청을 접수했습니다. 운영자가 확인하면 알려 드립니다.",
        en="You have entered. You are told when the organisers have decided.",
    ),
}
_DONE = Text(
    ko="참가했습니다. `dure rounds`로 라운드를 확인하세요.", en="You take part. See the rounds: `dure rounds`."
)


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("programme", metavar="PROGRAMME", help="its name, as in its address; or PROGRAMME/STAGE")
    parser.add_argument("--option", metavar="NAME", action="append", default=[], help="what to choose; repeat it")
    parser.add_argument("--team", metavar="ID", help="the id of a team that one leads, where teams enter")
    add_common(parser)


def run(options: argparse.Namespace) -> int:
    client, language = client_of(options), language_of(options)
    entry = client.enter(options.programme, options=options.option, team=options.team)
    if options.json:
        print_json({"entry": entry})
    else:
        print(_ENTERED.get(entry.state, _DONE)[language])
    return DONE

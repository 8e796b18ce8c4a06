"""`dure enter PROGRAMME|ROUND`: enter a programme whose start asks for nothing that needs a form, or a round."""

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
        ko="참가 신청을 접수했습니다. 심사가 있으면 결과를 알려 드리고, 없으면 곧 `dure rounds`에 라운드가 나타납니다.",
        en="You have entered. Where somebody decides, you are told; else `dure rounds` shows the round in a moment.",
    ),
}
_DONE = Text(
    ko="참가했습니다. `dure rounds`로 라운드를 확인하세요.", en="You take part. See the rounds: `dure rounds`."
)


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "meant",
        metavar="PROGRAMME|ROUND",
        help="a programme's name, as in its address, or PROGRAMME/STAGE; or the id of a round outside programmes",
    )
    parser.add_argument("--option", metavar="NAME", action="append", default=[], help="what to choose; repeat it")
    parser.add_argument("--team", metavar="ID", help="the id of a team that one leads, where teams enter")
    parser.add_argument("--name", help="of a new team, with which one enters a round (default: one's own name)")
    add_common(parser)


def run(options: argparse.Namespace) -> int:
    client, language = client_of(options), language_of(options)
    entry = client.enter(options.meant, options=options.option, team=options.team, name=options.name)
    if options.json:
        print_json({"entry": entry})
    else:
        print(_ENTERED.get(entry.state, _DONE)[language])
    return DONE

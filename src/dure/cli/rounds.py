"""`dure rounds`: the rounds that one takes part in, with their deadlines and the attempts that are left."""

import argparse

from dure.cli.main import DONE
from dure.cli.participating import add_common, client_of, language_of, moment, print_json, print_table
from dure.client import Allowance, Round
from dure.core.text import Text

HEADS = (
    Text(ko="라운드", en="Round"),
    Text(ko="제목", en="Title"),
    Text(ko="마감", en="Deadline"),
    Text(ko="오늘", en="Today"),
    Text(ko="이번 달", en="This month"),
    Text(ko="전체", en="In all"),
    Text(ko="지표", en="Metric"),
)
_NONE = Text(
    ko="참가 중인 라운드가 없습니다. {url}에서 프로그램을 찾아 참가 신청하세요.",
    en="You take part in no round. Find a programme at {url} and apply.",
)


def arguments(parser: argparse.ArgumentParser) -> None:
    add_common(parser)


def run(options: argparse.Namespace) -> int:
    client, language = client_of(options), language_of(options)
    rounds = client.rounds()
    if options.json:
        print_json({"rounds": rounds})
    elif rounds:
        print_table([head[language] for head in HEADS], [_row(one, language) for one in rounds])
    else:
        print(_NONE.format(url=client.url)[language])
    return DONE


def _row(one: Round, language: str) -> list[str]:
    return [
        one.name,
        one.title[language],
        moment(one.deadline),
        _attempts(one.today),
        _attempts(one.month),
        _attempts(one.total),
        one.metric,
    ]


def _attempts(allowance: Allowance) -> str:
    return str(allowance.used) if allowance.of is None else f"{allowance.used}/{allowance.of}"

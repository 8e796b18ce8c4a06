"""The whole demo in one call, over a database that is empty but for its tables."""

from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from dure.blueprint.library import Library
from dure.compute.box import Level
from dure.compute.proof import level
from dure.core import clock
from dure.core.errors import Missing, Refused
from dure.core.text import Text
from dure.demo.callers import Account, Callers, found_house
from dure.demo.data import comments, digits
from dure.demo.problems import first_round, second_round
from dure.demo.progress import Progress, Screen
from dure.demo.rush import SLUG, Rush, at
from dure.demo.summary import Summary, summary_of
from dure.demo.today import open_edition
from dure.people.models import Person
from dure.programmes.models import Programme

BLUEPRINT = "naver-ai-rush"


class Standing(NamedTuple):
    """What the database holds already: nothing, the demo, or something else."""

    empty: bool
    demo: bool


@dataclass(frozen=True)
class Told:
    """What the demo tells at its end: how to sign in, where the data come from, what came of it."""

    accounts: list[Account]
    sources: list[Text]
    runs_code: bool
    summary: Summary


def standing() -> Standing:
    return Standing(not Person.objects.exists(), Programme.objects.filter(slug=SLUG).exists())


def run_demo(screen: Screen, *, applicants: int, file: Path | None = None, language: str = "en") -> Told:
    """Run the 2020 edition with ``applicants`` people and open the current one.

    ``file``: comments with id, text, label. Raises Refused where the database is not empty.
    """
    if not standing().empty:
        sentence = Text(
            ko="데이터베이스가 비어 있지 않습니다. DURE_HOME을 빈 폴더로 지정하세요.",
            en="The database is not empty. Point DURE_HOME to an empty folder.",
        )
        raise Refused("demo.not-empty", sentence)
    images, texts = digits(), comments(file)
    source = _source()
    callers = Callers(language)
    runs_code = level() >= Level.FULL
    first = first_round(images, texts)
    rush = Rush(callers, Progress(screen), applicants, runs_code, first, second_round(images, texts))
    try:
        at(6, 1)
        accounts = found_house(callers)
        rush.play(source)
        summary = summary_of(rush)
    finally:
        clock.set_clock(None)
    open_edition(callers, source, first, runs_code=runs_code)
    return Told(accounts, [images.source, texts.source], runs_code, summary)


def _source() -> str:
    found = Library.around(()).source("blueprint", BLUEPRINT)
    if found is None:
        sentence = Text(
            ko=f"라이브러리에 ‘{BLUEPRINT}’ 블루프린트가 없습니다. DURE_LIBRARY를 확인하세요.",
            en=f"The library has no blueprint {BLUEPRINT}. Check DURE_LIBRARY.",
        )
        raise Missing("demo.blueprint", sentence)
    return found.decode("utf-8-sig")

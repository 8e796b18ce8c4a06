"""A round held again."""

from decimal import Decimal
from typing import Any

import pytest
from django.db import models

from dure.challenges.models import CarryOver, Code, Embedding, Program, ProgramPart, Ratio, Round, Sharing, Task
from dure.challenges.operations.asking import set_allowed
from dure.challenges.operations.carrying import carry_over_from
from dure.challenges.operations.cloning import clone_carry_overs, clone_round, clone_task
from dure.challenges.operations.teams import open_to_teams
from dure.challenges.operations.trials import let_embed
from dure.challenges.operations.workers import score_by_own
from dure.challenges.questions import Question
from dure.core.text import Text
from tests.challenges.conftest import CLOSE, START, judge, make_entrant, make_task, offer, predictions
from tests.factories import make_person

pytestmark = [pytest.mark.django_db]

NEXT = Text(ko="다음", en="next")
ITS_OWN = {"id", "title_ko", "title_en", "name_key", "opens_at", "closes_at", "made_at"}
ODD: dict[str, Any] = {
    "zone": "Europe/Berlin", "daily": 3, "monthly": 40, "total": 99, "at_once": 5, "sealed": True,
    "code": Code.REQUIRED, "board": "entrants", "boards": "final", "own_scores": False, "own_logs": False,
    "scores_wait": True, "select_most": 4, "verify_first": 7, "tolerance": Decimal("0.25"), "ratio_to": Ratio.BEST,
    "shows_seconds": True, "is_public": False, "is_active": False, "by_list": True, "file_types": [".csv"],
    "questions": [Question("gpu", Text(ko="장비", en="Hardware"), about=Text(ko="이름", en="Its name")).as_dict()],
    "sharing": Sharing.OPEN,
}  # fmt: skip
TAKEN_ALONG = {"allowed", "team_rule", "worker_queue", "embedding"}
LEFT_BEHIND = {"tasks", "threads", "field_trials", "bans"}  # tasks are cloned one by one


def settings_of(row: models.Model, without: set[str]) -> dict[str, Any]:
    return {field.name: getattr(row, field.attname) for field in row._meta.concrete_fields if field.name not in without}


def test_a_clone_is_set_up_as_the_first_one_in_every_column() -> None:
    first = make_task().round
    Round.objects.filter(pk=first.pk).update(**ODD)
    first.refresh_from_db()
    fresh = settings_of(Round(), ITS_OWN)

    made = clone_round(first, title=NEXT, by=make_person())

    assert settings_of(made, ITS_OWN) == ODD
    assert [name for name, value in ODD.items() if value == fresh[name]] == []


def test_whatever_else_belongs_to_a_round_is_taken_along_or_left_on_purpose() -> None:
    known = {relation.name for relation in Round._meta.related_objects}

    assert known == TAKEN_ALONG | LEFT_BEHIND


def test_a_clone_has_the_addresses_team_size_own_workers_and_sites_of_the_first_one() -> None:
    by, first = make_person(), make_task().round
    set_allowed(first, ["a@x.org", "b@x.org"])
    open_to_teams(first, least=2, most=4, locks_at=CLOSE)
    score_by_own(first, queue="lab", by=by)
    let_embed(first, ["https://x.org"])

    made = clone_round(first, title=NEXT, by=by)

    assert set(made.allowed.values_list("email", flat=True)) == {"a@x.org", "b@x.org"}
    assert (made.team_rule.least, made.team_rule.most, made.team_rule.locks_at) == (2, 4, None)
    assert (made.worker_queue.queue.name, made.embedding.ancestors) == ("lab", ["https://x.org"])


def test_a_clone_by_somebody_else_leaves_the_own_workers_of_the_first_one_alone() -> None:
    first = make_task().round
    score_by_own(first, queue="lab", by=make_person())

    made = clone_round(first, title=NEXT, by=make_person())

    assert hasattr(made, "worker_queue") is False


def test_a_plain_clone_takes_everybody_alone_and_is_shown_nowhere_else() -> None:
    made = clone_round(make_task().round, title=NEXT, by=make_person())

    assert (made.by_list, hasattr(made, "team_rule"), Embedding.objects.count()) == (False, False, 0)


def test_a_cloned_task_is_the_first_one_in_every_column() -> None:
    task = make_task()
    Task.objects.filter(pk=task.pk).update(baseline_score=0.5, precision=3, board_version=9)
    task.refresh_from_db()

    made = clone_task(task, into=clone_round(task.round, title=NEXT, by=make_person()))

    its_own = {"id", "round", "board_version"}
    assert settings_of(made, its_own) == settings_of(task, its_own)


def test_programs_of_a_cloned_task_are_the_first_ones_in_every_column() -> None:
    task = make_task()
    Program.objects.create(
        task=task, contract="evalai", phase="dev", image="x:1", columns=[], primary="f1", partial=True,
        shows_details=True,
    )  # fmt: skip
    ProgramPart.objects.create(
        program=task.program, scoring_program=task.labels, number=2, name="part", during_scoring=True
    )
    Task.objects.filter(pk=task.pk).update(metric="program", labels=None)
    task.refresh_from_db()

    made = clone_task(task, into=clone_round(task.round, title=NEXT, by=make_person()))

    assert settings_of(made.program, {"task"}) == settings_of(task.program, {"task"})
    parts = [settings_of(one.program.parts.get(), {"id", "program"}) for one in (task, made)]
    assert parts[0] == parts[1]


def test_attempts_go_on_between_clones_as_between_the_first_ones() -> None:
    first, second = make_task(), make_task()
    by = make_person()
    for task in (first, second):
        task.round.organisers.add(by)
    carry_over_from(second, first, by=by, which="all", auto=False)
    clones = {task: clone_task(task, into=clone_round(task.round, title=NEXT, by=by)) for task in (first, second)}

    clone_carry_overs(clones)

    carry = CarryOver.objects.get(into=clones[second])
    assert (carry.source, carry.which, carry.auto, carry.asked_at) == (clones[first], "all", False, None)


def test_a_clone_has_nobody_in_it_and_no_dates(standing) -> None:
    task = make_task()
    judge(offer(make_entrant(task), predictions()))

    made = clone_task(task, into=clone_round(task.round, title=NEXT, by=make_person()))

    assert (made.board_version, made.entrants.count(), task.round.opens_at) == (0, 0, START)
    assert (made.round.opens_at, made.round.closes_at) == (None, None)


def test_a_clone_scores_as_the_first_one_did(standing) -> None:
    task = make_task()
    made = clone_task(task, into=clone_round(task.round, title=NEXT, by=make_person()))

    scores = [judge(offer(make_entrant(one), predictions(3, 5))).final_score for one in (task, made)]

    assert scores[0] == scores[1]

"""What organisers decide: of two who change a rule each, neither takes back what the other decided."""

import json
from contextlib import nullcontext

import pytest

from dure.audit.models import AuditText
from dure.challenges.models import Round
from dure.challenges.operations.ruling import change_rules
from dure.core.errors import Flawed
from tests.challenges.conftest import make_task

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(("monthly", "fits"), [(4, False), (5, True), (20, True), (21, False), (None, True)])
def test_a_months_limit_stands_between_a_days_and_the_one_in_all(monthly, fits):
    task = make_task(daily=5, total=20)

    with nullcontext() if fits else pytest.raises(Flawed) as told:
        change_rules(task.round, monthly=monthly)

    assert Round.objects.get().monthly == (monthly if fits else None)
    assert fits or [flaw["field"] for flaw in told.value.facts["errors"]] == ["monthly"]


def test_what_was_decided_before_stands_and_keeps_nobody_from_changing_the_rest():
    task = make_task(daily=5)
    Round.objects.update(monthly=4)

    change_rules(task.round, board="entrants")

    assert Round.objects.values_list("monthly", "board").get() == (4, "entrants")


def test_a_rule_changed_alone_leaves_what_another_decided_meanwhile():
    task = make_task()
    one, another = Round.objects.get(pk=task.round_id), Round.objects.get(pk=task.round_id)

    change_rules(one, board="entrants")
    change_rules(another, shows_seconds=True)

    assert Round.objects.values_list("board", "shows_seconds").get() == ("entrants", True)
    told = [
        (json.loads(text.before), json.loads(text.after))
        for text in AuditText.objects.exclude(before="").order_by("row")
    ]
    changed = [{name for name in after if after[name] != before[name]} for before, after in told[-2:]]
    assert changed == [{"board"}, {"shows_seconds"}]

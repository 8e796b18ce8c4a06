"""What organisers decide: of two who change a rule each, neither takes back what the other decided."""

import json

import pytest

from dure.audit.models import AuditText
from dure.challenges.models import Round
from dure.challenges.operations.ruling import change_rules
from tests.challenges.conftest import make_task

pytestmark = pytest.mark.django_db


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

"""What the log says of rounds: a row for each act, and who did it to what."""

from uuid import uuid4

import pytest

from dure.audit.acting import acting
from dure.audit.models import AuditRow, thing_kind_and_id
from dure.challenges.models import Submission, Visibility
from dure.challenges.operations import (
    add_organiser,
    choose,
    choose_best,
    close_round,
    give_up_lost,
    score_again,
    set_board,
)
from tests.challenges.conftest import make_entrant, make_task, member, offer, scored
from tests.factories import make_person

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("standing")]


def logged(act) -> list[tuple[str, str, str]]:
    """The rows that say who acted in ``act``: (action, kind, id)."""
    actor = f"test:{uuid4()}"
    with acting(actor=actor):
        act()
    rows = AuditRow.objects.filter(actor=actor).order_by("pk")
    return list(rows.values_list("action", "object_kind", "object_id"))


def test_setting_up_and_entering_are_told():
    made = []

    rows = logged(lambda: made.append(make_entrant(make_task())))

    entrant = made[0]
    things = {"round.opened": entrant.task.round, "round.task": entrant.task, "entrant.entered": entrant}
    assert rows == [(action, *thing_kind_and_id(thing)) for action, thing in things.items()]


def test_every_act_on_a_round_is_told_once():
    round_, person = make_task().round, make_person()

    rows = logged(
        lambda: [
            add_organiser(round_, person), add_organiser(round_, person), set_board(round_, Visibility.HIDDEN),
            close_round(round_), close_round(round_),
        ]
    )  # fmt: skip

    thing = thing_kind_and_id(round_)
    assert rows == [(action, *thing) for action in ("round.organiser", "round.board", "round.window")]


def test_an_attempt_is_told_when_it_is_received_judged_and_chosen():
    entrant = make_entrant(make_task())

    rows = logged(lambda: scored(entrant))
    submission = Submission.objects.get()
    rows += logged(lambda: choose(submission, by=member(entrant)))
    rows += logged(lambda: choose_best(entrant, by=member(entrant)))

    actions = ("received", "judged", "chosen", "choice-undone")
    assert rows == [(f"submission.{act}", *thing_kind_and_id(submission)) for act in actions]


def test_an_attempt_that_we_lost_and_take_up_again_is_told():
    submission = offer(make_entrant(make_task()))
    Submission.objects.update(job=None)

    rows = logged(give_up_lost)
    submission.refresh_from_db()
    rows += logged(lambda: score_again(submission))

    thing = thing_kind_and_id(submission)
    assert rows == [(action, *thing) for action in ("submission.judged", "submission.again")]

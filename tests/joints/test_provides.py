"""What is put at a turn's disposal: due when it opens, confirmed by who provides, over when the turn ends."""

import pytest

from dure.core.errors import Forbidden, Refused
from dure.joints.provides.recorded import confirm_provided
from dure.people.models import Source
from dure.people.operations import state_fact
from dure.programmes.models import Provided
from dure.programmes.operations.entering import choose
from dure.programmes.operations.handing import withdraw
from tests.factories import make_admin, make_person
from tests.programmes.build import exam, holder, live

pytestmark = pytest.mark.django_db


def room(more=""):
    return f", provides: [{{type: space, from: school, amount: 2.5, unit: room, per: unit{more}}}]"


def test_a_provision_is_due_when_the_turn_opens_and_not_before():
    found = live(exam(more=room() + ", options: [red, blue]"))
    turn = found.enter("exam")
    before = Provided.objects.count()

    choose(turn, ["red"])

    provided = Provided.objects.get()
    assert (before, provided.state, provided.turn, provided.unit) == (0, "due", turn, "room")
    assert str(provided.amount) == "2.5000"


@pytest.mark.parametrize("end", ["verdict", "withdrawal"])
def test_a_provision_is_over_when_the_turn_ends(end):
    found = live(exam(more=room()))
    turn = found.enter("exam")
    confirm_provided(Provided.objects.get(), by=found.operator)

    withdraw(turn) if end == "withdrawal" else found.hand_in(turn, score=1)

    provided = Provided.objects.get()
    assert (provided.state, provided.closed_at is not None) == ("closed", True)


def test_the_party_that_provides_and_operators_confirm():
    found = live(exam(more=room()))
    found.enter_many(2, "exam")
    first, second = Provided.objects.order_by("pk")
    with pytest.raises(Forbidden):
        confirm_provided(first, by=make_admin(found.parties["host"]))

    confirmed = [confirm_provided(first, by=make_admin(found.parties["school"])),
                 confirm_provided(second, by=found.operator)]  # fmt: skip

    assert [row.state for row in confirmed] == ["open", "open"]
    with pytest.raises(Refused) as refused:
        confirm_provided(first, by=found.operator)
    assert refused.value.code == "state.move"


def test_who_lacks_the_credential_that_is_asked_is_not_provided_for():
    licence = "- {id: course, kind: form, entry: open, gives: [{credential: {name: Licence, type: licence}}]}"
    found = live([licence, exam(more=room(", holds: Licence"), entry="entry: open, after: [], ")])
    person = make_person(name="Kim")
    found.enter("exam", by=person)
    provided = Provided.objects.get()

    with pytest.raises(Refused) as refused:
        confirm_provided(provided, by=found.operator)
    state_fact(person, "credential", "Licence", source=Source.OPERATOR, by=found.operator)

    assert refused.value.code == "provide.credential"
    assert confirm_provided(provided, by=found.operator).state == "open"


def test_each_case_is_provided_for_once():
    per_case = ", provides: [{type: data, from: host, amount: 1, unit: set, per: entry}]"
    found = live([exam(more=per_case)])
    turn = found.enter("exam")

    assert [(p.turn, p.amount) for p in Provided.objects.all()] == [(turn, 1)]
    assert holder(turn) == turn.case.sole

"""Evidence shows skills: levels follow at once, fall with age, and say what they stand on."""

from datetime import timedelta

import pytest

from dure.core import clock
from dure.core.errors import Flawed, Refused
from dure.core.events import on
from dure.people.days import today
from dure.skills.events import LevelChanged
from dure.skills.models import Claim, Level, OwnRole
from dure.skills.operations import catch_up, choose_role, claim, forget_levels, leave_role, record, show, unclaim
from dure.skills.operations.levels import Shown
from dure.skills.queries import explained, levels_of, own_role
from tests.factories import make_person
from tests.programmes.build import at
from tests.skills.factories import role, shown, skill, starter

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _set():
    clock.set_clock(at("2027-03-01T09:00:00+09:00"))
    starter()


def standing(person) -> dict[str, int]:
    return {row.skill.code: row.level for row in levels_of(person)}


def test_a_level_follows_in_the_same_transaction_for_each_whose_evidence_it_is():
    ada, bo, other = make_person(), make_person(), make_person()
    told = []
    on(LevelChanged)(told.append)
    kept = record("test", {"score": 90}, persons=[ada, bo], via="recorded", by=None)

    show(kept, skills=[Shown(skill("sql"), 3), Shown(skill("python"), 2, score=0.5)], trust="measured")

    assert [standing(person) for person in (ada, bo, other)] == [{"sql": 3, "python": 0}] * 2 + [{}]
    assert {(fact.person, fact.before, fact.after) for fact in told} == {(ada.pk, 0, 3), (bo.pk, 0, 3)}


def test_the_same_evidence_said_twice_counts_once():
    ada = make_person()
    kept = shown(ada, "sql", 3, score=0.6)

    show(kept, skills=[Shown(skill("sql"), 5)], trust="signed")

    assert standing(ada) == {"sql": 0}
    assert [row.level for row in kept.evidencings.all()] == [3]


@pytest.mark.parametrize("wrong", [{"level": 6}, {"level": 3, "share": 0}, {"level": 3, "score": 1.5}])
def test_what_lies_outside_its_range_is_refused(wrong):
    kept = record("test", {}, persons=[make_person()], via="recorded", by=None)

    with pytest.raises(Flawed) as refused:
        show(kept, skills=[Shown(skill("sql"), **wrong)], trust="measured")

    assert (refused.value.code, Level.objects.count()) == ("evidencing.range", 0)


def test_a_level_names_each_piece_of_its_evidence_with_its_share():
    ada = make_person()
    first, second = shown(ada, "sql", 3), shown(ada, "sql", 2, kind="learn", trust="recorded")

    why = explained(ada, [skill("sql").pk], on=today())[skill("sql").pk]

    assert [(one.evidencing.evidence, one.points, one.share) for one in why] == [(first, 110, 100), (second, 56, 0)]


def test_a_level_falls_on_its_day_and_not_before():
    ada = make_person()
    shown(ada, "sql", 3)
    falls = Level.objects.get().falls_on

    assert (catch_up(on=falls - timedelta(days=1)), standing(ada)) == (0, {"sql": 3})
    assert (catch_up(on=falls), standing(ada)) == (1, {"sql": 0})
    assert catch_up(on=falls) == 0


def test_ones_own_word_is_kept_apart_and_counts_for_nothing():
    ada = make_person()
    claim(ada, skill=skill("sql"), level=2)
    claim(ada, skill=skill("sql"), level=5)

    assert ([row.level for row in Claim.objects.all()], standing(ada)) == ([5], {})
    unclaim(ada, skill=skill("sql"))
    assert not Claim.objects.exists()


def test_a_role_is_chosen_changed_and_given_up():
    ada = make_person()
    choose_role(ada, role=role("data-analyst"))
    choose_role(ada, role=role("ml-engineer"))
    assert own_role(ada) == role("ml-engineer")

    leave_role(ada)
    assert own_role(ada) is None


def test_what_is_retired_is_not_chosen_any_more():
    ada, gone = make_person(), role("ml-engineer")
    gone.retired_in_id = gone.since_id

    with pytest.raises(Refused) as refused:
        choose_role(ada, role=gone)
    assert refused.value.code == "skill.retired"


def test_somebody_who_is_forgotten_leaves_no_levels():
    ada, bo = make_person(), make_person()
    for person in (ada, bo):
        shown(person, "sql", 3)
        claim(person, skill=skill("python"), level=2)
        choose_role(person, role=role("ml-engineer"))

    forget_levels(ada)

    assert {row.person for model in (Level, Claim, OwnRole) for row in model.objects.all()} == {bo}

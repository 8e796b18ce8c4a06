"""Interviews planned, opened, filled with people."""

import pytest

from dure.assessments.operations.interviews import (
    admit_interviewees,
    appoint_interviewer,
    archive_interview,
    change_interview,
    dismiss_interviewer,
    open_interview,
    pick,
)
from dure.assessments.queries.interviews import interviewed_in, interviewers_of, interviewing_in
from dure.assessments.rules import held_by, may_hold, may_plan_interviews
from dure.core.errors import Flawed, Refused
from dure.people.models import Notice
from tests.assessments.factories import make_bank
from tests.assessments.interviews import give, invited, make_interview, met, times
from tests.factories import make_admin, make_member, make_person

pytestmark = pytest.mark.django_db


def test_an_interview_is_its_makers_its_administrators_and_nobody_elses():
    kim, by = make_person(), make_person()
    interview = make_interview(kim, by=by)
    admin, member = make_admin(interview.organisation), make_member(interview.organisation).person

    assert {who: may_hold(who, interview) for who in (by, admin, kim, member)} == {
        by: True, admin: True, kim: False, member: False,
    }  # fmt: skip
    assert (list(held_by(by)), list(interviewing_in(kim)), list(interviewing_in(by))) == ([interview], [interview], [])


def test_examiners_of_a_bank_may_plan_interviews_of_its_organisation():
    bank, kim = make_bank(), make_person()
    before = may_plan_interviews(kim, bank.organisation)
    bank.examiners.add(kim)

    assert (before, may_plan_interviews(kim, bank.organisation)) == (False, True)


def test_it_is_not_opened_without_an_interviewer():
    interview = make_interview(opened=False)
    dismiss_interviewer(interview, person=interviewers_of(interview).get())

    with pytest.raises(Refused) as refused:
        open_interview(interview)

    assert refused.value.code == "interview.nobody"


@pytest.mark.parametrize(("told", "code"), [({"minutes": 7}, "interview.minutes"), ({"rubric": "x"}, "rubric.flawed")])
def test_what_cannot_be_held_is_said_while_it_is_planned(told, code):
    with pytest.raises(Flawed) as flawed:
        make_interview(**told)

    assert flawed.value.code == code


def test_nobody_interviews_and_is_interviewed():
    kim, ada = make_person(), make_person()
    interview = make_interview(kim)
    admit_interviewees(interview, [ada])

    with pytest.raises(Refused) as one:
        admit_interviewees(interview, [kim])
    with pytest.raises(Refused) as other:
        appoint_interviewer(interview, person=ada)

    assert one.value.code == other.value.code == "interview.both"


def test_interviewees_hear_of_it_once_it_is_open():
    interview = make_interview(opened=False)
    ada, bo = make_person(), make_person()
    admit_interviewees(interview, [ada])
    before = Notice.objects.filter(person=ada).count(), interviewed_in(ada).count()

    open_interview(interview)
    n = admit_interviewees(interview, [ada, bo])

    told = {who: Notice.objects.filter(person=who).count() for who in (ada, bo)}
    assert (before, told, n, interviewed_in(ada).count()) == ((0, 0), {ada: 1, bo: 1}, 1, 1)


def test_what_points_depend_on_stays_once_some_are_given_and_the_rest_may_change():
    kim = make_person()
    interview = make_interview(kim)
    give(met(interview, kim), kim, 50, 30)

    with pytest.raises(Refused) as refused:
        change_interview(interview, rubric="? Other\n= 5 Good")
    changed = change_interview(interview, title_en="Second round", notice_hours=2)

    assert refused.value.facts["fields"] == ["rubric"]
    assert (changed.title_en, changed.series.title_en, changed.series.notice_hours) == (
        "Second round", "Second round", 2,
    )  # fmt: skip


def test_an_interviewer_with_times_to_come_is_not_dismissed():
    kim = make_person()
    interview = make_interview(kim)
    times(interview, kim)

    with pytest.raises(Refused) as refused:
        dismiss_interviewer(interview, person=kim)

    assert refused.value.facts == {"n": 2}


def test_an_archived_interview_books_no_more():
    kim = make_person()
    interview = make_interview(kim)
    row, (slot, _) = invited(interview), times(interview, kim)
    archive_interview(interview)

    with pytest.raises(Refused) as refused:
        pick(invited(interview, row.person), slot=slot)

    assert refused.value.code == "interview.closed"

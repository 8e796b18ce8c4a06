"""Credit records: entered, corrected, struck, brought in by tables, noted for courses that are taken here."""

from datetime import date
from decimal import Decimal

import pytest

from dure.core.errors import Flawed, Refused
from dure.jobs.worker import drain
from dure.learning.models import CreditRecord
from dure.learning.operations.degrees import correct_credit, leave_degree, strike_credit, take_credits
from dure.learning.operations.enrolling import note
from dure.learning.operations.progressing import finish_lesson
from dure.learning.queries.degrees import audit_of, standing_records
from tests.factories import make_organisation, make_person
from tests.learning.degrees.factories import REQUIREMENT, a_credit, earn, make_candidacy, make_degree, make_ready
from tests.learning.factories import make_cohort, make_course, make_enrolment, make_provider

pytestmark = pytest.mark.django_db
HEADER = ["email", "issuer", "course", "title_en", "credits", "earned_on", "grade", "area"]


def row(candidacy, course="ml", amount="3", grade="4.0", **other) -> list[str]:
    told = {"email": candidacy.person.email, "issuer": candidacy.degree.organisation.short, "course": course,
            "title_en": course.title(), "credits": amount, "earned_on": "2026-06-30", "grade": grade, "area": "majors",
            **other}  # fmt: skip
    return [told[name] for name in HEADER]


def take(degree, rows, **known):
    return take_credits(degree, header=HEADER, rows=list(enumerate(rows, start=2)), by=make_person(), **known)


def credits_of(candidacy) -> dict[str, Decimal]:
    return {one.course: one.credits for one in standing_records([candidacy.pk])}


def test_correction_is_a_newer_row_and_the_former_one_stays():
    candidacy = make_candidacy()
    former = earn(candidacy, "ml", 3)

    newer = correct_credit(former, a_credit(candidacy.degree, "ml", 6), by=make_person())

    assert credits_of(candidacy) == {"ml": 6}
    assert (CreditRecord.objects.count(), newer.replaces) == (2, former)


def test_record_that_was_corrected_meanwhile_is_not_corrected_again():
    candidacy = make_candidacy()
    former = earn(candidacy)
    strike_credit(former, by=make_person())

    with pytest.raises(Refused) as told:
        correct_credit(former, a_credit(candidacy.degree, "ml", 6), by=make_person())

    assert (told.value.code, credits_of(candidacy)) == ("state.changed", {})


def test_audit_kept_beside_a_candidate_follows_their_records():
    candidacy = make_ready()
    candidacy.refresh_from_db()
    before = (candidacy.met, candidacy.further)

    strike_credit(
        standing_records([candidacy.pk]).select_related("candidacy__person").get(course="more"), by=make_person()
    )

    candidacy.refresh_from_db()
    assert (before, (candidacy.met, candidacy.further)) == ((True, 0), (False, 6))


@pytest.mark.parametrize(("amount", "thesis"), [(0, False), (-1, True)])
def test_course_without_credits_is_refused(amount, thesis):
    with pytest.raises(Flawed) as told:
        earn(make_candidacy(), "ml", amount, thesis=thesis)
    assert told.value.code == "credit.amount"


# --- tables


def test_table_is_checked_first_entered_whole_and_changes_nothing_the_second_time():
    degree = make_degree()
    people = [make_candidacy(degree) for _ in range(3)]
    rows = [row(one) for one in people]

    checked = take(degree, rows, check_only=True)
    nothing = CreditRecord.objects.count()
    first, second = take(degree, rows), take(degree, rows)
    corrected = take(degree, [*rows[:2], row(people[2], amount="6")])
    drain()

    assert [(len(one.new), len(one.corrected), one.same) for one in (checked, first, second, corrected)] == [
        (3, 0, 0), (3, 0, 0), (0, 0, 3), (0, 1, 2),
    ]  # fmt: skip
    assert (nothing, CreditRecord.objects.count(), credits_of(people[2])) == (0, 4, {"ml": 6})
    people[2].refresh_from_db()
    assert people[2].further == 18


def test_every_flaw_of_a_table_is_told_with_its_row_and_nothing_is_entered():
    degree = make_degree()
    one = make_candidacy(degree)
    rows = [
        row(one), row(one), row(one, email="nobody@example.org"), row(one, "b", issuer="nowhere"), row(one, "c", "0"),
        row(one, "d", grade="4.6"), row(one, "e", earned_on="30/6/2026"), row(one, "f", title_en=""),
        row(one, "g", "1.25"), row(one, "g", "2"),
    ]  # fmt: skip

    with pytest.raises(Flawed) as told:
        take(degree, rows)

    assert [(flaw["row"], flaw["column"]) for flaw in told.value.facts["errors"]] == [
        (3, "course"), (4, "email"), (5, "issuer"), (6, "credits"), (7, "grade"), (8, "earned_on"), (9, "title_en"),
        (10, "credits"), (11, "course"),
    ]  # fmt: skip
    assert CreditRecord.objects.count() == 0


def test_table_with_an_unknown_column_or_without_a_needed_one_is_refused():
    with pytest.raises(Flawed) as told:
        take_credits(make_degree(), header=["email", "points"], rows=[], by=make_person())
    assert [flaw["text"]["en"] for flaw in told.value.facts["errors"]] == [
        "No such column: points", "The column is missing: issuer", "The column is missing: course",
        "The column is missing: credits", "The column is missing: earned_on",
    ]  # fmt: skip


# --- courses that are taken here


def finish(course, person):
    enrolment = make_enrolment(make_cohort(course), person=person)
    for lesson in course.lessons.all():
        finish_lesson(enrolment, lesson)
    enrolment.refresh_from_db()
    return enrolment


def test_course_finished_here_is_a_record_and_its_grade_corrects_it():
    home, partner = make_organisation(), make_organisation()
    degree = make_degree(REQUIREMENT + f"partners: [{partner.short}]\n", organisation=home)
    candidacy = make_candidacy(degree)
    course = make_course(make_provider(organisation=partner), key="ml", credits=6)

    enrolment = finish(course, candidacy.person)
    before = [(one.course, one.credits, one.grade, one.issuer) for one in standing_records([candidacy.pk])]
    note(enrolment, attendance=Decimal("0.9"), grade=Decimal("3.5"))
    note(enrolment, attendance=Decimal("0.9"), grade=Decimal("3.5"))

    after = [(one.course, one.credits, one.grade, one.attendance) for one in standing_records([candidacy.pk])]
    assert before == [("ml", 6, None, partner)]
    assert after == [("ml", 6, Decimal("3.5"), Decimal("0.9"))]
    assert CreditRecord.objects.count() == 2


def test_course_that_was_finished_before_counts_from_the_first_day():
    degree, person = make_degree(), make_person()
    finish(make_course(make_provider(organisation=degree.organisation), key="ml", credits=6), person)

    candidacy = make_candidacy(degree, person=person)

    candidacy.refresh_from_db()
    assert (credits_of(candidacy), candidacy.further) == ({"ml": 6}, 18)


def test_course_of_an_institution_that_the_degree_does_not_know_is_no_record():
    candidacy = make_candidacy()
    finish(make_course(), candidacy.person)
    assert not candidacy.records.exists()


def test_records_of_who_left_stand_as_they_are():
    candidacy = make_candidacy()
    leave_degree(candidacy, by=make_person())
    with pytest.raises(Refused) as told:
        earn(candidacy)
    assert told.value.code == "candidacy.decided"


def test_audit_of_a_later_day_knows_what_has_run_out():
    candidacy = make_ready(make_degree(REQUIREMENT + "valid-years: 2\n"))
    assert [audit_of(candidacy, on=date(year, 6, 29)).met for year in (2028, 2029)] == [True, False]

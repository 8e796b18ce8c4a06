"""Interviews in the portal: chosen, scored, decided, released; nobody without a seat sees anything."""

import re

import pytest

from dure.assessments.models import Interview, Interviewee, Scoring
from dure.assessments.operations.interviews import meet_again, pick, release
from dure.assessments.queries.interviews import booking_of, times_of
from dure.core import clock
from dure.people.models import Person
from tests.assessments.interviews import HOUR, NINE, RUBRIC, give, invited, make_interview, met, scoring_of, times
from tests.factories import make_admin, make_organisation, make_person
from tests.site.conftest import client_of, text_of

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def two_days_before():
    clock.set_clock(NINE - 48 * HOUR)
    yield
    clock.set_clock(None)


@pytest.fixture
def kim() -> Person:
    return make_person(name="Kim")


def test_an_interview_is_planned_filled_and_opened(kim):
    home = make_organisation()
    admin, ada = make_admin(home), make_person()
    client = client_of(admin)
    told = {"organisation": home.pk, "title_ko": "면접", "title_en": "Talk", "minutes": 30, "rubric": RUBRIC,
            "pass_percent": "60", "gap_percent": "20", "notice_hours": "24", "shows": "score"}  # fmt: skip

    client.post("/interviews/new/", told)
    interview = Interview.objects.get()
    own = f"/interviews/{interview.pk}/"
    client.post(f"{own}people/", {"emails": kim.email, "interviewers": "yes"})
    client.post(f"{own}people/", {"emails": f"{ada.email}\nnobody@example.org"})
    client.post(f"{own}state/", {"open": "yes"})
    day = {"interviewers": [kim.pk], "day": "2026-09-07", "starts": "09:00", "ends": "10:00", "pause": "0"}
    sent = client_of(kim).post(f"{own}times/", day)

    assert (sent.status_code, interview.series.slots.count()) == (302, 2)
    assert Interview.objects.get().state == "open"
    assert [row.person for row in Interviewee.objects.all()] == [ada]


def test_a_rubric_that_cannot_be_read_is_said_in_the_form():
    home = make_organisation()
    told = {"organisation": home.pk, "title_ko": "면접", "title_en": "Talk", "minutes": 30, "rubric": "x",
            "pass_percent": "60", "gap_percent": "20", "notice_hours": "24", "shows": "score"}  # fmt: skip

    page = text_of(client_of(make_admin(home), "en").post("/interviews/new/", told))

    assert "Line 1 must begin with ? or =." in page


def test_a_time_is_chosen_moved_given_back_and_put_on_a_calendar(kim):
    row = invited(interview := make_interview(kim))
    first, second = times(interview, kim)
    client, own = client_of(row.person), f"/interviews/{interview.pk}/"

    client.post(f"{own}booking/", {"slot": first.pk})
    client.post(f"{own}booking/", {"slot": second.pk})
    held, entry = booking_of(row), client.get(f"{own}booking.ics")
    client.post(f"{own}booking/", {"give-up": "yes"})

    assert held.slot == second
    assert entry["Content-Type"].startswith("text/calendar")
    assert b"STATUS:CONFIRMED" in entry.content
    assert b"DTSTART:20260907T003000Z" in entry.content
    assert booking_of(row) is None


def test_a_time_that_somebody_else_took_first_is_said_where_others_are_chosen(kim):
    interview = make_interview(kim)
    row, other = invited(interview), invited(interview)
    slot, _ = times(interview, kim)
    pick(other, slot=slot)

    response = client_of(row.person, "en").post(f"/interviews/{interview.pk}/booking/", {"slot": slot.pk})

    assert response.status_code == 409
    assert "Choose another" in text_of(response)


def test_a_time_that_is_booked_is_withdrawn_once_that_is_confirmed_and_a_free_one_at_once(kim):
    row = invited(interview := make_interview(kim))
    booked, free = times(interview, kim)
    pick(row, slot=booked)
    client, way = client_of(kim, "en"), f"/interviews/{interview.pk}/times/"

    asked = text_of(client.post(f"{way}{booked.pk}/withdraw/"))
    before = booking_of(row)
    client.post(f"{way}{booked.pk}/withdraw/", {"confirmed": "yes"})
    client.post(f"{way}{free.pk}/withdraw/")

    assert f"{row.person} has booked this time." in asked
    assert (before.slot, booking_of(row)) == (booked, None)
    assert list(times_of(interview)) == []


def test_an_earlier_interview_stands_beside_the_choice_of_another_time(kim):
    row = met(make_interview(kim), kim)
    give(row, kim, 20, 10)
    row.refresh_from_db()
    meet_again(release(row))
    times(row.interview, kim, at=NINE + 7 * 24 * HOUR)

    seen = text_of(client_of(row.person, "en").get(f"/interviews/{row.interview_id}/"))

    assert ["Earlier interviews" in seen, "30 / 100" in seen, "Choose a time" in seen] == [True, True, True]


def test_points_save_themselves_and_are_sent(kim):
    row = met(make_interview(kim), kim)
    path = f"/interviews/scorings/{scoring_of(row, kim).pk}/"
    client = client_of(kim)

    kept = client.post(f"{path}keep/", {"c1": "50", "saves": "0", "reason": "", "notes": "loud"})
    late = client.post(f"{path}keep/", {"c1": "10", "saves": "0"})
    flawed = client.post(path, {"c1": "99", "c2": "30", "saves": "1", "reason": "clear", "notes": "loud"})
    sent = client.post(path, {"c1": "50", "c2": "30", "saves": "1", "reason": "clear", "notes": "loud"})

    assert (kept.json(), late.status_code, flawed.status_code, sent.status_code) == ({"saves": 1}, 409, 422, 302)
    assert Scoring.objects.get().state == "sent"
    assert Interviewee.objects.get().score == 80


def test_far_apart_an_examiner_decides_and_releases(kim):
    lee = make_person()
    row = met(make_interview(kim, lee), kim, lee)
    give(row, kim, 60, 40)
    give(row, lee, 0, 0)
    client, path = client_of(row.interview.made_by), f"/interviews/interviewees/{row.pk}/"

    client.post(path, {"settle": "yes", "c1": "30", "c2": "20.25", "why": "after a talk"})
    client.post(path, {"release": "yes"})

    row = Interviewee.objects.get()
    assert (row.state, float(row.score), row.reason) == ("released", 50.25, "after a talk")
    assert "50.25 / 100" in text_of(client_of(row.person).get(f"/interviews/{row.interview_id}/"))


def test_an_interviewer_notes_an_absence_or_steps_aside(kim):
    lee = make_person()
    row = met(make_interview(kim, lee), kim, lee)
    client_of(kim).post(f"/interviews/scorings/{scoring_of(row, kim).pk}/act/", {"excuse": "yes", "why": "my cousin"})
    client_of(lee).post(f"/interviews/scorings/{scoring_of(row, lee).pk}/act/", {"absent": "yes"})

    row.refresh_from_db()
    assert (row.state, scoring_of(row, kim).state) == ("absent", "excused")


def test_results_are_taken_out_as_a_table(kim):
    row = met(make_interview(kim), kim)
    give(row, kim, 50, 30)
    client, own = client_of(row.interview.made_by), f"/interviews/{row.interview_id}/results"

    table = b"".join(client.get(f"{own}.csv").streaming_content).decode("utf-8-sig").splitlines()

    assert table[0].endswith("reason,c1,c2")
    assert table[1].startswith(f"{row.person.name},{row.person.email},scored,2026-09-07")
    assert client.get(f"{own}.xlsx").status_code == 200


def test_nobody_without_a_seat_sees_anything_and_no_interviewer_others_points(kim):
    lee, park = make_person(name="Lee"), make_person()
    interview = make_interview(kim, lee, park)
    row = met(interview, kim, lee)
    give(row, kim, 33, 22, why="secret reason")
    own, one = f"/interviews/{interview.pk}/", f"/interviews/interviewees/{row.pk}/"
    rooms = (f"{own}room/", f"{own}people/", f"{own}settings/", f"{own}release/", f"{own}results.csv", one)
    kims = f"/interviews/scorings/{scoring_of(row, kim).pk}/"
    closed = {make_person(): (*rooms, own, f"{own}times/", kims), row.person: (*rooms, f"{own}times/", kims),
              lee: (*rooms, kims), park: (*rooms, kims)}  # fmt: skip

    found = {client_of(who).get(path).status_code for who, paths in closed.items() for path in paths}
    lees = text_of(client_of(lee).get(f"/interviews/scorings/{scoring_of(row, lee).pk}/"))
    examiners = text_of(client_of(interview.made_by).get(one))

    assert found == {404}
    assert "secret reason" not in lees + examiners
    assert "33" not in re.sub(r"Person \d+", "", examiners)

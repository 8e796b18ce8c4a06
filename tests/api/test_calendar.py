"""The calendar over HTTP: planned by those who run it, signed in to by members, hidden from everybody else."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from dure.calendar.models import SignInTries
from dure.core import clock
from tests.api.conftest import Caller
from tests.calendar.factories import HOUR, NINE, make_attendee, make_series, make_session, make_teacher, opened
from tests.factories import make_admin, make_organisation, make_person

pytestmark = [pytest.mark.django_db(transaction=True)]
SESSION = {"title_ko": "1회", "title_en": "First", "starts_at": "2026-09-07T09:00:00", "ends_at": "2026-09-07T11:00:00"}


@pytest.fixture
def series():
    clock.set_clock(NINE - timedelta(days=1))
    made = make_series(organisation=make_organisation("home"))
    yield made
    clock.set_clock(None)


@pytest.fixture
def callers(series) -> dict[str, Caller]:
    people = {
        "admin": make_admin(series.organisation), "teacher": make_teacher(series), "member": make_attendee(series),
        "stranger": make_person(), "nobody": None,
    }  # fmt: skip
    return {name: Caller(person) for name, person in people.items()}


def statuses(callers, method: str, path: str, body: object = None) -> dict[str, int]:
    return {name: caller.call(method, path, body).status_code for name, caller in callers.items()}


def test_only_those_who_run_a_series_plan_and_strangers_do_not_see_it(callers, series):
    own = f"/calendar/series/{series.pk}"
    new = {"organisation": "home", "title_ko": "새", "title_en": "New"}

    assert statuses(callers, "post", f"{own}/sessions", SESSION) == {
        "admin": 201, "teacher": 201, "member": 403, "stranger": 404, "nobody": 401,
    }  # fmt: skip
    assert statuses(callers, "get", f"{own}/sessions") == {
        "admin": 200, "teacher": 200, "member": 200, "stranger": 404, "nobody": 401,
    }  # fmt: skip
    assert statuses(callers, "post", "/calendar/series", new) == {
        "admin": 201, "teacher": 403, "member": 403, "stranger": 403, "nobody": 401,
    }  # fmt: skip
    assert statuses(callers, "get", f"{own}/attendees") == {
        "admin": 200, "teacher": 200, "member": 403, "stranger": 404, "nobody": 401,
    }  # fmt: skip


def test_a_run_is_planned_moved_and_cancelled(callers, series):
    rule = {"weekdays": [0, 2], "first": "2026-09-07", "last": "2026-09-16", "at": "09:00", "minutes": 90,
            "title_ko": "{n}회", "title_en": "Part {n}"}  # fmt: skip
    teacher = callers["teacher"]
    made = teacher.post(f"/calendar/series/{series.pk}/weekly", rule, status=201)["sessions"]

    teacher.patch(f"/calendar/sessions/{made[2]['id']}", {"place": "Hall", "following": True, "title_en": None})
    teacher.post(f"/calendar/sessions/{made[3]['id']}/cancel", {"reason": "Ill"})

    rows = teacher.get(f"/calendar/series/{series.pk}/sessions")["items"]
    assert [(row["title"]["en"], row["place"], row["state"]) for row in rows] == [
        ("Part 1", "", "planned"), ("Part 2", "", "planned"), ("Part 3", "Hall", "planned"),
        ("Part 4", "Hall", "cancelled"),
    ]  # fmt: skip
    mine = callers["member"].get("/calendar/mine")
    assert [(one["stands"], one["overlaps"]) for one in mine] == [(True, False)] * 3 + [(False, False)]


def test_one_signs_in_with_the_code_and_wrong_tries_stay_counted(callers, series):
    session = make_session(series)
    clock.set_clock(NINE)
    opened(session)
    own, member = f"/calendar/sessions/{session.pk}", callers["member"]
    code = callers["teacher"].get(f"{own}/code")["code"]

    wrong = member.call("post", f"{own}/sign-in", {"code": "x"})
    right = member.post(f"{own}/sign-in", {"code": code, "device": "phone"})

    assert (wrong.status_code, wrong.json()["code"], right["mark"]) == (409, "sign-in.code", "present")
    assert SignInTries.objects.get().used == 2
    assert statuses(callers, "get", f"{own}/code") == {
        "admin": 200, "teacher": 200, "member": 403, "stranger": 404, "nobody": 401,
    }  # fmt: skip
    assert callers["stranger"].call("post", f"{own}/sign-in", {"code": code}).status_code == 404
    assert [row["mark"] for row in callers["teacher"].get(f"{own}/attendance")["items"]] == ["present"]


def test_marks_and_excuses_end_as_an_exact_rate(callers, series):
    teacher, member = callers["teacher"], callers["member"]
    clock.set_clock(NINE)
    sessions = [opened(make_session(series)) for _ in range(3)]
    for session, mark in zip(sessions, ("present", "absent", "absent"), strict=True):
        body = {"marks": {str(member.person.pk): mark}}
        teacher.put(f"/calendar/sessions/{session.pk}/attendance", body)
        teacher.post(f"/calendar/sessions/{session.pk}/close")
    asked = member.post(f"/calendar/sessions/{sessions[2].pk}/excuses", {"reason": "Flu"}, status=201)

    assert statuses(callers, "post", f"/calendar/excuses/{asked['id']}/decision", {"approve": True}) == {
        "admin": 200, "teacher": 409, "member": 403, "stranger": 403, "nobody": 401,
    }  # fmt: skip
    rows = teacher.get(f"/calendar/series/{series.pk}/attendees")["items"]
    assert [row["attendance"] for row in rows if row["role"] == "attendee"] == ["1/2"]


def test_a_sheet_is_looked_at_first(callers, series):
    teacher, member = callers["teacher"], callers["member"]
    clock.set_clock(NINE)
    session = opened(make_session(series))
    sheet = f"session,email,mark\n{session.pk},{member.person.email},late\n".encode()

    def send(caller: Caller, check: str):
        return caller.client.post(
            f"/api/v1/calendar/series/{series.pk}/marks?check_only={check}",
            {"file": SimpleUploadedFile("marks.csv", sheet)}, headers={"Authorization": f"Bearer {caller.secret}"},
        )  # fmt: skip

    checked = send(teacher, "true").json()
    before = session.attendance.count()
    done, again = send(teacher, "false").json(), send(teacher, "false").json()

    assert (checked, before) == ({"rows": 1, "changed": [2]}, 0)
    assert (done, again) == (checked, {"rows": 1, "changed": []})
    assert send(member, "true").status_code == 403


def test_slots_are_offered_booked_and_given_back(callers, series):
    teacher, member = callers["teacher"], callers["member"]
    offer = {
        "host": teacher.person.email,
        "starts_at": "2026-09-07T09:00",
        "ends_at": "2026-09-07T10:00",
        "minutes": 30,
    }
    slots = teacher.post(f"/calendar/series/{series.pk}/slots", offer, status=201)["slots"]
    booking = member.post(f"/calendar/slots/{slots[0]['id']}/booking", status=201)

    free = member.get(f"/calendar/series/{series.pk}/slots")["items"]
    assert [row["id"] for row in free] == [slots[1]["id"]]
    assert callers["stranger"].call("post", f"/calendar/bookings/{booking['id']}/release").status_code == 404
    assert member.post(f"/calendar/bookings/{booking['id']}/release")["released"] is True
    assert teacher.post(f"/calendar/slots/{slots[0]['id']}/withdraw")["state"] == "withdrawn"


def test_an_address_is_told_once_and_closed(callers, series):
    make_session(series, starts_at=NINE + HOUR)
    member = callers["member"]
    made = member.post("/calendar/feeds", {"series": str(series.pk)}, status=201)
    path = "/" + made["address"].split("/", 3)[3]

    before = member.client.get(path).status_code
    listed = member.get("/calendar/feeds")
    member.post(f"/calendar/feeds/{made['id']}/revoke")

    assert (before, [sorted(row) for row in listed]) == (200, [["id", "made_at", "revoked", "series"]])
    assert member.client.get(path).status_code == 404
    assert callers["stranger"].call("post", "/calendar/feeds", {"series": str(series.pk)}).status_code == 404

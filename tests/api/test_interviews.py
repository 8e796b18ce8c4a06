"""Interviews over HTTP: planned, booked, scored by two who do not see each other, released."""

from datetime import timedelta

import pytest

from dure.core import clock
from tests.api.conftest import Caller
from tests.assessments.interviews import HOUR, NINE, RUBRIC
from tests.factories import make_admin, make_organisation, make_person

pytestmark = [pytest.mark.django_db(transaction=True)]


@pytest.fixture(autouse=True)
def two_days_before():
    clock.set_clock(NINE - 48 * HOUR)
    yield
    clock.set_clock(None)


@pytest.fixture
def callers() -> dict[str, Caller]:
    home = make_organisation("home")
    people = {"examiner": make_admin(home)} | {name: make_person() for name in ("kim", "lee", "ada", "stranger")}
    return {name: Caller(person) for name, person in people.items()}


def planned(callers) -> str:
    """An open interview of two interviewers and one interviewee."""
    examiner = callers["examiner"]
    told = {"title": {"ko": "기술 면접", "en": "Technical"}, "rubric": RUBRIC}
    path = f"/interviews/{examiner.post('/organisations/home/interviews', told, status=201)['id']}"
    for name in ("kim", "lee"):
        examiner.post(f"{path}/interviewers", {"email": callers[name].person.email})
    examiner.post(f"{path}/interviewees", {"emails": [callers["ada"].person.email]})
    examiner.post(f"{path}/open")
    return path


def offered(callers, path: str) -> list[dict]:
    times = {"interviewers": [callers[name].person.email for name in ("kim", "lee")],
             "starts_at": NINE.isoformat(), "ends_at": (NINE + HOUR).isoformat()}  # fmt: skip
    return callers["kim"].post(f"{path}/times", times, status=201)["slots"]


def gave(caller: Caller, **points: str) -> dict:
    one = caller.get("/me/scorings")["items"][0]
    path = f"/scorings/{one['id']}"
    caller.put(path, {"points": points, "reason": "clear", "notes": "mine", "saves": one["saves"]})
    return caller.post(f"{path}/send")


def test_an_interview_is_planned_picked_scored_blind_and_released(callers):
    examiner, ada = callers["examiner"], callers["ada"]
    path = planned(callers)
    first, second = offered(callers, path)

    ada.put(f"{path}/booking", {"slot": first["id"]})
    moved = ada.put(f"{path}/booking", {"slot": second["id"]})
    clock.set_clock(NINE + 2 * HOUR)
    gave(callers["kim"], c1="50", c2="30")
    row = examiner.get(f"{path}/interviewees")["items"][0]
    blind = examiner.get(f"/interviewees/{row['id']}")["scorings"]
    gave(callers["lee"], c1="45", c2="30")
    seen = examiner.get(f"/interviewees/{row['id']}")
    before = ada.get("/me/interviews")["items"][0]
    released = examiner.post(f"{path}/release")
    after = ada.get("/me/interviews")["items"][0]

    assert moved["slot"]["id"] == second["id"]
    assert {(one["state"], tuple(one["points"])) for one in blind} == {("sent", ()), ("draft", ())}
    assert (seen["score"], [one["reason"] for one in seen["scorings"]]) == ("77.5000", ["clear", "clear"])
    assert (before["state"], before["score"], released) == ("waiting", None, {"released": 1})
    assert (after["state"], after["score"], after["passed"]) == ("released", "77.5000", True)


def test_far_apart_one_more_is_asked_or_an_examiner_settles_and_may_reopen(callers):
    examiner, ada = callers["examiner"], callers["ada"]
    path = planned(callers)
    ada.put(f"{path}/booking", {"slot": offered(callers, path)[0]["id"]})
    clock.set_clock(NINE + HOUR)
    gave(callers["kim"], c1="60", c2="40")
    gave(callers["lee"], c1="10", c2="10")
    row = f"/interviewees/{examiner.get(f'{path}/interviewees')['items'][0]['id']}"

    apart = examiner.get(row)["state"]
    settled = examiner.post(f"{row}/settle", {"points": {"c1": "40", "c2": "20.5"}, "reason": "we talked"})
    released = examiner.post(f"{row}/release")
    reopened = examiner.post(f"{row}/reopen", {"why": "a slip"})

    assert (apart, settled["score"], released["passed"], reopened["state"]) == ("apart", "60.5000", True, "apart")


def test_an_absence_a_step_aside_and_a_third_interviewer(callers):
    examiner, ada = callers["examiner"], callers["ada"]
    path = planned(callers)
    examiner.post(f"{path}/interviewers", {"email": callers["stranger"].person.email})
    ada.put(f"{path}/booking", {"slot": offered(callers, path)[0]["id"]})
    clock.set_clock(NINE + HOUR)
    row = f"/interviewees/{examiner.get(f'{path}/interviewees')['items'][0]['id']}"

    states = [callers["kim"].post(f"{row}/absent")["state"], examiner.post(f"{row}/expect")["state"]]
    excused = callers["kim"].post(f"{row}/excuse", {"why": "my cousin"})["state"]
    asked = examiner.post(f"{row}/interviewers", {"email": callers["stranger"].person.email})

    assert (states, excused) == (["absent", "waiting"], "excused")
    assert {one["state"] for one in asked["scorings"]} == {"excused", "draft"}
    assert examiner.post(f"{path}/interviewers/dismiss", {"email": callers["lee"].person.email})["state"] == "open"


def test_what_somebody_has_no_seat_in_is_not_there_for_them(callers):
    path = planned(callers)
    callers["ada"].put(f"{path}/booking", {"slot": offered(callers, path)[0]["id"]})
    row = f"/interviewees/{callers['examiner'].get(f'{path}/interviewees')['items'][0]['id']}"
    scoring = f"/scorings/{callers['kim'].get('/me/scorings')['items'][0]['id']}"
    closed = {
        "stranger": (path, f"{path}/times", f"{path}/interviewees", row, scoring),
        "ada": (f"{path}/interviewees", row, scoring),
        "lee": (f"{path}/interviewees", row, scoring),
        "kim": (f"{path}/interviewees", row),
    }

    found = {
        (who, where): callers[who].call("get", where).status_code
        for who, wheres in closed.items()
        for where in wheres
        if where != path
    }
    changed = callers["stranger"].call("post", f"{path}/open").status_code

    assert set(found.values()) == {404}
    assert changed == 404


def test_a_time_is_kept_within_the_notice(callers):
    ada, path = callers["ada"], planned(callers)
    ada.put(f"{path}/booking", {"slot": offered(callers, path)[0]["id"]})
    clock.set_clock(NINE - timedelta(hours=23))

    assert ada.delete(f"{path}/booking", status=409)["code"] == "slot.late"


def test_a_time_names_all_who_will_be_there(callers):
    ada, path = callers["ada"], planned(callers)
    offered(callers, path)

    slot = ada.get(f"{path}/times")["slots"][0]
    booked = ada.put(f"{path}/booking", {"slot": slot["id"]})["slot"]

    panel = {str(callers[name].person.pk) for name in ("kim", "lee")}
    assert [{one["id"] for one in (told["host"], *told["others"])} for told in (slot, booked)] == [panel, panel]

"""Surveys over HTTP: an organisation asks, people answer once, and a key of idempotency keeps nothing of it."""

from datetime import timedelta
from uuid import uuid4

import pytest

from dure.audit.models import AuditRow
from dure.core import clock
from dure.people.models import Answer
from dure.people.operations import join_organisation
from tests.api.conftest import Caller
from tests.assessments.survey_factories import EVERY, answers
from tests.factories import make_admin, make_organisation, make_person
from tests.programmes.build import live

pytestmark = [pytest.mark.django_db(transaction=True)]
STAGE = "- {id: opinion, kind: test, entry: open, do: {type: survey, by: judge}}"


@pytest.fixture(autouse=True)
def keys(settings, tmp_path) -> None:
    settings.SURVEY_KEYS = tmp_path / "keys"


@pytest.fixture
def keeper() -> Caller:
    return Caller(make_admin(make_organisation("home")))


def written(**known) -> dict:
    now = clock.now()
    return {
        "title": {"ko": "만족도", "en": "Opinion"}, "promise": "anonymous",
        "opens_at": (now - timedelta(hours=1)).isoformat(), "closes_at": (now + timedelta(days=1)).isoformat(),
        "questions": [one.as_dict() for one in EVERY], **known,
    }  # fmt: skip


def going(keeper: Caller, **known) -> str:
    """The address of a survey that takes answers."""
    made = keeper.post("/surveys", written(organisation="home", **known), status=201)
    path = f"/surveys/{made['id']}"
    keeper.post(f"{path}/open")
    return path


def test_a_survey_is_written_opened_answered_closed_and_read(keeper) -> None:
    made = keeper.post("/surveys", written(organisation="home"), status=201)
    path = f"/surveys/{made['id']}"
    keeper.put(path, written(title={"ko": "의견", "en": "Opinion"}))
    keeper.post(f"{path}/open")
    people = [Caller(make_person()) for _ in range(6)]
    unknown = keeper.post(f"{path}/people", {"emails": ["one@nowhere.org", "two@nowhere.org"]}, status=404)
    asked = keeper.post(f"{path}/people", {"emails": [one.person.email for one in people]})

    for one in people:
        one.put(f"{path}/answers", {"answers": answers(text="좋습니다")})
    early = keeper.get(f"{path}/results", status=409)
    closed = keeper.post(f"{path}/close", {})
    told = {row["key"]: row for row in keeper.get(f"{path}/results")["questions"]}

    assert unknown["facts"]["emails"] == ["one@nowhere.org", "two@nowhere.org"]
    assert (asked, closed["state"], early["code"]) == ({"people": 6}, "closed", "survey.results")
    assert (told["scale"]["mean"], told["text"]["texts"]) == ("4.00", ["좋습니다"] * 6)
    assert keeper.get(f"{path}/turnout") == {"asked": 6, "answered": 6}
    assert people[0].get(f"{path}/answers") == {"answered": True}
    keeper.get(f"{path}/replies", status=404)


def test_an_answer_is_taken_once_and_leaves_nothing_under_its_senders_key(keeper) -> None:
    path = going(keeper, reach="anybody")
    person = Caller(make_person())

    first = person.call("put", f"{path}/answers", {"answers": answers()}, Idempotency_Key="one")
    again = person.put(f"{path}/answers", {"answers": answers()}, status=409)
    flawed = Caller(make_person()).put(f"{path}/answers", {"answers": {"scale": 9}}, status=422)

    assert first.json() == {"answered": True}
    assert (again["code"], Answer.objects.filter(person=person.person).count()) == ("survey.answered", 0)
    assert {error["key"] for error in flawed["facts"]["errors"]} == {"scale", "single", "multiple", "number"}


def test_named_replies_are_read_by_those_who_look_after_the_survey_alone(keeper) -> None:
    path = going(keeper, promise="named", reach="anybody")
    person, stranger = Caller(make_person()), Caller(make_person())
    person.put(f"{path}/answers", {"answers": answers(text="내 의견")})

    [reply] = keeper.get(f"{path}/replies")["items"]

    assert (reply["person"]["id"], reply["answers"]["text"]) == (str(person.person.pk), "내 의견")
    for name in ("replies", "results", "turnout"):
        stranger.get(f"{path}/{name}", status=403)
    stranger.post(f"{path}/close", {}, status=403)


def test_the_log_says_who_read_results_and_names(keeper) -> None:
    path = going(keeper, promise="named", reach="anybody")

    keeper.get(f"{path}/results")
    keeper.get(f"{path}/replies")

    rows = AuditRow.objects.filter(action="survey.read")
    assert [row.actor for row in rows] == [f"people.person:{keeper.person.pk}"] * 2


def test_who_is_not_asked_need_not_know_of_it(keeper) -> None:
    path = going(keeper)
    Caller(make_person()).get(path, status=404)
    assert keeper.get("/me/surveys")["items"] == []


def test_the_end_moves_the_next_edition_is_a_draft_and_reminders_go_out_once_a_day(keeper) -> None:
    path = going(keeper)
    later = (clock.now() + timedelta(days=3)).isoformat()
    keeper.post(f"{path}/people", {"emails": [make_person().email]})

    keeper.put(f"{path}/end", {"closes_at": later})
    reminded = keeper.post(f"{path}/reminders")
    again = keeper.post(f"{path}/reminders", status=409)
    copy = keeper.post(f"{path}/copies", {"opens_at": clock.now().isoformat(), "closes_at": later}, status=201)

    assert (again["code"], copy["state"], len(copy["questions"])) == ("survey.reminded", "draft", 5)
    assert reminded["people"] in {0, 1}
    assert [row["id"] for row in keeper.get("/surveys")["items"]] == [path.removeprefix("/surveys/"), copy["id"]]
    keeper.post(f"{path}/people", {}, status=409)


def test_a_stage_is_bound_and_its_people_are_asked(keeper) -> None:
    found, home = live(STAGE), make_organisation("other")
    join_organisation(home, person=found.operator, role="admin")
    runs = Caller(found.operator)
    made = runs.post("/surveys", written(organisation="other"), status=201)
    path = f"/programmes/{found.programme.slug}/stages/opinion/survey"
    runs.get(path, status=404)

    runs.put(path, {"survey": made["id"]})
    found.enter("opinion")

    assert runs.get(path)["survey"] == made["id"]
    assert runs.get(f"/surveys/{made['id']}/turnout") == {"asked": 1, "answered": 0}
    stage = {"programme": found.programme.slug, "stage": "opinion", "state": "open"}
    assert runs.post(f"/surveys/{made['id']}/people", {"stage": stage}) == {"people": 0}


def test_people_are_asked_in_one_way_at_a_time(keeper) -> None:
    made = keeper.post("/surveys", written(organisation="home"), status=201)
    both = {"emails": [keeper.person.email], "cohort": str(uuid4())}

    refused = keeper.post(f"/surveys/{made['id']}/people", both, status=422)

    assert "only one of them" in str(refused)
    assert keeper.get(f"/surveys/{made['id']}/turnout") == {"asked": 0, "answered": 0}

"""Keeping people out of a programme, over HTTP."""

import pytest

from tests.api.conftest import Caller
from tests.factories import make_person
from tests.programmes.build import Live, exam, live

pytestmark = pytest.mark.django_db
WHY = {"ko": "계정을 여러 개 썼습니다.", "en": "Several accounts were used."}


@pytest.fixture
def made() -> Live:
    return live(exam("rank: {by: score, take: 1}"))


@pytest.fixture
def desk(made) -> Caller:
    return Caller(made.operator)


def bans(made: Live) -> str:
    return f"/programmes/{made.programme.slug}/bans"


def test_somebody_is_banned_appeals_and_comes_back(made, desk):
    person = make_person()
    turn = made.enter("exam", by=person)
    told = desk.post(bans(made), {"email": person.email, "reason": WHY}, 201)
    place, own = f"/programme-bans/{told['id']}", Caller(person)

    assert (told["in_force"], [row["id"] for row in told["persons"]]) == (True, [str(person.pk)])
    assert own.get(place)["reason"]["en"] == WHY["en"]
    assert own.post(f"{place}/appeal", {"text": "It was not me."})["state"] == "appealed"
    assert desk.call("post", f"{place}/lift", {}).status_code == 409
    clerk = Caller(made.seats["clerk"])
    answered = clerk.post(f"{place}/answer", {"grant": True, "answer": {"ko": "확인했습니다.", "en": "We looked."}})
    assert (answered["state"], made.again(turn).state) == ("lifted", "open")
    assert [row["state"] for row in desk.get(bans(made))["items"]] == ["lifted"]


def test_a_participant_is_named_by_number_and_nobody_not_at_all(made, desk):
    turn = made.enter("exam")

    told = desk.post(bans(made), {"case": turn.case.number, "reason": WHY}, 201)

    assert (len(told["persons"]), made.again(turn).state) == (1, "withdrawn")
    assert desk.call("post", bans(made), {"case": 99, "reason": WHY}).status_code == 404
    assert desk.call("post", bans(made), {"team": "Nobody", "reason": WHY}).status_code == 404
    assert desk.call("post", bans(made), {"reason": WHY}).status_code == 422


def test_a_ban_is_the_operators_and_the_persons_own(made, desk):
    person = make_person()
    told = desk.post(bans(made), {"email": person.email, "reason": WHY}, 201)
    place, own = f"/programme-bans/{told['id']}", Caller(person)

    assert Caller(make_person()).call("get", place).status_code == 404
    assert own.call("get", bans(made)).status_code == 403
    assert own.call("post", bans(made), {"email": person.email, "reason": WHY}).status_code == 403
    assert own.call("post", f"{place}/lift", {}).status_code == 403

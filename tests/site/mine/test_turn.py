"""What a participant sees and does."""

import pytest

from dure.jobs.worker import drain
from dure.people.models import Team
from dure.programmes.models import Offer, Turn
from dure.programmes.operations.entering import offer
from dure.programmes.operations.publishing import make_programme, open_programme, publish
from dure.programmes.operations.settling import release, settle
from tests.factories import make_person
from tests.programmes.build import booth, live, make_team
from tests.site.conftest import client_of, text_of

pytestmark = [pytest.mark.django_db]


def test_my_page_leads_on_where_there_is_nothing(world) -> None:
    page = client_of(world.stranger).get("/me/")
    assert "지금 할 일이 없습니다." in text_of(page)
    assert 'href="/programmes/"' in page.content.decode()


def test_what_a_turn_waits_for_is_said_and_can_be_done(world) -> None:
    world.admitted()
    turn, client = world.turn(world.ada, "task"), client_of(world.ada)

    before = text_of(client.get(f"/turns/{turn.pk}/"))
    client.post(f"/turns/{turn.pk}/options/", {"options": "vision"})
    client.post(f"/turns/{turn.pk}/terms/")

    assert ("선택 항목을 고르세요." in before, "채굴에 쓰지 않습니다" in before) == (True, True)
    turn.refresh_from_db()
    assert (turn.state, turn.options) == ("open", ["vision"])


def test_a_verdict_is_told_only_once_it_is_released(world) -> None:
    world.applied()
    world.decided()
    client, turn = client_of(world.ada), world.turn(world.ada, "apply")
    settlement = settle(world.programme, "apply", by=world.clerk)
    confirmed = text_of(client.get(f"/turns/{turn.pk}/"))
    release(settlement, by=world.clerk)
    released = text_of(client.get(f"/turns/{turn.pk}/"))

    assert ("통과했습니다" in confirmed, "통과했습니다" in released) == (False, True)


def test_what_was_received_is_listed(world) -> None:
    world.ranked()
    page = text_of(client_of(world.ada).get("/me/"))
    assert ("현장 배지" in page, "상금 1,500만 원" in page) == (True, True)


def test_of_what_each_member_of_a_team_received_one_sees_ones_own() -> None:
    found = live(booth(", gives: [{credential: {name: Badge, type: badge}}]"), subject="team")
    people = [make_person() for _ in range(3)]
    found.hand_in(found.enter("build", team=make_team(3, people=people)), attended=1)
    turn = Turn.objects.get()
    assert turn.gives.count() == len(people)

    page = client_of(people[1]).get(f"/turns/{turn.pk}/")

    assert [one.person for one in page.context["gives"]] == [people[1]]
    assert sum(event.title.startswith("받음") for event in page.context["history"]) == 1


def test_withdrawing_asks_first(world) -> None:
    world.applied(world.ada)
    turn, client = world.turn(world.ada, "apply"), client_of(world.ada)

    asked = text_of(client.get(f"/turns/{turn.pk}/withdraw/confirm/"))
    client.post(f"/turns/{turn.pk}/withdraw/")

    turn.refresh_from_db()
    assert ("되돌릴 수 없습니다" in asked, turn.state) == (True, "withdrawn")


def test_nobody_acts_on_anothers_turn(world) -> None:
    world.applied(world.ada)
    turn = world.turn(world.ada, "apply")

    codes = {
        who.name: client_of(who).post(f"/turns/{turn.pk}/withdraw/").status_code for who in (world.bo, world.clerk)
    }

    assert codes == {"최바다": 404, "김담당": 404}
    assert Turn.objects.get(pk=turn.pk).state == "handed-in"


def test_the_holder_sends_the_proof(world) -> None:
    turn = world.proving()

    client_of(world.ada).post(f"/turns/{turn.pk}/proof/", {"step": "0", "reference": "제2026-1호"})

    assert [proof.reference for proof in turn.proofs.all()] == ["제2026-1호"]


INVITED = """
blueprint: by-invitation
title: {en: By invitation, ko: 초대 과정}
subject: person
parties: {host: {kind: company}}
stages:
  - id: talk
    kind: event
    entry: invite
    options: [morning, evening]
    do: {type: seminar}
"""


@pytest.fixture
def invited(world) -> Offer:
    programme = make_programme(INVITED, slug="invited", by=world.operator, parties={"host": [world.host]})
    publish(programme)
    open_programme(programme)
    return offer(programme, "talk", to=world.ada, by=world.operator, note="꼭 오세요")


def test_an_offer_is_accepted_with_its_choice(world, invited) -> None:
    client = client_of(world.ada)

    listed = text_of(client.get("/me/"))
    asked = text_of(client.get(f"/offers/{invited.pk}/"))
    client.post(f"/offers/{invited.pk}/", {"answer": "yes", "options": "evening"})

    assert ("초대 과정" in listed, "꼭 오세요" in asked) == (True, True)
    turn = Turn.objects.get(programme=invited.programme)
    assert (turn.state, turn.options) == ("open", ["evening"])


def test_an_offer_is_declined(world, invited) -> None:
    client_of(world.ada).post(f"/offers/{invited.pk}/", {"answer": "no"})
    invited.refresh_from_db()
    assert invited.state == "declined"


def test_an_offer_is_its_persons_alone(world, invited) -> None:
    assert client_of(world.bo).get(f"/offers/{invited.pk}/").status_code == 404


IN_TEAMS = """
blueprint: in-teams
title: {en: In teams, ko: 팀 과정}
subject: person
parties: {host: {kind: company}}
stages:
  - {id: apply, kind: form, entry: open, do: {ask: [motive]}}
  - {id: build, kind: project, unit: team, team: {min: 1, max: 2}, do: {topic: own, milestones: [done], with: {}}}
"""


def test_a_team_is_formed_and_enters(world) -> None:
    programme = make_programme(IN_TEAMS, slug="teams", by=world.operator, parties={"host": [world.host]})
    publish(programme)
    open_programme(programme)
    world.programme = programme
    client = client_of(world.ada)
    address = client.post("/programmes/teams/apply/apply/")["Location"]
    client.post(address, {"version": 1, "motive": "함께"})
    drain()
    client.post("/me/teams/new/", {"name": "두레박"})
    turn = world.turn(world.ada, "build")

    client.post(f"/turns/{turn.pk}/team/", {"team": str(Team.objects.get().pk)})

    turn.refresh_from_db()
    assert (turn.state, turn.title) == ("open", "두레박")


def test_terms_that_were_accepted_are_not_asked_again(world) -> None:
    world.admitted()
    turn, client = world.turn(world.ada, "task"), client_of(world.ada)

    client.post(f"/turns/{turn.pk}/terms/")

    page = text_of(client.get(f"/turns/{turn.pk}/"))
    assert ("선택 항목을 고르세요." in page, "동의합니다" in page) == (True, False)

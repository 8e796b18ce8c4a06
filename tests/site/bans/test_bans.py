"""Banning at the desk, and what those it concerns see and do."""

import pytest

from dure.programmes.models import Ban
from tests.site.conftest import client_of, text_of

pytestmark = pytest.mark.django_db
WHY = {"reason_ko": "계정을 나누어 썼습니다.", "reason_en": "Accounts were shared.", "until": ""}


@pytest.fixture
def banned(world) -> Ban:
    world.applied()
    answer = client_of(world.clerk).post(desk(world), {**WHY, "who": world.ada.email})
    assert answer.status_code == 302, answer.content.decode()
    return Ban.objects.get()


def desk(world) -> str:
    return f"/desk/{world.programme.slug}/bans/"


def test_whoever_is_banned_reads_why_and_appeals_once(world, banned) -> None:
    ada, page = client_of(world.ada, "en"), f"/bans/{banned.pk}/"

    assert "Accounts were shared." in text_of(ada.get(page))
    assert ada.post(f"{page}appeal/", {"text": "It was not me."}).status_code == 302
    assert "Send the appeal" not in text_of(ada.get(page))
    assert world.turn(world.ada, "apply").state == "withdrawn"


def test_an_appeal_is_answered_by_another_operator(world, banned) -> None:
    page, sent = f"/bans/{banned.pk}/", {"grant": "yes", "answer_ko": "확인했습니다.", "answer_en": "We looked."}
    client_of(world.ada).post(f"{page}appeal/", {"text": "It was not me."})

    codes = [client_of(who).post(f"{page}answer/", sent).status_code for who in (world.clerk, world.operator)]

    assert codes == [409, 302]
    assert world.turn(world.ada, "apply").state == "handed-in"


def test_a_participant_is_banned_by_number(world) -> None:
    world.applied()
    number = world.turn(world.bo, "apply").case.number

    client_of(world.clerk).post(desk(world), {**WHY, "who": str(number)})

    assert world.turn(world.bo, "apply").state == "withdrawn"


@pytest.mark.parametrize("who", ["nobody@example.org", "99", "No such team"])
def test_whom_there_is_not_is_told_at_the_field(world, who) -> None:
    answer = client_of(world.clerk).post(desk(world), {**WHY, "who": who})

    assert (answer.status_code, Ban.objects.count()) == (422, 0)


def test_the_banned_are_told_when_they_come_again(world, banned) -> None:
    answer = client_of(world.ada, "en").post(f"/programmes/{world.programme.slug}/apply/apply/", {})

    assert (answer.status_code, "banned from this programme" in text_of(answer)) == (403, True)


def test_it_is_lifted_at_its_page_by_operators_alone(world, banned) -> None:
    codes = [client_of(who).post(f"/bans/{banned.pk}/lift/").status_code
             for who in (world.stranger, world.ada, world.clerk)]  # fmt: skip

    assert codes == [404, 403, 302]


def test_the_desks_page_is_its_own(world, banned) -> None:
    codes = {name: client_of(person).get(desk(world)).status_code
             for name, person in {"clerk": world.clerk, "judge": world.judge, "ada": world.ada}.items()}  # fmt: skip

    assert codes == {"clerk": 200, "judge": 403, "ada": 403}

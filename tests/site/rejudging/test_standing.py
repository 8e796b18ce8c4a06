"""Disqualifying and banning at the desk, and what those it concerns see and do."""

import pytest

from dure.challenges.models import Ban, Best, Disqualification, Entrant
from dure.challenges.operations.standing import lift
from tests.site.conftest import client_of
from tests.site.rejudging.conftest import STAGE, file_of

pytestmark = pytest.mark.django_db
WHY = {"ground": "sharing", "reason_ko": "코드를 나누어 썼습니다.", "reason_en": "Code was shared."}


@pytest.fixture
def out(world, handed_in) -> Disqualification:
    sent = {**WHY, "entrant": world.ada.name, "attempt": "", "appeal_until": "2099-01-01T00:00"}
    answer = handed_in.post(f"{STAGE}out/", sent)
    assert answer.status_code == 302, answer.content.decode()
    return Disqualification.objects.get()


def of(out: Disqualification, what: str = "") -> str:
    return f"/disqualifications/{out.pk}/{what}"


def test_whoever_is_disqualified_is_off_the_board_and_reads_why(world, out):
    page = client_of(world.ada, "en").get(of(out)).content.decode()

    assert "Code was shared." in page
    assert not Best.objects.filter(entrant=out.entrant).exists()


def test_my_work_asks_whoever_is_disqualified_for_no_more_attempts(world, out):
    ada = client_of(world.ada, "en")
    while_out = "Hand in another attempt" in ada.get("/me/").content.decode()

    lift(out, by=world.operator)

    assert (while_out, "Hand in another attempt" in ada.get("/me/").content.decode()) == (False, True)


def test_an_attempt_that_there_is_not_is_told_at_its_field(world, handed_in):
    sent = {**WHY, "entrant": world.ada.name, "attempt": "9", "appeal_until": "2099-01-01T00:00"}

    page = handed_in.post(f"{STAGE}out/", sent).content.decode()

    assert "It has no attempt of that number." in page
    assert Disqualification.objects.count() == 0


def test_an_appeal_is_sent_once_with_its_file_and_answered(world, out, handed_in):
    ada = client_of(world.ada, "en")
    sent = {"text": "It is my own.", "file": file_of("proof", "proof.txt")}
    assert ada.post(of(out, "appeal/"), sent).status_code == 302
    assert "proof.txt" in handed_in.get(of(out)).content.decode()
    assert b"".join(handed_in.get(of(out, "file/")).streaming_content) == b"proof"
    assert "Send the appeal" not in ada.get(of(out)).content.decode()

    answer = {"grant": "yes", "answer_ko": "확인했습니다.", "answer_en": "We looked."}
    assert handed_in.post(of(out, "answer/"), answer).status_code == 409  # who decided at first
    assert client_of(world.operator).post(of(out, "answer/"), answer).status_code == 302

    out.refresh_from_db()
    assert (out.state, Best.objects.filter(entrant=out.entrant).count()) == ("lifted", 1)
    assert "We looked." in ada.get(of(out)).content.decode()


def test_it_is_lifted_at_its_page(out, handed_in):
    handed_in.post(of(out, "lift/"))

    out.refresh_from_db()
    assert out.state == "lifted"


def test_strangers_know_nothing_of_it_and_the_entrant_cannot_lift_it(world, out):
    assert client_of(world.stranger).get(of(out)).status_code == 404
    assert client_of(world.bo).post(of(out, "appeal/"), {"text": "for her"}).status_code == 404
    assert client_of(world.ada).post(of(out, "lift/")).status_code == 403


@pytest.fixture
def banned(world, handed_in) -> Ban:
    sent = {**WHY, "email": world.bo.email, "until": "", "appeal_until": ""}
    assert handed_in.post(f"{STAGE}out/ban/", sent).status_code == 302
    return Ban.objects.get()


def test_a_ban_is_made_and_lifted_by_page(world, handed_in, banned):
    assert world.bo.name in handed_in.get(f"{STAGE}out/").content.decode()

    handed_in.post(f"{STAGE}out/bans/{banned.pk}/lift/")

    banned.refresh_from_db()
    assert banned.lifted_at is not None


def test_the_banned_find_why_and_the_appeal_at_their_work_and_at_the_round(world, banned):
    bo, page = client_of(world.bo, "en"), f"/round-bans/{banned.pk}/"
    at_round = f"/tasks/{Entrant.objects.get(members__person=world.bo).task_id}/mine/"

    assert [page in bo.get(at).content.decode() for at in ("/me/", at_round)] == [True, True]
    told = bo.get(page).content.decode()

    assert ("Code was shared." in told, "Send the appeal" in told, "Lift the ban" in told) == (True, True, False)


def test_an_appeal_against_a_ban_waits_at_the_desk_and_is_answered(world, banned, handed_in):
    bo, page = client_of(world.bo, "en"), f"/round-bans/{banned.pk}/"
    sent = {"text": "It was not me.", "file": file_of("proof", "proof.txt")}
    assert bo.post(f"{page}appeal/", sent).status_code == 302
    assert "Send the appeal" not in bo.get(page).content.decode()
    listed = client_of(world.clerk, "en").get(f"{STAGE}out/").content.decode()
    assert ("Appeal waits for an answer" in listed, page in listed) == (True, True)
    assert b"".join(handed_in.get(f"{page}file/").streaming_content) == b"proof"

    answer = {"grant": "no", "answer_ko": "확인했습니다.", "answer_en": "We looked."}
    assert client_of(world.operator).post(f"{page}answer/", answer).status_code == 302

    banned.refresh_from_db()
    assert banned.state == "upheld"
    assert "We looked." in bo.get(page).content.decode()


def test_strangers_know_nothing_of_a_ban_and_the_banned_cannot_lift_it(world, banned):
    page = f"/round-bans/{banned.pk}/"

    assert client_of(world.stranger).get(page).status_code == 404
    assert client_of(world.ada).post(f"{page}appeal/", {"text": "for him"}).status_code == 404
    assert client_of(world.bo).post(f"{page}lift/").status_code == 403


def test_nobody_is_banned_under_an_address_that_nobody_has(handed_in):
    page = handed_in.post(f"{STAGE}out/ban/", {**WHY, "email": "nobody@example.org", "until": ""}).content.decode()

    assert "Nobody has signed up with this address." in page
    assert Ban.objects.count() == 0

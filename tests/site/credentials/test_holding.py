"""A holder sees what is theirs, says who else does, and takes it along."""

from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

from dure.core import clock
from dure.credentials.models import Credential
from dure.credentials.operations import revoke, suspend
from tests.factories import make_person
from tests.site.conftest import client_of, text_of


def test_the_list_has_ones_own_and_nobody_elses(issued, learner):
    other = make_person()

    assert "제조 AI 리더" in text_of(client_of(learner).get("/me/credentials/"))
    assert "아직 받은 자격이 없습니다" in text_of(client_of(other).get("/me/credentials/"))
    assert client_of(other).get(f"/me/credentials/{issued.pk}/").status_code == 404
    assert client_of(other).post(f"/me/credentials/{issued.pk}/public/", {"public": "yes"}).status_code == 404


def test_its_holder_opens_it_to_everybody_and_closes_it_again(issued, learner):
    client, nobody = client_of(learner), client_of(None)

    client.post(f"/me/credentials/{issued.pk}/public/", {"public": "yes"})
    assert nobody.get(f"/verify/{issued.pk}/").status_code == 200
    client.post(f"/me/credentials/{issued.pk}/public/", {"public": "no"})
    assert nobody.get(f"/verify/{issued.pk}/").status_code == 404


def test_another_link_closes_the_one_before(issued, learner):
    before, client = issued.share, client_of(learner)
    assert "QR" in text_of(client.get(f"/me/credentials/{issued.pk}/link/"))

    client.post(f"/me/credentials/{issued.pk}/link/")

    issued.refresh_from_db()
    assert client.get(f"/verify/{before}/").status_code == 404
    assert client.get(f"/verify/{issued.share}/").status_code == 200


def test_the_holder_reads_why_it_does_not_hold(issued, learner, registrar):
    suspend(issued, reason="서류를 확인하고 있습니다.", by=registrar)

    assert "서류를 확인하고 있습니다." in text_of(client_of(learner).get(f"/me/credentials/{issued.pk}/"))


def test_linkedin_is_told_what_its_form_asks(issued, learner):
    page = client_of(learner, "en").get(f"/me/credentials/{issued.pk}/")

    asked = parse_qs(urlsplit(page.context["linkedin"]).query)
    assert asked["name"] == ["Manufacturing AI leader"]
    assert asked["organizationName"] == ["Hanbit University"]
    assert asked["certUrl"] == [f"https://dure.example/verify/{issued.share}/"]
    assert int(asked["expirationYear"][0]) == int(asked["issueYear"][0]) + 2


def test_what_was_revoked_is_not_offered_to_linkedin(issued, learner, registrar):
    revoke(issued, reason="표절", by=registrar)

    assert "linkedin.com" not in client_of(learner).get(f"/me/credentials/{issued.pk}/").content.decode()


def test_near_its_end_its_holder_asks_for_another_and_its_issuer_sees_who_asked(issued, learner, registrar):
    Credential.objects.filter(pk=issued.pk).update(valid_until=clock.now() + timedelta(days=30))
    client, desk = client_of(learner, "en"), client_of(registrar, "en")

    client.post(f"/me/credentials/{issued.pk}/renewal/")

    assert "You asked for its renewal" in text_of(client.get(f"/me/credentials/{issued.pk}/"))
    assert "Renewal, asked for by its holder" in text_of(desk.get("/organisations/hanbit/credentials/waiting/"))
    assert "Waits for sign-off" in text_of(desk.get("/organisations/hanbit/credentials/ending/"))
    rows = b"".join(desk.get("/organisations/hanbit/credentials/ending.csv").streaming_content).decode().splitlines()
    assert [str(issued.pk) in row for row in rows] == [False, True]

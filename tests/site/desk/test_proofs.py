"""Proofs on pages: entered by their holder with a file, verified at the desk, and whose signature is enough there."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from dure.jobs.worker import drain
from dure.joints.models import Proof
from tests.factories import make_person
from tests.programmes.build import holder, live

pytestmark = pytest.mark.django_db
EN = {"accept-language": "en"}
ELSEWHERE = (
    "- {id: cert, kind: test, entry: open, do: {type: external, by: host}, "
    "gate: [{external: {body: ministry, proof: number}}], else: again}"
)


@pytest.fixture(autouse=True)
def _own_files(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def found():
    return live(ELSEWHERE)


def desk(found):
    return f"/desk/{found.programme.slug}/stages/cert/proofs/"


def send(client, turn, **fields):
    client.force_login(holder(turn))
    return client.post(f"/turns/{turn.pk}/proof/", {"step": 0, **fields}, headers=EN, follow=True).content.decode()


def test_a_photo_is_sent_from_the_turns_page_and_saved_at_the_desk(client, found):
    turn = found.enter("cert")

    page = send(client, turn, file=SimpleUploadedFile("card.jpg", b"\xff\xd8"), valid_until="2999-12-31")
    proof = Proof.objects.get()
    client.force_login(found.operator)
    listed = client.get(desk(found)).content.decode()
    saved = client.get(f"/turns/{turn.pk}/proofs/{proof.pk}/")

    assert "An operator will verify it." in page
    assert (proof.file_name, proof.valid_until.isoformat()) == ("card.jpg", "2999-12-31T15:00:00+00:00")
    assert str(holder(turn)) in listed
    assert (b"".join(saved.streaming_content), saved["Content-Disposition"]) == (
        b"\xff\xd8", 'attachment; filename="card.jpg"',
    )  # fmt: skip


def test_a_no_without_a_reason_is_refused_and_a_yes_with_an_end_lets_it_pass(client, found):
    turn = found.enter("cert")
    send(client, turn, reference="A-1")
    client.force_login(found.operator)
    verify = f"/desk/turns/{turn.pk}/verify/"

    bare = client.post(verify, {"step": 0, "answer": "no", "note": ""}).status_code
    client.post(verify, {"step": 0, "answer": "yes", "valid_until": "2999-12-31"})
    drain()

    assert bare == 422
    assert (found.again(turn).state, Proof.objects.get().valid_until.year) == ("passed", 2999)


def test_the_same_number_of_two_people_is_pointed_out(client, found):
    for turn in found.enter_many(2, "cert"):
        send(client, turn, reference="A-1")
    client.force_login(found.operator)

    assert client.get(desk(found), headers=EN).content.decode().count("was entered elsewhere") == 2


def test_issuers_are_put_on_the_list_and_taken_off(client, found):
    client.force_login(found.operator)

    client.post(desk(found), {"did": "did:web:vendor.example", "achievement": "Clouds"})
    row = found.programme.trusted_issuers.get()
    listed = "did:web:vendor.example" in client.get(desk(found)).content.decode()
    client.post(desk(found), {"distrust": row.pk})

    assert (row.achievement, listed) == ("Clouds", True)
    assert not found.programme.trusted_issuers.exists()


def test_strangers_save_no_files_and_stages_without_proofs_have_no_such_page(client, found):
    turn = found.enter("cert")
    send(client, turn, file=SimpleUploadedFile("card.jpg", b"\xff\xd8"))
    file = f"/turns/{turn.pk}/proofs/{Proof.objects.get().pk}/"
    client.force_login(make_person())
    stranger = client.get(file).status_code
    other = live("- {id: cert, kind: test, entry: open, do: {type: exam, by: judge}}")
    client.force_login(other.operator)

    assert (stranger, client.get(desk(other)).status_code) == (404, 404)


def test_from_my_work_the_way_leads_to_the_proof(client, found):
    turn = found.enter("cert")
    client.force_login(holder(turn))

    page = client.get("/me/", headers=EN).content.decode()

    assert "Enter the proof" in page

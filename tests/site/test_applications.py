"""An application on the turn's page: drafts, files, sending, changes."""

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from dure.applications.models import Application
from dure.joints.models import FormTurn
from dure.programmes.operations.publishing import make_programme, open_programme, publish
from tests.site.conftest import client_of, text_of
from tests.site.world import SOURCE

pytestmark = [pytest.mark.django_db]
WITH_FILE = SOURCE.replace("do: {ask: [motive, years: number]}", "do: {ask: [motive, years: number], attach: [plan]}")
PDF = b"%PDF-1.4\n%%EOF\n"


@pytest.fixture
def entered(world):
    """(client, address) of somebody who has entered a programme that asks for a file."""
    programme = make_programme(WITH_FILE, slug="with-file", by=world.operator, parties={"host": [world.host]})
    publish(programme)
    open_programme(programme)
    client = client_of(world.stranger)
    response = client.post("/programmes/with-file/apply/apply/")
    assert response.status_code == 302
    return client, response["Location"]


def _state(address: str) -> tuple[str, dict]:
    application = FormTurn.objects.get(turn=address.split("/")[2]).application
    return application.state, application.answers


def test_entering_leads_to_the_form(entered) -> None:
    client, address = entered
    assert "지원 동기" in text_of(client.get(address))


def test_a_draft_keeps_what_is_not_right_yet(entered) -> None:
    client, address = entered

    response = client.post(address, {"version": 1, "motive": "현장에서 배우려고", "years": "셋", "draft": "yes"})

    assert response.status_code == 302
    assert _state(address) == ("draft", {"motive": "현장에서 배우려고", "years": "셋"})


def test_sending_names_every_field_that_is_wrong_and_keeps_the_rest(entered) -> None:
    client, address = entered

    response = client.post(address, {"version": 1, "motive": "", "years": "셋"})

    page = text_of(response)
    assert response.status_code == 200
    assert ("필수 항목입니다" in page, "숫자로 입력하세요" in page, "파일을 첨부해 주세요" in page) == (
        True,
        True,
        True,
    )
    assert re.search(r'<input[^>]* name="version"[^>]* value="2"', response.content.decode())
    assert _state(address) == ("draft", {"years": "셋"})


def test_sent_with_its_file_it_has_a_receipt_and_can_be_changed(entered) -> None:
    client, address = entered
    sent = {"version": 1, "motive": "현장", "years": "3", "file-plan": SimpleUploadedFile("계획.pdf", PDF)}

    first = client.post(address, sent)["Location"]
    client.post(address, {"version": 2, "motive": "현장", "years": "4"})

    receipt = text_of(client.get(first))
    assert first == f"{address}receipts/1/"
    assert all(said in receipt for said in ("접수증", "계획.pdf", "경력 연수", "이전에 제출한 내용입니다"))
    assert _state(address) == ("sent", {"motive": "현장", "years": "4"})


def test_a_receipt_is_its_holders_and_the_desks(entered, world) -> None:
    client, address = entered
    file = SimpleUploadedFile("계획.pdf", PDF)
    receipt = client.post(address, {"version": 1, "motive": "현장", "years": "3", "file-plan": file})["Location"]

    codes = {who.name: client_of(who).get(receipt).status_code for who in (world.stranger, world.operator, world.ada)}

    assert codes == {"정나그네": 200, "오운영": 200, "박하늘": 404}


def test_a_file_is_attached_as_soon_as_it_is_chosen(entered) -> None:
    client, address = entered

    good = client.post(f"{address}files/plan/", {"file-plan": SimpleUploadedFile("계획.pdf", PDF)})
    bad = client.post(f"{address}files/plan/", {"file-plan": SimpleUploadedFile("run.exe", b"MZ" + bytes(64))})
    removed = client.post(f"{address}files/plan/", {"remove": "plan"})

    assert ("필수 항목 3개 중 1개 작성" in text_of(good), "계획.pdf" in text_of(good)) == (True, True)
    assert ("실행 파일은 받지 않습니다" in text_of(bad), "계획.pdf" in text_of(bad)) == (True, True)
    assert "계획.pdf" not in text_of(removed)
    assert client.post(f"{address}files/nothing/", {"remove": "nothing"}).status_code == 404


def test_faults_are_listed_with_links_to_their_fields(entered) -> None:
    client, address = entered
    page = client.post(address, {"version": 1, "motive": "", "years": "셋"}).content.decode()
    assert all(f'href="#{field}"' in page for field in ("id_motive", "id_years", "file-plan"))


def test_a_file_is_saved_never_shown(entered, world) -> None:
    client, address = entered
    client.post(address, {"version": 1, "draft": "yes", "file-plan": SimpleUploadedFile("계획.pdf", PDF)})
    attachment = Application.objects.get().attachments.get()

    answers = {person: client_of(person).get(f"/files/{attachment.pk}/") for person in (world.stranger, world.ada)}

    own = answers[world.stranger]
    assert b"".join(own.streaming_content) == PDF
    assert own["Content-Disposition"].startswith("attachment;")
    assert own["X-Content-Type-Options"] == "nosniff"
    assert answers[world.ada].status_code == 404


def test_a_program_is_refused_at_its_field(entered) -> None:
    client, address = entered
    program = SimpleUploadedFile("run.exe", b"MZ\x90\x00" + bytes(64))

    response = client.post(address, {"version": 1, "draft": "yes", "file-plan": program})

    assert response.status_code == 200
    assert 'id="wrong-plan"' in response.content.decode()


def test_a_file_above_the_bound_is_told_at_its_field(entered, settings) -> None:
    settings.ATTACHMENT_BYTES = 2**20
    client, address = entered
    large = SimpleUploadedFile("계획.pdf", PDF + bytes(2**20))

    response = client.post(address, {"version": 1, "draft": "yes", "file-plan": large})

    assert "파일은 1 MiB까지 올릴 수 있습니다." in text_of(response)
    assert Application.objects.get().attachments.count() == 0


def test_a_file_can_be_taken_away(entered) -> None:
    client, address = entered
    client.post(address, {"version": 1, "draft": "yes", "file-plan": SimpleUploadedFile("a.pdf", PDF)})

    client.post(address, {"version": 2, "remove": "plan"})

    assert Application.objects.get().attachments.filter(detached_at=None).count() == 0


def test_autosave_answers_with_the_next_version(entered) -> None:
    client, address = entered

    response = client.post(f"{address}draft/", {"version": 1, "motive": "자동"}, headers={"HX-Request": "true"})

    assert 'value="2"' in response.content.decode()
    assert ("저장됨" in text_of(response), "필수 항목 3개 중 1개 작성" in text_of(response)) == (True, True)
    assert _state(address) == ("draft", {"motive": "자동"})


def test_autosave_without_its_version_overwrites_nothing(entered) -> None:
    client, address = entered
    response = client.post(f"{address}draft/", {"motive": "늦은 창"}, headers={"HX-Request": "true"})
    assert (response.status_code, _state(address)) == (409, ("draft", {}))


def test_the_older_of_two_windows_does_not_overwrite(entered) -> None:
    client, address = entered
    client.post(address, {"version": 1, "motive": "첫 창", "draft": "yes"})

    response = client.post(address, {"version": 1, "motive": "둘째 창", "draft": "yes"})

    assert response.status_code == 409
    assert _state(address) == ("draft", {"motive": "첫 창"})

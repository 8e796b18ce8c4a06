"""An application on the turn's page: drafts, files, sending, changes."""

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
    assert 'name="version" value="2"' in response.content.decode()
    assert _state(address) == ("draft", {"years": "셋"})


def test_sent_with_its_file_it_has_a_receipt_and_can_be_changed(entered) -> None:
    client, address = entered
    sent = {"version": 1, "motive": "현장", "years": "3", "file-plan": SimpleUploadedFile("계획.pdf", PDF)}

    client.post(address, sent)
    page = client.get(address)
    client.post(address, {"version": 2, "motive": "현장", "years": "4"})

    assert ("접수 번호" in text_of(page), "계획.pdf" in text_of(page)) == (True, True)
    assert _state(address) == ("sent", {"motive": "현장", "years": "4"})


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
    assert _state(address) == ("draft", {"motive": "자동"})


def test_the_older_of_two_windows_does_not_overwrite(entered) -> None:
    client, address = entered
    client.post(address, {"version": 1, "motive": "첫 창", "draft": "yes"})

    response = client.post(address, {"version": 1, "motive": "둘째 창", "draft": "yes"})

    assert response.status_code == 409
    assert _state(address) == ("draft", {"motive": "첫 창"})

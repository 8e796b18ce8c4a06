"""Consents given and withdrawn, and one's own data to take along."""

import io
import json
import zipfile
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import translation

from dure.audit.models import AuditRow
from dure.core import clock
from dure.jobs.worker import drain
from dure.people.models import Export
from dure.people.operations import give_consent
from dure.people.queries import has_consented
from dure.programmes.operations.publishing import make_programme, open_programme, publish
from dure.site import words
from tests.site.conftest import client_of, text_of
from tests.site.world import SOURCE

pytestmark = [pytest.mark.django_db(transaction=True)]
RECRUITING = SOURCE.replace("blueprint: field-ai-school", "blueprint: recruiting").replace(
    "judge: {at: host, can: [review]}", "judge: {at: host, can: [review, recruit]}"
)


def test_a_consent_says_what_it_is_for_and_is_withdrawn(world) -> None:
    consent = give_consent(world.ada, purpose="terms", scope="field-ai-2026/task/0", wording="채굴에 쓰지 않습니다")
    client = client_of(world.ada)

    listed = text_of(client.get("/me/account/consents/"))
    client.post(f"/me/account/consents/{consent.pk}/withdraw/")

    assert ("제공 자원 이용 조건" in listed, "온라인 라운드" in listed, "채굴에 쓰지 않습니다" in listed) == (True,) * 3
    assert not has_consented(world.ada, purpose="terms", scope="field-ai-2026/task/0")


def test_recruiters_see_nobody_who_has_not_agreed(world) -> None:
    programme = make_programme(RECRUITING, slug="recruiting", by=world.operator, parties={"host": [world.host]})
    publish(programme)
    open_programme(programme)
    client = client_of(world.ada)
    client.post("/programmes/recruiting/apply/apply/")

    asked = text_of(client.get("/me/account/consents/"))
    client.post("/me/account/consents/recruiting/give/")

    assert "동의할 수 있는 항목" in asked
    assert has_consented(world.ada, purpose="recruiters", scope="recruiting")
    assert client_of(world.bo).post("/me/account/consents/recruiting/give/").status_code == 404


def test_ones_data_is_gathered_told_and_downloaded_by_oneself_alone(world) -> None:
    world.applied(world.ada)
    client = client_of(world.ada)

    client.post("/me/account/data/ask/")
    drain()
    export = Export.objects.get()
    own = client.get(f"/me/account/data/{export.pk}.zip")
    foreign = client_of(world.bo).get(f"/me/account/data/{export.pk}.zip")

    with zipfile.ZipFile(io.BytesIO(b"".join(own.streaming_content))) as archive:
        applications = json.loads(archive.read("applications.json"))
        account = json.loads(archive.read("account.json"))
    assert (applications[0]["answers"]["motive"], account["email"]) == ("현장", "ada@example.org")
    assert foreign.status_code == 404
    assert "데이터가 준비되었습니다" in text_of(client.get("/me/notices/"))
    acts = AuditRow.objects.filter(action__startswith="export.").order_by("pk").values_list("action", flat=True)
    assert list(acts) == ["export.asked", "export.ready", "export.downloaded"]


def test_files_that_one_sent_are_in_it(world) -> None:
    source = SOURCE.replace("ask: [motive, years: number]", "ask: [motive], attach: [plan]")
    programme = make_programme(source, slug="with-file", by=world.operator, parties={"host": [world.host]})
    publish(programme)
    open_programme(programme)
    client = client_of(world.ada)
    address = client.post("/programmes/with-file/apply/apply/")["Location"]
    client.post(f"{address}files/plan/", {"file-plan": SimpleUploadedFile("계획.pdf", b"%PDF-1.4\n%%EOF\n")})

    client.post("/me/account/data/ask/")
    drain()

    with zipfile.ZipFile(Export.objects.get().file) as archive:
        assert [name.partition("-")[2][-6:] for name in archive.namelist() if name.startswith("files/")] == ["계획.pdf"]


def test_two_are_not_gathered_at_once(world) -> None:
    client = client_of(world.ada)
    client.post("/me/account/data/ask/")
    assert (client.post("/me/account/data/ask/").status_code, Export.objects.count()) == (409, 1)


def test_after_its_week_the_file_is_gone(world) -> None:
    client = client_of(world.ada)
    client.post("/me/account/data/ask/")
    drain()
    export = Export.objects.get()

    with clock.at(clock.now() + timedelta(days=8)):
        answer = client.get(f"/me/account/data/{export.pk}.zip")

    assert (answer.status_code, "데이터를 다시 요청하세요" in text_of(answer)) == (409, True)


def test_a_consent_is_in_plain_words_whatever_it_is_for_and_says_what_a_withdrawal_does(world) -> None:
    world.admitted()
    turn = str(world.turn(world.ada, "apply").pk)
    scopes = {"award-name": "field-ai-2026/task/0", "award-result": "field-ai-2026/task/0", "contact": turn,
              "employer": world.host.short,
              "recruiters": "field-ai-2026", "terms": "field-ai-2026/task/0"}  # fmt: skip
    for purpose, scope in scopes.items():
        give_consent(world.ada, purpose=purpose, scope=scope)

    listed = text_of(client_of(world.ada).get("/me/account/consents/"))

    assert set(scopes) == set(words.CONSENTS) == set(words.CONSENT_ENDS)
    with translation.override("ko"):
        assert [purpose for purpose in scopes if str(words.CONSENTS[purpose]) not in listed] == []
        assert [purpose for purpose in scopes if str(words.CONSENT_ENDS[purpose]) not in listed] == []
    assert [raw for raw in (turn, "field-ai-2026", "award-") if raw in listed] == []

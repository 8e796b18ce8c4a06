"""Who runs an issuer defines, awards, signs off and looks after credentials; nobody else finds the pages."""

import csv
import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext

from dure.credentials.models import Achievement, Credential, CredentialState, Kind
from dure.credentials.operations import Deserved, SignOff, propose
from dure.credentials.pictures import _medal
from dure.skills.models import Skill, Taxonomy
from tests.credentials.conftest import work_off
from tests.factories import make_admin, make_member, make_organisation, make_person
from tests.site.conftest import client_of, text_of

OWN = "/organisations/hanbit/credentials/"
SAID = {
    "kind": "certificate", "code": "nlp", "name_ko": "자연어 처리", "name_en": "NLP", "description_ko": "설명",
    "description_en": "About", "criteria_ko": "기준", "criteria_en": "Criteria", "level": "", "valid_months": "12",
    "skills": "", "signed_off": "on", "recognised_by": "", "recognised_from": "", "before_ko": "", "before_en": "",
}  # fmt: skip


@pytest.fixture
def client(registrar):
    return client_of(registrar)


def test_nobody_else_finds_the_pages(issuer, achievement, issued, university):
    paths = ["", "new/", "waiting/", "issued/", "issued.csv", "achievements/ai-leader/", f"issued/{issued.pk}/revoke/"]
    strangers = [make_person(), make_member(university).person, make_admin(make_organisation())]

    codes = {client_of(person).get(f"{OWN}{path}").status_code for person in strangers for path in paths}

    assert codes == {404}


def test_without_a_key_the_page_says_how_to_become_an_issuer(university, registrar):
    assert "dure keys new --issuer hanbit" in text_of(client_of(registrar).get(OWN))


def test_an_achievement_is_defined_with_its_picture_and_skills(issuer, client):
    taxonomy = Taxonomy.objects.create(key="own", title_ko="역량", title_en="Skills")
    Skill.objects.create(taxonomy=taxonomy, code="nlp-basics", name_en="NLP")
    picture = SimpleUploadedFile("a.png", _medal(Kind.BADGE))

    client.post(f"{OWN}new/", {**SAID, "skills": "nlp-basics = 3", "image": picture})

    made = Achievement.objects.get(code="nlp").current
    assert [(row.skill.code, row.level) for row in made.alignments.all()] == [("nlp-basics", 3)]
    assert client.get(f"/achievements/{made.pk}/image.png").content.startswith(b"\x89PNG")


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"code": "ai-leader"}, "code"),
        ({"code": "No spaces"}, "code"),
        ({"name_en": ""}, "name_en"),
        ({"valid_months": "0"}, "valid_months"),
        ({"skills": "no-such-skill"}, "skills"),
        ({"recognised_from": "2027-01-01"}, "__all__"),
        ({"image": SimpleUploadedFile("a.png", b"no picture")}, "__all__"),
    ],
)
def test_what_is_wrong_is_said_beside_its_field(achievement, client, wrong, field):
    answer = client.post(f"{OWN}new/", {**SAID, **wrong})

    assert (answer.status_code, set(answer.context["form"].errors)) == (200, {field})
    assert Achievement.objects.count() == 1


def test_editing_says_that_what_was_issued_stays(achievement, client):
    page = client_of(achievement.current.by, "en").get(f"{OWN}achievements/ai-leader/edit/")
    assert "This makes version 2" in text_of(page)

    client.post(f"{OWN}achievements/ai-leader/edit/", {**SAID, "name_ko": "새 이름"})

    achievement.refresh_from_db()
    assert (achievement.current.number, achievement.current.name_ko) == (2, "새 이름")


def test_rows_that_are_not_right_are_told_by_number_and_nothing_is_proposed(achievement, learner, client):
    sheet = SimpleUploadedFile("a.csv", b"email,name\nhana@example.org,a\nnobody@example.org,b\nHana@example.org,c\n")

    page = client.post(f"{OWN}achievements/ai-leader/award/", {"ground": "2026", "file": sheet})

    assert [line.number for line in page.context["flawed"]] == [3, 4]
    assert not Credential.objects.exists()


def test_awarding_looks_first_then_proposes_once(achievement, learner, client):
    sent = {"ground": "2026", "people": "hana@example.org"}
    looked = client.post(f"{OWN}achievements/ai-leader/award/", sent)
    assert (looked.status_code, Credential.objects.count()) == (200, 0)

    for _ in range(2):
        client.post(f"{OWN}achievements/ai-leader/award/", {**sent, "apply": "yes"})

    assert [row.state for row in Credential.objects.all()] == [CredentialState.PROPOSED]


def test_many_are_signed_off_and_the_page_tells_how_far_it_is(achievement, client):
    propose(achievement, [Deserved(make_person(), "2026") for _ in range(3)], by=None)

    answer = client.post(f"{OWN}waiting/", {"all": "yes", "of": "ai-leader"})
    before = client.get(answer.url)
    work_off()
    after = client.get(answer.url, headers={"HX-Request": "true"})

    assert (before.context["progress"].done, after.context["progress"].done) == (0, 3)
    assert "3건을 발급했습니다." in text_of(after)


def test_declining_needs_a_reason(achievement, learner, client):
    [row] = propose(achievement, [Deserved(learner, "2026")], by=None)

    refused = client.post(f"{OWN}waiting/", {"one": str(row.pk), "decline": "yes"})
    client.post(f"{OWN}waiting/", {"one": str(row.pk), "decline": "yes", "reason": "기준 미달"})

    row.refresh_from_db()
    assert (refused.status_code, row.state, row.reason) == (409, CredentialState.DECLINED, "기준 미달")


def test_the_list_is_found_and_taken_out(issued, client):
    assert "김하나" in text_of(client.get(f"{OWN}issued/?q=하나"))
    assert "조건에 맞는 자격이 없습니다" in text_of(client.get(f"{OWN}issued/?q=없음"))

    data = b"".join(client.get(f"{OWN}issued.csv").streaming_content).decode("utf-8-sig")
    [row] = csv.DictReader(io.StringIO(data))
    assert (row["id"], row["email"], row["state"]) == (str(issued.pk), "hana@example.org", "issued")
    assert client.get(f"{OWN}issued.xlsx").content.startswith(b"PK")
    assert client.get(f"{OWN}issued.ods").status_code == 404


def test_acts_ask_for_a_reason_and_are_done(issued, client):
    page = f"{OWN}issued/{issued.pk}/"
    assert client.post(f"{page}suspend/", {"reason": ""}).status_code == 200
    for act, state in (("suspend", "suspended"), ("reinstate", "issued"), ("revoke", "revoked")):
        client.post(f"{page}{act}/", {"reason": "사유"})
        issued.refresh_from_db()
        assert issued.state == state


def test_renewing_leads_to_the_new_one(issued, client):
    answer = client.post(f"{OWN}issued/{issued.pk}/renew/")

    assert answer.url == f"{OWN}issued/{issued.renewed_by.pk}/"


def test_lists_ask_the_database_as_often_for_many(achievement, issued, client):
    def asked(path):
        client.get(path)
        with CaptureQueriesContext(connection) as queries:
            client.get(path)
        return len(queries)

    paths = [OWN, f"{OWN}issued/", f"{OWN}waiting/"]
    few = [asked(path) for path in paths]
    propose(achievement, [Deserved(make_person(), "x") for _ in range(20)], by=None, sign_off=SignOff.GIVEN)
    propose(achievement, [Deserved(make_person(), "y") for _ in range(20)], by=None)
    work_off()

    assert [asked(path) for path in paths] == pytest.approx(few, abs=2)
    assert max(few) <= 18

"""Pages of degrees: one's own audit, the registrar's and the committee's work, a transcript that anybody checks."""

import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext

from dure.core.findings import State
from dure.credentials.keys import make as make_key
from dure.credentials.models import Credential, Kind, Method
from dure.credentials.operations import add_key, become_issuer, define
from dure.credentials.verifying import verified
from dure.jobs.worker import drain
from dure.learning.models import Candidacy, Degree
from dure.learning.queries.degrees import standing_records
from dure.site import pdf
from tests.credentials.conftest import CONTENT
from tests.factories import make_admin, make_organisation, make_person
from tests.learning.degrees.factories import (
    REQUIREMENT,
    earn,
    make_candidacy,
    make_degree,
    make_member,
    make_ready,
    make_registrar,
)
from tests.site.conftest import client_of, text_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def short():
    """Somebody with 23 of 24 credits."""
    candidacy = make_candidacy()
    for course, area, amount in (("ml", "majors", 12), ("basics", "core", 6), ("more", "", 5)):
        earn(candidacy, course, amount, area=area)
    return candidacy


def page_of(candidacy: Candidacy) -> str:
    return f"/degrees/candidates/{candidacy.pk}/"


def test_candidate_reads_what_is_missing_in_their_language(short):
    pages = {language: text_of(client_of(short.person, language).get(page_of(short))) for language in ("ko", "en")}

    assert "Credits in all: 23 of 24. Earn 1 more." in pages["en"]
    assert "총 이수 학점: 24학점 가운데 23학점입니다. 1학점을 더 이수하세요." in pages["ko"]


def test_who_may_read_an_audit(short):
    advisor = make_person()
    Candidacy.objects.filter(pk=short.pk).update(advisor=advisor)
    degree = short.degree
    people = {"own": short.person, "advisor": advisor, "registrar": make_registrar(degree), "stranger": make_person(),
              "committee": make_member(degree), "other admin": make_admin(make_organisation())}  # fmt: skip

    codes = {who: client_of(person).get(page_of(short)).status_code for who, person in people.items()}
    lists = {who: client_of(person).get(f"/degrees/{degree.key}/").status_code for who, person in people.items()}

    assert codes == {
        "own": 200,
        "advisor": 200,
        "registrar": 200,
        "committee": 200,
        "stranger": 404,
        "other admin": 404,
    }
    assert lists == {
        "own": 404,
        "advisor": 404,
        "registrar": 200,
        "committee": 200,
        "stranger": 404,
        "other admin": 404,
    }


def test_what_if_counts_planned_courses_and_keeps_nothing(short):
    path = f"{page_of(short)}what-if/?on=2026-12-01&version={short.version.pk}&0-course=seminar&0-credits=1"

    page = text_of(client_of(short.person, "en").get(path))

    assert "With this, nothing would be missing." in page
    assert short.records.count() == 3


def test_registrar_proposes_and_the_committee_awards_what_the_issuer_then_issues(settings, tmp_path):
    settings.KEYS = tmp_path
    organisation = make_organisation()
    issuer = become_issuer(organisation, method=Method.WEB)
    add_key(issuer, public=make_key())
    define(issuer, code="joint", kind=Kind.DEGREE, content=CONTENT, by=None, signed_off=False)
    degree = make_degree(REQUIREMENT + "award: joint\n", organisation=organisation)
    candidacy, decide = make_ready(degree), f"/degrees/{degree.key}/decide/"

    client_of(make_registrar(degree)).post(decide, {"act": "propose", "one": candidacy.pk})
    client_of(make_member(degree)).post(decide, {"act": "award", "one": candidacy.pk})
    drain()

    candidacy.refresh_from_db()
    issued = Credential.objects.get()
    assert (candidacy.state, issued.state, issued.person) == ("awarded", "issued", candidacy.person)
    assert [row.values["credits"] for row in issued.evidence.all()] == [24]


def test_proposal_of_somebody_who_lacks_a_credit_says_what(short):
    client = client_of(make_registrar(short.degree), "en")

    client.post(f"/degrees/{short.degree.key}/decide/", {"act": "propose", "one": short.pk, "back": "yes"})

    assert "23 of 24" in text_of(client.get(page_of(short)))
    short.refresh_from_db()
    assert short.state == "studying"


def test_committee_declines_with_a_reason_only():
    degree = make_degree()
    candidacy, decide = make_ready(degree), f"/degrees/{degree.key}/decide/"
    client_of(make_registrar(degree)).post(decide, {"act": "propose", "one": candidacy.pk})
    member = client_of(make_member(degree))

    member.post(decide, {"act": "decline", "one": candidacy.pk, "reason": " "})
    candidacy.refresh_from_db()
    without = candidacy.state
    member.post(decide, {"act": "decline", "one": candidacy.pk, "reason": "서류 확인"})
    candidacy.refresh_from_db()

    assert (without, candidacy.state, candidacy.reason) == ("proposed", "studying", "서류 확인")


def test_credits_are_entered_corrected_and_struck_by_the_registrar(short):
    client = client_of(make_registrar(short.degree))
    told = {"issuer": str(short.degree.organisation.pk), "course": "seminar", "title_ko": "세미나", "title_en": "",
            "credits": "1", "earned_on": "2026-06-30", "area": "", "grade": "4.5"}  # fmt: skip

    client.post(f"{page_of(short)}credits/new/", told)
    made = standing_records([short.pk]).get(course="seminar")
    client.post(f"/degrees/credits/{made.pk}/", {**told, "credits": "2"})
    newer = standing_records([short.pk]).get(course="seminar")
    history = text_of(client_of(make_registrar(short.degree), "en").get(f"/degrees/credits/{newer.pk}/"))
    client.post(f"/degrees/credits/{newer.pk}/", {"strike": "yes"})

    assert (made.credits, newer.credits, newer.replaces) == (1, 2, made)
    assert "What it said before" in history
    assert not standing_records([short.pk]).filter(course="seminar").exists()


def test_file_is_looked_at_first_and_entered_after(short):
    client, path = client_of(make_registrar(short.degree), "en"), f"/degrees/{short.degree.key}/import/"
    row = f"{short.person.email},{short.degree.organisation.short},seminar,Seminar,1,2026-06-30\n"
    table = f"email,issuer,course,title_en,credits,earned_on\n{row}".encode()

    looked = text_of(client.post(path, {"file": SimpleUploadedFile("a.csv", table)}))
    wrong = client.post(path, {"file": SimpleUploadedFile("a.csv", table.replace(b",1,", b",x,"))})
    client.post(path, {"file": SimpleUploadedFile("a.csv", table), "enter": "yes"})
    drain()

    short.refresh_from_db()
    assert "New: 1, corrected: 0" in looked
    assert (wrong.status_code, "Credits are from 0.1" in text_of(wrong)) == (422, True)
    assert short.met


def test_requirement_is_checked_with_its_lines_and_saved_as_the_next_version():
    degree = make_degree()
    client, path = client_of(make_registrar(degree), "en"), f"/degrees/{degree.key}/requirement/"

    flawed = text_of(client.post(path, {"requirement": REQUIREMENT.replace("grade: 3.0", "grade: 9"), "save": "yes"}))
    checked = text_of(client.post(path, {"requirement": REQUIREMENT.replace("credits: 24", "credits: 30")}))
    before = degree.versions.count()
    client.post(path, {"requirement": REQUIREMENT.replace("credits: 24", "credits: 30"), "save": "yes"})

    assert "Line 8" in flawed
    assert "credits: 30" in checked
    assert (before, degree.versions.count()) == (1, 2)


def test_whoever_looks_after_an_institution_founds_a_degree_and_seats_people():
    organisation = make_organisation()
    client, person = client_of(make_admin(organisation)), make_person()

    told = {"organisation": str(organisation.pk), "key": "ai", "requirement": REQUIREMENT}
    client.post("/degrees/new/", told)
    client.post("/degrees/ai/people/", {"email": person.email, "duty": "committee"})
    stranger = client_of(make_person()).post("/degrees/new/", {**told, "key": "mine"})

    assert [(seat.person, seat.duty) for seat in Degree.objects.get().seats.all()] == [(person, "committee")]
    assert stranger.status_code == 200


def test_many_are_admitted_by_their_addresses_or_nobody_is():
    degree = make_degree()
    client, people = client_of(make_registrar(degree)), [make_person() for _ in range(3)]
    emails = "\n".join(person.email for person in people)

    refused = client.post(f"/degrees/{degree.key}/", {"emails": f"{emails}\nnobody@example.org"})
    none = degree.candidacies.count()
    for _ in range(2):
        client.post(f"/degrees/{degree.key}/", {"emails": emails})

    assert (none, degree.candidacies.count()) == (0, 3)
    assert all(email in text_of(refused) for email in (*emails.split(), "가입한 사람이 아닙니다: nobody@example.org"))


def test_list_of_very_many_asks_the_same_few_questions():
    degree = make_degree()
    client = client_of(make_registrar(degree))
    counted = []
    for n in (3, 20):
        for _ in range(n):
            make_candidacy(degree)
        with CaptureQueriesContext(
            connection,
        ) as asked:
            assert client.get(f"/degrees/{degree.key}/").status_code == 200
        counted.append(len(asked))
    assert counted[0] == counted[1] <= 20


def test_transcript_is_signed_by_the_institution_and_checked_by_anybody(settings, tmp_path):
    settings.KEYS = tmp_path
    organisation = make_organisation()
    add_key(become_issuer(organisation, method=Method.WEB), public=make_key())
    candidacy = make_ready(make_degree(organisation=organisation))

    address = client_of(candidacy.person).post(f"{page_of(candidacy)}transcript/")["Location"]
    before = text_of(client_of(None, "en").get(address))
    drain()
    after = text_of(client_of(None, "en").get(address))
    transcript = candidacy.transcripts.get()
    type(transcript).objects.update(content=transcript.content.replace('"4.00"', '"4.50"'))
    forged = text_of(client_of(None, "en").get(address))

    assert ("Not signed yet" in before, "Signed by" in after, "Signed by" in forged) == (True, True, False)
    assert "Do not rely on it" in forged


def test_transcript_is_a_credential_whose_results_are_the_courses_and_anybody_verifies_it(settings, tmp_path):
    settings.KEYS = tmp_path
    organisation = make_organisation()
    add_key(become_issuer(organisation, method=Method.WEB), public=make_key())
    candidacy = make_ready(make_degree(organisation=organisation))
    address = client_of(candidacy.person).post(f"{page_of(candidacy)}transcript/")["Location"]
    unsigned = client_of(None).get(f"{address}credential.json").status_code
    drain()

    document = client_of(None).get(f"{address}credential.json").json()
    subject, report = document["credentialSubject"], verified(json.dumps(document).encode())
    subject["result"][0]["value"] = "4.50"

    assert (unsigned, report.state) == (404, State.OK)
    assert {row["resultDescription"] for row in subject["result"]} == {
        one["id"] for one in subject["achievement"]["resultDescription"]
    }
    assert subject["creditsEarned"] == sum(float(row.credits) for row in candidacy.records.all())
    assert verified(json.dumps(document).encode()).proof.state == State.FAIL


@pytest.mark.skipif(not pdf.here(), reason="this machine lacks Pango")
def test_transcript_is_a_pdf():
    candidacy = make_ready()
    address = client_of(candidacy.person).post(f"{page_of(candidacy)}transcript/")["Location"]

    answer = client_of(None).get(f"{address}transcript.pdf")

    assert answer["Content-Type"] == "application/pdf"
    assert answer.content.startswith(b"%PDF")

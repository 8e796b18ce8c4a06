"""Row 2, Azure certificates in the AI/DT course, acted over HTTP: proof from outside, by number or by signature."""

import pytest

from dure.jobs.worker import drain
from dure.people.models import Person
from tests.api.conftest import Caller
from tests.rows.editions import Edition, admin_of, issuer_of, organisations, person_at, with_file
from tests.site.conftest import client_of, text_of

pytestmark = pytest.mark.django_db
WORDS = {"ko": "애저 AI 기초", "en": "Azure AI fundamentals"}
ANSWERS = {"affiliate": "SK hynix", "job": "engineer", "level": "beginner"}


@pytest.fixture
def course():
    """Everybody has come as far as the vendor's certificate."""
    parties = organisations("mysuni", "microsoft", "sk")
    course = Edition("aidt").make("01", {name: parties[name] for name in ("mysuni", "microsoft")})
    course.seat("curator", parties["mysuni"])
    course.begin()
    course.organisations = parties
    course.people = {name: person_at(parties["sk"], email=f"{name}@sk.example.org") for name in ("ada", "bo", "cy")}
    for who in course.people.values():
        course.offered("enrol", who, options=["developer"])
        course.answered("enrol", who, **ANSWERS)
        course.recorded("path", who, completion=1)
    return course


def azure(course, who: Caller) -> str:
    """The address of somebody's turn at the certificate."""
    return f"/turns/{course.turn(who, 'azure')['id']}"


def certificate(course, person: Person) -> bytes:
    """What the vendor issues to somebody, as a signed file."""
    vendor = course.organisations["microsoft"]
    issuer, run = issuer_of(vendor), admin_of(vendor)
    body = {
        "code": "ai-900", "kind": "certificate", "name": WORDS, "description": WORDS, "criteria": WORDS,
        "valid_months": 12, "signed_off": False,
    }  # fmt: skip
    run.post(f"/issuers/{vendor.short}/achievements", body, 201)
    people = {"ground": "exam", "to": [{"email": person.email}]}
    run.post(f"/issuers/{vendor.short}/achievements/ai-900/proposals", people, 201)
    drain()
    course.host.post(f"{course.at}/stages/azure/issuers", {"did": issuer.did}, 201)
    return person.credentials.get().document.encode()


def standing(course, state: str) -> set[str]:
    """Who stands so on the page that the employer has of its own people."""
    page = client_of(admin_of(course.organisations["sk"]).person).get(
        f"/organisations/sk/learning/people/?state={state}"
    )
    return {name for name in course.people if f"{name}@sk.example.org" in text_of(page)}


def test_a_number_is_entered_by_its_holder_and_passes_when_an_operator_has_verified_it(course):
    ada = course.people["ada"]

    proof = ada.post(f"{azure(course, ada)}/proofs", {"step": 0, "reference": "MS-AI-900-1"}, 201)
    drain()
    waiting = course.state(ada, "azure")
    course.host.post(f"/proofs/{proof['id']}/verify", {"holds": True})
    drain()

    assert (waiting, course.state(ada, "azure")) == ("handed-in", "passed")


def test_a_signed_file_passes_by_itself_for_whom_it_was_issued_to_and_for_nobody_else(course):
    ada, bo = course.people["ada"], course.people["bo"]
    file = certificate(course, ada.person)

    states = [
        with_file(who, f"{azure(course, who)}/proofs/file", file, name="ai-900.json", step="0").json()["state"]
        for who in (ada, bo)
    ]
    drain()

    assert states == ["verified", "entered"]
    assert [course.state(who, "azure") for who in (ada, bo)] == ["passed", "handed-in"]


def test_without_proof_nobody_passes_and_the_employer_sees_certified_over_enrolled(course):
    ada, bo, cy = course.people.values()
    yes = ada.post(f"{azure(course, ada)}/proofs", {"step": 0, "reference": "MS-1"}, 201)
    no = bo.post(f"{azure(course, bo)}/proofs", {"step": 0, "reference": "MS-2"}, 201)
    course.host.post(f"/proofs/{yes['id']}/verify", {"holds": True})
    course.host.post(f"/proofs/{no['id']}/verify", {"holds": False, "note": "not in the register"})
    drain()

    employer = course.outcome(course.seats["curator"])

    assert [course.state(who, "azure") for who in (ada, bo, cy)] == ["passed", "out", "open"]
    assert standing(course, "certified") == set()
    for who in (ada, cy):
        who.post("/me/consents", {"purpose": "employer", "scope": "sk"}, 201)
    assert (standing(course, "certified"), standing(course, "learning")) == ({"ada"}, {"cy"})
    assert employer["credentials"] == {"AI/DT expert course": 3, "AI/DT certified expert": 1}
    assert employer["measures"]["certified-share"] == pytest.approx(1 / 3, abs=0.001)

"""Credentials through the API: its issuer's administrators award, sign off and look after; holders show; all verify."""

import json
from datetime import timedelta

import pytest

from dure.core import clock
from dure.credentials.models import Credential
from dure.credentials.operations import revoke
from tests.api.conftest import Caller
from tests.credentials.conftest import _own_keys, achievement, issued, issuer, learner, registrar, university, work_off
from tests.factories import make_member, make_person

__all__ = ["_own_keys", "achievement", "issued", "issuer", "learner", "registrar", "university"]
pytestmark = pytest.mark.django_db
OWN = "/issuers/hanbit/achievements"
SAID = {
    "name": {"ko": "자연어 처리", "en": "NLP"}, "description": {"ko": "설명", "en": "About"},
    "criteria": {"ko": "기준", "en": "Criteria"}, "valid_months": 12,
}  # fmt: skip


@pytest.fixture
def admin(registrar):
    return Caller(registrar)


def test_a_holder_asks_for_renewal_in_time_and_its_issuer_decides(issued, learner, admin):
    holder, at, own = Caller(learner), f"/me/credentials/{issued.pk}/renewal", "/issuers/hanbit/credentials"
    early = holder.post(at, {}, 409)["code"]
    Credential.objects.filter(pk=issued.pk).update(valid_until=clock.now() + timedelta(days=30))

    holder.post(at, {}, 201)
    [waiting] = admin.get(f"{own}?state=proposed")["items"]

    assert (early, waiting["renews"]) == ("credentials.early", str(issued.pk))
    ends = f"{own}?ends_before={(clock.now() + timedelta(days=60)).date()}T00:00:00Z"
    assert [row["id"] for row in admin.get(ends)["items"]] == [str(issued.pk)]


def test_from_an_achievement_to_a_credential_in_its_holders_hands(issuer, learner, admin):
    made = admin.post(OWN, {**SAID, "code": "nlp", "kind": "certificate"}, 201)
    to = {"ground": "2026", "to": [{"email": "hana@example.org"}]}
    [proposed] = admin.post(f"{OWN}/nlp/proposals", to, 201)["items"]
    assert admin.post(f"{OWN}/nlp/proposals", to, 201)["items"] == [proposed]
    batch = admin.post(f"{OWN}/nlp/approvals", {"credentials": [proposed["id"]]}, 201)
    work_off()

    holder = Caller(learner)
    [held] = holder.get("/me/credentials")["items"]
    files = holder.get(f"/me/credentials/{held['id']}/files")
    assert (made["version"], proposed["state"], held["state"]) == (1, "proposed", "issued")
    assert admin.get(f"/credential-batches/{batch['id']}")["signed"] == 1
    assert Caller().post("/verifications", {"document": files["document"]})["state"] == "ok"
    assert Caller().post("/verifications", {"token": files["token"]})["state"] == "ok"


def test_a_next_version_is_made_and_the_code_is_taken_once(issuer, admin):
    admin.post(OWN, {**SAID, "code": "nlp", "kind": "certificate"}, 201)

    assert admin.post(OWN, {**SAID, "code": "nlp", "kind": "badge"}, 409)["code"] == "credentials.code"
    assert admin.post(f"{OWN}/nlp/versions", SAID, 201)["version"] == 2
    unknown = {**SAID, "skills": {"00000000-0000-7000-8000-000000000000": 3}}
    assert admin.post(f"{OWN}/nlp/versions", unknown, 422)["code"] == "skills.unknown"
    assert admin.post(f"{OWN}/nlp/retire")["retired_at"]
    assert admin.post(f"{OWN}/nlp/allow")["retired_at"] is None


def test_it_is_suspended_reinstated_renewed_and_revoked(issued, admin):
    at = f"/credentials/{issued.pk}"
    because = {"reason": "Because"}

    states = [admin.post(f"{at}/{act}", because)["state"] for act in ("suspend", "reinstate")]
    fresh = admin.post(f"{at}/renew", None, 201)
    work_off()
    admin.post(f"/credentials/{fresh['id']}/revoke", because)

    assert states == ["suspended", "issued"]
    assert fresh["renews"] == str(issued.pk)
    told = {row["id"]: row["state"] for row in admin.get("/issuers/hanbit/credentials")["items"]}
    assert told == {str(issued.pk): "superseded", fresh["id"]: "revoked"}
    assert admin.post(f"{at}/suspend", because, 409)["code"] == "state.move"


def test_who_may_do_what(issued, learner, admin, university):
    holder, member, stranger = Caller(learner), Caller(make_member(university).person), Caller(make_person())
    at, because = f"/credentials/{issued.pk}", {"reason": "Because"}
    asked = {
        "see": ("get", at, None), "revoke": ("post", f"{at}/revoke", because), "list": ("get", OWN, None),
        "files": ("get", f"/me{at}/files", None), "public": ("post", f"/me{at}/public", {"public": True}),
    }  # fmt: skip

    codes = {
        name: tuple(who.call(*call).status_code for who in (Caller(), stranger, member, holder, admin))
        for name, call in asked.items()
    }

    assert codes == {
        "see": (401, 404, 404, 200, 200), "revoke": (401, 404, 404, 403, 200), "list": (401, 403, 403, 403, 200),
        "files": (401, 404, 404, 200, 403), "public": (401, 404, 404, 200, 403),
    }  # fmt: skip


def test_its_holder_opens_and_closes_it(issued, learner):
    holder, at = Caller(learner), f"/me/credentials/{issued.pk}"

    assert holder.post(f"{at}/public", {"public": True})["public"] is True
    assert holder.post(f"{at}/link")["link"] != f"https://dure.example/verify/{issued.share}/"
    assert Credential.objects.get().public is True


def test_verification_answers_each_question_apart(issued, registrar):
    revoke(issued, reason="Plagiarism", by=registrar)
    report = Caller().post("/verifications", {"document": json.loads(issued.document)})

    states = {name: told["state"] for name, told in report.items() if name != "state"}
    assert states == {"proof": "ok", "issuer": "ok", "form": "ok", "dates": "ok", "status": "fail"}
    assert report["state"] == "fail"
    assert Caller().post("/verifications", {}, 422)
    assert Caller().post("/verifications", {"token": "nonsense"}, 422)["code"] == "credentials.unreadable"

"""A university, its registrar and its committee, who award a degree over HTTP: what rows 3 and 14 share."""

from dataclasses import dataclass
from typing import Any

from dure.credentials.keys import make as make_key
from dure.credentials.models import Method
from dure.credentials.operations import add_key, become_issuer
from dure.jobs.worker import drain
from dure.people.models import Organisation
from tests.api.conftest import Caller
from tests.factories import make_admin, make_organisation, make_person


@dataclass
class School:
    """Whoever looks after the institution founds the degree and defines what is awarded; the others do their part."""

    organisation: Organisation
    head: Caller
    registrar: Caller
    committee: Caller
    key: str

    def candidate(self, caller: Caller, **told: str) -> str:
        assert caller.person
        body = {"email": caller.person.email, **told}
        return self.registrar.post(f"/degrees/{self.key}/candidates", body, 201)["id"]

    def credit(self, candidate: str, course: str, amount: float, **told: Any) -> dict[str, Any]:
        body = {"issuer": self.organisation.short, "course": course, "title": {"ko": course, "en": course},
                "credits": amount, "earned_on": "2025-06-30", **told}  # fmt: skip
        return self.registrar.post(f"/degrees/candidates/{candidate}/credits", body, 201)

    def propose(self, candidate: str, status: int = 200) -> dict[str, Any]:
        return self.registrar.post(f"/degrees/{self.key}/proposals", {"candidates": [candidate]}, status)

    def award(self, candidate: str, status: int = 200) -> dict[str, Any]:
        told = self.committee.post(f"/degrees/{self.key}/awards", {"candidates": [candidate]}, status)
        drain()
        return told


def make_school(short: str, requirement: str, **achievement: Any) -> School:
    organisation = make_organisation(short)
    head, registrar, committee = Caller(make_admin(organisation)), Caller(make_person()), Caller(make_person())
    add_key(become_issuer(organisation, method=Method.WEB), public=make_key())  # dure keys new
    said = {"ko": "학위", "en": "Degree"}
    body = {"kind": "degree", "name": said, "description": said, "criteria": said, "signed_off": False, **achievement}
    head.post(f"/issuers/{short}/achievements", body, 201)
    degree = {"organisation": short, "key": f"{short}-degree", "requirement": requirement}
    key = head.post("/degrees", degree, 201)["key"]
    for caller, duty in ((registrar, "registrar"), (committee, "committee")):
        head.post(f"/degrees/{key}/seats", {"email": caller.person.email, "duty": duty}, 201)
    return School(organisation, head, registrar, committee, key)

"""An edition of a library programme, run over HTTP by its own parties: what the rows' stories share."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from dure.credentials import keys
from dure.credentials.models import Issuer, Method
from dure.credentials.operations import add_key, become_issuer
from dure.jobs.worker import drain
from dure.people.models import Organisation
from tests.api.conftest import Caller
from tests.factories import make_admin, make_member, make_operator, make_organisation, make_person

BLUEPRINTS = Path(__file__).parents[2] / "blueprints"


def source_of(number: str) -> str:
    """A blueprint of the library, by its number."""
    (file,) = BLUEPRINTS.glob(f"{number}-*.yaml")
    return file.read_text(encoding="utf-8")


@dataclass
class Edition:
    """``host`` runs the platform and the programme; ``seats`` holds who sits in which role."""

    slug: str
    host: Caller = field(default_factory=lambda: Caller(make_operator()))
    seats: dict[str, Caller] = field(default_factory=dict)

    @property
    def at(self) -> str:
        return f"/programmes/{self.slug}"

    def make(self, number: str, parties: dict[str, Organisation], **bind: Any) -> "Edition":
        """The draft of the library's blueprint, its parties bound."""
        bound = {key: [organisation.short] for key, organisation in parties.items()}
        body = {"slug": self.slug, "source": source_of(number), "parties": bound, "bind": bind}
        self.host.post("/programmes", body, 201)
        return self

    def seat(self, role: str, organisation: Organisation) -> Caller:
        caller = Caller(make_member(organisation).person)
        body = {"role": role, "email": caller.person.email, "organisation": organisation.short}
        self.host.post(f"{self.at}/seats", body, 201)
        return self.seats.setdefault(role, caller)

    def begin(self) -> "Edition":
        """Announced, and taking entries."""
        self.host.post(f"{self.at}/publish")
        self.host.post(f"{self.at}/open")
        return self

    # --- coming through

    def offered(self, stage: str, who: Caller, **chosen: Any) -> dict[str, Any]:
        """Invited or nominated by the host; they accept."""
        offer = self.host.post(f"{self.at}/stages/{stage}/offers", {"email": who.person.email}, 201)
        who.post(f"/offers/{offer['id']}/accept", chosen, 201)
        drain()
        return self.turn(who, stage)

    def entered(self, stage: str, who: Caller, **chosen: Any) -> dict[str, Any]:
        who.post(f"{self.at}/stages/{stage}/entries", chosen, 201)
        drain()
        return self.turn(who, stage)

    def answered(self, stage: str, who: Caller, **values: Any) -> None:
        """Their form, handed in."""
        who.post(f"/turns/{self.turn(who, stage)['id']}/evidence", {"values": values}, 201)
        drain()

    def recorded(self, stage: str, who: Caller, *, by: Caller | None = None, **values: Any) -> None:
        """What whoever runs the stage saw them do."""
        body = {"values": values, "proof": "list"}
        (by or self.host).post(f"/turns/{self.turn(who, stage)['id']}/evidence", body, 201)
        drain()

    def turn(self, who: Caller, stage: str) -> dict[str, Any]:
        """Somebody's turn at a stage, as it stands."""
        person = str(who.person.pk)
        (found,) = [turn for turn in self.turns(stage) if person in {member["id"] for member in turn["members"]}]
        return found

    def turns(self, stage: str, state: str = "") -> list[dict[str, Any]]:
        listed = self.host.get(f"{self.at}/stages/{stage}/turns?limit=200")["items"]
        return [turn for turn in listed if not state or turn["state"] == state]

    def state(self, who: Caller, stage: str) -> str:
        found: str = self.turn(who, stage)["state"]
        return found

    def tick(self) -> None:
        self.host.post(f"{self.at}/tick")
        drain()

    # --- what is given

    def award(self, issuer: Issuer, name: str, kind: str, *, level: str = "", **more: Any) -> None:
        """The programme's credential is signed by ``issuer``."""
        short = issuer.organisation.short
        said = {"ko": name, "en": name}
        body = {
            "code": f"award-{level or 'any'}", "kind": kind, "name": said, "description": said, "criteria": said,
            "level": level, "signed_off": False, **more,
        }  # fmt: skip
        made = self.host.post(f"/issuers/{short}/achievements", body, 201)
        self.host.post(f"{self.at}/credentials", {"name": name, "achievement": made["id"], "level": level}, 201)

    def outcome(self, by: Caller | None = None) -> dict[str, Any]:
        found: dict[str, Any] = (by or self.host).get(f"{self.at}/outcome")
        return found


def person_at(organisation: Organisation, **known: Any) -> Caller:
    """Somebody who works there."""
    return Caller(make_member(organisation, make_person(**known)).person)


def admin_of(organisation: Organisation) -> Caller:
    return Caller(make_admin(organisation))


def organisations(*shorts: str, **kinds: str) -> dict[str, Organisation]:
    """Companies by short name, and others by the kind that is said."""
    found = {short: make_organisation(short) for short in shorts}
    return found | {short: make_organisation(short, kind=kind) for short, kind in kinds.items()}


def issuer_of(organisation: Organisation) -> Issuer:
    """Its keys are made by a command on the machine, not over HTTP."""
    issuer = become_issuer(organisation, method=Method.WEB)
    add_key(issuer, public=keys.make())
    return issuer


def a_course(
    by: Caller, organisation: Organisation, key: str, *lessons: dict[str, Any], **known: Any
) -> tuple[dict[str, Any], str]:
    """A course of these lessons, open, and the id of a cohort that ``by`` teaches."""
    if organisation.short not in {found["key"] for found in by.get("/learning/providers")}:
        words = {"ko": organisation.short, "en": organisation.short}
        shelf = {"organisation": organisation.short, "key": organisation.short, "name": words}
        by.post("/learning/providers", shelf, 201)
    body = {"key": key, "title": {"ko": key, "en": key}, "in_order": False, **known}
    by.post(f"/learning/providers/{organisation.short}/courses", body, 201)
    for lesson in lessons:
        by.post(f"/learning/courses/{key}/lessons", lesson, 201)
    cohort = by.post(f"/learning/courses/{key}/cohorts", {"name": "2026", "self_service": False}, 201)["id"]
    by.post(f"/learning/cohorts/{cohort}/teachers", {"email": by.person.email, "duty": "instructor"}, 201)
    return by.post(f"/learning/courses/{key}/opening"), cohort


def a_lesson(title: str, **known: Any) -> dict[str, Any]:
    return {"title": {"ko": title, "en": title}, **known}


def enrolment_of(who: Caller, course: str) -> dict[str, Any]:
    """Somebody's place in a course, with its steps."""
    (found,) = [row for row in who.get("/me/courses")["items"] if row["course"] == course]
    whole: dict[str, Any] = who.get(f"/learning/enrolments/{found['id']}")
    return whole


def finish(who: Caller, course: str, *, but: int = 0) -> None:
    """All pages of one's own, or all but the last ones."""
    found = enrolment_of(who, course)
    for step in found["steps"][: len(found["steps"]) - but]:
        who.post(f"/learning/enrolments/{found['id']}/lessons/{step['lesson']}/done")
    drain()


def with_file(who: Caller, path: str, content: bytes, *, name: str = "file.csv", **fields: str):
    """A form with a file."""
    headers = {"Authorization": f"Bearer {who.secret}", "Accept-Language": "en"}
    body = {"file": SimpleUploadedFile(name, content), **fields}
    return who.client.post(f"/api/v1{path}", body, headers=headers)

"""A reviewer of a blind panel goes to every address there is, and reads nowhere whose hand-in it is."""

import pytest

from dure.applications.models import Attachment
from dure.applications.operations import attach, save, send
from dure.jobs.worker import drain
from dure.joints.gates.panel import assign_all
from dure.joints.models import Review
from dure.joints.sheets import SHEETS
from dure.joints.stages.forms import application_of
from dure.people.models import Person
from dure.people.operations import form_team
from dure.programmes.models import Turn
from tests.factories import make_member, make_person
from tests.programmes.build import Live, live
from tests.site.conftest import client_of
from tests.site.crawl import addresses, read

PANEL = "{panel: {role: judge, rubric: {idea: 40, craft: 60}, each: 1, conflicts: []}}"
STAGE = f"""
- {{id: paper, kind: form, entry: open, team: {{min: 1, max: 3}}, do: {{ask: [abstract], attach: [plan]}},
   gate: [{PANEL}]}}
"""
PDF = b"%PDF-1.4\n" + b"x" * 90
CANARY = "canary"


@pytest.fixture
def blind(db, settings, tmp_path) -> Live:
    """A team that names itself everywhere it can has handed in, and its panel is seated."""
    settings.MEDIA_ROOT = tmp_path
    made = live(STAGE, subject="team")
    ada = make_person(f"{CANARY}@example.org", name=f"{CANARY} person")
    make_member(made.parties["school"], ada, department=f"{CANARY} lab")
    team = form_team(f"{CANARY} team", captain=ada)
    turn = made.enter("paper", by=ada, team=team)
    application = application_of(turn, by=ada)
    attach(application, "plan", content=[PDF], name=f"{CANARY}.pdf", by=ada)
    saved = save(application, answers={"abstract": "A paper"}, version=application.version, by=ada)
    send(saved, version=saved.version, by=ada)
    drain()
    assign_all(made.programme, "paper", 0, by=made.operator)
    return made


def known_names(made: Live) -> dict[str, list[str]]:
    """What an address may name, under the words that addresses have for it."""
    turns = [str(turn.pk) for turn in Turn.objects.all()]
    files = [str(file.pk) for file in Attachment.objects.all()]
    return {
        "slug": [made.programme.slug], "stage": ["paper"], "step": ["0"], "number": ["1"], "turn_id": turns,
        "person_id": [str(person.pk) for person in Person.objects.filter(name__startswith=CANARY)],
        "review_id": [str(review.pk) for review in Review.objects.all()], "file_id": files, "attachment_id": files,
        "what": [*SHEETS], "format": ["csv"], "format_": ["csv"], "short": [*made.parties], "wanted": ["plan"],
    }  # fmt: skip


def everywhere(made: Live) -> list[str]:
    """Every page and everything that the API tells, of every thing that there is."""
    found = [f"/search/?q={CANARY}", f"/search/as-you-type/?q={CANARY}", *addresses(known_names(made))]
    return [*found, *(f"{sheet}?stage=paper" for sheet in found if "/sheets/" in sheet and sheet.startswith("/api"))]


def telling(made: Live, person: Person) -> set[str]:
    """The addresses whose answers have a canary in them."""
    client = client_of(person, "en")
    return {address for address in everywhere(made) if CANARY in read(client.get(address))}


def test_no_page_and_no_answer_of_the_api_tells_a_reviewer_whose_hand_in_it_is(blind):
    reviewer = blind.seats["judge"]

    assert client_of(reviewer, "en").get(f"/reviews/{Review.objects.get().pk}/").status_code == 200
    assert telling(blind, reviewer) == {f"/search/?q={CANARY}", f"/search/as-you-type/?q={CANARY}"}  # what was typed


def test_whoever_operates_as_well_is_told(blind):
    turn = Turn.objects.get()
    told = telling(blind, blind.seats["clerk"])

    assert told >= {f"/desk/turns/{turn.pk}/", f"/api/v1/turns/{turn.pk}", f"/desk/{blind.programme.slug}/cases/1/"}

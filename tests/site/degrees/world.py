"""The pages of degrees in the small world: one with candidates in every state."""

from dure.learning.models import Degree
from dure.learning.operations.degrees import propose_awards, seat_for_degree, write_transcript
from dure.learning.queries.degrees import standing_records
from dure.people.models import Organisation, Person
from tests.factories import make_person
from tests.learning.degrees.factories import REQUIREMENT, earn, make_candidacy, make_degree, make_ready


def made_degree(home: Organisation, *, runs: Person) -> Degree:
    degree = make_degree(REQUIREMENT, organisation=home, key="ai-master", by=runs)
    seat_for_degree(degree, person=runs, duty="registrar", by=runs)
    return degree


def degree_pages(home: Organisation, *, runs: Person, studies: Person) -> dict[str, Person]:
    """Each with somebody who may read it: ``runs`` looks after ``home``, ``studies`` is a candidate."""
    degree = made_degree(home, runs=runs)
    own = make_candidacy(degree, person=studies, advisor=runs)
    for course, amount in (("ml", 12), ("basics", 5), ("failed", 3)):
        earn(own, course, amount, area="core", grade=0 if course == "failed" else 4)
    proposed = make_ready(degree, person=make_person())
    propose_awards(degree, candidacies=[proposed.pk], by=make_person())
    record = standing_records([own.pk]).first()
    shown, made = write_transcript(own, by=studies), f"/degrees/candidates/{own.pk}/"
    return {
        **dict.fromkeys(("/degrees/", made, f"{made}what-if/"), studies),
        f"{made}what-if/?on=2026-12-01&version={degree.current.pk}&0-credits=6&0-area=majors": studies,
        f"/transcripts/{shown.code}/": studies,
        **dict.fromkeys(_kept(degree.key, made), runs), f"/degrees/credits/{record.pk}/": runs,
        f"/degrees/candidates/{proposed.pk}/": runs,
    }  # fmt: skip


def _kept(key: str, candidate: str) -> tuple[str, ...]:
    own = f"/degrees/{key}/"
    return (
        "/degrees/new/", own, f"{own}?group=ready", f"{own}?group=left", f"{own}import/", f"{own}requirement/",
        f"{own}requirement/?version=1", f"{own}people/", f"{candidate}credits/new/", f"{candidate}settings/",
    )  # fmt: skip

"""Small panels for tests: hand-ins at a form, each with its reviewers."""

from dure.joints.gates.panel import assign_all
from dure.people.models import Person
from dure.programmes.operations.seating import seat
from tests.factories import make_person
from tests.programmes.build import Live, live

RUBRIC = "{idea: 40, craft: 60}"


def panels(count: int, *, each: int = 1, take: int = 0) -> tuple[Live, Person]:
    """``count`` sent forms whose panels are seated; and the judge."""
    taken = f", take: {take}" if take else ""
    gate = f"{{panel: {{role: judge, rubric: {RUBRIC}, each: {each}, conflicts: [same-org]{taken}}}}}"
    found = live(f"- {{id: paper, kind: form, entry: open, do: {{ask: [abstract]}}, gate: [{gate}]}}")
    if each > 1:
        found.seats["second"] = make_person(name="second")
        seat(found.programme, "judge", person=found.seats["second"])
    for _ in range(count):
        found.enter_and_hand_in("paper", abstract="A paper")
    assign_all(found.programme, "paper", 0, by=found.operator)
    return found, found.seats["judge"]

"""Row 4, LG Electronics–SKKU manufacturing AI leader, acted over HTTP: twenty seats, two parts at once, one title."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from dure.core import clock
from dure.jobs.worker import drain
from dure.site import pdf
from tests.api.conftest import Caller
from tests.rows.editions import Edition, issuer_of, organisations, person_at

pytestmark = pytest.mark.django_db
TITLE = "Manufacturing AI Leader"
NOMINATED, SEATS = 35, 20


def day(month: int, number: int) -> datetime:
    """Noon in Seoul."""
    return datetime(2020, month, number, 3, tzinfo=UTC)


@pytest.fixture
def leaders() -> Iterator[Edition]:
    """March 2020: 35 were nominated with a problem of their workplace, and the field owner chose."""
    clock.set_clock(day(3, 2))
    parties = organisations("lge", skku="university")
    leaders = Edition("leaders").make("03", parties)
    leaders.seat("professor", parties["skku"])
    owner = leaders.seat("field-owner", parties["lge"])
    leaders.award(issuer_of(parties["lge"]), TITLE, "title")
    leaders.begin()
    leaders.people = [person_at(parties["lge"]) for _ in range(NOMINATED)]
    for who in leaders.people:
        leaders.offered("nominate", who)
        leaders.answered("nominate", who, plant="Changwon", job="quality", **{"field-problem": "scratches"})
    rows = [
        {"turn": turn["id"], "step": 1, "yes": number < SEATS, "reason": "the problem is fit for AI"}
        for number, turn in enumerate(leaders.turns("nominate"))
    ]
    owner.post(f"{leaders.at}/stages/nominate/says", {"rows": rows}, 201)
    settlement = leaders.host.post(f"{leaders.at}/stages/nominate/settlement", status=201)
    leaders.host.post(f"/settlements/{settlement['id']}/release")
    drain()
    clock.set_clock(day(4, 6))
    leaders.tick()
    yield leaders
    clock.set_clock(None)


def solved(leaders: Edition, who: Caller, *, marks: float) -> None:
    """The problem of one's workplace: the professor attends it, both reviewers mark what was handed in."""
    turn, professor = leaders.turn(who, "field-problem")["id"], leaders.seats["professor"]
    leaders.host.post(f"/turns/{turn}/attendants", {"role": "professor", "email": professor.person.email}, 201)
    leaders.recorded("field-problem", who, by=professor, milestones=1, reports=1, late=0, deliverables=1)
    for reviewer in (professor, leaders.seats["field-owner"]):
        body = {"step": 0, "email": reviewer.person.email}
        seat = leaders.host.post(f"/turns/{turn}/reviews", body, 201)
        reviewer.post(f"/reviews/{seat['id']}/marks", {"marks": {"solution": marks, "effect": marks}})
    drain()


def test_the_edition_of_2020_ends_as_it_was_announced(leaders, subtests):
    """One story, whose set-up is dear."""
    with subtests.test("of 35 nominated 20 get seats and begin both parts at once"):
        twenty_begin_both_parts(leaders)
    with subtests.test("the title is given to whoever passed both, and its certificate lists both"):
        whoever_passed_both_has_the_title(leaders)


def twenty_begin_both_parts(leaders):
    states = {stage: [turn["state"] for turn in leaders.turns(stage)] for stage in ("theory", "field-problem")}

    assert [len(leaders.turns("nominate", state)) for state in ("passed", "out")] == [SEATS, NOMINATED - SEATS]
    assert states == {"theory": ["open"] * SEATS, "field-problem": ["open"] * SEATS}


def whoever_passed_both_has_the_title(leaders):
    both, theory_only, problem_only = leaders.people[:3]
    for who, attendance in ((both, 0.9), (theory_only, 0.8), (problem_only, 0.5)):
        leaders.recorded("theory", who, by=leaders.seats["professor"], completion=1, attendance=attendance)
    for who, marks in ((both, 80), (theory_only, 40), (problem_only, 90)):
        solved(leaders, who, marks=marks)
    clock.set_clock(day(6, 15))
    leaders.tick()
    came = [turn["members"][0]["id"] for turn in leaders.turns("completion")]
    leaders.recorded("completion", both, attended=1)

    held = [[award["name"]["en"] for award in who.get("/me/credentials")["items"]] for who in leaders.people[:3]]
    (award,) = both.get("/me/credentials")["items"]
    document = both.get(f"/me/credentials/{award['id']}/files")["document"]
    share = award["link"].rstrip("/").rpartition("/")[2]
    visitor = Caller().client
    printed = visitor.get(f"/verify/{share}/certificate/", headers={"accept-language": "en"}).content.decode()
    file = visitor.get(f"/verify/{share}/certificate.pdf")

    assert came == [str(both.person.pk)]
    assert held == [[TITLE], [], []]
    assert {"learn", "project"} <= {evidence["name"] for evidence in document["evidence"]}
    assert all(word in printed for word in ("Shown by", "Learning", "Project"))  # the page that the PDF is printed from
    assert not pdf.here() or file.content.startswith(b"%PDF")

"""The pages of interviews in the small world: one to be chosen, one apart, one released with its reasons."""

from datetime import timedelta

from dure.assessments.models import Interview, Interviewee
from dure.assessments.operations.interviews import meet_again, offer_times, pick, release
from dure.calendar.models import Slot
from dure.core import clock
from dure.people.models import Organisation, Person
from tests.assessments.interviews import give, invited, make_interview, scoring_of
from tests.factories import make_person


def interview_pages(home: Organisation, *, runs: Person, sits: Person) -> dict[str, Person]:
    """Each with somebody who may read it: ``runs`` looks after ``home`` and interviews, ``sits`` is interviewed."""
    other = make_person(name="Interviewer")
    fresh = make_interview(runs, organisation=home, by=runs, place="Room 3")
    apart = make_interview(runs, other, organisation=home, by=runs, shows="reasons", place="")
    out = make_interview(runs, organisation=home, by=runs, shows="reasons", place="Room 1")
    invited(fresh, sits)
    _offer(fresh, runs, hours=40)
    far, done = _met(apart, sits, runs, other, hours=50), _met(out, sits, runs, hours=60)
    give(far, runs, 60, 40, why="Clear")
    give(far, other, 10, 0, why="Not clear")
    give(done, runs, 60, 40, why="Clear")
    done.refresh_from_db()
    release(done)
    again, booked = _again(home, sits, runs), _booked(make_interview(runs, organisation=home, by=runs), sits, runs)
    return {
        **dict.fromkeys(("/interviews/", f"/interviews/{fresh.pk}/", f"/interviews/{out.pk}/"), sits),
        f"/interviews/{again.interview_id}/": sits,
        f"/interviews/interviewees/{again.pk}/": runs,
        f"/interviews/{booked.series.interview.pk}/times/{booked.pk}/withdraw/": runs,
        **dict.fromkeys(_rooms(fresh, apart, far, done, runs), runs),
    }


def _rooms(fresh: Interview, apart: Interview, far: Interviewee, done: Interviewee, runs: Person) -> tuple[str, ...]:
    one, other = f"/interviews/{fresh.pk}/", f"/interviews/{apart.pk}/"
    scorings = (f"/interviews/scorings/{scoring_of(row, runs).pk}/" for row in (far, done))
    return (
        "/interviews/new/", f"{one}room/", f"{one}people/", f"{one}times/", f"{one}settings/", f"{one}release/",
        f"{other}room/", f"/interviews/interviewees/{far.pk}/", f"/interviews/interviewees/{done.pk}/", *scorings,
    )  # fmt: skip


def _offer(interview: Interview, *people: Person, hours: int) -> None:
    at = clock.now().replace(minute=0, second=0, microsecond=0) + timedelta(hours=hours)
    offer_times(interview, interviewers=people, starts_at=at, ends_at=at + timedelta(hours=1))


def _met(interview: Interview, person: Person, *people: Person, hours: int) -> Interviewee:
    """Somebody's interview that is over by now: its time was chosen days ago."""
    now = clock.now()
    clock.set_clock(now - timedelta(hours=hours + 2))
    row = invited(interview, person)
    _offer(interview, *people, hours=1)
    pick(row, slot=interview.series.slots.select_related("series", "host").earliest("starts_at"))
    clock.set_clock(None)
    return row


def _again(home: Organisation, person: Person, runs: Person) -> Interviewee:
    """Somebody who may be interviewed again."""
    row = _met(make_interview(runs, organisation=home, by=runs, shows="reasons"), person, runs, hours=70)
    give(row, runs, 20, 10, why="Not clear")
    row.refresh_from_db()
    return meet_again(release(row))


def _booked(interview: Interview, person: Person, runs: Person) -> Slot:
    """A time to come that somebody has booked."""
    row = invited(interview, person)
    _offer(interview, runs, hours=90)
    return pick(row, slot=interview.series.slots.select_related("series", "host").earliest("starts_at")).slot

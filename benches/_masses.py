"""Ten thousand at once: in an interview, in surveys, among an employer's own people."""

from collections.abc import Sequence
from datetime import timedelta
from decimal import Decimal
from typing import Any

from benches._rows import write_rows
from tests.assessments.interviews import make_interview, times
from tests.assessments.survey_factories import EVERY, answers
from tests.factories import make_organisation, make_person
from tests.learning.factories import make_cohort

from dure.assessments import sealing
from dure.assessments.models import (
    AnswerCount,
    Interview,
    Interviewee,
    Respondent,
    Scoring,
    SealedAnswer,
    Survey,
    SurveyReply,
)
from dure.assessments.operations.interviews import admit_interviewees, open_interview
from dure.assessments.operations.surveys import close_survey, copy_survey, make_survey, open_survey
from dure.assessments.tallying import rows_of, tallied
from dure.calendar.models import Booking, Slot
from dure.core import clock
from dure.core.text import Text
from dure.credentials.models import Credential
from dure.learning.models import Enrolment
from dure.people.models import Consent, Membership, Organisation, Person
from dure.people.queries.consent import EMPLOYER

INTERVIEWERS, GROUPS = 20, 8
WORDS = ("실습이 좋았습니다.", "조금 빨랐습니다.", "다음에도 참여하고 싶습니다.", "More time for questions, please.")


def pages_of_masses(home: Organisation, people: Sequence[Person], *, runs: Person) -> dict[str, Person | None]:
    """``runs`` looks after ``home`` and operates; the pages that show all of ``people`` in each of these."""
    return {**_interview(home, people, runs=runs), **_surveys(home, people, runs=runs), **_employer(people, runs=runs)}


# --- an interview


def _interview(home: Organisation, people: Sequence[Person], *, runs: Person) -> dict[str, Person | None]:
    interviewers = [make_person(name=f"면접관 {n}") for n in range(INTERVIEWERS)]
    interview = make_interview(*interviewers, organisation=home, by=runs, opened=False)
    admit_interviewees(interview, people)
    rows = list(Interviewee.objects.filter(interview=interview).order_by("person__email"))
    write_rows(scoring for n, row in enumerate(rows) for scoring in _scorings(row, n, interviewers))
    _score(rows)
    _book(interview, rows, interviewers)
    open_interview(interview)
    own = f"/interviews/{interview.pk}/"
    far = next(row for row in rows if row.state == "apart")
    looks = ("", "?page=150", "?q=김민", "?q=p77", "?state=unbooked", "?state=scored")
    return {
        **{f"{own}room/{look}": runs for look in looks}, f"{own}people/": runs, f"{own}times/": runs,
        f"{own}release/": runs, f"/interviews/interviewees/{far.pk}/": runs, "/interviews/": interviewers[0],
        f"{own}": rows[0].person,
    }  # fmt: skip


def _scorings(row: Interviewee, n: int, interviewers: Sequence[Person]) -> list[Scoring]:
    points = {"c1": str(n % 61), "c2": str(n % 41)}
    told: dict[str, Any] = {"state": "sent", "points": points, "sent_at": clock.now()} if n % 10 < 6 else {}
    return [Scoring(interviewee=row, interviewer=interviewers[(n + at) % INTERVIEWERS], **told) for at in (0, 1)]


def _score(rows: Sequence[Interviewee]) -> None:
    """Of ten, five are scored and one is apart; four wait."""
    for n, row in enumerate(rows):
        row.state = "scored" if n % 10 < 5 else "apart" if n % 10 == 5 else "waiting"
        if row.state == "scored":
            row.score, row.most = Decimal(n % 61 + n % 41), Decimal(100)
            row.passed, row.by_criterion = row.score >= 60, {"c1": str(n % 61), "c2": str(n % 41)}
    Interviewee.objects.bulk_update(rows, ["state", "score", "most", "passed", "by_criterion"], batch_size=1_000)


def _book(interview: Interview, rows: Sequence[Interviewee], interviewers: Sequence[Person]) -> None:
    """Seven of ten hold a time, from three weeks ago on."""
    hour = clock.now().replace(minute=0, second=0, microsecond=0)
    begin = hour - timedelta(days=21)
    booked = [row for n, row in enumerate(rows) if n % 10 < 7]
    slots = write_rows(
        Slot(
            series=interview.series, host=interviewers[n % INTERVIEWERS], state="booked",
            starts_at=(at := begin + timedelta(minutes=30) * (n // INTERVIEWERS)), ends_at=at + timedelta(minutes=30),
        )
        for n, _ in enumerate(booked)
    )  # fmt: skip
    write_rows(
        Booking(series=interview.series, number=1, slot=slot, person_id=row.person_id)
        for slot, row in zip(slots, booked, strict=True)
    )
    times(interview, *interviewers[:2], hours=4, at=hour + timedelta(days=2))


# --- surveys


def _surveys(home: Organisation, people: Sequence[Person], *, runs: Person) -> dict[str, Person | None]:
    """One that takes sealed answers, one that is closed beside the edition before it, one with names."""
    first = _answered(home, people, by=runs, promise="anonymous")
    close_survey(first)
    now = clock.now()
    window = {"opens_at": now - timedelta(hours=1), "closes_at": now + timedelta(days=1)}
    second = open_survey(copy_survey(first, by=runs, **window))
    _answer(second, people)
    close_survey(second)
    going = _answered(home, people, by=runs, promise="anonymous")
    named = _answered(home, people, by=runs, promise="named")
    desks = {f"/surveys/{survey.pk}/desk/": runs for survey in (going, second, named)}
    results = {f"/surveys/{survey.pk}/results/": runs for survey in (second, named)}
    return {
        **desks, **results, f"/surveys/{going.pk}/close/": runs, f"/surveys/{going.pk}/": people[1],
        "/surveys/": people[0], "/surveys/kept/": runs,
    }  # fmt: skip


def _answered(home: Organisation, people: Sequence[Person], *, by: Person, promise: str) -> Survey:
    now = clock.now()
    survey = make_survey(
        home, by=by, title_ko="만족도 조사", title_en="Satisfaction", promise=promise, questions=EVERY,
        opens_at=now - timedelta(hours=1), closes_at=now + timedelta(days=7),
    )  # fmt: skip
    open_survey(survey)
    _answer(survey, people)
    return survey


def _answer(survey: Survey, people: Sequence[Person]) -> None:
    """All of them, each of a group."""
    names = {f"g{n}": Text(ko=f"{n}반", en=f"Class {n}").as_dict() for n in range(GROUPS)}
    Survey.objects.filter(pk=survey.pk).update(groups=names)
    write_rows(
        Respondent(survey=survey, person=person, group=f"g{n % GROUPS}", answered=True)
        for n, person in enumerate(people)
    )
    if survey.is_anonymous:
        write_rows(
            SealedAnswer(survey=survey, box=sealing.seal(_reply(n), public=survey.public_key))
            for n, _ in enumerate(people)
        )
    else:
        replies = write_rows(SurveyReply(survey=survey, person=who, **_reply(n)) for n, who in enumerate(people))
        counted = rows_of(tallied(survey.asks, ((one.group, one.answers) for one in replies)))
        write_rows(AnswerCount(survey=survey, question=q, group=of, answer=a, n=n) for q, of, a, n in counted)


def _reply(n: int) -> dict[str, Any]:
    text = {"text": f"{WORDS[n % len(WORDS)]} {n}"} if n % 5 == 0 else {}
    given = answers(scale=n % 5 + 1, single=n % 3, multiple=[n % 3], number=str(n % 40), **text)
    return {"group": f"g{n % GROUPS}", "answers": given}


# --- an employer's own people


def _employer(people: Sequence[Person], *, runs: Person) -> dict[str, Person | None]:
    """All belong to it, every other one shares what they learn, six of ten take a course it pays for, every third
    holds a credential."""
    employer, cohort = make_organisation("saebit", name_ko="새빛", name_en="Saebit"), make_cohort()
    now, day = clock.now(), clock.now().date()
    write_rows(Membership(person=who, organisation=employer, since=day) for who in people)
    write_rows(Consent(person=who, purpose=EMPLOYER, scope=employer.short, given_at=now) for who in people[::2])
    write_rows(
        Enrolment(
            cohort=cohort, person=who, organisation=employer, state="active", own=2, done=n % 3,
            asked_at=now - timedelta(days=n % 30),
        )
        for n, who in enumerate(people) if n % 10 < 6
    )  # fmt: skip
    _award(people[::3])
    own = f"/organisations/{employer.short}/learning/people"
    looks = ("", "?page=100", "?state=stuck", "?state=certified", "?q=김민", f"?cohort={cohort.pk}")
    return {f"{own}/{look}": runs for look in looks}


def _award(people: Sequence[Person]) -> None:
    """The credential that somebody holds already, with places of its list that are free."""
    one = Credential.objects.filter(state="issued").latest("pk")
    same = {name: getattr(one, name) for name in ("achievement", "version", "key", "status_list", "issued_at")}
    write_rows(
        Credential(person=who, ground="bench", state="issued", status_index=50_000 + n, public=n % 2 == 0, **same)
        for n, who in enumerate(people)
    )
